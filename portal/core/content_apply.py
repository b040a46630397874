"""Bringing content entries into the database, with respect for what the desk changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.content import Report, digest
from portal.core.db import Base, Removable

M = TypeVar("M", bound=Base)


@dataclass(frozen=True, slots=True)
class Item:
    """One record as the files have it: its key among its kind, and its columns."""

    key: object
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf(Generic[M]):
    """Where items of one kind stand: a model (a `FromContent`), the attribute that is the key,
    the condition that fences the shelf off in its table, and what people call an item."""

    model: type[M]
    key: str
    label: str
    scope: tuple[ColumnElement[bool], ...] = ()


def settle(session: Session, report: Report, shelf: Shelf[M], items: Iterable[Item]) -> list[M]:
    """Make the rows of a shelf as `items` say; returns the rows that changed, flushed.

    A row whose item is as at the last load is left alone, and so is one that the desk edited:
    it is named in `report.kept` when the file says otherwise. A `Removable` row whose item left
    the files is removed, unless the desk edited it. Call it inside `write()`.
    """
    query = select(shelf.model).where(*shelf.scope)
    rows: dict[object, Any] = {getattr(row, shelf.key): row for row in session.scalars(query)}
    changed: list[M] = []
    for item in items:
        row = rows.pop(item.key, None)
        if row is None:
            row = shelf.model(**item.values, content_digest=digest(item.values))
            session.add(row)
            report.created += 1
        elif not _update(report, row, item, f"{shelf.label} {item.key}"):
            continue
        changed.append(row)
    changed += [row for row in rows.values() if _retire(report, row)]
    session.flush()
    return changed


def _update(report: Report, row: Any, item: Item, name: str) -> bool:
    fingerprint = digest(item.values)
    if row.content_digest == fingerprint:
        report.unchanged += 1
        return False
    if row.edited_at is not None:
        report.kept.append(name)
        return False
    for column, value in item.values.items():
        setattr(row, column, value)
    row.content_digest = fingerprint
    if isinstance(row, Removable):
        row.removed_at = None
    report.updated += 1
    return True


def _retire(report: Report, row: Any) -> bool:
    from_file = row.content_digest is not None and row.edited_at is None
    if not (isinstance(row, Removable) and from_file):
        return False
    row.removed_at, row.content_digest = clock.now(), None  # type: ignore[attr-defined]
    report.removed += 1
    return True
