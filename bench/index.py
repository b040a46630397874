"""The search index: making it anew, and until one changed record is found."""

from __future__ import annotations

import statistics
import time

from sqlalchemy import select

from bench.report import Suite, milliseconds, timed
from bench.world import World
from portal.core.db import db, write
from portal.procedures.models import Procedure
from portal.procedures.recording import touch
from portal.search import service as search
from portal.search.engine import SearchQuery

UPDATES = 20


def measure(world: World) -> Suite:
    """Build, size, one-record updates and queries in the engine."""
    suite = Suite("index", "Search index")
    with world.app.app_context():
        seconds = timed(search.rebuild)
        documents = search.status().documents
        size = sum(p.stat().st_size for p in (world.instance / "search").rglob("*") if p.is_file())
        suite.rows.append(
            {"what": "build", "n": documents, "p50 ms": round(seconds * 1000, 1), "p99 ms": "",
             "max ms": ""}
        )  # fmt: skip
        suite.remarks.append(
            f"built at {documents / seconds:.0f} documents/s, {size / 1e6:.1f} MB on disk"
        )
        updates = [_update(world.codes[n % len(world.codes)], n) for n in range(UPDATES)]
        suite.rows.append(
            {"what": "one record changed, drained and found", "n": UPDATES,
             **milliseconds(updates)}
        )  # fmt: skip
        queries = [_query(text) for text in world.queries]
        suite.rows.append({"what": "query", "n": len(queries), **milliseconds(queries)})
        prefixes = [timed(lambda text=text: search.suggest(text)) for text in world.prefixes]  # type: ignore[misc]
        suite.rows.append({"what": "suggestions", "n": len(prefixes), **milliseconds(prefixes)})
        typical = statistics.median(updates) / seconds
        suite.remarks.append(f"one update costs {typical:.2%} of a build")
        db.session.remove()
    return suite


def _update(code: str, number: int) -> float:
    """Change a name; how long until the index finds the new word."""
    word = f"doithu{number}x"
    with write() as session:
        row = session.scalars(select(Procedure).where(Procedure.code == code)).one()
        row.name = f"{word} {row.name}"[:480]
        touch(session, row)
    start = time.perf_counter()
    search.drain()
    found = search.search(SearchQuery(word, verbatim=True))
    seconds = time.perf_counter() - start
    if [hit.key for hit in found.hits] != [code]:
        raise RuntimeError(f"{code} was changed and is not found by its new name")
    return seconds


def _query(text: str) -> float:
    return timed(lambda: search.search(SearchQuery(text)))
