"""Both engines of the portal, each on an index of its own with nothing in it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine, text

from portal.core.settings import ROOT
from portal.search import synonyms
from portal.search.postgres_engine import PostgresEngine
from portal.search.whoosh_engine import WhooshEngine
from tests.support import cluster

Engine = WhooshEngine | PostgresEngine
MakeEngine = Callable[[], Engine]
"""A new engine, as another process would have it, on the same index."""


@contextmanager
def both(folder: Path) -> Iterator[Mapping[str, MakeEngine]]:
    """The engines by name, with the shipped synonyms. PostgreSQL is the one at BENCH_DATABASE_URL,
    else a temporary one; it is left out where it is not installed."""
    table = synonyms.load(ROOT / "content" / "synonyms.txt")
    makers: dict[str, MakeEngine] = {"Whoosh": partial(WhooshEngine, folder, lambda: table)}
    try:
        address = os.environ.get("BENCH_DATABASE_URL") or cluster.address()
    except cluster.NotInstalledError:
        yield makers
        return
    server = create_engine(address)
    schema = f"bench_{secrets.token_hex(6)}"
    try:
        yield {**makers, "PostgreSQL": partial(PostgresEngine, server, lambda: table, schema)}
        with server.begin() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
    finally:
        server.dispose()
