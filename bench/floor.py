"""The search page beside the same page hand-written on FTS5: both through gunicorn, in turns."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from bench import handmade, pages
from bench.report import Row, Suite
from bench.served import wrk
from bench.world import World
from portal.core.settings import ROOT
from tests.support.server import Server, free_port

ROUNDS, SECONDS = 5, 3
WORKERS = "2"


def measure(world: World) -> Suite:
    """Requests a second of both, in turns, so that a busy machine slows both alike."""
    suite = Suite("floor", f"The search page beside one written by hand on FTS5, {WORKERS} workers")
    if shutil.which("wrk") is None:
        suite.remarks.append("wrk is not installed: nothing measured; .ci/tools installs it")
        return suite
    paths = pages.addresses(world)["procedures, searched"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        handmade.make(world.app, folder)
        more = {"PORTAL_TRUSTED_PROXIES": "1", "PORTAL_WORKERS": WORKERS}
        ours = Server(world.instance, free_port(), folder / "server.log", more)
        ours.start()
        try:
            with _rival(folder) as rival:
                _compare(suite, {"ours": ours.url, "by hand": rival}, paths, folder)
                _sizes(suite, {"ours": ours.url, "by hand": rival}, paths)
        finally:
            ours.stop()
    return suite


def _compare(suite: Suite, urls: dict[str, str], paths: list[str], folder: Path) -> None:
    for url in urls.values():
        wrk(url, paths, folder, 2)  # warm both
    found: dict[str, list[Row]] = {name: [] for name in urls}
    for _ in range(ROUNDS):
        for name, url in urls.items():
            found[name].append(wrk(url, paths, folder, SECONDS))
    rates = {name: [float(str(row["requests/s"])) for row in rows] for name, rows in found.items()}
    for name, rows in found.items():
        suite.rows.append({
            "page": name,
            "requests/s": statistics.median(rates[name]),
            **{key: statistics.median(float(str(row[key])) for row in rows)
               for key in ("p50 ms", "p99 ms")},
            "refused": sum(int(str(row["refused"])) for row in rows),
        })  # fmt: skip
    ratios = [a / b for a, b in zip(rates["ours"], rates["by hand"], strict=True)]
    suite.remarks.append(
        f"ours is {statistics.median(ratios):.1f} times the floor (bar 1; rounds "
        f"{min(ratios):.1f} to {max(ratios):.1f})"
    )


def _sizes(suite: Suite, urls: dict[str, str], paths: list[str]) -> None:
    """The same page means about the same bytes."""
    for name, url in urls.items():
        sizes = []
        for path in paths[:20]:
            with urllib.request.urlopen(url + path) as answer:
                sizes.append(len(answer.read()))
        suite.remarks.append(f"{name}: {statistics.median(sizes) / 1000:.0f} kB a page")


@contextmanager
def _rival(folder: Path) -> Iterator[str]:
    """The page by hand, served by the same gunicorn with as many workers."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-w", WORKERS, "-b", f"127.0.0.1:{port}",
         "--no-control-socket", "bench.handmade:app"],
        cwd=ROOT, env={**os.environ, "HANDMADE": str(folder)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/thu-tuc/?q=giay")
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(url):
                return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError("the page by hand did not start")
