"""Texts that were stored under older rules are cleaned by the present ones."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from portal.articles.cleaning import clean_some
from portal.articles.models import Article, ArticleRevision
from portal.articles.references import what_links_here
from portal.core import clock
from portal.core.db import db, write
from portal.core.html import RULES_VERSION
from tests.articles.conftest import MakeArticle


def test_texts_of_before_tell_where_they_lead(app: Flask, make_article: MakeArticle) -> None:
    """Articles stored before references were noted count once the ticker has come by."""
    body = '<p>Đọc <a href="/thu-tuc/1.012290">thủ tục</a>.</p>'
    number = make_article("truoc", body=body, rules_version=1)
    with app.app_context():
        assert what_links_here(db.session(), "procedure", "1.012290") == []
        assert clean_some() == 1
        [found] = what_links_here(db.session(), "procedure", "1.012290")
        assert found.url.endswith(f"/{number}")
        assert clean_some() == 0


def test_old_texts_are_cleaned_once(app: Flask, make_article: MakeArticle) -> None:
    bad = '<p onclick="x">Chữ</p><script>alert(1)</script>'
    number = make_article("cu", body=bad, rules_version=0)
    with app.app_context(), write() as session:
        session.add(
            ArticleRevision(
                article_id=number, number=1, created_at=clock.now(), title="Cũ", summary="",
                body=bad, details={},
            )
        )  # fmt: skip
    runner = app.test_cli_runner()
    assert "1 articles" in runner.invoke(args=["resanitise"]).output
    assert "0 articles" in runner.invoke(args=["resanitise"]).output
    with app.app_context():
        article = db.session.get_one(Article, number)
        bodies = [article.body, db.session.scalars(select(ArticleRevision.body)).one()]
    assert article.rules_version == RULES_VERSION
    for body in bodies:
        assert body.startswith("<p>Chữ</p>")
        assert "script" not in body
