"""What one line of a list says of a procedure, worked out once for each version of it.

A page of results asks the database one thing: which versions stand behind the codes. Lines that
this process has written before are taken as they are; new ones come with their parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.procedures import queries, wording
from portal.procedures.models import Procedure, ProcedureField
from portal.procedures.terms import State

MOST = 6_000
"""Lines that a process keeps, about 1 kB each."""

_VERSIONS = (
    select(Procedure.code, Procedure.version, Procedure.updated_at, ProcedureField.name)
    .join(ProcedureField)
    .where(Procedure.code.in_(bindparam("codes", expanding=True)))
)

Stamp = tuple[int, datetime, str, date]
"""Version, time of change, name of the field and day: a line holds as long as none changes."""


@dataclass(frozen=True, slots=True)
class Card:
    """`line` is the one line of facts; `ended_on` is set when the day of the end is known."""

    code: str
    name: str
    field: str
    line: Sequence[str]
    state: State
    ended_on: date | None

    @property
    def ended(self) -> bool:
        """Whether it is no longer in force."""
        return self.state is State.ENDED


def load(session: Session, codes: Sequence[str]) -> list[Card]:
    """The lines of procedures in the order of `codes`; one statement when none has changed.
    A code that is not kept is left out."""
    kept, day = _kept(), clock.today()
    stamps = _stamps(session, [code for code in codes if code in kept], day)
    stale = [code for code in codes if code not in kept or stamps.get(code) != kept[code][0]]
    for code in stale:
        kept.pop(code, None)
    for procedure in queries.cards(session, stale) if stale else ():
        kept[procedure.code] = (_stamp(procedure, day), _card(procedure, day))
    found = [kept[code][1] for code in codes if code in kept]
    while len(kept) > MOST:
        del kept[next(iter(kept))]
    return found


def successors(session: Session, codes: Iterable[str]) -> Mapping[str, list[tuple[str, str]]]:
    """For each former code, what has taken its place: (code, name) of what is in force."""
    found: dict[str, list[tuple[str, str]]] = {}
    for old, procedure in queries.succeeded(session, list(codes)):
        if procedure.code != old and procedure.state_on(clock.today()) is not State.ENDED:
            found.setdefault(old, []).append((procedure.code, procedure.name))
    return found


def _card(procedure: Procedure, day: date) -> Card:
    state = procedure.state_on(day)
    return Card(
        code=procedure.code,
        name=procedure.name,
        field=procedure.field.name,
        line=tuple(wording.card_line(procedure, day)),
        state=state,
        ended_on=procedure.effective_to if state is State.ENDED else None,
    )


def _stamp(procedure: Procedure, day: date) -> Stamp:
    return procedure.version, procedure.updated_at, procedure.field.name, day


def _stamps(session: Session, codes: Sequence[str], day: date) -> dict[str, Stamp]:
    if not codes:
        return {}
    return {
        code: (version, changed, field, day)
        for code, version, changed, field in session.execute(_VERSIONS, {"codes": codes})
    }


def _kept() -> dict[str, tuple[Stamp, Card]]:
    kept: dict[str, tuple[Stamp, Card]] = current_app.extensions.setdefault("procedure_cards", {})
    return kept
