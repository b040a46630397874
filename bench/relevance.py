"""How often the right procedure is found: judged queries over real procedures.

    python -m bench.relevance [DATA_DIR] [--misses]

DATA_DIR (or BENCH_DATA, default ../shared/data) holds `queries-dev.jsonl`,
`health_tthc.jsonl` and, as distractors, `national_tthc_2642.jsonl.gz`. Prints hit@1, hit@5 and
MRR@10, for all queries and by kind of query, on the health procedures alone and among all.
"""

import argparse
import gzip
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.search import synonyms
from portal.search.engine import SearchDocument, SearchEngine, SearchQuery
from portal.search.whoosh_engine import WhooshEngine

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_DATA = ROOT.parent / "shared" / "data"
OWN_LEVELS = {"Cấp tỉnh", "Cấp xã"}


def data_directory(given: str | None = None) -> Path | None:
    """Where the data is, None if it is not there."""
    path = Path(given or os.environ.get("BENCH_DATA") or DEFAULT_DATA)
    return path if (path / "queries-dev.jsonl").is_file() else None


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.strip():
                yield json.loads(line)


def health_documents(data: Path) -> Iterator[SearchDocument]:
    """The agency's own field, with the details that are known."""
    details = {row["code"]: row for row in read_lines(data / "health_details_condensed.jsonl")}
    former = former_codes(data / "code_succession_judged.csv")
    for row in read_lines(data / "health_tthc.jsonl"):
        own = bool(OWN_LEVELS & set(row["levels"]))
        yield SearchDocument(
            kind="procedure",
            key=row["code"],
            code=row["code"],
            title=row["name"],
            keywords=[row["field"]],
            body=texts(details.get(row["code"], {}), skip={"code", "name", "field"}),
            former_codes=former.get(row["code"], ()),
            facets={"field": row["field"], "level": row["levels"]},
            boost=1.5 if own else 1.0,
        )


def former_codes(path: Path) -> dict[str, list[str]]:
    import csv

    found: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found[row["new_code"]].append(row["old_code"])
    return found


def national_documents(data: Path, known: set[str]) -> Iterator[SearchDocument]:
    """Procedures of other ministries: what the right ones must be told from."""
    for row in read_lines(data / "national_tthc_2642.jsonl.gz"):
        if row["code"] in known:
            continue
        known.add(row["code"])
        yield SearchDocument(
            kind="procedure",
            key=row["code"],
            code=row["code"],
            title=row["name"],
            keywords=[row["field"]],
            body=texts(row, skip={"code", "name", "field", "unparsed"}),
            facets={"field": row["field"], "level": row["levels"]},
            boost=0.8,
        )


def texts(value: Any, skip: Iterable[str] = ()) -> str:
    """Every text within a record, one after the other."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(texts(part) for name, part in value.items() if name not in set(skip))
    if isinstance(value, list):
        return "\n".join(texts(part) for part in value)
    return ""


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


def measure(engine: SearchEngine, data: Path) -> dict[str, Score]:
    """Scores by kind of query, and for "all"."""
    scores: dict[str, Score] = defaultdict(Score)
    for row in read_lines(data / "queries-dev.jsonl"):
        results = engine.search(SearchQuery(row["query"], limit=10))
        found = [hit.key for hit in results.hits]
        for name in ("all", row["kind"]):
            scores[name].add(row["query"], found, set(row["relevant"]))
    return scores


def build(root: Path, data: Path, *, distractors: bool) -> WhooshEngine:
    table = synonyms.load(ROOT / "content" / "synonyms.txt")
    engine = WhooshEngine(root, lambda: table)
    documents = list(health_documents(data))
    if distractors:
        documents += national_documents(data, {document.key for document in documents})
    engine.rebuild(documents)
    return engine


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
    for distractors in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            engine = build(Path(folder), data, distractors=distractors)
            scores = measure(engine, data)
        label = f"{engine_name(distractors)} ({scores['all'].count} queries)"
        print(f"\n{label:<44}{'hit@1':>8}{'hit@5':>8}{'MRR@10':>8}")
        for name, score in scores.items():
            hit1, hit5, mrr = score.row()
            print(f"  {name:<42}{hit1:>8.2f}{hit5:>8.2f}{mrr:>8.2f}")
        if arguments.misses:
            print("\n".join(f"    {miss}" for miss in scores["all"].misses))


def engine_name(distractors: bool) -> str:
    return "health among 2,642 others" if distractors else "health procedures alone"


if __name__ == "__main__":
    main()
