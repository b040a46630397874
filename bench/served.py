"""Pages as they are served: the shipped gunicorn configuration under wrk."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from bench import pages
from bench.report import Row, Suite, resident
from bench.world import World
from tests.support.server import Server, free_port

SECONDS = 4
CONNECTIONS = 8
KINDS = ("home", "procedures", "procedures, searched", "procedure", "article", "search",
         "suggestions")  # fmt: skip
# Addresses in turn, each request from another network: limits are for one reader.
_SCRIPT = """\
local paths = {%s}
local n = 0
request = function()
  n = n + 1
  local network = string.format("10.%%d.%%d.1", math.floor(n / 250) %% 250, n %% 250)
  return wrk.format("GET", paths[(n %% #paths) + 1], {["X-Forwarded-For"] = network})
end
"""
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


def measure(world: World) -> Suite:
    """Requests a second and latency at 8 connections, kind by kind."""
    suite = Suite("served", f"Through gunicorn, wrk with {CONNECTIONS} connections")
    if shutil.which("wrk") is None:
        suite.remarks.append("wrk is not installed: nothing measured; .ci/tools installs it")
        return suite
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        more = {"PORTAL_TRUSTED_PROXIES": "1"}
        server = Server(world.instance, free_port(), folder / "server.log", more)
        server.start()
        try:
            found = pages.addresses(world)
            for kind in KINDS:
                wrk(server.url, found[kind], folder, 1)  # the first run warms the workers up
                suite.rows.append({"page": kind, **wrk(server.url, found[kind], folder)})
            memory = sum(resident(pid) for pid in server.workers()) / len(server.workers())
            suite.remarks.append(
                f"{len(server.workers())} workers, {memory / 1e6:.0f} MB resident each"
            )
        finally:
            server.stop()
    return suite


def wrk(url: str, paths: list[str], folder: Path, seconds: int = SECONDS) -> Row:
    """One run over the addresses in turn."""
    script = folder / "paths.lua"
    script.write_text(_SCRIPT % ",".join(json.dumps(path) for path in paths), "utf-8")
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "--latency", "-s", str(script)]
    done = subprocess.run(
        [*command, "-d", f"{seconds}s", url],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    time.sleep(0.2)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    failed = re.search(r"Socket errors: (.*)", done.stdout)
    return {
        "requests/s": float(_found(r"Requests/sec:\s+([\d.]+)", done.stdout)),
        "p50 ms": _latency("50%", done.stdout),
        "p90 ms": _latency("90%", done.stdout),
        "p99 ms": _latency("99%", done.stdout),
        "refused": int(refused[1]) if refused else 0,
        "failed": failed[1] if failed else "0",
    }


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise RuntimeError(f"wrk said:\n{text}")
    return match[1]


def _latency(share: str, text: str) -> float:
    written = _found(rf"{share}\s+([\d.]+\w+)", text)
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", written).groups()  # type: ignore[union-attr]
    return round(float(number) * _UNITS[unit], 2)
