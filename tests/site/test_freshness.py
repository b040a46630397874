"""The foot of a page says when the content last changed, and costs readers nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from portal.articles.models import Article
from portal.core.db import write
from portal.procedures.models import Procedure
from portal.site import freshness
from tests.support.queries import count_queries

LATER = datetime(2027, 3, 9, 1, 30, tzinfo=UTC)


@pytest.fixture
def changed(app: Flask) -> None:
    with app.app_context(), write() as session:
        session.scalars(select(Procedure)).first().updated_at = LATER  # type: ignore[union-attr]


@pytest.mark.usefixtures("changed")
def test_the_foot_tells_the_newest_change(client: FlaskClient) -> None:
    assert "Nội dung cập nhật lần cuối lúc" in client.get("/").get_data(as_text=True)
    assert f'datetime="{LATER.isoformat()}"' in client.get("/so-do-trang").get_data(as_text=True)


def test_it_is_looked_up_once_in_five_minutes(app: Flask) -> None:
    moments = iter([0.5, 0.5, 100.0, 301.0, 301.0])
    with app.app_context(), count_queries(app) as statements:
        for asked, expected in ((1, 1), (2, 1), (3, 2)):
            freshness.last_change(lambda: next(moments))
            assert len(statements) == expected, asked


def test_what_is_planned_for_later_is_not_told(app: Flask) -> None:
    with app.app_context():
        before = freshness.last_change()
        with write() as session:
            session.execute(update(Article).values(publish_at=LATER))
        freshness.lend(app)
        after = freshness.last_change()
    assert before is not None
    assert after is not None
    assert after < LATER


def test_a_dead_database_takes_nothing_else_along(app: Flask) -> None:
    with app.app_context():
        with write() as session:
            session.execute(text("ALTER TABLE procedure RENAME TO elsewhere"))
        assert freshness.last_change() is None
