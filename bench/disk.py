"""What the disk itself allows: commits that are durable, with nothing of the portal around them."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

SECONDS = 1.5
_LINE = "x" * 600


def commits_per_second(folder: Path, processes: int) -> float:
    """One-row commits a second by `processes` processes of bare SQLite, on the disk of `folder`
    and with the portal's settings (WAL, synchronous=FULL)."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        path = Path(name) / "bare.sqlite3"
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE line (text TEXT)")
        connection.close()
        forks = multiprocessing.get_context("fork")
        start = forks.Barrier(processes)
        pipes = [forks.Pipe(duplex=False) for _ in range(processes)]
        children = [forks.Process(target=_commit, args=(path, start, send)) for _, send in pipes]
        for child in children:
            child.start()
        rates = [receive.recv() for receive, _ in pipes]
        for child in children:
            child.join()
    return float(sum(rates))


def _commit(path: Path, start: Any, result: Connection) -> None:
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA synchronous=FULL")
    start.wait(60)
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO line VALUES (?)", (_LINE,))
        connection.execute("COMMIT")
        count += 1
    result.send(count / (time.perf_counter() - began))
    connection.close()


def syncs_per_second(folder: Path) -> float:
    """How often this disk makes one 4 kB write durable."""
    path = folder / "bare.bin"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS:
            os.write(descriptor, bytes(4096))
            os.fdatasync(descriptor)
            count += 1
        return count / (time.perf_counter() - start)
    finally:
        os.close(descriptor)
        path.unlink()
