"""A big import by the portal's own steps, and how long other writers wait meanwhile."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.data import generated_procedures, real_procedures, sentences_of
from bench.report import Suite
from bench.world import World
from portal.core.db import db, write
from portal.procedures.facts import ProcedureFacts
from portal.procedures.importing import importer
from portal.search import service as search

ROWS = 10_000
_TURN = 0.02


def measure(world: World) -> Suite:
    """10,000 records: a dry run, the import, the same again with each name changed."""
    suite = Suite("import", f"A file of {ROWS:,} procedures of 2 to 6 kB from the command line")
    with world.app.app_context():
        path = _file(world.instance / "import.jsonl", "")
        began = time.perf_counter()
        importer.propose(db.session(), path, path.name)
        suite.rows.append(_row("dry run", time.perf_counter() - began))
        for label, ending in (("import, all new", ""), ("import, all changed", " (đã sửa)")):
            path = _file(path, ending)
            with _waiting(world) as waits:
                began = time.perf_counter()
                importer.apply(path, path.name, None)
                took = time.perf_counter() - began
            suite.rows.append(_row(label, took, max(waits)))
        began = time.perf_counter()
        search.drain()
        suite.rows.append(_row("index follows", time.perf_counter() - began))
        path.unlink()
    return suite


def _row(step: str, seconds: float, wait: float = 0.0) -> dict[str, object]:
    waited = round(wait, 1) if wait else "-"
    return {"step": step, "s": round(seconds, 1), "longest wait of a writer s": waited}


def _file(path: Path, ending: str) -> Path:
    real = real_procedures("Sở Y tế")
    dice = random.Random(20261122)
    with path.open("w", encoding="utf-8") as file:
        for facts in generated_procedures(real, sentences_of(real), ROWS, dice):
            file.write(json.dumps(_record(facts, ending), ensure_ascii=False) + "\n")
    return path


def _record(facts: ProcedureFacts, ending: str) -> dict[str, object]:
    return {
        "code": facts.code,
        "name": facts.name + ending,
        "field": facts.field.name if facts.field else "",
        "levels": ["Cấp tỉnh"],
        "steps": [{"name": step.title, "description": step.text} for step in facts.steps],
        "channels": [
            {"channel": "Trực tiếp", "time": 5, "unit": "Ngày làm việc", "fee": 100_000},
            {"channel": "Trực tuyến", "time": 3, "unit": "Ngày làm việc", "fee": 50_000},
        ],
        "dossier_cases": [
            {"case": case.name, "items": [{"name": one.name, "originals": one.originals}
                                          for one in case.components]}
            for case in facts.cases
        ],
        "legal_bases": [{"number": x.number, "title": x.title} for x in facts.legal_bases],
        "results": [result.name for result in facts.results],
        "conditions": facts.conditions,
    }  # fmt: skip


@contextmanager
def _waiting(world: World) -> Iterator[list[float]]:
    """Another writer, taking its turn fifty times a second; how long each took."""
    waits, stop = [0.0], threading.Event()

    def run() -> None:
        with world.app.app_context():
            while not stop.wait(_TURN):
                began = time.perf_counter()
                with write():
                    pass
                waits.append(time.perf_counter() - began)
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield waits
    finally:
        stop.set()
        thread.join()
