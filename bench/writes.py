"""Durable submissions a second, beside what this disk can do at all in the same minute.

A submission is durable when the citizen sees the code, so its rate is bounded by how often the
disk can make a commit durable; the ratio of the two says how much the portal adds to that.
"""

from __future__ import annotations

import multiprocessing
import secrets
import shutil
import time
from multiprocessing.connection import Connection
from typing import Any

from flask import Flask

from bench import disk, sent
from bench.report import Row, Suite, milliseconds
from bench.world import World
from portal.core.db import db
from portal.feedback.models import Kind
from portal.feedback.submission import Draft, submit

SECONDS = 4.0
PROCESSES = (1, 2, 4, 16)
WORKERS = (2, 4)
BAR = 0.5
_TEXT = "Sáng thứ Hai tôi chờ hai tiếng ở quầy tiếp nhận mà không ai gọi số. " * 8


def measure(world: World) -> Suite:
    """Submissions by several processes through the service, then by workers over HTTP; before and
    after each, one-row commits of bare SQLite by as many processes."""
    suite = Suite("writes", "Durable submissions (row, timeline, audit entry; one commit each)")
    forks = multiprocessing.get_context("fork")
    for count in PROCESSES:
        before = disk.commits_per_second(world.instance, count)
        waits, seconds = _race(world.app, forks, count)
        row = {"submissions/s": round(len(waits) / seconds, 1), **milliseconds(waits)}
        suite.rows.append(_beside(world, f"service, {count} processes", count, row, before))
    if shutil.which("wrk") is None:
        suite.remarks.append("wrk is not installed: nothing measured over HTTP")
    else:
        for count in WORKERS:
            before = disk.commits_per_second(world.instance, count)
            row, answers = sent.submissions_per_second(world, count)
            if refused := row.pop("refused"):
                suite.remarks.append(f"{refused} answers of {count} workers were refusals")
            suite.rows.append(_beside(world, f"HTTP, {count} workers", count, row, before))
            suite.remarks.append(
                f"{count} workers give {answers:.0f} answers a second that do nothing (/healthz):"
                " no page can be faster, whatever the disk allows"
            )
    suite.remarks.append(
        f"the disk makes {disk.syncs_per_second(world.instance):.0f} single 4 kB writes a second"
        f" durable; bar of the ratio {BAR}"
    )
    return suite


def _beside(world: World, way: str, count: int, row: Row, before: float) -> Row:
    allowed = (before + disk.commits_per_second(world.instance, count)) / 2
    ratio = f"{row['submissions/s'] / allowed:.2f}"
    return {"by": way, **row, "disk commits/s": round(allowed, 1), "ratio": ratio}


def _race(app: Flask, forks: Any, count: int) -> tuple[list[float], float]:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # no connection may cross a fork
    start = forks.Barrier(count)
    pipes = [forks.Pipe(duplex=False) for _ in range(count)]
    children = [forks.Process(target=_submit, args=(app, start, send)) for _, send in pipes]
    for child in children:
        child.start()
    found = [receive.recv() for receive, _ in pipes]
    for child in children:
        child.join()
    return [wait for waits, _ in found for wait in waits], max(seconds for _, seconds in found)


def _submit(app: Flask, start: Any, result: Connection) -> None:
    waits = []
    with app.app_context():
        start.wait(60)
        began = time.perf_counter()
        while time.perf_counter() - began < SECONDS:
            key = secrets.token_hex(16)
            draft = Draft(kind=Kind.COMPLAINT, subject=f"Đo {key}", body=f"{key} {_TEXT}")
            moment = time.perf_counter()
            submit(draft, form=key, network=key)
            waits.append(time.perf_counter() - moment)
        seconds = time.perf_counter() - began
        db.session.remove()
    result.send((waits, seconds))
