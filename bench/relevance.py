"""How often the right procedure is found: judged queries over real procedures.

    python -m bench.relevance [DATA_DIR] [--misses]

DATA_DIR (or BENCH_DATA, default ../shared/data) holds `queries-dev.jsonl`, the health procedures
and, as distractors, those of other ministries. Asked are the queries there and our own in
tests/search/data/judged.jsonl, half of which (`held`) nobody looks at while mending. Prints hit@1,
hit@5 and MRR@10 for each set-up (see `bench.imported`), and by kind of query.
"""

import argparse
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.engines import both
from bench.imported import ALL, SetUp, documents
from portal.core.settings import ROOT
from portal.search.engine import SearchEngine, SearchQuery

DEFAULT_DATA = ROOT.parent / "shared" / "data"
OWN_QUERIES = ROOT / "tests" / "search" / "data" / "judged.jsonl"
Judged = dict[str, Any]
"""A query, its kind, and the codes that answer it, best first."""


def data_directory(given: str | None = None) -> Path | None:
    """Where the data is, None if it is not there."""
    path = Path(given or os.environ.get("BENCH_DATA") or DEFAULT_DATA)
    return path if (path / "queries-dev.jsonl").is_file() else None


def read_lines(path: Path) -> Iterator[Judged]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            if line.strip():
                yield json.loads(line)


def given_queries(data: Path) -> list[Judged]:
    """The judged queries that came with the data."""
    return list(read_lines(data / "queries-dev.jsonl"))


def own_queries(*, held: bool) -> list[Judged]:
    """Our own judged queries: those that gaps are looked for with, or those held back."""
    return [row for row in read_lines(OWN_QUERIES) if row["held"] is held]


@dataclass
class Score:
    """Sums over queries; `misses` are those without a right answer among the first five."""

    count: int = 0
    hit1: int = 0
    hit5: int = 0
    reciprocal: float = 0.0
    misses: list[str] = field(default_factory=list)

    def add(self, query: str, found: list[str], relevant: set[str]) -> None:
        ranks = [i for i, code in enumerate(found, start=1) if code in relevant]
        first = ranks[0] if ranks else 99
        self.count += 1
        self.hit1 += first == 1
        self.hit5 += first <= 5
        self.reciprocal += 1 / first if first <= 10 else 0.0
        if first > 5:
            self.misses.append(f"{query!r} → {found[:5]}, wanted {sorted(relevant)[:4]} at {first}")

    def row(self) -> tuple[float, float, float]:
        n = max(self.count, 1)
        return self.hit1 / n, self.hit5 / n, self.reciprocal / n


def measure(engine: SearchEngine, queries: Iterable[Judged]) -> dict[str, Score]:
    """Scores by kind of query, and for "all"."""
    scores: dict[str, Score] = defaultdict(Score)
    for row in queries:
        results = engine.search(SearchQuery(row["query"], limit=10))
        found = [hit.key for hit in results.hits]
        for name in ("all", row["kind"]):
            scores[name].add(row["query"], found, set(row["relevant"]))
    return scores


def build(data: Path, set_up: SetUp) -> Iterator[tuple[str, SearchEngine]]:
    """Both engines, one after the other, with the documents of a set-up and our synonyms."""
    contents = documents(data, set_up)
    with tempfile.TemporaryDirectory() as folder, both(Path(folder)) as makers:
        for name, make in makers.items():
            engine = make()
            engine.rebuild(contents)
            yield name, engine


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", nargs="?", help="directory with the data")
    parser.add_argument("--misses", action="store_true", help="show what was not found")
    arguments = parser.parse_args()
    data = data_directory(arguments.data)
    if data is None:
        print("relevance: no data here, nothing measured")
        return
    for set_up in ALL:
        for name, engine in build(data, set_up):
            for label, queries in asked(data).items():
                scores = measure(engine, queries)
                print_scores(f"{name}, {set_up}: {label}", scores, arguments.misses)


def asked(data: Path) -> dict[str, list[Judged]]:
    """Every set of queries with its name."""
    return {
        "given": given_queries(data),
        "own, looked at": own_queries(held=False),
        "own, held back": own_queries(held=True),
    }


def print_scores(label: str, scores: dict[str, Score], misses: bool) -> None:
    print(f"\n{label:<62}{'n':>5}{'hit@1':>8}{'hit@5':>8}{'MRR@10':>8}")
    for name, score in scores.items():
        hit1, hit5, mrr = score.row()
        print(f"  {name:<60}{score.count:>5}{hit1:>8.2f}{hit5:>8.2f}{mrr:>8.2f}")
    if misses and "held" not in label:
        print("\n".join(f"    {miss}" for miss in scores["all"].misses))


if __name__ == "__main__":
    main()
