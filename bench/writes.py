"""Durable submissions a second, beside what this disk can do at all in the same minute.

A submission is durable when the citizen sees the code, so its rate is bounded by how often the
disk can make a commit durable; the ratio of the two says how much the portal adds to that.
"""

from __future__ import annotations

import multiprocessing
import os
import secrets
import sqlite3
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask

from bench.report import Suite, milliseconds
from bench.world import World
from portal.core.db import db
from portal.feedback.models import Kind
from portal.feedback.submission import Draft, submit

SECONDS = 4.0
PROCESSES = (1, 4, 16)
_TEXT = "Sáng thứ Hai tôi chờ hai tiếng ở quầy tiếp nhận mà không ai gọi số. " * 8


def measure(world: World) -> Suite:
    """Submissions by 1, 4 and 16 processes, and one-row commits before and after each."""
    suite = Suite("writes", "Durable submissions (row, timeline, audit entry; one commit each)")
    forks = multiprocessing.get_context("fork")
    syncs = syncs_per_second(world.instance)
    before = commits_per_second(world.instance)
    for count in PROCESSES:
        waits, seconds = _race(world.app, forks, count)
        after = commits_per_second(world.instance)
        rate, disk = len(waits) / seconds, (before + after) / 2
        suite.rows.append(
            {"processes": count, "submissions/s": round(rate, 1), **milliseconds(waits),
             "disk commits/s": round(disk, 1), "ratio": f"{rate / disk:.2f}"}
        )  # fmt: skip
        before = after
    suite.remarks.append(f"the disk makes {syncs:.0f} single 4 kB writes a second durable")
    return suite


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


def commits_per_second(folder: Path, seconds: float = 1.0) -> float:
    """One-row commits of bare SQLite with the portal's settings, on the same disk."""
    path = folder / "bare.sqlite3"
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                          "CREATE TABLE IF NOT EXISTS line (text TEXT)"):  # fmt: skip
            connection.execute(statement)
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            connection.execute("INSERT INTO line VALUES (?)", (_TEXT,))
            count += 1
        return count / (time.perf_counter() - start)
    finally:
        connection.close()
        for name in folder.glob("bare.sqlite3*"):
            name.unlink()


def syncs_per_second(folder: Path, seconds: float = 1.0) -> float:
    """How often this disk makes one 4 kB write durable."""
    path = folder / "bare.bin"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            os.write(descriptor, bytes(4096))
            os.fdatasync(descriptor)
            count += 1
        return count / (time.perf_counter() - start)
    finally:
        os.close(descriptor)
        path.unlink()
