"""What the directory's pages show; each function is one or a few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal.core.db import db
from portal.core.errors import NotFound
from portal.directory import reported
from portal.directory.models import (
    NEEDS,
    UNIT_KIND_NAMES,
    Hotline,
    Leader,
    Purpose,
    Scope,
    Unit,
    UnitKind,
)
from portal.directory.reported import Reports

T = TypeVar("T", Hotline, Leader, Unit)


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody wants, in their words, and the lines that serve it, numbers first."""

    purpose: Purpose
    words: str
    hotlines: list[Hotline]


@dataclass(frozen=True, slots=True)
class Contacts:
    """Everything of the public page. `reports` are those that readers are told of, by id."""

    hotlines: Sequence[Hotline]
    leaders: Sequence[Leader]
    units: Sequence[Unit]
    reports: Mapping[int, Reports] = field(default_factory=dict)

    @property
    def emergency(self) -> list[Hotline]:
        """Numbers for when every minute counts."""
        return [h for h in self.hotlines if Purpose.EMERGENCY in h.purposes and h.phone]

    @property
    def needs(self) -> list[Need]:
        """The needs that some line serves, but for emergencies, which stand first of all."""
        return [
            Need(purpose, words, lines)
            for purpose, words in NEEDS.items()
            if purpose is not Purpose.EMERGENCY and (lines := self._serving(purpose))
        ]

    @property
    def own(self) -> list[Hotline]:
        """Lines of the agency itself."""
        return [h for h in self.hotlines if h.scope == Scope.AGENCY]

    @property
    def national(self) -> list[Hotline]:
        """Numbers that serve the whole country."""
        return [h for h in self.hotlines if h.scope == Scope.NATIONAL]

    @property
    def units_by_kind(self) -> list[tuple[UnitKind, str, list[Unit]]]:
        """Kinds that have units, each with its name and its units."""
        return [
            (kind, name, units)
            for kind, name in UNIT_KIND_NAMES.items()
            if (units := [unit for unit in self.units if unit.kind == kind])
        ]

    @property
    def leaders_reachable(self) -> bool:
        """Whether at least one leader has a phone or an address to write to."""
        return any(leader.phone or leader.email for leader in self.leaders)

    def need(self, purpose: str) -> Need | None:
        """One of the needs, also the emergency; None when no line serves it."""
        known = purpose in list(Purpose)
        lines = self._serving(Purpose(purpose)) if known else []
        return Need(Purpose(purpose), NEEDS[Purpose(purpose)], lines) if lines else None

    def lines_of(self, unit_code: str) -> list[Hotline]:
        """The lines of a unit."""
        return [hotline for hotline in self.hotlines if hotline.unit_code == unit_code]

    def _serving(self, purpose: Purpose) -> list[Hotline]:
        lines = [hotline for hotline in self.hotlines if purpose in hotline.purposes]
        return sorted(lines, key=lambda hotline: not hotline.phone)


def contacts() -> Contacts:
    """What the public sees of the directory; four statements."""
    session = db.session()
    return Contacts(
        list(session.scalars(_hotlines().where(Hotline.removed_at.is_(None)))),
        list(session.scalars(_leaders().where(Leader.removed_at.is_(None)))),
        list(session.scalars(_units().where(Unit.removed_at.is_(None)))),
        _told(session),
    )


def public_hotlines() -> Sequence[Hotline]:
    """The lines that the public sees; one statement."""
    return db.session.scalars(_hotlines().where(Hotline.removed_at.is_(None))).all()


def all_hotlines() -> Sequence[Hotline]:
    """Every line, also the removed ones."""
    return db.session.scalars(_hotlines()).all()


def all_units() -> Sequence[Unit]:
    """Every unit that is not removed."""
    return db.session.scalars(_units().where(Unit.removed_at.is_(None))).all()


def all_leaders() -> Sequence[Leader]:
    """Every leader who is not removed."""
    return db.session.scalars(_leaders().where(Leader.removed_at.is_(None))).all()


def unit_names() -> dict[str, str]:
    """Code → name of all units, in the order of the list."""
    query = select(Unit.code, Unit.name).where(Unit.removed_at.is_(None))
    rows = db.session.execute(query.order_by(Unit.sort_order, Unit.id))
    return {row.code: row.name for row in rows}


def unit_page(code: str) -> tuple[Unit, Contacts]:
    """A unit with its own lines and leaders. Raises `NotFound`."""
    session = db.session()
    unit = get_unit(session, code)
    if unit.removed_at is not None:
        raise NotFound(code)
    lines = _hotlines().where(Hotline.unit_code == code, Hotline.removed_at.is_(None))
    leaders = _leaders().where(Leader.unit_code == code, Leader.removed_at.is_(None))
    parts = _units().where(Unit.parent == code, Unit.removed_at.is_(None))
    return unit, Contacts(
        session.scalars(lines).all(), session.scalars(leaders).all(), session.scalars(parts).all(),
        _told(session),
    )  # fmt: skip


def public_hotline(key: str) -> Hotline:
    """A line that the public sees. Raises `NotFound`."""
    hotline = get_hotline(db.session(), key)
    if hotline.removed_at is not None:
        raise NotFound(key)
    return hotline


def line_for(session: Session, unit_code: str | None, purpose: Purpose) -> Hotline | None:
    """The agency's line to give somebody: of the unit in charge, else for the purpose; one with a
    number goes first. One statement."""
    query = _hotlines().where(Hotline.removed_at.is_(None), Hotline.scope == Scope.AGENCY.value)
    lines = [
        line
        for line in session.scalars(query)
        if purpose in line.purposes or (unit_code and line.unit_code == unit_code)
    ]
    own = [line for line in lines if unit_code and line.unit_code == unit_code]
    return next((line for line in [*own, *lines] if line.phone), next(iter([*own, *lines]), None))


def get_hotline(session: Session, key: str) -> Hotline:
    """The line with this key, removed or not. Raises `NotFound`."""
    return _found(session.scalar(_hotlines().where(Hotline.key == key)), key)


def get_unit(session: Session, code: str) -> Unit:
    """The unit with this code, removed or not. Raises `NotFound`."""
    return _found(session.scalar(_units().where(Unit.code == code)), code)


def get_leader(session: Session, key: str) -> Leader:
    """The leader with this key, removed or not. Raises `NotFound`."""
    return _found(session.scalar(_leaders().where(Leader.key == key)), key)


def _told(session: Session) -> dict[int, Reports]:
    return {line: found for line, found in reported.of(session).items() if found.is_public}


def _hotlines() -> Select[Hotline]:
    return (
        select(Hotline).options(joinedload(Hotline.unit)).order_by(Hotline.sort_order, Hotline.id)
    )


def _leaders() -> Select[Leader]:
    return select(Leader).options(joinedload(Leader.unit)).order_by(Leader.sort_order, Leader.id)


def _units() -> Select[Unit]:
    return select(Unit).order_by(Unit.sort_order, Unit.id)


def _found(record: T | None, key: str) -> T:
    if record is None:
        raise NotFound(key)
    return record
