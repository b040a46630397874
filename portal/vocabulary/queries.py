"""What the desk shows of words: gaps, the table of synonyms, and a search tried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.core.text import fold
from portal.procedures import cards, listing
from portal.procedures.cards import Card
from portal.procedures.listing import Wish
from portal.search import gaps, thesaurus
from portal.search import service as search
from portal.search.models import SearchGap, SynonymRule
from portal.search.thesaurus import Rule

TRIED = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table. `rule` is None for one that only the file has; `hidden` lines do not
    count."""

    text: str
    rule: SynonymRule | None
    number: int | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """What a search finds now, and what it would find with a line that nobody saved yet."""

    words: str
    before: Sequence[Card]
    after: Sequence[Card] | None


def gap_rows(handled: bool) -> Select[SearchGap]:
    """Words that wait for an editor, or were dealt with, the most frequent first."""
    state = SearchGap.handled_at.is_not(None) if handled else gaps.open_gaps()
    return (
        select(SearchGap)
        .where(gaps.readable(), state)
        .order_by(SearchGap.count.desc(), SearchGap.last_on.desc(), SearchGap.id)
    )


def lines(session: Session, text: str = "") -> list[Line]:
    """The table: the desk's lines, newest first, then the file's; those that hold `text`."""
    rules = session.scalars(select(SynonymRule).order_by(SynonymRule.id.desc())).all()
    live = [rule for rule in rules if rule.removed_at is None]
    hidden = {thesaurus.key_of(rule.line): rule for rule in live if rule.hides}
    found = [Line(rule.line, rule, None) for rule in live if not rule.hides]
    for number, line in search.table().base():
        rule = hidden.get(thesaurus.key_of(line)) if hidden else None
        found.append(Line(line, rule, number, rule is not None))
    wanted = fold(text)
    return [line for line in found if wanted in fold(line.text)] if wanted else found


def removed(session: Session, limit: int = 20) -> Sequence[SynonymRule]:
    """Lines of the desk that were taken out lately."""
    query = select(SynonymRule).where(SynonymRule.removed_at.is_not(None), ~SynonymRule.hides)
    return session.scalars(query.order_by(SynonymRule.removed_at.desc()).limit(limit)).all()


def try_out(session: Session, words: str, line: str = "") -> Trial:
    """The first results for `words`, without and with `line`."""
    before = _first(session, words)
    if not line:
        return Trial(words, before, None)
    with search.table().trying([Rule(line)]):
        return Trial(words, before, _first(session, words))


def _first(session: Session, words: str) -> list[Card]:
    found = listing.find(session, Wish(text=words[: listing.MAX_TEXT], limit=TRIED))
    return cards.load(session, list(found.codes)[:TRIED])
