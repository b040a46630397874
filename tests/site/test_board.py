"""The notice board: what it shows, how it is set, and that it never says what is not public."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.articles.models import Article
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import SettingsError
from portal.core.settings import ROOT, Settings, current_settings
from portal.core.site_config import Board, load_site_config
from portal.directory.models import Hotline
from portal.site import board
from tests.support.queries import count_queries


def with_board(settings: Settings, **values: object) -> Settings:
    return replace(settings, site=replace(settings.site, board=Board(**values)))  # type: ignore[arg-type]


def slides(app: Flask, **values: object) -> list[board.Slide]:
    with app.app_context():
        return board.slides(db.session(), with_board(current_settings(), **values))


def test_pinned_articles_then_decisions_then_numbers(app: Flask) -> None:
    kinds = [slide.kind for slide in slides(app)]
    assert kinds == sorted(kinds, key=["article", "decision", "hotlines"].index)
    assert set(kinds) == {"article", "decision", "hotlines"}
    with app.app_context():
        pinned = {a.slug for a in db.session.query(Article).filter(Article.pinned)}
    shown = {s.path.removeprefix("/bai-viet/") for s in slides(app) if s.kind == "article"}
    assert shown == pinned


def test_the_newest_articles_when_nobody_pinned(app: Flask) -> None:
    with app.app_context(), write() as session:
        session.query(Article).update({"pinned": False})
    found = [s.subject for s in slides(app, articles=5) if s.kind == "article"]
    hours = [article.publish_at for article in found]
    assert len(found) == 5
    assert hours == sorted(hours, reverse=True)


def test_what_is_not_public_is_not_shown(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), write() as session:
        article = session.query(Article).filter(Article.pinned).first()
        article.title, article.publish_at = "Bài chưa tới giờ", clock.now() + timedelta(days=1)
        line = session.query(Hotline).filter(Hotline.phone != "").first()
        line.name, line.removed_at = "Số đã gỡ", clock.now()
    text = client.get("/bang-tin").get_data(as_text=True)
    assert "Bài chưa tới giờ" not in text
    assert "Số đã gỡ" not in text


def test_parts_and_order_are_the_agencys(app: Flask) -> None:
    kinds = [s.kind for s in slides(app, show=("hotlines", "articles"), articles=1)]
    assert kinds[-1] == "article"
    assert kinds.count("article") == 1
    assert "decision" not in kinds


def test_numbers_are_spread_evenly_and_all_shown(app: Flask) -> None:
    rows = [s.rows for s in slides(app, show=("hotlines",))]
    with app.app_context():
        lines = [h for h in db.session.query(Hotline) if h.phone and h.removed_at is None]
    assert sum(map(len, rows)) == len(lines)
    assert max(map(len, rows)) <= board.LINES
    assert max(map(len, rows)) - min(map(len, rows)) <= 1


def test_an_empty_portal_still_has_a_board(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), write() as session:
        session.query(Article).update({"pinned": False, "publish_at": None, "state": "draft"})
        session.query(Hotline).update({"removed_at": clock.now()})
    assert [s.kind for s in slides(app, show=("articles", "hotlines"))] == ["welcome"]
    assert [s.kind for s in slides(app, show=())] == ["welcome"]
    assert client.get("/bang-tin").status_code == 200


def test_page_is_sound_leads_nowhere_and_stays_the_same(client: FlaskClient) -> None:
    first = client.get("/bang-tin")
    text = first.get_data(as_text=True)
    assert re.findall(r'<a [^>]*href="([^"]*)"', text) == ["#noi-dung"]
    assert "Set-Cookie" not in first.headers
    assert first.headers["ETag"] == client.get("/bang-tin").headers["ETag"]
    assert '<noscript><meta http-equiv="refresh" content="300"></noscript>' in text
    assert text.count("data:image/svg+xml") == text.count("data-slide ")


def test_query_budget(app: Flask, client: FlaskClient) -> None:
    client.get("/bang-tin")
    with app.app_context(), write() as session:
        session.query(Article).update({"pinned": False})  # the longer way
    with count_queries(app) as statements:
        client.get("/bang-tin")
    assert len(statements) <= 6, "\n\n".join(statements)


@pytest.mark.parametrize(
    "line",
    ['show = ["news"]', 'show = "articles"', "seconds = 1", "seconds = 20.5", "articles = true",
     "decisions = 0", "refresh_minutes = 600", "second = 20"],
)  # fmt: skip
def test_a_wrong_board_stops_the_start(tmp_path: Path, line: str) -> None:
    text = (ROOT / "content" / "site.toml").read_text("utf-8")
    start = text.index("[board]")
    (tmp_path / "site.toml").write_text(f"{text[:start]}[board]\n{line}\n", "utf-8")
    with pytest.raises(SettingsError, match="board"):
        load_site_config(tmp_path / "site.toml")


def test_without_a_section_the_board_has_its_defaults(tmp_path: Path) -> None:
    text = (ROOT / "content" / "site.toml").read_text("utf-8")
    (tmp_path / "site.toml").write_text(text[: text.index("[board]")], "utf-8")
    assert load_site_config(tmp_path / "site.toml").board == Board()
