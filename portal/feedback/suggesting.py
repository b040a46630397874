"""What a feedback suggests to the officer who decides: unit, procedure, doubles, answers.

The public index is asked, never told: what citizens wrote is compared here, over a bounded number
of recent items that this officer may read, and is kept nowhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor
from portal.core import clock
from portal.core.text import fold
from portal.feedback import helping, narrowing, neighbours, queries
from portal.feedback.helping import Help
from portal.feedback.models import MAX_SUBJECT, Feedback
from portal.feedback.states import State
from portal.search import service as search
from portal.search.engine import SearchQuery, SearchUnavailable

LOOKED_THROUGH, WITHIN = 300, timedelta(days=60)
HANDLED = 200
ALIKE, MOST = 0.4, 4
"""From which share of pairs of words in common on two texts are shown as alike."""
_CODE = re.compile(r"\b\d\.\d{6}\b")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class UnitGuess:
    """A unit that may be the one, and why."""

    code: str
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Double:
    """An item that may say the same; `share` in percent, 100 for the very same words."""

    id: int
    label: str
    subject: str
    state: State
    share: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    """For one item; each list may be empty."""

    units: Sequence[UnitGuess]
    procedures: Sequence[tuple[str, str]]
    doubles: Sequence[Double]
    answers: Sequence[Help]

    def __bool__(self) -> bool:
        return bool(self.units or self.procedures or self.doubles or self.answers)


def suggest(
    session: Session, actor: Actor, feedback: Feedback, units: Mapping[str, str]
) -> Suggestions:
    """Everything that the texts of `feedback` suggest; `units` are names by code."""
    procedures = _procedures(session, feedback)
    return Suggestions(
        _units(session, feedback, procedures, units),
        [one for one in procedures if one[0] != feedback.procedure_code],
        doubles(session, actor, feedback),
        _answers(session, feedback),
    )


def doubles(session: Session, actor: Actor, feedback: Feedback) -> list[Double]:
    """Recent items with the same or nearly the same words, the likest first; one statement."""
    query = (
        select(Feedback.id, Feedback.text_hash, Feedback.subject, Feedback.body, Feedback.state,
               Feedback.register_number, Feedback.register_year)
        .where(
            queries.visible_to(narrowing.reader(actor)),
            Feedback.id != feedback.id,
            Feedback.received_at > clock.now() - WITHIN,
            or_(queries.is_open(), Feedback.text_hash == feedback.text_hash),
        )
        .order_by(Feedback.received_at.desc())
        .limit(LOOKED_THROUGH)
    )  # fmt: skip
    own = _pairs(feedback.subject, feedback.body)
    found = []
    for row in session.execute(query):
        same = row.text_hash == feedback.text_hash
        share = 1.0 if same else _share(own, _pairs(row.subject, row.body))
        if share >= ALIKE:
            number = f"{row.register_number}/{row.register_year}"
            label = number if row.register_number else str(row.id)
            found.append(Double(row.id, label, row.subject, State(row.state), round(share * 100)))
    return sorted(found, key=lambda one: -one.share)[:MOST]


def _pairs(subject: str, body: str) -> frozenset[tuple[str, str]]:
    words = _WORD.findall(fold(f"{subject} {body}"))
    return frozenset(pairwise(words))


def _share(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> float:
    """How much two texts have in common (Dice): 0 nothing, 1 all."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _procedures(session: Session, feedback: Feedback) -> list[tuple[str, str]]:
    """Code and name: what the sender chose or named by its code, then what the subject is like."""
    codes = [feedback.procedure_code or "", *_CODE.findall(f"{feedback.subject} {feedback.body}")]
    named = {code: neighbours.procedure_name(code) for code in dict.fromkeys(codes[:MOST]) if code}
    found = {code: name for code, name in named.items() if name}
    with suppress(SearchUnavailable):
        found |= dict(neighbours.likely(session, feedback.subject[:MAX_SUBJECT], 2))
    return list(found.items())[:3]


def _units(
    session: Session, feedback: Feedback, procedures: Sequence[tuple[str, str]],
    units: Mapping[str, str],
) -> list[UnitGuess]:  # fmt: skip
    """The units with the most reasons first. What is already in a unit's hands is not asked."""
    reasons: dict[str, list[str]] = {}
    for code, why in _why(session, feedback, procedures, units):
        if code in units and code != feedback.unit_code and why not in reasons.get(code, []):
            reasons.setdefault(code, []).append(why)
    ordered = sorted(reasons.items(), key=lambda item: -len(item[1]))
    return [UnitGuess(code, units[code], tuple(why)) for code, why in ordered[:3]]


def _why(
    session: Session, feedback: Feedback, procedures: Sequence[tuple[str, str]],
    units: Mapping[str, str],
) -> Iterator[tuple[str, str]]:  # fmt: skip
    if feedback.about_unit_code:
        yield feedback.about_unit_code, "người gửi chọn đơn vị này"
    for code, name in procedures:
        card = neighbours.procedure_card(code)
        if card and card.unit_code:
            yield card.unit_code, f"vì nhắc tới thủ tục “{name}” do đơn vị phụ trách"
    text = f" {' '.join(_WORD.findall(fold(f'{feedback.subject} {feedback.body}')))} "
    for code, name in units.items():
        if f" {' '.join(_WORD.findall(fold(name)))} " in text:
            yield code, "vì nhắc tên đơn vị"
    yield from _by_duties(feedback.subject)
    yield from _by_experience(session, feedback)


def _by_duties(subject: str) -> Iterator[tuple[str, str]]:
    """Units whose names and duties the search finds for the subject."""
    try:
        results = search.search(SearchQuery(subject[:MAX_SUBJECT], kinds=["unit"], limit=2))
    except SearchUnavailable:
        return
    if not results.relaxed:
        yield from ((hit.key, "vì giống tên, chức năng của đơn vị") for hit in results.hits)


def _by_experience(session: Session, feedback: Feedback) -> Iterator[tuple[str, str]]:
    """Where items about the same procedure went; no text is looked at."""
    if not feedback.procedure_code:
        return
    query = (
        select(Feedback.unit_code)
        .where(
            Feedback.procedure_code == feedback.procedure_code, Feedback.id != feedback.id,
            Feedback.unit_code.is_not(None), Feedback.state != State.RESTRICTED.value,
        )
        .order_by(Feedback.id.desc())
        .limit(HANDLED)
    )  # fmt: skip
    for code, count in Counter(session.scalars(query)).most_common(1):
        if code:
            yield code, f"vì {count} nội dung về thủ tục này đã giao đơn vị"


def _answers(session: Session, feedback: Feedback) -> Sequence[Help]:
    """Published answers to the same words or about the same procedure."""
    try:
        found = helping.answers(session, feedback.subject, feedback.procedure_code or "")
    except SearchUnavailable:
        return []
    return [one for one in found if not one.url.endswith(f"/{feedback.public_id}")]
