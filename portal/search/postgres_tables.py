"""The tables of the index in PostgreSQL: generations side by side, one of them current.

    portal_search.current              which generation, and the number of its state
    portal_search.document_<name>      what is kept of each document
    portal_search.vector_<name>        its terms: a `tsvector` under a GIN index
    portal_search.lexeme_<name>        every term, in how many documents

The engine makes them itself, in a schema of their own, and no migration knows them: they are a
cache that a rebuild makes anew whenever the rules of analysis change, and backups may leave the
schema out. A change is one transaction, so a reader sees a whole state or the one before.
"""

import secrets
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg import errors, sql
from sqlalchemy import Engine

from portal.search.analysis import ANALYSIS_VERSION
from portal.search.engine import SearchUnavailable

SCHEMA = "portal_search"
LAYOUT = 1
"""Whoever changes the tables below raises this."""

PATIENCE = "1s"
"""How long the removal of an old table waits for who still reads it."""
_WRITER = 0x53524348
"""First half of the advisory lock of the one writer; the second is the schema's."""
_TABLES = ("document", "vector", "lexeme")

_CREATE = """
CREATE TABLE {document} (
    id integer PRIMARY KEY, kind text NOT NULL, key text NOT NULL, digest text NOT NULL,
    boost real NOT NULL, updated double precision NOT NULL, facets jsonb NOT NULL,
    title text NOT NULL, code text NOT NULL, url text NOT NULL, lengths integer[] NOT NULL);
CREATE TABLE {vector} (id integer PRIMARY KEY, terms tsvector NOT NULL)
    WITH (toast_tuple_target = 128);
CREATE TABLE {lexeme} (
    term text COLLATE "C" NOT NULL, letter text COLLATE "C" NOT NULL, often smallint NOT NULL,
    documents integer NOT NULL);
"""
_FILL_LEXEMES = """
INSERT INTO {lexeme} SELECT substr(word, strpos(word, '/') + 1), left(word, 1),
    coalesce(nullif(substr(split_part(word, '/', 1), 2), ''), '1')::smallint, ndoc
FROM ts_stat({vectors})
"""
_CREATE_INDEXES = """
ALTER TABLE {lexeme} ADD PRIMARY KEY (term, letter, often);
CREATE UNIQUE INDEX ON {document} (kind, key);
CREATE INDEX ON {vector} USING gin (terms) WITH (fastupdate = off);
CREATE INDEX ON {lexeme} (term) WHERE letter IN ('t', 'k');
CREATE INDEX ON {lexeme} (term) WHERE letter IN ('c', 'f');
ANALYZE {document}; ANALYZE {vector}; ANALYZE {lexeme};
"""

_POINTER = "SELECT generation, state, documents FROM {}"
_LOCKED_POINTER = "SELECT generation, state, documents FROM {} FOR UPDATE"

# Words that no slip of the finger explains are found by likeness, where the server can.
_TRIGRAMS = """
SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_trgm'
"""
_CREATE_TRIGRAM_INDEX = """
CREATE INDEX ON {lexeme} USING gin (term {operators}) WHERE letter IN ('t', 'k');
"""

Connection = psycopg.Connection[tuple[Any, ...]]


class Pointer(NamedTuple):
    """A state of the index; `documents` is how many it must hold."""

    generation: str
    state: int
    documents: int


class PostgresTables:
    """Connections, generations and the lock of the writer; knows nothing of terms."""

    def __init__(self, engine: Engine, schema: str = SCHEMA) -> None:
        self._engine = engine
        self._local = threading.local()
        self._trigrams: list[str | None] = []
        self.schema = schema

    # Connections

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """The connection of this thread for the block, every statement by itself. Blocks nest and
        share it. Statements go past SQLAlchemy, which would cost more than most of them do."""
        current: Connection | None = getattr(self._local, "connection", None)
        if current is not None:
            yield current
            return
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as pooled:
            opened = pooled.connection.driver_connection
            assert isinstance(opened, psycopg.Connection)
            self._local.connection = opened
            try:
                yield opened
            finally:
                self._local.connection = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction that writes."""
        with self.connected() as connection, connection.transaction():
            yield connection

    @contextmanager
    def frozen(self) -> Iterator[Connection]:
        """Everything as of the beginning of the block. Without it a document that is replaced
        between two statements of a search would be in neither of its states."""
        with self.connected() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def writer_lock(self, *, wait: bool = False) -> Iterator[bool]:
        """Try to become the one writer among all processes of all machines; the server frees the
        lock when the connection ends, however it ends."""
        key = (_WRITER, zlib.crc32(self.schema.encode()) & 0x7FFFFFFF)
        autocommit = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with autocommit as pooled:
            connection = pooled.connection.driver_connection
            assert isinstance(connection, psycopg.Connection)
            if wait:
                connection.execute("SELECT pg_advisory_lock(%s, %s)", key)
                held = True
            else:
                row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", key).fetchone()
                held = bool(row and row[0])
            try:
                yield held
            finally:
                with suppress(psycopg.OperationalError):  # without a connection it is free
                    if held:
                        connection.execute("SELECT pg_advisory_unlock(%s, %s)", key)

    # Generations

    def statement(
        self, generation: str, text: LiteralString, **more: sql.Composable
    ) -> sql.Composed:
        """A statement with the tables of a generation in their places."""
        tables = {name: sql.Identifier(self.schema, f"{name}_{generation}") for name in _TABLES}
        return sql.SQL(text).format(**tables, **more)

    def pointer(self, connection: Connection, *, lock: bool = False) -> Pointer:
        """The current state; SearchUnavailable if there is none of today's rules. `lock` keeps
        other writers away until the transaction ends."""
        statement = sql.SQL(_LOCKED_POINTER if lock else _POINTER).format(self._current)
        try:
            row = connection.execute(statement).fetchone()
        except (errors.UndefinedTable, errors.InvalidSchemaName) as error:
            raise SearchUnavailable("no index yet") from error
        if row is None or not str(row[0]).startswith(_prefix()):
            raise SearchUnavailable("the index is of another version or gone")
        return Pointer(*row)

    def advance(self, connection: Connection, pointer: Pointer) -> None:
        """Make a changed state visible, at the end of its transaction."""
        connection.execute(
            sql.SQL("UPDATE {} SET state = state + 1, documents = %s").format(self._current),
            [pointer.documents],
        )

    def take_ids(self, connection: Connection, count: int) -> range:
        """Numbers that no document of this generation has had."""
        counted = sql.SQL("UPDATE {} SET next_id = next_id + %s RETURNING next_id")
        row = connection.execute(counted.format(self._current), [count]).fetchone()
        assert row
        return range(row[0] - count, row[0])

    @contextmanager
    def new_generation(self) -> Iterator[tuple[Connection, str]]:
        """Tables that nobody sees; the current ones when the block ends, or nothing at all."""
        name = f"{_prefix()}{time.time_ns():x}{secrets.token_hex(2)}"
        self._prepare()
        with self.transaction() as connection:
            connection.execute(self.statement(name, _CREATE))
            yield connection, name
            vectors = sql.Literal(
                self.statement(name, "SELECT terms FROM {vector}").as_string(connection)
            )
            connection.execute(self.statement(name, _FILL_LEXEMES, vectors=vectors))
            connection.execute(self.statement(name, _CREATE_INDEXES))
            if self.trigrams:
                operators = sql.Identifier(self.trigrams, "gin_trgm_ops")
                index = self.statement(name, _CREATE_TRIGRAM_INDEX, operators=operators)
                connection.execute(index)
            connection.execute(self.statement(name, _PUBLISH, current=self._current), {"g": name})
        self.sweep()

    def sweep(self) -> None:
        """Delete generations that are not current. One that is being read (by a backup, say) is
        left for the next time: nobody is kept waiting for it."""
        with self.connected() as connection:
            row = connection.execute(
                sql.SQL("SELECT generation FROM {}").format(self._current)
            ).fetchone()
            for table in self.tables(connection):
                if row is None or not table.endswith(f"_{row[0]}"):
                    self._drop(connection, table)

    def tables(self, connection: Connection) -> Sequence[str]:
        """The tables of all generations."""
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename ~ '_g[0-9]+x'",
            [self.schema],
        )
        return [row[0] for row in rows]

    def _drop(self, connection: Connection, table: str) -> None:
        try:
            with connection.transaction():
                connection.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
                drop = sql.SQL("DROP TABLE IF EXISTS {}")
                connection.execute(drop.format(sql.Identifier(self.schema, table)))
        except errors.LockNotAvailable:
            return

    @property
    def trigrams(self) -> str | None:
        """The schema of `pg_trgm`, None where the server has it not."""
        if not self._trigrams:
            with self.connected() as connection:
                row = connection.execute(_TRIGRAMS).fetchone()
                self._trigrams = [row[0] if row else None]
        return self._trigrams[0]

    def _prepare(self) -> None:
        # Not every server has it, not every role may.
        with suppress(psycopg.DatabaseError), self.transaction() as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        self._trigrams.clear()
        with self.transaction() as connection:
            known = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
            if not connection.execute(known, [self.schema]).fetchone():
                create = sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(self.schema))
                connection.execute(create)
            connection.execute(sql.SQL(_CREATE_CURRENT).format(self._current))

    @property
    def _current(self) -> sql.Identifier:
        return sql.Identifier(self.schema, "current")


_CREATE_CURRENT = """
CREATE TABLE IF NOT EXISTS {} (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    generation text NOT NULL, state bigint NOT NULL,
    documents integer NOT NULL, next_id integer NOT NULL)
"""
_PUBLISH = """
INSERT INTO {current} AS c (generation, state, documents, next_id)
SELECT %(g)s, 1, count(*), coalesce(max(id), 0) + 1 FROM {document}
ON CONFLICT (one) DO UPDATE SET generation = excluded.generation, state = c.state + 1,
    documents = excluded.documents, next_id = excluded.next_id
"""


def _prefix() -> str:
    return f"g{ANALYSIS_VERSION}x{LAYOUT}_"
