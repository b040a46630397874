"""Topics and articles from content files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.articles import loading
from portal.articles.models import Article, ArticleRevision, Topic
from portal.core import clock
from portal.core.content import Report
from portal.core.db import db, write
from portal.core.settings import ROOT
from portal.plan.models import Plan, PlanTask
from portal.search.models import SearchChange

ARTICLE = """---
title: Tra cứu một thủ tục
slug: tra-cuu
summary: Gõ điều bạn cần.
topic: huong-dan
kind: guide
unit: cdc
published_on: 2026-03-09
tasks: ["2026/1"]
sources:
  - title: Nghị định 118
    url: https://vidu.vn/118
---
## Gõ từ khóa

Bằng **lời thường ngày**. <script>alert(1)</script>
"""


@pytest.fixture
def root(tmp_path: Path, app: Flask) -> Path:
    folder = tmp_path / "content"
    (folder / "articles").mkdir(parents=True)
    (folder / "topics.yaml").write_text("- {slug: huong-dan, name: Hướng dẫn, order: 1}\n", "utf-8")
    (folder / "articles" / "a.md").write_text(ARTICLE, "utf-8")
    with app.app_context(), write() as session:
        plan = Plan(
            code="2026", year=2026, title="Kế hoạch", status="draft", goals=[], reporting=[]
        )
        task = PlanTask(number=1, title="Đăng bài", partners=[], topics=[], plan=plan)
        session.add_all([plan, task])
    return folder


def load(app: Flask, root: Path) -> Report:
    report = Report()
    found = loading.read(root, report)
    if not report.faults:
        with app.app_context(), write() as session:
            loading.apply(session, found, report)
    return report


def change(root: Path, old: str, new: str) -> None:
    path = root / "articles" / "a.md"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def one(app: Flask, slug: str = "tra-cuu") -> Article:
    with app.app_context():
        query = select(Article).where(Article.slug == slug).options(selectinload(Article.tasks))
        return db.session.scalars(query).one()


def test_article_is_published_at_eight_of_its_day(app: Flask, root: Path) -> None:
    assert load(app, root).faults == []
    article = one(app)
    assert article.publish_at == datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
    assert article.is_visible
    assert [task.number for task in article.tasks] == [1]
    assert article.sources[0]["url"] == "https://vidu.vn/118"
    assert "<h2>Gõ từ khóa</h2>" in article.body
    assert "<script" not in article.body
    with app.app_context():
        assert db.session.scalars(select(SearchChange.kind)).all() == ["article"]
        assert db.session.scalars(select(ArticleRevision.number)).all() == [1]


def test_loading_again_changes_nothing(app: Flask, root: Path) -> None:
    load(app, root)
    report = load(app, root)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert one(app).version == 1


def test_changed_file_changes_the_article_and_keeps_the_version_before(
    app: Flask, root: Path
) -> None:
    load(app, root)
    change(root, "**lời thường ngày**", "giọng nói")
    assert load(app, root).updated == 1
    article = one(app)
    assert "giọng nói" in article.body
    assert article.version == 2
    assert article.corrected_on is not None
    with app.app_context():
        bodies = db.session.scalars(select(ArticleRevision.body)).all()
    assert ["giọng nói" in body for body in bodies] == [False, True]


def test_tasks_follow_their_file(app: Flask, root: Path) -> None:
    load(app, root)
    change(root, 'tasks: ["2026/1"]\n', "")
    load(app, root)
    assert one(app).tasks == []


def test_what_the_desk_edited_stays(app: Flask, root: Path) -> None:
    load(app, root)
    with app.app_context(), write() as session:
        article = session.scalars(select(Article).where(Article.slug == "tra-cuu")).one()
        article.title, article.edited_at = "Sửa ở bàn làm việc", clock.now()
    change(root, "title: Tra cứu", "title: Tìm")
    report = load(app, root)
    assert report.kept == ["article tra-cuu"]
    assert one(app).title == "Sửa ở bàn làm việc"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: guide", "kind: poem", "none of news"),
        ("published_on: 2026-03-09", "published_on: hôm nay", "not a date"),
        ("url: https://vidu.vn/118", "url: javascript:alert(1)", "not an address"),
        ("slug: tra-cuu", "slug: Tra Cứu", "not of the form"),
        ("unit: cdc", "units: cdc", "unknown entry"),
        ("summary: Gõ điều bạn cần.\n", "", "'summary' is missing"),
        ("  - title: Nghị định 118\n    url", "  - url", "'title' is missing"),
        ("sources:\n  - title: Nghị định 118\n    url", "sources:\n    url", "not a list"),
    ],
)
def test_faults_are_told_with_file_and_line(
    app: Flask, root: Path, old: str, new: str, message: str
) -> None:
    change(root, old, new)
    faults = [str(fault) for fault in load(app, root).faults]
    assert any(message in fault and fault.startswith("articles/a.md:") for fault in faults), faults


def test_topic_below_a_topic_below_is_a_fault(app: Flask, root: Path) -> None:
    (root / "topics.yaml").write_text(
        "- {slug: a, name: A}\n- {slug: b, name: B, parent: a}\n- {slug: c, name: C, parent: b}\n",
        "utf-8",
    )
    assert [fault.line for fault in load(app, root).faults] == [3]


def test_shipped_content_reads_without_fault(app: Flask) -> None:
    report = Report()
    found = loading.read(ROOT / "content", report)
    assert report.faults == []
    assert found.topics
    with app.app_context(), write() as session:
        loading.apply(session, loading.Section(found.topics), report)
        assert len(session.scalars(select(Topic)).all()) == len(found.topics)
