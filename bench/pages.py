"""Pages in this process, without a network: time, SQL statements, bytes."""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from urllib.parse import quote

from flask.testing import FlaskClient
from sqlalchemy import event

from bench.report import Suite, milliseconds
from bench.world import World
from portal.core.db import db

REQUESTS = 200
SECONDS = 6.0
"""Each kind of page is asked for this often, or for this long."""


def addresses(world: World) -> dict[str, list[str]]:
    """Kinds of pages with addresses of each; no address twice in a row where there are several."""
    words, starts = (list(map(quote, texts)) for texts in (world.queries, world.prefixes))
    return {
        "home": ["/"],
        "procedures": ["/thu-tuc/", *(f"/thu-tuc/?trang={n}" for n in range(2, 12))],
        "procedures, searched": [f"/thu-tuc/?q={word}" for word in words],
        "procedure": [f"/thu-tuc/{code}" for code in world.codes],
        "posting sheet": [f"/thu-tuc/{code}/niem-yet" for code in world.codes],
        "section": ["/cai-cach-hanh-chinh/"],
        "topic": [f"/cai-cach-hanh-chinh/{slug}/" for slug in world.topics],
        "article": [f"/bai-viet/{slug}" for slug in world.slugs],
        "search": [f"/tim-kiem?q={word}" for word in words],
        "suggestions": [f"/thu-tuc/goi-y?q={start}" for start in starts],
        "hotlines": ["/duong-day-nong/"],
        "feedback form": ["/phan-anh/gui?loai=question"],
        "plan": ["/ke-hoach/"],
        "feed": ["/feed.xml"],
        "API list": [f"/api/v1/procedures?q={word}" for word in words],
    }


def measure(world: World) -> Suite:
    """Every kind of page, one request after the other."""
    suite = Suite("pages", "Pages in process (first request of each kind left out)")
    client = world.app.test_client()
    with counted(world) as statements:
        for kind, paths in addresses(world).items():
            suite.rows.append({"page": kind, **_visit(client, paths, statements)})
    return suite


def _visit(client: FlaskClient, paths: list[str], statements: list[str]) -> dict[str, object]:
    times, sizes, counts = [], [], []
    end = time.monotonic() + SECONDS
    _get(client, paths[0], 0, statements)
    for number, path in enumerate(islice(cycle(paths), REQUESTS)):
        seconds, body, count = _get(client, path, number, statements)
        times.append(seconds)
        sizes.append((len(body), len(gzip.compress(body, 5))))
        counts.append(count)
        if time.monotonic() > end:
            break
    return {
        "n": len(times),
        **milliseconds(times),
        "SQL max": max(counts),
        "kB": round(statistics.median(size for size, _ in sizes) / 1000, 1),
        "kB gz": round(statistics.median(packed for _, packed in sizes) / 1000, 1),
    }


def _get(
    client: FlaskClient, path: str, number: int, statements: list[str]
) -> tuple[float, bytes, int]:
    """Time and body of a page, and its statements before its last byte: what the portal does
    after an answer (looking for changes to index) keeps no reader waiting."""
    # From many networks: limits are for one reader, this measures pages.
    headers = {"X-Forwarded-For": f"10.{number // 250 % 250}.{number % 250}.1"}
    statements.clear()
    start = time.perf_counter()
    with client.get(path, headers=headers) as response:
        body = response.get_data()
        seconds, count = time.perf_counter() - start, len(statements)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}")
    return seconds, body, count


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The SQL statements of the portal's database, as they are sent."""
    with world.app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
