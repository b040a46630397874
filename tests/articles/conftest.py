"""Articles, topics and people for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.accounts.permissions import Actor, Role
from portal.articles import service
from portal.articles.drafts import Draft
from portal.articles.models import Article, Topic
from portal.articles.states import State
from portal.core import clock
from portal.core.db import db, write
from portal.directory.models import Unit
from tests.support.staff import make_user, sign_in

MakeArticle = Callable[..., int]
MakeDraft = Callable[..., Draft]


@dataclass(frozen=True)
class People:
    """Who works on articles in tests."""

    author: Actor
    editor: Actor
    stranger: Actor
    publisher: Actor
    second: Actor
    auditor: Actor
    officer: Actor


@pytest.fixture
def topics(app: Flask) -> dict[str, int]:
    """Three topics, the last below the second; their ids by slug."""
    with app.app_context(), write() as session:
        rows = [
            Topic(slug="huong-dan", name="Hướng dẫn", position=1),
            Topic(slug="chuyen-doi-so", name="Chuyển đổi số", position=2),
            Topic(slug="y-te-so", name="Y tế số", position=3, parent_slug="chuyen-doi-so"),
        ]
        session.add_all(rows)
        session.add(Unit(code="cdc", name="Trung tâm Kiểm soát bệnh tật", kind="center"))
        session.add(Unit(code="vp", name="Văn phòng", kind="office"))
        session.flush()
        return {row.slug: row.id for row in rows}


@pytest.fixture
def make_article(app: Flask, topics: dict[str, int]) -> MakeArticle:
    """`make_article(slug, state=..., **columns)`: an article straight in the table; its id."""

    def make(slug: str, state: State = State.APPROVED, **columns: Any) -> int:
        moment = clock.now() - timedelta(hours=1)
        values: dict[str, Any] = {
            "title": f"Bài {slug}",
            "summary": "Tóm tắt của bài.",
            "body": "<p>Nội dung của bài.</p>",
            "kind": "news",
            "topic_id": topics["huong-dan"],
            "unit_code": "cdc",
            "publish_at": moment if state in (State.APPROVED, State.WITHDRAWN) else None,
            "withdrawn_at": clock.now() if state == State.WITHDRAWN else None,
        }
        with app.app_context(), write() as session:
            article = Article(slug=slug, state=state.value, **{**values, **columns})
            session.add(article)
            session.flush()
            return article.id

    return make


@pytest.fixture(autouse=True)
def noise(make_article: MakeArticle) -> None:
    """Articles that no reader may see, in every test."""
    later = clock.now() + timedelta(days=3)
    make_article("an-nhap", State.DRAFT, title="Bản nháp ẩn")
    make_article("an-cho-duyet", State.SUBMITTED, title="Chờ duyệt ẩn")
    make_article("an-tra-lai", State.RETURNED, title="Trả lại ẩn")
    make_article("an-hen-gio", title="Hẹn giờ ẩn", publish_at=later)
    make_article("an-da-go", State.WITHDRAWN, title="Đã gỡ ẩn", withdrawn_reason="Sai số liệu.")


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Move the portal's clock."""

    def move(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return move


@pytest.fixture
def people(app: Flask, topics: dict[str, int]) -> People:
    """An author, an editor and an author of another unit, two publishers, an auditor."""
    return People(
        author=make_user(app, Role.AUTHOR, "cdc"),
        editor=make_user(app, Role.UNIT_EDITOR, "cdc"),
        stranger=make_user(app, Role.AUTHOR, "vp"),
        publisher=make_user(app, Role.PUBLISHER),
        second=make_user(app, Role.PUBLISHER),
        auditor=make_user(app, Role.AUDITOR),
        officer=make_user(app, Role.FEEDBACK_OFFICER),
    )


@pytest.fixture
def draft(topics: dict[str, int]) -> Callable[..., Draft]:
    """`draft(title=...)`: a complete one of the CDC."""

    def make(**changes: Any) -> Draft:
        values: dict[str, Any] = {
            "title": "Nộp hồ sơ qua mạng",
            "summary": "Ba bước nộp hồ sơ tại nhà.",
            "body": "<p>Bước một.</p>",
            "topic_id": topics["huong-dan"],
            "unit_code": "cdc",
        }
        return Draft(**{**values, **changes})

    return make


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    """`browser(people.author)`: a browser in which that person is signed in."""

    def enter(actor: Actor) -> FlaskClient:
        client = app.test_client()
        sign_in(app, client, actor)
        return client

    return enter


def submitted(people: People, draft: MakeDraft, **changes: object) -> int:
    """An article that its author has handed in, at version 2."""
    number = service.create(people.author, draft(**changes))
    service.submit(people.author, number, 1)
    return number


def published(people: People, draft: MakeDraft, **changes: object) -> int:
    """An article that readers see, at version 3."""
    number = submitted(people, draft, **changes)
    service.publish(people.publisher, number, 2)
    return number


def load(app: Flask, number: int) -> Article:
    """The article with its parts, detached."""
    with app.app_context():
        query = select(Article).where(Article.id == number)
        return db.session.scalars(
            query.options(
                selectinload(Article.attachments),
                selectinload(Article.tasks),
                selectinload(Article.inline_files),
                selectinload(Article.pending),
            )
        ).one()
