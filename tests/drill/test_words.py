"""Never lose a word, when everything dies: twenty editors at once; the worker, the server and the
browser killed in the middle of a sentence. WORDS_SECONDS makes the crowd stay longer."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Error, Page, expect, sync_playwright
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.app import create_app
from portal.articles import service
from portal.articles.drafts import Draft
from portal.articles.models import ArticleRevision
from portal.articles.words_models import ArticleAutosave
from portal.core.db import db
from portal.core.settings import load_settings
from tests.drill.crowd import DESK, browser_of
from tests.support.browsing import Browser
from tests.support.chromium import ARGUMENTS, CHROMIUM
from tests.support.installations import environment_of, installed
from tests.support.server import Server, free_port
from tests.support.staff import make_user

pytestmark = pytest.mark.slow

SECONDS = float(os.environ.get("WORDS_SECONDS", "8"))
EDITORS, SHARED = 20, 5
MOST_LOST = 10.0
"""Seconds of typing that a death may cost."""


@pytest.fixture
def server(loaded_instance: Path, tmp_path: Path) -> Iterator[Server]:
    with installed(tmp_path / "instance", loaded_instance) as instance:
        running = Server(instance, free_port(), tmp_path / "server.log", {"PORTAL_WORKERS": "3"})
        running.start()
        try:
            yield running
        finally:
            if running.process and running.process.poll() is None:
                running.kill_all()


@pytest.fixture
def app(server: Server) -> Iterator[Flask]:
    app = create_app(load_settings(environment_of(server.instance)))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@dataclass
class Editor:
    """One of many; `kept` are (article, words) that the desk said it saved, `waiting` those it
    autosaved last and did not save since."""

    browser: Browser
    name: str
    articles: list[int]
    kept: list[tuple[int, str]] = field(default_factory=list)
    waiting: dict[int, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    conflicts: int = 0
    autosaves: int = 0
    slowest: float = 0.0

    def work(self, end: float) -> None:
        dice, turn = random.Random(self.name), 0
        while time.monotonic() < end:
            turn += 1
            self._turn(dice.choice(self.articles), f"Chữ {self.name} lần {turn}.", dice)

    def _turn(self, number: int, words: str, dice: random.Random) -> None:
        address = f"{DESK}{number}/sua"
        page = self.browser.get(address + "?tiep=1")
        if page.status != 200:
            self.faults.append(f"{page.status} at {address}")
            return
        form = dict(page.form("/sua").fields)
        body = f"<p>{words}</p>"
        if self._autosave(number, form, body):
            self.waiting[number] = body
        sent = {"body": body, "sequence": "3"}
        begun = time.monotonic()
        page = self.browser.submit(page, sent, action="/sua")
        if page.status == 409 and dice.random() < 0.7:
            self.conflicts += 1
            page = self.browser.submit(page, {"sequence": "2"}, action="/sua")
        self.slowest = max(self.slowest, time.monotonic() - begun)
        if page.status == 200 and page.address.endswith(f"/{number}"):
            self.kept.append((number, words))
            self.waiting.pop(number, None)
        elif page.status == 409:
            self.waiting[number] = body
        elif page.status != 409:
            self.faults.append(f"{page.status} at {page.address}")
        if "database is locked" in page.text:
            self.faults.append("locked")

    def _autosave(self, number: int, form: dict[str, str], body: str) -> bool:
        sent = {
            "tab": form["tab"], "sequence": 2, "version": int(form["base"]),
            "after": form["after"], "fields": {"title": form["title"], "body": body},
        }  # fmt: skip
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
        headers = {"Content-Type": "application/json", "X-CSRFToken": form["csrf_token"],
                   "Cookie": cookies}  # fmt: skip
        connection = http.client.HTTPConnection("127.0.0.1", self.browser.port, timeout=30)
        try:
            connection.request("POST", f"{DESK}{number}/dang-soan", json.dumps(sent), headers)
            status = connection.getresponse().status
        finally:
            connection.close()
        if status not in (200, 409, 429):
            self.faults.append(f"autosave {status}")
        self.autosaves += status == 200
        return status == 200


def begin(app: Flask, actor: Actor, title: str) -> int:
    with app.app_context():
        return service.create(actor, Draft(title=title, body="<p>Câu đầu.</p>"))


def test_twenty_editors_at_once(server: Server, app: Flask) -> None:
    actors = [make_user(app, Role.PUBLISHER) for _ in range(EDITORS)]
    shared = [begin(app, actors[0], f"Bài chung {n}") for n in range(SHARED)]
    editors = [
        Editor(browser_of(app, server.port, actor), f"người {n}",
               [*shared, *[begin(app, actor, f"Bài riêng {n}")] * 3])
        for n, actor in enumerate(actors)
    ]  # fmt: skip
    end = time.monotonic() + SECONDS
    with ThreadPoolExecutor(EDITORS) as pool:
        for future in [pool.submit(editor.work, end) for editor in editors]:
            future.result()
    faults = [fault for editor in editors for fault in editor.faults]
    kept = [pair for editor in editors for pair in editor.kept]
    print(
        f"\n{EDITORS} editors for {SECONDS:.0f} s: {len(kept)} saves acknowledged,"
        f" {sum(e.autosaves for e in editors)} autosaves,"
        f" {sum(e.conflicts for e in editors)} conflicts shown,"
        f" slowest save {max(e.slowest for e in editors):.2f} s, {len(faults)} faults"
    )
    assert faults == []
    assert len(kept) >= EDITORS // 2
    with app.app_context():
        bodies = db.session.execute(select(ArticleRevision.article_id, ArticleRevision.body)).all()
        saved = {(number, body) for number, body in bodies}
        lost = [pair for pair in kept if (pair[0], f"<p>{pair[1]}</p>") not in saved]
        assert lost == [], "acknowledged and gone"
        for actor, editor in zip(actors, editors, strict=True):
            for number, body in editor.waiting.items():
                row = db.session.scalar(
                    select(ArticleAutosave).where(
                        ArticleAutosave.user_id == actor.user_id,
                        ArticleAutosave.article_id == number,
                    )
                )
                assert row is not None
                assert row.fields is not None
                assert row.fields["body"] == body, "autosaved and gone"


@dataclass
class Typist:
    """Somebody who types one numbered word after the other; `typed` tells when."""

    page: Page
    typed: list[tuple[str, float]] = field(default_factory=list)

    def type(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            word = f"chữ{len(self.typed)}"
            self.page.keyboard.type(f" {word}")
            self.typed.append((word, time.monotonic()))
            time.sleep(0.15)

    def lost(self, text: str, at: float) -> float:
        """Seconds before `at` from which words are missing."""
        there = set(text.replace("<", " ").split())
        return max((at - when for word, when in self.typed if word not in there), default=0.0)


def test_any_death_costs_at_most_ten_seconds(server: Server, app: Flask, tmp_path: Path) -> None:
    actor = make_user(app, Role.PUBLISHER)
    number = begin(app, actor, "Viết giữa những lần chết")
    path = f"{server.url}{DESK}{number}/sua"
    with sync_playwright() as playwright:

        def browser() -> BrowserContext:
            context = playwright.chromium.launch_persistent_context(
                tmp_path / "profile", executable_path=CHROMIUM, args=ARGUMENTS, locale="vi-VN"
            )
            cookies = browser_of(app, server.port, actor).cookies
            context.add_cookies(
                [{"name": n, "value": v, "url": server.url} for n, v in cookies.items()]
            )
            return context

        context = browser()
        page = context.pages[0]
        page.goto(path)
        page.get_by_role("textbox", name="Nội dung").click()
        page.keyboard.press("Control+End")
        typist = Typist(page)
        typist.type(3)
        for worker in server.workers():
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        typist.type(2.5)
        server.kill_all()
        typist.type(2.5)
        died = time.monotonic()
        kill_browser(tmp_path / "profile")
        with suppress(Error):
            context.close()
        server.start()
        with app.app_context():
            row = db.session.scalars(select(ArticleAutosave)).one()
            on_server = typist.lost(str((row.fields or {}).get("body", "")), died)
        context = browser()
        page = context.pages[0]
        page.goto(path + "?tiep=1")
        page.get_by_role("button", name="Dùng bản trên máy này").click()
        sheet = page.get_by_role("textbox", name="Nội dung")
        expect(sheet).to_contain_text("chữ0")
        lost = typist.lost(sheet.inner_text(), died)
        print(f"\nlost: {lost:.1f} s of typing; the server alone lacked {on_server:.1f} s")
        context.close()
    assert lost <= min(MOST_LOST, 4.0), "what was typed before the last seconds comes back"
    assert on_server <= MOST_LOST


def kill_browser(profile: Path) -> None:
    """kill -9 of every process of the browser on this profile, which this test started."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (folder / "cmdline").read_bytes()
            if f"--user-data-dir={profile}".encode() in command:
                os.kill(int(folder.name), signal.SIGKILL)
