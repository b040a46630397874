"""The engine by itself against SQLite FTS5 and tantivy: same documents, queries and run.

    python -m bench.search_speed [--procedures 10000] [--queries 300]

The engines take turns, so that a busy machine slows all alike; read the ratios, not the
milliseconds. Every answer holds a filter, the counts of four facets and
ten hits. Ours also repairs, expands synonyms and knows codes; the others take the bare words.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import corpus
from bench.engines import Engine, MakeEngine, both
from bench.relevance import data_directory
from bench.report import Suite, milliseconds, quantile, resident, timed
from bench.rivals import rivals
from portal.procedures.snippets import MOST_LINES
from portal.search.engine import SearchDocument, SearchQuery
from portal.search.highlight import excerpt, highlight
from portal.search.whoosh_engine import WhooshEngine

QUERIES = 300
HANDFUL = 20
Find = Callable[[str, str], object]
_NAMES = {"Whoosh": "ours", "PostgreSQL": "ours on PostgreSQL"}


def measure(procedures: int, count: int = QUERIES) -> Suite:
    """One paired run at a number of procedures."""
    suite = Suite("engines", f"Engines side by side, {procedures} procedures")
    if data_directory() is None:
        suite.remarks.append("no data beside the checkout, nothing measured")
        return suite
    documents = list(corpus.documents(procedures))
    with tempfile.TemporaryDirectory() as name, both(Path(name) / "ours") as makers:
        others = rivals(Path(name), documents)
        built = {kind: _build(kind, make, documents, suite) for kind, make in makers.items()}
        finders = {_NAMES[kind]: _finder(engine) for kind, engine in built.items()}
        finders |= {rival.name: rival.find for rival in others}
        times = _race(finders, documents, count)
        _compare(suite, times)
        ours = built["Whoosh"]
        assert isinstance(ours, WhooshEngine)
        _beside(suite, ours, documents, count)
    return suite


def _build(kind: str, make: MakeEngine, documents: list[SearchDocument], suite: Suite) -> Engine:
    start = time.perf_counter()
    make().rebuild(documents)
    built, engine = time.perf_counter() - start, make()
    before, start = resident(), time.perf_counter()
    engine.document_count()
    opened = time.perf_counter() - start
    engine.warm()
    suite.remarks.append(
        f"{_NAMES[kind]}: built in {built:.1f} s, opened in {opened * 1000:.0f} ms, warmed in "
        f"{time.perf_counter() - start - opened:.2f} s (off the requests), "
        f"{(resident() - before) / 1e6:.0f} MB"
    )
    return engine


def _finder(engine: Engine) -> Find:
    def find(text: str, online: str) -> object:
        return engine.search(SearchQuery(text, filters={"online": [online]}, limit=10))

    return find


def _race(
    finders: dict[str, Find], documents: list[SearchDocument], count: int
) -> dict[str, list[float]]:
    """Seconds of each query by engine, after a first round of other queries. The engines take
    turns by the handful: each works as warm as it would alone, and a busy machine slows all."""
    texts = corpus.queries(documents, 2 * count)
    asked = [(text, corpus.ONLINE[n % len(corpus.ONLINE)]) for n, text in enumerate(texts)]
    times: dict[str, list[float]] = {name: [] for name in finders}
    for start in range(0, len(asked), HANDFUL):
        for name, find in finders.items():
            for text, online in asked[start : start + HANDFUL]:
                times[name].append(timed(partial(find, text, online)))
    return {name: seconds[count:] for name, seconds in times.items()}


def _compare(suite: Suite, times: dict[str, list[float]]) -> None:
    ours = times["ours"]
    for name, theirs in times.items():
        suite.rows.append(
            {
                "engine": name,
                **milliseconds(theirs),
                "p50 ours is faster": round(statistics.median(theirs) / statistics.median(ours), 1),
                "p99 ours is faster": round(quantile(theirs, 0.99) / quantile(ours, 0.99), 1),
            }
        )


def _beside(
    suite: Suite, engine: WhooshEngine, documents: list[SearchDocument], count: int
) -> None:
    """What belongs to a page of results, and how soon a change is seen by another process."""
    by_key = {one.key: one for one in documents}
    marking = []
    for text in corpus.queries(documents, count):
        results = engine.search(SearchQuery(text, limit=20))
        start = time.perf_counter()
        for number, hit in enumerate(results.hits):
            highlight(by_key[hit.key].title, results.words)
            if number < MOST_LINES:
                excerpt(by_key[hit.key].body, results.words)
        marking.append(time.perf_counter() - start)
    suite.remarks.append(
        f"marking 20 names and {MOST_LINES} excerpts, as a page does at most: {_short(marking)}"
    )
    reader, changes = WhooshEngine(engine.store.root), []
    reader.document_count()
    for number, one in enumerate(documents[:10]):
        word = f"doithu{number}x"
        changed = SearchDocument(one.kind, one.key, f"{word} {one.title}", code=one.code)
        start = time.perf_counter()
        engine.index([changed])
        if not reader.search(SearchQuery(word, verbatim=True)).total:
            raise RuntimeError("a change is not seen")
        changes.append(time.perf_counter() - start)
    suite.remarks.append(f"one change, committed and found by another reader: {_short(changes)}")


def _short(seconds: list[float]) -> str:
    row = milliseconds(seconds)
    return f"median {row['p50 ms']} ms, 99th percentile {row['p99 ms']} ms"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--procedures", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=QUERIES)
    given = parser.parse_args()
    print(measure(given.procedures, given.queries).show())


if __name__ == "__main__":
    main()
