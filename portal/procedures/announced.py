"""Decisions that announce procedures: found by kind, field and year; one with all its changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, selectinload

from portal.core import clock
from portal.procedures.models import Announcement, AnnouncementChange, Procedure, ProcedureField
from portal.procedures.terms import CHANGES, ChangeKind


@dataclass(frozen=True, slots=True)
class Wish:
    """What an address asks for; empty values do not narrow the list."""

    kind: ChangeKind | None = None
    field: str = ""
    year: int = 0

    @property
    def arguments(self) -> dict[str, str]:
        """The parameters of an address that asks for the same."""
        kind = CHANGES[self.kind].slug if self.kind else ""
        named = {"loai": kind, "linh_vuc": self.field, "nam": str(self.year or "")}
        return {name: value for name, value in named.items() if value}

    def of(self, kind: ChangeKind | None) -> Wish:
        """The same for another kind."""
        return replace(self, kind=kind)


def wish_from(arguments: Mapping[str, str]) -> Wish:
    """The wish of an address; what nobody offers is not asked for."""
    slug, year = arguments.get("loai"), arguments.get("nam", "")
    kind = next((kind for kind, term in CHANGES.items() if term.slug == slug), None)
    known = year.isascii() and year.isdecimal() and len(year) == 4 and int(year) >= 1900
    return Wish(kind, arguments.get("linh_vuc", "")[:90], int(year) if known else 0)


def query(wish: Wish) -> Select[Announcement]:
    """The decisions that are wished for, newest first, each with all its changes."""
    found = select(Announcement)
    if wish.kind is not None:
        found = found.where(Announcement.changes.any(AnnouncementChange.kind == wish.kind.value))
    if wish.field:
        found = found.where(Announcement.changes.any(_of_field(wish.field)))
    if wish.year:
        begin, end = date(wish.year, 1, 1), date(wish.year, 12, 31)
        found = found.where(Announcement.issued_on.between(begin, end))
    return found.options(*_WHOLE).order_by(
        Announcement.issued_on.desc().nulls_last(), Announcement.id.desc()
    )


_WHOLE = (
    selectinload(Announcement.changes)
    .joinedload(AnnouncementChange.procedure)
    .joinedload(Procedure.field),
)


def find(session: Session, slug: str) -> Announcement | None:
    """One decision with all its changes; two statements."""
    return session.scalar(select(Announcement).where(Announcement.slug == slug).options(*_WHOLE))


def names(session: Session, decision: Announcement) -> dict[str, str]:
    """Code → name of the procedures that replace others of this decision; one statement."""
    codes = [change.replacement for change in decision.changes if change.replacement]
    if not codes:
        return {}
    rows = session.execute(select(Procedure.code, Procedure.name).where(Procedure.code.in_(codes)))
    return {row.code: row.name for row in rows}


def fields(session: Session) -> list[tuple[str, str]]:
    """(key, name) of the fields that some decision touches; one statement."""
    touched = select(Procedure.field_id).join(
        AnnouncementChange, AnnouncementChange.code == Procedure.code
    )
    named = select(AnnouncementChange.field_name)
    rows = session.execute(
        select(ProcedureField.key, ProcedureField.name)
        .where(or_(ProcedureField.id.in_(touched), ProcedureField.name.in_(named)))
        .order_by(ProcedureField.position, ProcedureField.name)
    )
    return [(key, name) for key, name in rows]


def years(session: Session) -> Sequence[int]:
    """Years in which decisions were signed, newest first; one statement."""
    rows = session.scalars(
        select(Announcement.issued_on).where(Announcement.issued_on.is_not(None)).distinct()
    )
    return sorted({day.year for day in rows if day}, reverse=True)


def changed_at(decision: Announcement) -> datetime | None:
    """When readers could first know of the decision: its publication, else its signing."""
    day = decision.published_on or decision.issued_on
    return clock.from_local(datetime.combine(day, time.min)) if day else None


def _of_field(key: str) -> ColumnElement[bool]:
    named = select(ProcedureField.name).where(ProcedureField.key == key).scalar_subquery()
    return or_(
        AnnouncementChange.procedure.has(Procedure.field.has(ProcedureField.key == key)),
        AnnouncementChange.field_name == named,
    )
