"""Many processes that write to one database at once; how long did each wait?

    python -m tests.support.writers INSTANCE --processes 16 --times 100

Every write is one `write()` transaction with a letter and an audit entry. Prints JSON: number of
writes, errors by type, and the waits (seconds) at p50, p99 and the longest.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask

from portal.app import create_app
from portal.core import audit, mail
from portal.core.db import db, write
from portal.core.settings import load_settings
from tests.support.installations import environment_of


def write_once(number: int) -> None:
    """One change as a service makes it: a row, its audit entry, a letter."""
    with write() as session:
        mail.enqueue(session, "nguoi@vidu.vn", f"Thư {number}", "Nội dung thư.\n" * 20)
        audit.record(
            session, audit.AuditEvent.BACKUP_MADE, actor_id=None, thing=("drill", str(number))
        )


def writer(app: Flask, times: int, start: Any, result: Connection) -> None:
    """Write `times` times and send back (waits, errors)."""
    waits: list[float] = []
    errors: Counter[str] = Counter()
    with app.app_context():
        start.wait(60)
        for number in range(times):
            began = time.perf_counter()
            try:
                write_once(number)
            except Exception as error:  # every kind is counted, none is allowed
                errors[type(error).__name__] += 1
                db.session.rollback()
            waits.append(time.perf_counter() - began)
        db.session.remove()
    result.send((waits, dict(errors)))


def run(instance: Path, processes: int, times: int) -> dict[str, Any]:
    """Let `processes` processes write `times` times each, all beginning together."""
    app = create_app(load_settings(environment_of(instance)))
    with app.app_context():
        db.engine.dispose()  # no connection may cross a fork
    forks = multiprocessing.get_context("fork")
    start = forks.Barrier(processes + 1)
    pipes = [forks.Pipe(duplex=False) for _ in range(processes)]
    children = [forks.Process(target=writer, args=(app, times, start, send)) for _, send in pipes]
    for child in children:
        child.start()
    start.wait(60)
    began = time.perf_counter()
    waits: list[float] = []
    errors: Counter[str] = Counter()
    for receive, _ in pipes:
        mine, wrong = receive.recv()
        waits += mine
        errors.update(wrong)
    seconds = time.perf_counter() - began
    for child in children:
        child.join(60)
    return {
        "writes": len(waits) - errors.total(),
        "errors": dict(errors),
        "seconds": round(seconds, 3),
        "per_second": round(len(waits) / seconds, 1),
        "p50": round(statistics.median(waits), 4),
        "p99": round(statistics.quantiles(waits, n=100)[-1], 4),
        "longest": round(max(waits), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instance", type=Path)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--times", type=int, default=100)
    given = parser.parse_args()
    print(json.dumps(run(given.instance, given.processes, given.times)))


if __name__ == "__main__":
    main()
