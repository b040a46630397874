"""Reading the audit log: filters, rows in words, export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select

from portal.accounts.audit_words import KINDS, PERSON_FIELDS, field_name, value_name
from portal.accounts.queries import names_of
from portal.core import clock
from portal.core.audit import LABELS, AuditEntry, AuditEvent
from portal.core.db import db
from portal.core.tables import BOM, csv_line

EXPORT_LIMIT = 100_000
_BATCH = 500
_SYSTEM = "Không qua đăng nhập"
_HEADER = (
    "Số", "Thời điểm", "Sự việc", "Mã sự việc", "Người làm", "Loại đối tượng", "Mã đối tượng",
    "Thay đổi", "Mã yêu cầu",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries; None or "" asks for nothing. Days are whole days of the agency's zone."""

    event: AuditEvent | None = None
    person: int | None = None
    kind: str = ""
    thing: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    entry: AuditEntry
    event: str
    person: str
    kind: str
    thing: str
    changes: Sequence[tuple[str, str, str]]


def entries(filters: Filters) -> Select[AuditEntry]:
    """The entries that fit, the latest first."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    if filters.event:
        query = query.where(AuditEntry.event == filters.event.value)
    if filters.person is not None:
        query = query.where(AuditEntry.actor_id == filters.person)
    if filters.kind:
        query = query.where(AuditEntry.object_kind == filters.kind)
    if filters.thing:
        query = query.where(AuditEntry.object_id == filters.thing)
    if filters.first_day:
        query = query.where(AuditEntry.at >= _midnight(filters.first_day))
    if filters.last_day:
        query = query.where(AuditEntry.at < _midnight(filters.last_day + timedelta(days=1)))
    return query


def in_words(rows: Sequence[AuditEntry]) -> list[Line]:
    """Entries with names for codes; one statement for all names."""
    ids = {number for row in rows for number in _people(row)}
    names = names_of(ids)
    return [_line(row, names) for row in rows]


def latest_about(kind: str, thing: object, count: int) -> list[Line]:
    """The last entries about one thing."""
    query = entries(Filters(kind=kind, thing=str(thing))).limit(count)
    return in_words(db.session.scalars(query).all())


def export(filters: Filters) -> Iterator[str]:
    """The entries that fit as the lines of a CSV file that a spreadsheet opens and never runs."""
    yield BOM + csv_line(_HEADER)
    last, left = None, EXPORT_LIMIT
    while left > 0:
        query = entries(filters).limit(min(_BATCH, left))
        if last is not None:
            query = query.where(AuditEntry.id < last)
        rows = db.session.scalars(query).all()
        if not rows:
            return
        yield "".join(csv_line(_cells(line)) for line in in_words(rows))
        last, left = rows[-1].id, left - len(rows)
        db.session.expunge_all()


def _line(entry: AuditEntry, names: Mapping[int, str]) -> Line:
    person = _SYSTEM if entry.actor_id is None else names.get(entry.actor_id, f"#{entry.actor_id}")
    known = entry.event in set(AuditEvent)
    changes = [
        (field_name(field), _value(field, old, names), _value(field, new, names))
        for field, (old, new) in entry.changes.items()
    ]
    return Line(
        entry,
        LABELS[AuditEvent(entry.event)] if known else entry.event,
        person,
        KINDS.get(entry.object_kind, entry.object_kind),
        names.get(_account_id(entry) or 0, entry.object_id.removeprefix("-")),
        changes,
    )


def _cells(line: Line) -> list[object]:
    entry = line.entry
    changes = "; ".join(
        f"{field}: {old} → {new}" if old else f"{field}: {new}" for field, old, new in line.changes
    )
    moment = clock.to_local(entry.at).strftime("%Y-%m-%d %H:%M:%S")
    return [
        entry.id, moment, line.event, entry.event, line.person, line.kind, entry.object_id,
        changes, entry.request_id,
    ]  # fmt: skip


def _people(entry: AuditEntry) -> Iterator[int]:
    """Ids of the accounts that an entry speaks of."""
    assigned = [value for f in PERSON_FIELDS for value in entry.changes.get(f, ())]
    for number in (entry.actor_id, _account_id(entry), *assigned):
        if isinstance(number, int):
            yield number


def _value(field: str, value: object, names: Mapping[int, str]) -> str:
    if field in PERSON_FIELDS and isinstance(value, int):
        return names.get(value, f"#{value}")
    return value_name(field, value)


def _account_id(entry: AuditEntry) -> int | None:
    """The account that an entry is about, if it is about one that exists."""
    is_account = entry.object_kind == "user" and entry.object_id.isdecimal()
    return int(entry.object_id) if is_account else None


def _midnight(day: date) -> datetime:
    return clock.from_local(datetime.combine(day, time()))
