"""Feedback over HTTP as citizens send it: the shipped gunicorn, real forms, wrk as the browsers.

Every request is the last step of the form, with a stamp, a text and a network of its own; what
counts is the number of new rows in the database, not of answers. wrk has the processors in common
with the server and takes part of them.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from bench.report import Row
from bench.world import World
from portal.core import clock
from portal.feedback.signing import SHORTEST, Stamp
from tests.support.browsing import Page
from tests.support.server import Server, free_port

FORM = "/phan-anh/gui"
SECONDS = 5
CONNECTIONS = 16
MOST_A_SECOND = 1_500
_TEXT = "Sáng thứ Hai tôi chờ hai tiếng ở quầy tiếp nhận mà không ai gọi số. " * 8
_SCRIPT = """\
local bodies = {}
for line in io.lines(%s) do bodies[#bodies + 1] = line end
local n = 0
local headers = {["Content-Type"] = "application/x-www-form-urlencoded", ["Cookie"] = %s}
request = function()
  n = n %% #bodies + 1
  headers["X-Forwarded-For"] =
    string.format("10.%%d.%%d.1", math.floor(n / 250) %% 250, n %% 250)
  return wrk.format("POST", %s, headers, bodies[n])
end
"""


def submissions_per_second(world: World, workers: int) -> tuple[Row, float]:
    """Rows a second that `workers` workers make durable, and how many answers a second they give
    at all (`/healthz`, which does next to nothing)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        more = {"PORTAL_TRUSTED_PROXIES": "1", "PORTAL_WORKERS": str(workers)}
        server = Server(world.instance, free_port(), folder / "server.log", more)
        server.start()
        try:
            _post(world, server, folder, 1)  # warms the workers up
            row = _post(world, server, folder, SECONDS)
            return row, _answers(server)
        finally:
            server.stop()


def _post(world: World, server: Server, folder: Path, seconds: int) -> Row:
    script = folder / "post.lua"
    bodies = folder / "bodies"
    cookie = _write_bodies(world.app, bodies, seconds * MOST_A_SECOND)
    script.write_text(_SCRIPT % (json.dumps(str(bodies)), json.dumps(cookie), json.dumps(FORM)))
    before = _rows(world.instance)
    done = _wrk(["-s", str(script), "-d", f"{seconds}s", server.url])
    new = _rows(world.instance) - before
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    return {
        "submissions/s": round(new / _seconds(done), 1),
        "p50 ms": _latency("50%", done),
        "p99 ms": _latency("99%", done),
        "max ms": _milliseconds(*_found(r"Latency +\S+ +\S+ +([\d.]+)(us|ms|s)", done)),
        "refused": int(refused[1]) if refused else 0,
    }


def _write_bodies(app: Flask, path: Path, count: int) -> str:
    """One posted form a line; returns the cookie of the browser that they belong to."""
    client = app.test_client()
    page = Page(
        FORM, 200, client.get(FORM, query_string={"loai": "complaint"}).get_data(as_text=True)
    )
    fields = dict(page.form(FORM).fields)
    opened = int((clock.now() - 3 * SHORTEST).timestamp())
    with app.app_context(), path.open("w", encoding="ascii") as file:
        for number in range(count):
            texts = {
                "kind": "complaint",
                "subject": f"Đo {number} {secrets.token_hex(4)}",
                "body": f"{number} {_TEXT}",
                "dau": Stamp(secrets.token_hex(16), opened).sign(),
                "buoc": "gui",
            }
            file.write(urlencode(fields | texts) + "\n")
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return f"{cookie.key}={cookie.value}"


def _answers(server: Server) -> float:
    done = _wrk(["-d", "2s", f"{server.url}/healthz"])
    return float(_found(r"Requests/sec:\s+([\d.]+)", done)[0])


def _rows(instance: Path) -> int:
    connection = sqlite3.connect(instance / "portal.sqlite3")
    try:
        return int(connection.execute("SELECT count(*) FROM feedback").fetchone()[0])
    finally:
        connection.close()


def _wrk(arguments: list[str]) -> str:
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "--latency", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def _seconds(text: str) -> float:
    return _milliseconds(*_found(r"requests in ([\d.]+)(ms|s)", text)) / 1000


def _latency(share: str, text: str) -> float:
    return _milliseconds(*_found(rf"{share} +([\d.]+)(us|ms|s)", text))


def _milliseconds(number: str, unit: str) -> float:
    return round(float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit], 2)


def _found(pattern: str, text: str) -> tuple[str, ...]:
    match = re.search(pattern, text)
    if match is None:
        raise RuntimeError(f"wrk said:\n{text}")
    return match.groups()
