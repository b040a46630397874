"""Versions of an article: any two compared, each of them a way back, none from an autosave."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.articles import autosaves, service
from portal.articles.autosaves import Item, Page
from portal.articles.states import State
from portal.core.audit import AuditEntry
from portal.core.db import db
from tests.articles.conftest import MakeDraft, People, load

HOME = "/ban-lam-viec/bai-viet/"


@pytest.fixture
def number(app: Flask, people: People, draft: MakeDraft) -> int:
    """Three versions; the second changed words, the third the kind of article."""
    with app.app_context():
        made = service.create(people.author, draft(body="<p>Nộp trong 15 ngày.</p>"))
        service.save(people.editor, made, 1, draft(body="<p>Nộp trong 10 ngày.</p>"))
        third = draft(body="<p>Nộp trong 10 ngày.</p>", kind="guide", title="Tên mới")
        service.save(people.author, made, 2, third)
        return made


def shown(client: FlaskClient, number: int, query: str) -> str:
    page = client.get(f"{HOME}{number}/lich-su/so-sanh{query}")
    assert page.status_code == 200
    return re.sub(r'<span class="visually-hidden">.*?</span>', "", page.text)


def test_any_two_are_compared(people: People, number: int, browser) -> None:
    client = browser(people.author)
    assert "so-sanh" in client.get(f"{HOME}{number}/lich-su").text
    first = shown(client, number, "?tu=1&den=2")
    assert "<del>15</del>" in first
    assert "<ins>10</ins>" in first
    assert "Loại bài" not in first
    both = shown(client, number, "?tu=1&den=3")
    assert "<del>15</del>" in both
    for words in ("Loại bài", "Tin", "Hướng dẫn", "Tên mới"):
        assert words in both
    back = shown(client, number, "?tu=3&den=1")
    assert "<ins>15</ins>" in back, "in any order"


@pytest.mark.parametrize("query", ["", "?tu=x&den=-1", "?tu=99&den=2147483648", "?den=0"])
def test_odd_numbers_show_the_last_change(people: People, number: int, browser, query: str) -> None:
    page = shown(browser(people.author), number, query)
    assert "Hướng dẫn" in page
    assert "<del>15</del>" not in page


def test_one_version_or_none(app: Flask, people: People, browser, draft, make_article) -> None:
    with app.app_context():
        alone = service.create(people.author, draft())
    shown(browser(people.author), alone, "")
    none = make_article("chua-luu", State.DRAFT)
    assert browser(people.editor).get(f"{HOME}{none}/lich-su/so-sanh").status_code == 404


def test_a_version_comes_back_as_a_correction(app: Flask, people: People, number: int) -> None:
    with app.app_context():
        service.submit(people.author, number, 3)
        service.publish(people.publisher, number, 4)
        assert service.restore_revision(people.author, number, 5, 1)
    article = load(app, number)
    assert article.body == "<p>Nộp trong 10 ngày.</p>", "what readers see stays"
    assert article.pending.body == "<p>Nộp trong 15 ngày.</p>"
    assert article.pending.number == 4, "a version of its own"
    with app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last.event == "article.changed"
        assert list(last.changes["revision"]) == [None, 1]


def test_autosaves_are_no_versions(app: Flask, people: People, number: int, browser) -> None:
    with app.app_context():
        for turn in range(1, 30):
            page = Page("trang-mot", turn, 3)
            autosaves.keep(people.author, Item(number), page, {"title": f"Dở {turn}"})
    page = browser(people.author).get(f"{HOME}{number}/lich-su").text
    assert page.count('<th scope="row">') == 3
    assert "Dở" not in page
