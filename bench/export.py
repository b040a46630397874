"""Open data of a whole world: how fast the live export streams, and the files of a night."""

from __future__ import annotations

import time
import tracemalloc

from bench.report import Suite
from bench.world import World
from portal.api import snapshots

PATHS = ("/thu-tuc/du-lieu.csv", "/thu-tuc/du-lieu.json")


def measure(world: World) -> Suite:
    """Each live export once, with the most memory that Python held for it; then a snapshot."""
    suite = Suite("export", "Open data of all procedures")
    for path in PATHS:
        suite.rows.append({"what": path, **_stream(world, path)})
    began = time.perf_counter()
    with world.app.app_context():
        snapshot = snapshots.publish()
    size = sum(one.size for set_ in snapshot.datasets.values() for one in set_.files.values())
    suite.rows.append(
        {"what": "all files of a night", "s": round(time.perf_counter() - began, 1),
         "MB": round(size / 1e6, 1)}
    )  # fmt: skip
    return suite


def _stream(world: World, path: str) -> dict[str, object]:
    tracemalloc.start()
    began, first, size = time.perf_counter(), 0.0, 0
    answer = world.app.test_client().get(path, buffered=False)
    for chunk in answer.iter_encoded():
        first = first or time.perf_counter() - began
        size += len(chunk)
    took = time.perf_counter() - began
    answer.close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        "first byte ms": round(first * 1000), "s": round(took, 1), "MB": round(size / 1e6, 1),
        "peak memory MB": round(peak / 1e6, 1),
    }  # fmt: skip
