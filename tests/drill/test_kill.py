"""kill -9 at random moments, under citizens who send feedback and editors who publish.

Whoever saw a receipt finds the feedback kept, with equal text and an equal file; whatever the desk
showed as published is on the site and in the index. DRILL_KILLS=1000 makes the drill longer.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from portal.app import create_app
from portal.articles.models import Article
from portal.core import audit
from portal.core.db import db
from portal.core.settings import load_settings
from portal.feedback import codes
from portal.feedback.models import Feedback, FeedbackFile
from portal.search import feed
from portal.search import service as search
from tests.drill.crowd import Citizens, Newsroom, Sent, digest, open_newsroom
from tests.support.browsing import Browser
from tests.support.installations import environment_of, installed
from tests.support.server import Server, flask, free_port

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("DRILL_KILLS", "100"))
EVERY_SECONDS = 1.1
MASTER_EVERY = 20
CITIZENS = 6


@dataclass
class Killer:
    """Kills workers, and now and then the master with all of them, as a supervisor would see it."""

    server: Server
    over: threading.Event
    kills: int = 0
    masters: int = 0

    def work(self) -> None:
        dice = random.Random(20261121)
        try:
            while self.kills < KILLS:
                self.server.alive()  # on a busy machine a new worker needs its time
                time.sleep(dice.uniform(0.2, 2 * EVERY_SECONDS - 0.2))
                self.kills += 1
                if self.kills % MASTER_EVERY == 0:
                    self.masters += 1
                    self.server.kill_all()
                    self.server.start()
                else:
                    self._kill_one(dice)
        finally:
            self.over.set()

    def _kill_one(self, dice: random.Random) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if workers := self.server.workers():
                try:
                    os.kill(dice.choice(workers), signal.SIGKILL)
                    return
                except ProcessLookupError:
                    pass
            time.sleep(0.05)
        raise AssertionError("the master makes no more workers")


@contextmanager
def portal(instance: Path) -> Iterator[Flask]:
    """The application on the instance folder, in this process."""
    app = create_app(load_settings(environment_of(instance)))
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def server(loaded_instance: Path, tmp_path: Path) -> Iterator[Server]:
    """Three workers behind a proxy that is trusted, so that every citizen has a network."""
    more = {"PORTAL_TRUSTED_PROXIES": "1", "PORTAL_WORKERS": "3"}
    with installed(tmp_path / "instance", loaded_instance) as instance:
        running = Server(instance, free_port(), tmp_path / "server.log", more)
        running.start()
        try:
            yield running
        finally:
            if running.process and running.process.poll() is None:
                running.kill_all()


def test_nothing_acknowledged_is_lost(server: Server) -> None:
    over = threading.Event()
    citizens, killer = Citizens(server.port, over), Killer(server, over)
    with portal(server.instance) as app:
        newsroom = open_newsroom(app, server.port, over)
    work: list[Callable[[], None]] = [killer.work, newsroom.work]
    work += [lambda n=n: citizens.work(n) for n in range(CITIZENS)]  # type: ignore[misc]
    with ThreadPoolExecutor(len(work)) as pool:
        for future in [pool.submit(task) for task in work]:
            future.result()
    server.kill_all()
    done = flask(server.instance, "prepare")  # what the unit runs before the next start
    assert done.returncode == 0, done.stderr
    kept = [sent for sent in citizens.sent if sent.code]
    print(
        f"\n{killer.kills} kills ({killer.masters} of the master with all):"
        f" {len(citizens.sent)} feedbacks sent, {len(kept)} acknowledged;"
        f" {len(newsroom.published)} articles published, {len(newsroom.withdrawn)} withdrawn;"
        f" {citizens.retries + newsroom.retries} requests asked again"
    )
    assert killer.kills >= KILLS
    assert len(kept) >= KILLS // 2
    assert len(newsroom.published) >= KILLS // 10
    check_database(server.instance)
    with portal(server.instance) as app, app.app_context():
        for sent in kept:
            check_kept(app, db.session(), sent)
        check_no_halves(app, db.session())
        check_index(db.session(), newsroom)
        assert list(audit.verify(db.session())) == []
    check_pages(server, newsroom)


def check_database(instance: Path) -> None:
    connection = sqlite3.connect(instance / "portal.sqlite3")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        connection.close()


def check_kept(app: Flask, session: Session, sent: Sent) -> None:
    """The feedback of a receipt is there as it was sent, with its file."""
    settings = app.extensions["settings"]
    stored = codes.stored(settings.tracking_key, codes.parse(sent.code) or "")
    row = session.scalar(
        select(Feedback).where(Feedback.code_hmac == stored).options(selectinload(Feedback.files))
    )
    assert row is not None, f"{sent.subject} was acknowledged and is gone"
    assert (row.subject, row.body) == (sent.subject, sent.body)
    assert [file.sha256 for file in row.files] == [sent.sha256]


def check_no_halves(app: Flask, session: Session) -> None:
    """One row a form, whatever was asked again; a file for every row that names one."""
    twice = select(Feedback.subject).group_by(Feedback.subject).having(func.count() > 1)
    assert session.scalars(twice).all() == []
    assert session.scalars(select(Feedback.subject).where(~Feedback.files.any())).all() == []
    folder = app.extensions["settings"].uploads / "feedback"
    for file in session.scalars(select(FeedbackFile)):
        data = (folder / file.stored_name).read_bytes()
        assert (len(data), digest(data)) == (file.size, file.sha256)


def check_index(session: Session, newsroom: Newsroom) -> None:
    """After one drain the index says what the database says."""
    search.drain()
    assert feed.pending(session).count == 0
    assert feed.differences(search.engine()) == []
    indexed = {int(key) for kind, key in search.engine().fingerprint() if kind == "article"}
    assert newsroom.published <= indexed
    assert not newsroom.withdrawn & indexed
    states = {row.id: row.state for row in session.execute(select(Article.id, Article.state))}
    assert {states[number] for number in newsroom.published} <= {"approved"}


def check_pages(server: Server, newsroom: Newsroom) -> None:
    """A reader sees what was published and no longer what was withdrawn."""
    with portal(server.instance) as app, app.app_context():
        rows = db.session.execute(select(Article.id, Article.slug))
        slugs = {row.id: row.slug for row in rows}
    server.start()
    reader = Browser(server.port)
    for number in newsroom.published:
        assert reader.get(f"/bai-viet/{slugs[number]}").status == 200
    for number in newsroom.withdrawn:
        assert reader.get(f"/bai-viet/{slugs[number]}").status == 410
