"""Which procedures a printed list holds: those to be posted of a field, a unit, a level, or all.

What has ended and what agencies do among themselves is not posted. A list is cut into parts, so
that no address makes the portal print ten thousand rows at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.core import clock
from portal.core.settings import Settings
from portal.procedures import wording
from portal.procedures.models import Channel, Procedure, ProcedureField
from portal.procedures.posting.sheet import UNKNOWN, how_long, path_of, place, validity
from portal.procedures.terms import LEVELS, Kind, Level, State, Status

PER_PART = 300
EVERYTHING = "tat-ca"


@dataclass(frozen=True, slots=True)
class Wish:
    """What an address asks for; empty values do not narrow the list."""

    field: str = ""
    unit: str = ""
    level: str = ""
    part: int = 1

    @property
    def is_blank(self) -> bool:
        return not (self.field or self.unit or self.level)

    @property
    def arguments(self) -> dict[str, str]:
        """The parameters of an address that asks for the same."""
        named = {"linh_vuc": self.field, "don_vi": self.unit, "cap": self.level}
        part = str(self.part) if self.part > 1 else ""
        return {name: value for name, value in {**named, "trang": part}.items() if value}


@dataclass(frozen=True, slots=True)
class Row:
    """One procedure as lists and cards print it."""

    number: int
    code: str
    name: str
    field: str
    time: str
    fee: str
    place: str
    state: str
    validity: str
    version: int
    address: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One part of a list, its rows by field."""

    title: str
    groups: Sequence[tuple[str, Sequence[Row]]]
    total: int
    part: int
    parts: int
    day: date

    @property
    def rows(self) -> list[Row]:
        return [row for _, rows in self.groups for row in rows]

    @property
    def note(self) -> str:
        """What lets a reader see that a list is stale."""
        return f"Bản in ngày {clock.format_date(self.day)}, {self.total} thủ tục"


def wish_from(arguments: Mapping[str, str], part: int) -> Wish:
    """The wish of an address; words that nobody offers find nothing."""
    field, unit, level = (
        arguments.get(name, "")[:90] for name in ("linh_vuc", "don_vi", "cap")
    )  # fmt: skip
    return Wish(field, unit, level, part)


def find(
    session: Session, wish: Wish, settings: Settings, units: Mapping[str, str], day: date
) -> Listing:
    """The part of the list that is wished for; four statements."""
    wanted = list(_conditions(wish, day))
    counted = select(func.count()).select_from(Procedure).join(Procedure.field).where(*wanted)
    total = session.scalar(counted) or 0
    query = (
        select(Procedure)
        .join(Procedure.field)
        .where(*wanted)
        .options(
            contains_eager(Procedure.field),
            joinedload(Procedure.local),
            selectinload(Procedure.channels).joinedload(Channel.fees),
        )
        .order_by(
            ProcedureField.position, ProcedureField.name, Procedure.name_folded, Procedure.code
        )
        .limit(PER_PART)
        .offset((wish.part - 1) * PER_PART)
    )
    found = session.scalars(query).all()
    first = (wish.part - 1) * PER_PART + 1
    rows = [_row(number, one, settings, day) for number, one in enumerate(found, first)]
    groups = [(name, list(group)) for name, group in groupby(rows, key=lambda row: row.field)]
    parts = max(1, -(-total // PER_PART))
    return Listing(_title(session, wish, units), groups, total, wish.part, parts, day)


def counts(session: Session, day: date) -> list[tuple[str, str, int]]:
    """(key, name, number of posted procedures) of the fields that have any; one statement."""
    query = (
        select(ProcedureField.key, ProcedureField.name, func.count())
        .select_from(Procedure)
        .join(Procedure.field)
        .where(to_be_posted(day))
        .group_by(ProcedureField.id, ProcedureField.key, ProcedureField.name)
        .order_by(ProcedureField.position, ProcedureField.name)
    )
    return [(key, name, count) for key, name, count in session.execute(query)]


def unit_counts(session: Session, day: date) -> list[tuple[str, int]]:
    """(code, number of posted procedures) of the units in charge of any; one statement."""
    query = (
        select(Procedure.unit_code, func.count())
        .where(to_be_posted(day), Procedure.unit_code.is_not(None))
        .group_by(Procedure.unit_code)
    )
    return [(code or "", count) for code, count in session.execute(query)]


def level_counts(session: Session, day: date) -> list[tuple[str, str, int]]:
    """(slug, name, number of posted procedures) of the levels that have any; one statement each."""
    found = []
    for level in (Level.PROVINCE, Level.COMMUNE):
        term = LEVELS[level]
        wanted = _conditions(Wish(level=term.slug), day)
        count = session.scalar(select(func.count()).select_from(Procedure).where(*wanted)) or 0
        found.append((term.slug, f"Giải quyết ở {term.name.lower()}", count))
    return [one for one in found if one[2]]


def _conditions(wish: Wish, day: date) -> Iterable[ColumnElement[bool]]:
    """What narrows a query of procedures joined with their fields."""
    yield to_be_posted(day)
    if wish.field and wish.field != EVERYTHING:
        yield ProcedureField.key == wish.field
    if wish.unit:
        yield Procedure.unit_code == wish.unit
    if wish.level:
        level = next((level for level, term in LEVELS.items() if term.slug == wish.level), "none")
        yield cast(Procedure.levels, String).contains(f'"{level}"')


def to_be_posted(day: date) -> ColumnElement[bool]:
    """What is in force on `day` or will be, and concerns citizens."""
    return (
        (Procedure.status == Status.IN_FORCE.value)
        & or_(Procedure.effective_to.is_(None), Procedure.effective_to > day)
        & (Procedure.kind != Kind.INTERNAL.value)
    )


def _title(session: Session, wish: Wish, units: Mapping[str, str]) -> str:
    parts = []
    if wish.field and wish.field != EVERYTHING:
        name = session.scalar(select(ProcedureField.name).where(ProcedureField.key == wish.field))
        parts.append(f"lĩnh vực {name or wish.field}")
    if wish.unit:
        parts.append(f"do {units.get(wish.unit, wish.unit)} phụ trách")
    level = next((term.name for term in LEVELS.values() if term.slug == wish.level), "")
    if level:
        parts.append(f"giải quyết ở {level.lower()}")
    return " ".join(["Danh mục thủ tục hành chính", *parts])


def _row(number: int, procedure: Procedure, settings: Settings, day: date) -> Row:
    ways = ", ".join(dict.fromkeys(wording.channel_words(one) for one in procedure.channels))
    where = [place(procedure, settings) or "", ways.capitalize()]
    state = procedure.state_on(day)
    return Row(
        number=number,
        code=procedure.code,
        name=procedure.name,
        field=procedure.field.name,
        time=how_long(procedure) or UNKNOWN,
        fee=wording.cost(procedure.channels, day) or UNKNOWN,
        place="\n".join(filter(None, where)) or UNKNOWN,
        state=state,
        validity=validity(procedure) if state is State.UPCOMING else "",
        version=procedure.version,
        address=settings.address(path_of(procedure.code, procedure.version)),
    )
