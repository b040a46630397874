"""What a page of results says beside its results: where an old code has gone, what was named and
has ended, and ways on when there is nothing to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from portal.core.settings import current_settings
from portal.directory.models import Hotline, Purpose
from portal.directory.queries import public_hotlines
from portal.procedures import cards, queries
from portal.procedures.cards import Card
from portal.procedures.documents import KIND
from portal.procedures.filters import Group, Option
from portal.procedures.listing import Listing, Wish, find
from portal.procedures.terms import ChangeKind
from portal.search import gaps
from portal.search import service as search
from portal.search.analysis import Kind, fold, scan

MAX_NAMED = 3
MAX_LETTING_GO = 8
NEAR = 5
LEAST_MENDED = 4
"""Letters from which on a slip is told from the beginning of a word."""

Successor = tuple[str, str]
"""Code and name."""


@dataclass(frozen=True, slots=True)
class Led:
    """A procedure that was named and is no more. `code` stands in an address when it is kept
    here (`kept`); `decision` is the one that ended it, as far as known."""

    code: str
    name: str
    kept: bool
    replaced: bool
    since: date | None
    decision: str
    successors: Sequence[Successor]


@dataclass(frozen=True, slots=True)
class LettingGo:
    """One filter that may be let go, and how many results that would give; None while there is
    no index to count. What would give nothing either is not offered."""

    option: Option
    count: int | None


@dataclass(frozen=True, slots=True)
class WaysOut:
    """What an empty page offers. `near` are what comes nearest without filters or repair,
    else what most people look for (`popular`)."""

    letting_go: Sequence[LettingGo]
    unfiltered: int
    near: Sequence[Card]
    popular: bool
    hotline: Hotline | None


def codes_in(text: str) -> list[str]:
    """Codes of procedures that stand in a text, in any spelling."""
    found = (token.term for token in scan(text) if token.kind is Kind.CODE)
    return list(dict.fromkeys(found))[:MAX_NAMED]


def led(session: Session, wish: Wish, listing: Listing, shown: Sequence[Card]) -> list[Led]:
    """Procedures that the words name, by code or by their whole name, and that have ended."""
    kept = {card.code: card for card in shown}
    named = codes_in(wish.text)
    for card in cards.load(session, [listing.ended_best] if listing.ended_best else []):
        if card.code not in named and exactly_named(wish.text, card.name):
            kept[card.code] = card
            named.append(card.code)
    gone = [code for code in named if code not in kept or kept[code].ended]
    followed = cards.successors(session, gone)
    return [
        found
        for code in gone
        if (found := _led(session, code, kept.get(code), followed.get(code, ())))
    ]


def _led(
    session: Session, code: str, card: Card | None, followed: Sequence[Successor]
) -> Led | None:
    change = None if card or followed else queries.withdrawn(session, code)
    if not (card or followed or change):
        return None
    decision = change.announcement if change else None
    return Led(
        code=code,
        name=card.name if card else "",
        kept=card is not None,
        replaced=bool(followed) or (change is not None and change.kind == ChangeKind.REPLACED),
        since=card.ended_on if card else change.effective_from if change else None,
        decision=decision.number if decision else "",
        successors=followed,
    )


def suggestions(session: Session, text: str, limit: int) -> list[dict[str, str]]:
    """What continues the words being typed; where nothing does, what a search for them would find
    after mending slips and reading abbreviations."""
    found = search.suggest(text, [KIND], limit)
    if found:
        return [{"label": one.title, "note": one.code, "url": one.url} for one in found]
    if len(text) < LEAST_MENDED:
        return []
    mended = find(session, Wish(text=text, limit=limit))
    codes = [] if mended.relaxed else list(mended.codes)
    return [
        {"label": card.name, "note": card.code, "url": f"/thu-tuc/{card.code}"}
        for card in cards.load(session, codes)
    ]


def note_gap(wish: Wish, listing: Listing) -> None:
    """Have words counted that nothing answered, or only with fewer of them; what filters, pages
    or searching to the letter keep out is no gap."""
    plain = wish.text and not (wish.offset or wish.verbatim or any(wish.filters.values()))
    if (
        plain
        and not listing.indexing
        and not listing.ended
        and (listing.relaxed or not listing.total)
    ):
        gaps.note(wish.text, relaxed=listing.total > 0)


def replacements_first(shown: Sequence[Card]) -> list[Card]:
    """What holds before what has ended, else as they stand."""
    return sorted(shown, key=lambda card: card.ended)


def followed(
    session: Session, shown: Sequence[Card], told: Sequence[Led]
) -> Mapping[str, Sequence[Successor]]:
    """For each line of something that has ended, what has taken its place."""
    known: dict[str, Sequence[Successor]] = {one.code: one.successors for one in told}
    rest = [card.code for card in shown if card.ended and card.code not in known]
    return {**known, **dict.fromkeys(rest, ()), **cards.successors(session, rest)}


def exactly_named(text: str, name: str) -> bool:
    """Whether somebody typed a whole name, marks, capitals and stops aside."""
    return [fold(token.text) for token in scan(text)] == [fold(t.text) for t in scan(name)]


def ways_out(session: Session, wish: Wish, listing: Listing, groups: Sequence[Group]) -> WaysOut:
    """What to offer when nothing was found."""
    chosen = [(group, option) for group in groups for option in group.chosen]
    bare = replace(wish, filters={}, verbatim=False, offset=0, limit=NEAR)
    without = find(session, bare) if chosen or wish.verbatim else listing
    codes = list(without.codes)[:NEAR]
    popular = () if codes else current_settings().site.home.popular_procedures
    return WaysOut(
        letting_go=[
            LettingGo(option, count)
            for group, option in chosen[:MAX_LETTING_GO]
            if (count := _count_without(session, wish, group, option, listing)) != 0
        ],
        unfiltered=without.total,
        near=[card for card in cards.load(session, codes or list(popular)) if not card.ended],
        popular=not codes,
        hotline=_hotline(),
    )


def _count_without(
    session: Session, wish: Wish, group: Group, option: Option, listing: Listing
) -> int | None:
    if listing.indexing:
        return None
    rest = [slug for slug in wish.filters.get(group.name, ()) if slug != option.slug]
    filters = {**wish.filters, group.name: rest}
    return find(session, replace(wish, filters=filters, offset=0, limit=0)).total


def _hotline() -> Hotline | None:
    """The first line that guides through procedures and has a number."""
    lines = [line for line in public_hotlines() if line.phone]
    guiding = [line for line in lines if Purpose.PROCEDURES in line.purposes]
    return next(iter(guiding or lines), None)
