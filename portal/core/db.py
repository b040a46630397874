"""The database: one declarative base, UTC times, and one way to write.

SQLite is set up for durability (WAL, `synchronous=FULL`, foreign keys) and for fair waiting:
a transaction that writes begins IMMEDIATE, after queueing on a lock file, because SQLite's own
busy handler sleeps with growing pauses and can starve one writer for seconds.

PostgreSQL gets the same order by an advisory lock: writers follow one another there too. So what
a service checked at the beginning of its transaction still holds at the end, two services never
wait for each other in a circle, and ids of the outboxes and of the audit chain appear in the
order of their commits. Readers never wait.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from portal.core.locks import file_lock
from portal.core.settings import Settings, current_settings

BUSY_TIMEOUT_MS = 10_000
_WRITER_LOCK = 0x43434843  # the advisory lock that writers queue for on PostgreSQL
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. A naive value is a programming error and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}; use portal.core.clock")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every model. (Not `db.Model`, which hides the types from mypy.)"""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime()}  # noqa: RUF012 - read by SQLAlchemy


class FromContent:
    """Columns of a record that `flask content load` may own.

    `content_digest` is the digest of the file's entry at its last load; `edited_at` is set by
    every desk verb that changes the record, and from then on the loader leaves it alone.
    """

    content_digest: Mapped[str | None] = mapped_column(default=None)
    edited_at: Mapped[datetime | None] = mapped_column(default=None)


class Removable:
    """Column of a record that can leave the public pages and come back; it is never deleted."""

    removed_at: Mapped[datetime | None] = mapped_column(default=None)


db = SQLAlchemy(metadata=Base.metadata)


def init_app(app: Flask, settings: Settings) -> None:
    """Configure engines for `settings.database_url` and bind the extension to `app`."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    options: dict[str, Any] = (
        {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000}}
        if settings.is_sqlite
        # Each statement must see what was committed before it; after the wait for the writer's
        # lock an older snapshot, which a server may have as its default, would be stale.
        else {"pool_pre_ping": True, "isolation_level": "READ COMMITTED"}
    )
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options | {"json_serializer": as_json}
    db.init_app(app)
    if settings.is_sqlite:
        with app.app_context():
            prepare_sqlite(db.engine)


class Json(str):
    """A value of a JSON column that is written already: what takes time is done before the
    transaction."""

    __slots__ = ()


def as_json(value: object) -> str:
    """What a JSON column keeps: letters as they are, a half of the length of their escapes."""
    return value if isinstance(value, Json) else json.dumps(value, ensure_ascii=False)


def prepare_sqlite(engine: Engine) -> None:
    """Hooks that make an SQLite engine durable and its writers begin IMMEDIATE."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves, see _on_begin
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "cache_size=-16000",
        "temp_store=MEMORY",
        "secure_delete=ON",  # what is erased leaves the file, not only its index
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("portal_write", False):
        connection.exec_driver_sql("BEGIN")
    elif options.get("patience") is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        _begin_impatiently(connection, options["patience"])


def _begin_impatiently(connection: Connection, patience: float) -> None:
    """Writers of ours have waited before; this is about a stranger who holds the database."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout={round(patience * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def insert_or_update(dialect: str, table: Any) -> Any:
    """An INSERT into `table` (or the table of a model) that knows `on_conflict_do_update`, which
    SQLAlchemy has for each dialect apart."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


@contextmanager
def write(patience: float | None = None) -> Iterator[Session]:
    """One write transaction: commits at the end, rolls back on any exception.

    Calls nest: an inner one joins the outer transaction. A read transaction that is open in
    this request is ended first (SQLite refuses to turn a reader into a writer), so loaded
    objects are refreshed from the database inside the block. Pending changes made outside a
    `write()` block are a programming error.

    With `patience` nobody waits longer than these seconds for the turn, as where a visitor's page
    waits: then `TimeoutError` (an `OSError`) or `OperationalError` is raised.
    """
    session: Session = db.session()
    if session.info.get("writing"):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside write()")
    session.rollback()
    with _queue(patience):
        session.info["writing"] = True
        try:
            session.connection(execution_options={"portal_write": True, "patience": patience})
            _take_turn(session, patience)
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False


def _take_turn(session: Session, patience: float | None) -> None:
    """On PostgreSQL wait here until no other transaction writes; let go at its end."""
    if session.get_bind().dialect.name == "postgresql":
        if patience is not None:
            session.execute(text(f"SET LOCAL lock_timeout = {round(patience * 1000)}"))
        session.execute(select(func.pg_advisory_xact_lock(_WRITER_LOCK)))


@contextmanager
def _queue(patience: float | None) -> Iterator[None]:
    """Wait for our turn to write: SQLite allows one writer, the kernel's queue is fair."""
    settings = current_settings()
    if not settings.is_sqlite:
        yield
        return
    with file_lock(settings.instance / "writer.lock", wait=True, patience=patience) as ours:
        if not ours:
            raise TimeoutError("others are writing")
        yield
