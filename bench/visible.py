"""One changed record until every process finds it, with readers that never stop asking."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench import corpus
from bench.relevance import data_directory
from bench.report import Suite, milliseconds, quantile
from portal.search.engine import SearchDocument, SearchQuery
from portal.search.whoosh_engine import WhooshEngine

READERS = 3
CHANGES = 12
PAUSE = 0.05
"""Seconds between two questions of a reader: a lively portal."""


def measure(procedures: int) -> Suite:
    """Changes by one process, seen by others."""
    suite = Suite("visible", f"One record changed, until all of {READERS} other processes find it")
    if data_directory() is None:
        suite.remarks.append("no data beside the checkout, nothing measured")
        return suite
    documents = list(corpus.documents(procedures))
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "index"
        engine = WhooshEngine(root)
        engine.rebuild(documents)
        engine.warm()  # as the ticker of a worker does when it starts
        found, waits, commits = _race(root, engine, documents)
    suite.rows.append({"what": "committed", "documents": procedures, **milliseconds(commits)})
    suite.rows.append({"what": "found by all", "documents": procedures, **milliseconds(found)})
    suite.rows.append(
        {"what": "a reader's question meanwhile", "documents": procedures, **milliseconds(waits)}
    )
    holds = "holds" if quantile(found, 0.99) < 2 else "DOES NOT HOLD"
    suite.remarks.append(f"bar: found by all in under 2 s, {holds}; no segment is merged meanwhile")
    return suite


def _race(
    root: Path, engine: WhooshEngine, documents: list[SearchDocument]
) -> tuple[list[float], list[float], list[float]]:
    forks = multiprocessing.get_context("spawn")
    pipes = [forks.Pipe() for _ in range(READERS)]
    readers = [forks.Process(target=_read, args=(root, theirs)) for _, theirs in pipes]
    for reader in readers:
        reader.start()
    for ours, _ in pipes:
        ours.recv()  # it is warm
    found, commits = [], []
    for number, one in enumerate(documents[:CHANGES]):
        word = f"doithu{number}x"
        for ours, _ in pipes:
            ours.send(word)
        start = time.perf_counter()
        with engine.store.writer_lock(wait=True):
            engine.index([SearchDocument(one.kind, one.key, f"{word} {one.title}", code=one.code)])
        commits.append(time.perf_counter() - start)
        for ours, _ in pipes:
            ours.recv()
        found.append(time.perf_counter() - start)
    waits: list[float] = []
    for ours, _ in pipes:
        ours.send("")
        waits += ours.recv()
    for reader in readers:
        reader.join(30)
    return found, waits, commits


def _read(root: Path, pipe: Connection) -> None:
    """Ask for the word until it is found, then say so; an empty word ends it."""
    engine = WhooshEngine(root)
    engine.warm()
    waits: list[float] = []
    pipe.send("ready")
    while word := _next(pipe):
        while True:
            start = time.perf_counter()
            total = engine.search(SearchQuery(word, verbatim=True)).total
            engine.search(SearchQuery("cấp lại giấy phép hành nghề"))
            waits.append(time.perf_counter() - start)
            if total:
                break
            time.sleep(PAUSE)
        pipe.send(word)
    pipe.send(waits)


def _next(pipe: Connection) -> Any:
    return pipe.recv()


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--procedures", type=int, default=50_000)
    print(measure(parser.parse_args().procedures).show())
