"""The engine of a scaled-out site: the index lives in PostgreSQL, any number of machines share it.

Documents are `tsvector`s under a GIN index, in lexemes of our own making (`postgres_terms`). The
database finds which documents hold a term and how often; we rank them (`ranking` over `snapshot`),
so the answers are those of the embedded engine. (`ts_rank` knows nothing of how rare a word is.)
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

import psycopg
from psycopg import errors
from sqlalchemy import Engine

from portal.search.engine import (
    DocumentId,
    Progress,
    SearchDocument,
    SearchQuery,
    SearchResults,
    SearchUnavailable,
    Suggestion,
)
from portal.search.postgres_snapshot import Opened, PostgresSnapshot, open_state
from portal.search.postgres_tables import SCHEMA, Connection, PostgresTables
from portal.search.postgres_writing import Change, fill
from portal.search.results import complete, find
from portal.search.synonyms import Synonyms

_TRIES = 5

_FINGERPRINT = "SELECT kind, key, digest FROM {document}"
_COUNTS = "SELECT (SELECT count(*) FROM {document}), (SELECT count(*) FROM {vector})"

T = TypeVar("T")


class PostgresEngine:
    """`SearchEngine` on a database. Any number of processes read; one at a time writes, under
    `store.writer_lock`."""

    def __init__(
        self, engine: Engine, synonyms: Callable[[], Synonyms] = Synonyms, schema: str = SCHEMA
    ) -> None:
        self.store = PostgresTables(engine, schema)
        self._synonyms = synonyms
        self._lock = threading.Lock()
        self._opened: Opened | None = None

    # Reading

    def search(self, query: SearchQuery) -> SearchResults:
        def work(connection: Connection) -> SearchResults:
            snapshot = self._snapshot(connection)
            snapshot.words.expect(query.text)
            return find(snapshot, query, self._synonyms())

        return self._read(work)

    def suggest(self, prefix: str, kinds: Collection[str] = (), limit: int = 8) -> list[Suggestion]:
        def work(connection: Connection) -> list[Suggestion]:
            snapshot = self._snapshot(connection)
            snapshot.words.expect(prefix)
            return complete(snapshot, prefix, kinds, limit)

        return self._read(work)

    def document_count(self) -> int:
        return self._read(self._count)

    def warm(self) -> None:
        self._read(lambda connection: self._snapshot(connection).warm())

    def fingerprint(self) -> Mapping[DocumentId, str]:
        def work(connection: Connection) -> dict[DocumentId, str]:
            pointer = self.store.pointer(connection)
            rows = connection.execute(self.store.statement(pointer.generation, _FINGERPRINT))
            return {(kind, key): digest for kind, key, digest in rows}

        return self._read(work)

    def _read(self, work: Callable[[Connection], T]) -> T:
        """Work on one state; again when the index was made anew between two statements."""
        for _ in range(_TRIES):
            try:
                with self.store.frozen() as connection:
                    return work(connection)
            except errors.UndefinedTable:
                continue
            except (
                psycopg.OperationalError
            ):  # the server is away or busy: the index is not to blame
                raise
            except psycopg.DatabaseError as error:
                raise SearchUnavailable(f"the index cannot be read: {error!r}") from error
        raise SearchUnavailable("tables of the index are missing")

    def _snapshot(self, connection: Connection) -> PostgresSnapshot:
        """The newest state; one statement when nothing has changed."""
        opened = self._opened
        pointer = self.store.pointer(connection)
        if opened is None or opened.pointer != pointer:
            with self._lock:
                opened = self._opened
                if opened is None or opened.pointer != pointer:
                    opened = self._opened = open_state(connection, self.store, pointer, opened)
        return opened.snapshot

    def _count(self, connection: Connection) -> int:
        """How many documents there are; SearchUnavailable if some have been lost."""
        pointer = self.store.pointer(connection)
        statement = self.store.statement(pointer.generation, _COUNTS)
        row = connection.execute(statement).fetchone()
        if row != (pointer.documents, pointer.documents):
            raise SearchUnavailable("documents of the index are missing")
        return pointer.documents

    # Writing

    def index(self, documents: Iterable[SearchDocument]) -> None:
        self.apply(documents, ())

    def remove(self, keys: Iterable[DocumentId]) -> None:
        self.apply((), keys)

    def apply(self, documents: Iterable[SearchDocument], removed: Iterable[DocumentId]) -> None:
        latest = {document.id: document for document in documents}
        try:
            with self.store.transaction() as connection:
                pointer = self.store.pointer(connection, lock=True)
                self._count(connection)
                change = Change(connection, self.store, pointer.generation)
                gone = change.remove({*latest, *removed})
                change.add(latest.values(), self.store.take_ids(connection, len(latest)))
                change.finish()
                left = pointer.documents - gone + len(latest)
                self.store.advance(connection, pointer._replace(documents=left))
        except errors.UndefinedTable as error:
            raise SearchUnavailable("tables of the index are missing") from error

    def tidy(self) -> None:
        self.document_count()
        self.store.sweep()

    def rebuild(self, documents: Iterable[SearchDocument], progress: Progress | None = None) -> int:
        with self.store.new_generation() as (connection, generation):
            return fill(connection, self.store, generation, documents, progress)
