"""Those who go on using a server while it is killed: citizens with feedback, an editors' desk."""

from __future__ import annotations

import hashlib
import io
import os
import random
import re
import threading
import time
from dataclasses import dataclass, field

import pikepdf
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.articles.models import Topic
from portal.core.db import db
from portal.directory.models import Unit
from tests.support.browsing import Browser, Page
from tests.support.staff import make_user, sign_in

FORM = "/phan-anh/gui"
DESK = "/ban-lam-viec/bai-viet/"
AT_ONCE = 5
READING_SECONDS = 3.1
"""A form is refused when it comes back sooner than a person can write."""
CODE = re.compile(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b")


@dataclass
class Sent:
    """What a citizen sent; `code` once the receipt was on the screen."""

    subject: str
    body: str
    sha256: str
    code: str = ""


@dataclass
class Citizens:
    """People who send feedback with a file, each from a network of their own."""

    port: int
    over: threading.Event
    sent: list[Sent] = field(default_factory=list)
    retries: int = 0

    def work(self, number: int) -> None:
        """Send several side by side, again and again."""
        turn = 0
        while not self.over.is_set():
            turn += 1
            papers = [self._begin(f"{number}.{turn}.{n}") for n in range(AT_ONCE)]
            time.sleep(READING_SECONDS)
            for sent, browser, page in papers:
                self._finish(sent, browser, page)

    def _begin(self, name: str) -> tuple[Sent, Browser, Page]:
        document = make_pdf(name)
        sent = Sent(f"Thử bền {name}", f"Nội dung {name}\ndòng hai “đủ dấu”", digest(document))
        self.sent.append(sent)
        browser = Browser(self.port, random_network())
        page = browser.get(f"{FORM}?loai=complaint")
        values = {"kind": "complaint", "subject": sent.subject, "body": sent.body, "buoc": "xem"}
        files = [("tep", f"anh-{name}.pdf", document)]
        review = browser.submit(page, values, action=FORM, files=files)
        assert f"anh-{name}.pdf" in review.text, "the file was not taken in"
        return sent, browser, review

    def _finish(self, sent: Sent, browser: Browser, page: Page) -> None:
        for _ in range(3):  # a server that could not store says so and keeps the text
            page = browser.submit(page, {"buoc": "gui"}, action=FORM)
            if page.address.endswith("/bien-nhan"):
                break
        self.retries += browser.retries
        found = CODE.search(page.text)
        if page.status == 200 and found:
            sent.code = found[1]


@dataclass
class Newsroom:
    """A writer and a publisher; `published` and `withdrawn` hold what the desk confirmed."""

    writer: Browser
    publisher: Browser
    topic: int
    over: threading.Event
    published: set[int] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)

    def work(self) -> None:
        """Write, submit and publish; take every fourth back again."""
        turn = 0
        while not self.over.is_set():
            turn += 1
            number = self._write(f"Bài thử bền {turn}")
            if number and self._press(number, "/dang", {}):
                self.published.add(number)
                if turn % 4 == 0 and self._press(number, "/go", {"reason": "Gỡ thử"}):
                    self.published.discard(number)
                    self.withdrawn.add(number)

    @property
    def retries(self) -> int:
        return self.writer.retries + self.publisher.retries

    def _write(self, title: str) -> int | None:
        values = {
            "title": title, "summary": "Một câu tóm tắt.", "kind": "guide", "then": "submit",
            "body": f"<h2>Phần một</h2><p>Nội dung của {title}.</p>", "topic_id": str(self.topic),
        }  # fmt: skip
        page = self.writer.submit(self.writer.get(DESK + "moi"), values, action="/moi")
        found = re.search(r"/bai-viet/(\d+)$", page.address)
        assert found, f"{page.status}: {re.findall('field__error.*', page.text)}"
        return int(found[1])

    def _press(self, number: int, verb: str, values: dict[str, str]) -> bool:
        """Whether the desk shows that it is done: pressed now, or by a press without an answer."""
        address = f"{DESK}{number}"
        page = self.publisher.submit(self.publisher.get(address), values, action=verb)
        if page.status == 409:
            page = self.publisher.get(address)
        return page.status == 200 and f'action="{address}{verb}"' not in page.text


def open_newsroom(app: Flask, port: int, over: threading.Event) -> Newsroom:
    """Sign two people in who may write and publish."""
    with app.app_context():
        topic = db.session.scalar(select(Topic.id).order_by(Topic.id).limit(1))
        unit = db.session.scalar(select(Unit.code).order_by(Unit.code).limit(1))
    assert topic is not None
    people = [make_user(app, Role.AUTHOR, unit), make_user(app, Role.PUBLISHER)]
    writer, publisher = (browser_of(app, port, actor) for actor in people)
    return Newsroom(writer, publisher, topic, over)


def browser_of(app: Flask, port: int, actor: Actor) -> Browser:
    """A browser over HTTP with a living session of `actor`."""
    client: FlaskClient = app.test_client()
    sign_in(app, client, actor)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return Browser(port, cookies={cookie.key: cookie.value})


def random_network() -> str:
    return ".".join(str(random.randint(1, 250)) for _ in range(4))


def make_pdf(text: str) -> bytes:
    """A small document of its own; a PDF without author or title is kept byte for byte."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        noise = os.urandom(random.randint(100, 120_000))
        pdf.Root["/Khac"] = pdf.make_stream(text.encode() + noise)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
