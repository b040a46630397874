"""Reading the audit log: filters, rows in words, export."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import BinaryIO
from typing import cast as cast_type

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select

from portal.accounts.audit_words import KINDS, PERSON_FIELDS, field_name, value_name
from portal.accounts.permissions import Actor
from portal.accounts.queries import names_of
from portal.core import audit, clock
from portal.core.audit import LABELS, AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.tables import BOM, csv_line
from portal.core.text import fold

EXPORT_LIMIT, WORKBOOK_LIMIT = 100_000, 20_000
LONGEST_CELL = 32_000  # XLSX allows 32,767 characters
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
    words: str = ""


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
    if filters.words:
        query = query.where(_mentions(filters.words))
    return query


def count(filters: Filters) -> int:
    """How many entries fit."""
    query = select(func.count()).select_from(entries(filters).order_by(None).subquery())
    return db.session.scalar(query) or 0


def note_export(actor: Actor, kind: str, asked: Mapping[str, str], rows: int) -> int:
    """Who takes a copy of the log away stands in the log itself; returns that entry's number."""
    filters = "; ".join(f"{name}={value}" for name, value in asked.items())
    with write() as session:
        audit.record(
            session, AuditEvent.AUDIT_EXPORTED, actor_id=actor.user_id, thing=("audit", kind),
            changes={"format": (None, kind), "filters": (None, filters), "rows": (None, rows)},
        )  # fmt: skip
        return session.scalar(select(func.max(AuditEntry.id))) or 0


def _mentions(words: str) -> ColumnElement[bool]:
    """Entries whose event, thing, request or changes hold these words as they are typed, or in
    small letters, or with a capital: SQLite knows the cases of plain letters alone."""
    wanted = fold(words)
    events = [event.value for event, label in LABELS.items() if wanted in fold(label)]
    spelled = {words, words.lower(), words.capitalize()}
    changes = cast(AuditEntry.changes, String)
    return or_(
        AuditEntry.event.in_(events),
        AuditEntry.object_id == words,
        AuditEntry.request_id == words,
        *(changes.icontains(one, autoescape=True) for one in spelled),
    )


def in_words(rows: Sequence[AuditEntry]) -> list[Line]:
    """Entries with names for codes; one statement for all names."""
    ids = {number for row in rows for number in _people(row)}
    names = names_of(ids)
    return [_line(row, names) for row in rows]


def latest_about(kind: str, thing: object, count: int) -> list[Line]:
    """The last entries about one thing."""
    query = entries(Filters(kind=kind, thing=str(thing))).limit(count)
    return in_words(db.session.scalars(query).all())


def export(filters: Filters, before: int) -> Iterator[str]:
    """The entries below the number `before` that fit, as the lines of a CSV file that a
    spreadsheet opens and never runs."""
    yield BOM + csv_line(_HEADER)
    for lines in _in_batches(filters, before, EXPORT_LIMIT):
        yield "".join(csv_line(_cells(line)) for line in lines)


def workbook(filters: Filters, before: int) -> BinaryIO:
    """The same, at most `WORKBOOK_LIMIT`, as an XLSX file; every cell but the number is text."""
    from openpyxl import Workbook  # a third of a second that only this should cost
    from openpyxl.cell import Cell, WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Nhật ký")

    def text(value: object) -> Cell:
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_CELL])
        cell.data_type = "s"  # never a formula, whatever it begins with
        return cell

    sheet.append([text(title) for title in _HEADER])
    for lines in _in_batches(filters, before, WORKBOOK_LIMIT):
        for line in lines:
            number, *rest = _cells(line)
            sheet.append([number, *map(text, rest)])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book.save(file)
    file.seek(0)
    return cast_type(BinaryIO, file)


def _in_batches(filters: Filters, before: int, most: int) -> Iterator[list[Line]]:
    """The entries that fit in words, some hundred at a time; none is kept."""
    last, left = before, most
    while left > 0:
        query = entries(filters).where(AuditEntry.id < last).limit(min(_BATCH, left))
        rows = db.session.scalars(query).all()
        if not rows:
            return
        yield in_words(rows)
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
