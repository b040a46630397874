"""Instance folders with their databases, for tests that run on SQLite and on PostgreSQL alike.

By default a folder holds its SQLite database, and copying the folder copies everything. With
`TEST_DATABASE=postgresql` each folder gets a database of its own on a server that lives as long as
the tests (`cluster`), or on the one at `TEST_DATABASE_URL` (a role that may create databases); the
folder remembers its address. A new database is a copy of a migrated one (`CREATE DATABASE ...
TEMPLATE`), a matter of some hundredths of a second.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.support import cluster

SERVER = "TEST_DATABASE_URL" in os.environ or os.environ.get("TEST_DATABASE") == "postgresql"
"""Whether the portal runs on PostgreSQL in these tests."""

_ADDRESS = "test-database-url"


def environment_of(instance: Path) -> dict[str, str]:
    """The PORTAL_ variables under which the portal runs on `instance` and its database."""
    variables = {"PORTAL_INSTANCE": str(instance), "PORTAL_CHECK_LINKS": "off"}
    if (instance / _ADDRESS).exists():
        variables["PORTAL_DATABASE_URL"] = (instance / _ADDRESS).read_text("utf-8")
    return variables


def server_address() -> str:
    """The address of a PostgreSQL on which a role may create databases."""
    return os.environ.get("TEST_DATABASE_URL") or cluster.address()


@contextmanager
def installed(instance: Path, source: Path | None = None) -> Iterator[Path]:
    """`instance` as a copy of `source`, or empty; its database is dropped at the end."""
    if source:
        shutil.copytree(source, instance)
    if not SERVER:
        yield instance
        return
    url = make_url(server_address()).set(database=f"portal_test_{secrets.token_hex(8)}")
    template = _database_of(source) if source else "template0"
    with _server() as server:
        _send_away(server, template)
        server.execute(f'CREATE DATABASE "{url.database}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    instance.mkdir(parents=True, exist_ok=True)
    (instance / _ADDRESS).write_text(url.render_as_string(hide_password=False), "utf-8")
    try:
        yield instance
    finally:
        with _server() as server:
            server.execute(f'DROP DATABASE "{url.database}" WITH (FORCE)')


def let_healing_end() -> None:
    """An index is healed in the background: its database must outlive the thread."""
    for thread in threading.enumerate():
        if thread.name == "search-heal":
            thread.join(30)


def _database_of(instance: Path) -> str:
    name = make_url((instance / _ADDRESS).read_text("utf-8")).database
    assert name
    return name


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    address = make_url(server_address()).set(drivername="postgresql")
    text = address.render_as_string(hide_password=False)
    with psycopg.connect(text, autocommit=True) as connection:
        yield connection


def _send_away(server: psycopg.Connection, database: str) -> None:
    """End idle connections to `database`: a template must have none while it is copied."""
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database]
    )
