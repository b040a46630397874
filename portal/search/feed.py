"""From the database to the index: an outbox, a registry of builders, and who drains it.

In the transaction that changes a record its room calls `changed`; after the commit whoever gets the
writer lock builds the documents anew from the database, commits them to the index and only then
deletes the rows. A crash at any moment leaves rows, and applying a row twice changes nothing.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Protocol

from flask import g
from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import db, write
from portal.search.engine import DocumentId, Progress, SearchDocument, SearchEngine
from portal.search.models import SearchChange

log = logging.getLogger(__name__)
BATCH = 200
MANY = 1_000
"""Due changes from which on, when they touch a quarter of the index, a new one is made instead: a
big import takes a minute so, and many minutes change by change."""

Builder = Callable[[Session, str], SearchDocument | None]
"""The document for a key as the public may see it now; None if it may not, or is gone."""

Many = Callable[[Session, Sequence[str]], Mapping[str, SearchDocument]]
"""The documents of several keys in a few statements; a key that may not be seen is left out."""

Keys = Callable[[Session], Iterable[str]]
"""Every key that may have a document."""


@dataclass(slots=True)
class Registry:
    """What rooms lend to the search: for each kind of document, how to build it."""

    builders: dict[str, Builder] = field(default_factory=dict)
    keys: dict[str, Keys] = field(default_factory=dict)
    many: dict[str, Many] = field(default_factory=dict)

    def register(self, kind: str, build: Builder, keys: Keys, many: Many | None = None) -> None:
        """Say how documents of a kind are made; `many` for kinds that come by the thousand.
        Again for the same kind replaces."""
        self.builders[kind] = build
        self.keys[kind] = keys
        if many is None:
            self.many.pop(kind, None)
        else:
            self.many[kind] = many

    def build(self, session: Session, key: DocumentId) -> SearchDocument | None:
        builder = self.builders.get(key[0])
        return builder(session, key[1]) if builder else None

    def build_many(
        self, session: Session, keys: Iterable[DocumentId]
    ) -> dict[DocumentId, SearchDocument | None]:
        """The documents of several keys, None for those that may not be seen or are gone."""
        wanted = list(keys)
        found: dict[DocumentId, SearchDocument | None] = {}
        for kind, many in self.many.items():
            of_kind = [key for other, key in wanted if other == kind]
            documents = many(session, of_kind) if of_kind else {}
            found.update({(kind, key): documents.get(key) for key in of_kind})
        return {key: found[key] if key in found else self.build(session, key) for key in wanted}

    def all_keys(self, session: Session) -> Iterator[DocumentId]:
        for kind, keys in self.keys.items():
            for key in keys(session):
                yield kind, key


registry = Registry()


class Store(Protocol):
    """Where an engine keeps its index: who may write to it."""

    def writer_lock(self, *, wait: bool = False) -> AbstractContextManager[bool]:
        """Try to become the one writer among all processes; free again on any death."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Rows that are due, and since when the oldest waits (None if there are none)."""

    count: int
    oldest: datetime | None


def changed(session: Session, kind: str, key: str, due_at: datetime | None = None) -> None:
    """Have a document built anew, after this transaction or from `due_at` on.

    For a thing that appears later call it twice: now (it may have to go) and with its hour.
    """
    session.add(SearchChange(kind=kind, key=key, due_at=due_at, created_at=clock.now()))
    g.search_changed = True


def changed_here() -> bool:
    """Whether this request has handed over a change: then it brings the index up to date. Whatever
    else waits is looked for every now and then (`service.LOOK_EVERY`)."""
    return bool(g.get("search_changed"))


def _due(moment: datetime | None = None) -> ColumnElement[bool]:
    return or_(SearchChange.due_at.is_(None), SearchChange.due_at <= (moment or clock.now()))


def pending(session: Session) -> Pending:
    """What is due and not yet in the index."""
    since = func.coalesce(SearchChange.due_at, SearchChange.created_at)
    count, oldest = session.execute(select(func.count(), func.min(since)).where(_due())).one()
    return Pending(count, oldest)


def has_due(session: Session) -> bool:
    """Whether anything is due; one cheap statement."""
    return session.scalar(select(SearchChange.id).where(_due()).limit(1)) is not None


def drain(engine: SearchEngine, store: Store, *, anew: bool = True) -> int:
    """Apply what is due, if nobody else is doing so; returns how many rows were applied. Without
    `anew`, for a thread that answers visitors, a mass of changes is left to somebody with time.

    Must not be called inside `write()`. Raises SearchUnavailable when there is no index to apply
    to; the rows stay. After letting go of the lock it looks again: a row that was committed while
    we held it belongs to us, because its writer has found the lock taken.
    """
    applied = 0
    while _has_due():
        with store.writer_lock() as held:
            if not held:
                break
            if _most_has_changed(engine):
                if not anew:
                    break
                applied += _make_anew(engine)[1]
            while step := _apply_batch(engine):
                applied += step
            if applied:
                engine.tidy()
    return applied


def _has_due() -> bool:
    try:
        return has_due(db.session())
    finally:
        db.session.rollback()


def _most_has_changed(engine: SearchEngine) -> bool:
    try:
        count = pending(db.session()).count
    finally:
        db.session.rollback()
    return count >= MANY and count * 4 >= engine.document_count()


def _make_anew(engine: SearchEngine, progress: Progress | None = None) -> tuple[int, int]:
    """A new index under the writer lock: how many documents, how many changes were due and are in
    it. What is committed while it is made stays in the outbox."""
    moment = clock.now()
    try:
        last = db.session.scalar(select(func.max(SearchChange.id)).where(_due(moment))) or 0
    finally:
        db.session.rollback()
    documents = engine.rebuild(_all_documents(), progress)
    done = delete(SearchChange).where(SearchChange.id <= last, _due(moment))
    with write() as session:
        applied = session.scalars(done.returning(SearchChange.id)).all()
    return documents, len(applied)


def _apply_batch(engine: SearchEngine) -> int:
    session = db.session()
    try:
        rows = session.execute(
            select(SearchChange.id, SearchChange.kind, SearchChange.key)
            .where(_due())
            .order_by(SearchChange.id)
            .limit(BATCH)
        ).all()
        keys = dict.fromkeys((row.kind, row.key) for row in rows)
        documents = registry.build_many(session, keys)
    finally:
        session.rollback()
    if not rows:
        return 0
    found = [document for document in documents.values() if document]
    engine.apply(found, [key for key, document in documents.items() if document is None])
    with write() as writing:
        writing.execute(delete(SearchChange).where(SearchChange.id.in_([row.id for row in rows])))
    return len(rows)


def rebuild(engine: SearchEngine, store: Store, progress: Progress | None = None) -> int:
    """Make the index anew from the database; returns the number of documents.

    Waits for the writer lock. Changes made meanwhile are applied after.
    """
    with store.writer_lock(wait=True):
        count, _ = _make_anew(engine, progress)
    drain(engine, store)
    return count


def heal(engine: SearchEngine, store: Store) -> bool:
    """Rebuild a lost or damaged index, unless another process is at it."""
    with store.writer_lock() as held:
        if not held:
            return False
        log.warning("search.rebuild", extra={"reason": "index lost or damaged"})
        _make_anew(engine)
    drain(engine, store)
    return True


def _all_documents() -> Iterator[SearchDocument]:
    """Every public document, read in short transactions so that writers' logs can be cut."""
    session = db.session()
    try:
        keys = iter(list(registry.all_keys(session)))
        while batch := list(islice(keys, BATCH)):
            session.rollback()
            documents = registry.build_many(session, batch)
            yield from (document for document in documents.values() if document is not None)
    finally:
        session.rollback()


def differences(engine: SearchEngine) -> list[DocumentId]:
    """Documents that the index and the database do not agree on; [] when they are equal."""
    truth = {document.id: document.digest() for document in _all_documents()}
    index = engine.fingerprint()
    return sorted(key for key in {*truth, *index} if truth.get(key) != index.get(key))
