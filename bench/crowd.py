"""Ten thousand submissions by fifty clients at once, while workers are killed at random.

    python -m bench.crowd [--submissions 10000] [--clients 50] [--workers 3] [--kill-every 2.0]

Clients send the last step of the form over HTTP to gunicorn as shipped, every fifth with a file,
and the same form again whenever they got no answer; every tenth presses twice for no reason.
Limits stay as they are: each form comes from an address of its own, the flood that this is gets
held for a check. At the end: whoever saw a code finds text and file under it, each form is there
at most once, the audit chain is whole, and no register number was given out.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import io
import json
import os
import queue
import random
import re
import secrets
import signal
import sqlite3
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from bench.world import make_world
from portal.core import audit, clock
from portal.core.db import db
from portal.feedback import attachments, codes, signing
from portal.feedback.models import Feedback, RegisterCounter
from tests.support.browsing import Page
from tests.support.server import Server, free_port

FORM, RECEIPT = "/phan-anh/gui", "/phan-anh/bien-nhan"
CODE = re.compile(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b")
OPENED_SECONDS_AGO = 60  # as long as somebody writes; in a flood less is refused
_PDF = b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n%% %s\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"  # noqa: E501


@dataclass
class Paper:
    """One form, ready to be sent; `code` once its receipt was seen."""

    number: int
    subject: str
    body: str
    post: bytes
    cookie: str
    sha256: str = ""
    code: str = ""


@dataclass
class Crowd:
    """The clients, and what they met."""

    port: int
    waiting: queue.SimpleQueue[Paper]
    broken: int = 0
    refused: int = 0
    again: int = 0
    slowest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, number: int) -> None:
        """Send one form after the other until none is left."""
        dice = random.Random(number)
        while True:
            try:
                paper = self.waiting.get_nowait()
            except queue.Empty:
                return
            began = time.monotonic()
            paper.code = self._send(paper, dice)
            with self.lock:
                self.slowest = max(self.slowest, time.monotonic() - began)
            if paper.number % 10 == 0:
                with self.lock:
                    self.again += 1
                assert self._send(paper, dice) == paper.code, "a second press gave another code"

    def _send(self, paper: Paper, dice: random.Random) -> str:
        network = f"10.{paper.number >> 16 & 255}.{paper.number >> 8 & 255}.{paper.number & 255}"
        end = time.monotonic() + 300
        while time.monotonic() < end:
            try:
                status, cookie, _ = self._ask("POST", FORM, network, paper.cookie, paper.post)
                if status == 303:
                    _, _, page = self._ask("GET", RECEIPT, network, cookie)
                    found = CODE.search(page)
                    assert found, "a receipt without a code"
                    return found[1]
                assert status == 503, f"answered {status}"
                with self.lock:
                    self.refused += 1
            except (OSError, http.client.HTTPException):
                with self.lock:
                    self.broken += 1
            time.sleep(dice.uniform(0.05, 0.4))
        return ""

    def _ask(
        self, method: str, path: str, network: str, cookie: str, body: bytes | None = None
    ) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {
                "Cookie": cookie, "X-Forwarded-For": network,
                "Content-Type": "application/x-www-form-urlencoded",
            })  # fmt: skip
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        kept = (answer.headers.get("Set-Cookie") or cookie).partition(";")[0]
        return answer.status, kept, text


def papers(app: Flask, count: int) -> list[Paper]:
    """Forms as browsers hold them before the last press, some with a file that waits."""
    client = app.test_client()
    shown = client.get(FORM, query_string={"loai": "complaint"}).get_data(as_text=True)
    fields = dict(Page(FORM, 200, shown).form(FORM).fields)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    opened = int(clock.now().timestamp()) - OPENED_SECONDS_AGO
    with app.app_context():
        return [_paper(n, fields, f"{cookie.key}={cookie.value}", opened) for n in range(count)]


def _paper(number: int, fields: dict[str, str], cookie: str, opened: int) -> Paper:
    subject = f"Việc {number} {secrets.token_hex(4)}"
    body = f"Nội dung của việc {number},\ndòng hai “đủ dấu”. " + "Chờ hai tiếng ở quầy. " * 10
    values = fields | {
        "kind": "complaint", "subject": subject, "body": body.strip(), "buoc": "gui",
        "dau": signing.Stamp(secrets.token_hex(16), opened).sign(),
    }  # fmt: skip
    paper = Paper(number, subject, body.strip(), b"", cookie)
    if number % 5 == 0:
        data = _PDF % secrets.token_hex(8).encode()
        file = attachments.receive(io.BytesIO(data), f"giay-{number}.pdf")
        values["tep_da_nhan"] = signing.sign_attachment(file)
        paper.sha256 = hashlib.sha256(data).hexdigest()
    paper.post = urlencode(values).encode()
    return paper


def kill(server: Server, over: threading.Event, every: float) -> int:
    """kill -9 of a random worker about every `every` seconds; the master makes a new one."""
    dice, kills = random.Random(20261122), 0
    while not over.wait(dice.uniform(0.3, 1.7) * every):
        if not server.alive():  # a new worker needs its time to start
            continue
        if workers := server.workers():
            try:
                os.kill(dice.choice(workers), signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                pass
    return kills


def run(submissions: int, clients: int, workers: int, every: float) -> dict[str, object]:
    """Send, kill, check; returns the figures. Raises AssertionError when a promise was broken."""
    with make_world(20, 20) as world, tempfile.TemporaryDirectory() as name:
        forms = papers(world.app, submissions)
        more = {"PORTAL_TRUSTED_PROXIES": "1", "PORTAL_WORKERS": str(workers)}
        server = Server(world.instance, free_port(), Path(name) / "server.log", more)
        waiting: queue.SimpleQueue[Paper] = queue.SimpleQueue()
        for form in forms:
            waiting.put(form)
        crowd, over = Crowd(server.port, waiting), threading.Event()
        server.start()
        began = time.monotonic()
        try:
            with ThreadPoolExecutor(clients + 1) as pool:
                killer = pool.submit(kill, server, over, every)
                for done in [pool.submit(crowd.work, n) for n in range(clients)]:
                    done.result()
                seconds = time.monotonic() - began
                over.set()
                kills = killer.result()
        finally:
            over.set()
            server.kill_all()
        check(world.app, world.instance, forms)
    acknowledged = sum(bool(form.code) for form in forms)
    return {
        "sent": len(forms), "acknowledged": acknowledged, "clients": clients, "workers": workers,
        "kills": kills, "broken connections": crowd.broken, "told to wait": crowd.refused,
        "pressed twice": crowd.again, "seconds": round(seconds, 1),
        "acknowledged a second": round(acknowledged / seconds, 1),
        "slowest, with retries": round(crowd.slowest, 1), "lost": 0, "twice": 0,
    }  # fmt: skip


def check(app: Flask, instance: Path, forms: list[Paper]) -> None:
    """What was acknowledged is stored, once, under its code; nothing else has happened."""
    connection = sqlite3.connect(instance / "portal.sqlite3")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    with app.app_context():
        key, session = app.extensions["settings"].tracking_key, db.session()
        query = select(Feedback).options(selectinload(Feedback.files))
        rows = {row.code_hmac: row for row in session.scalars(query)}
        for form in (form for form in forms if form.code):
            row = rows.get(codes.stored(key, codes.parse(form.code) or ""))
            assert row is not None, f"{form.subject} was acknowledged and is gone"
            assert (row.subject, row.body) == (form.subject, form.body)
            assert [file.sha256 for file in row.files] == ([form.sha256] if form.sha256 else [])
            for file in row.files:
                data = attachments.path_of(file.stored_name).read_bytes()
                assert hashlib.sha256(data).hexdigest() == file.sha256
        subjects = [row.subject for row in rows.values()]
        assert len(set(subjects)) == len(subjects), "a form is there twice"
        assert set(subjects) <= {form.subject for form in forms}
        assert session.scalar(select(func.count()).select_from(RegisterCounter)) == 0
        assert not any(row.register_number for row in rows.values())
        assert list(audit.verify(session)) == []


def main() -> None:
    """Run with what was asked for, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kill-every", type=float, default=2.0)
    given = parser.parse_args()
    found = run(given.submissions, given.clients, given.workers, given.kill_every)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
