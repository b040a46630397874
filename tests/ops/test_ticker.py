"""What no request waits for is done by one process at a time, and one fault harms no other job."""

from __future__ import annotations

import fcntl
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.articles.models import Article
from portal.core import clock, mail
from portal.core.db import db, write
from portal.ops import ticker
from portal.ops.content import load_content
from portal.search import service as search
from portal.search.engine import SearchQuery


def test_letters_leave_and_one_fault_harms_no_other_job(app: Flask, instance: Path) -> None:
    def broken() -> None:
        raise RuntimeError

    with app.app_context(), write() as session:
        mail.enqueue(session, "a@vidu.vn", "Chủ đề", "Lời thư")
    assert ticker.tick(app, (broken, mail.deliver_due))
    assert len(list((instance / "outbox").glob("*.eml"))) == 1


def test_only_one_works(app: Flask, instance: Path) -> None:
    with (instance / "ticker.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert not ticker.tick(app)
    assert ticker.tick(app)


def test_scheduled_words_enter_the_index_at_their_hour(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.articles.search import note_change

    with app.app_context():
        load_content(app.extensions["settings"].content)
        search.rebuild()
        hour = clock.now() + timedelta(hours=2)
        with write() as session:
            article = session.query(Article).first()
            article.title, article.publish_at = "Chim hoàng yến đỏ", hour
            note_change(session, article)
        db.session.remove()
        query = SearchQuery("chim hoàng yến đỏ", kinds=["article"], verbatim=True)
        ticker.tick(app)
        assert _titles(query) == []
        monkeypatch.setattr(clock, "now", lambda: hour + timedelta(seconds=1))
        ticker.tick(app)
        assert _titles(query) == ["Chim hoàng yến đỏ"]


def _titles(query: SearchQuery) -> list[str]:
    keys = [int(hit.key) for hit in search.search(query).hits]
    wanted = [a.title for a in db.session.query(Article).filter(Article.id.in_(keys))]
    return [title for title in wanted if "hoàng yến" in title]
