"""Alembic's way into the application: its engine, its metadata, one transaction a run."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from portal.core.db import Base, db


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as plain SQLAlchemy ones: a migration must not change with us."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def include_object(_item: Any, name: str | None, kind: str, *_: Any) -> bool:
    """The limiter's counters are a cache, not part of the schema."""
    return not (kind == "table" and name == "rate_counter")


def run() -> None:
    with db.engine.connect().execution_options(portal_write=True) as connection:
        if connection.dialect.name == "sqlite":
            # Rebuilding a table drops it for a moment; foreign keys are checked at the end.
            # The setting is ignored inside a transaction, so it goes past SQLAlchemy.
            driver_of(connection).execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            include_object=include_object,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if connection.dialect.name == "sqlite":
            _check_references(connection)


def _check_references(connection: Any) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    connection.rollback()
    driver_of(connection).execute("PRAGMA foreign_keys=ON")
    if broken:
        raise RuntimeError(f"the migration left {len(broken)} rows that point nowhere")


def driver_of(connection: Any) -> Any:
    return connection.connection.driver_connection


run()
