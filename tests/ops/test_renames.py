"""Content that gives a topic or a page a new address: all stays, and the old one leads on."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.articles.models import Topic
from portal.core import clock
from portal.core.db import db, write
from portal.core.settings import ROOT
from portal.evidence.models import EvidenceRecord, EvidenceTopic
from portal.ops.content import load_content
from portal.pages.models import Page
from portal.plan.models import PlanTask


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The shipped topics, plans and pages, free to change; articles and the rest stay out."""
    folder = tmp_path / "content"
    folder.mkdir()
    for name in ("site.toml", "topics.yaml", "units.yaml"):
        shutil.copy(ROOT / "content" / name, folder)
    site = (folder / "site.toml").read_text("utf-8")
    site = re.sub(r"popular_procedures = .*", "popular_procedures = []", site)
    (folder / "site.toml").write_text(site, "utf-8")
    for name in ("plans", "pages"):
        shutil.copytree(ROOT / "content" / name, folder / name)
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def load(app: Flask, content: Path) -> list[str]:
    with app.app_context():
        return [str(fault) for fault in load_content(content).faults]


def test_a_topic_goes_on_under_its_new_address(
    app: Flask, content: Path, client: FlaskClient
) -> None:
    assert load(app, content) == []
    with app.app_context(), write() as session:
        number = session.scalars(select(Topic.id).where(Topic.slug == "huong-dan")).one()
        record = EvidenceRecord(kind="event", title="Hội nghị", day=clock.today())
        record.topics = [EvidenceTopic(topic_slug="huong-dan")]
        session.add(record)
    renamed = "- slug: huong-dan-thu-tuc\n  former: [huong-dan]\n"
    change(content / "topics.yaml", "- slug: huong-dan\n", renamed)
    for plan in (content / "plans").iterdir():
        change(plan, "huong-dan", "huong-dan-thu-tuc")
    assert load(app, content) == []
    answer = client.get("/cai-cach-hanh-chinh/huong-dan/")
    assert (answer.status_code, answer.location) == (301, "/cai-cach-hanh-chinh/huong-dan-thu-tuc/")
    assert client.get(answer.location).status_code == 200
    assert client.get("/cai-cach-hanh-chinh/chua-tung-co/").status_code == 404
    with app.app_context():
        assert db.session.get_one(Topic, number).slug == "huong-dan-thu-tuc", "the same row"
        assert db.session.scalars(select(EvidenceTopic.topic_slug)).all() == ["huong-dan-thu-tuc"]
        topics = [slug for task in db.session.scalars(select(PlanTask)) for slug in task.topics]
        assert "huong-dan" not in topics
    assert load(app, content) == [], "loading again changes nothing"


def test_a_page_goes_on_under_its_new_address(
    app: Flask, content: Path, client: FlaskClient
) -> None:
    assert load(app, content) == []
    page = content / "pages" / "gioi-thieu.md"
    change(page, "slug: gioi-thieu\n", "slug: ve-cong\nformer: [gioi-thieu]\n")
    assert load(app, content) == []
    answer = client.get("/trang/gioi-thieu")
    assert (answer.status_code, answer.location) == (301, "/trang/ve-cong")
    assert client.get("/trang/ve-cong").status_code == 200
    with app.app_context():
        pages = db.session.scalars(select(Page.slug).where(Page.slug.like("%gioi-thieu%"))).all()
        assert pages == []


@pytest.mark.parametrize("wrong", ["[Có Dấu]", "[huong-dan]", "huong-dan-cu"])
def test_what_is_no_former_address_is_a_fault(app: Flask, content: Path, wrong: str) -> None:
    change(
        content / "topics.yaml", "- slug: huong-dan\n", f"- slug: huong-dan\n  former: {wrong}\n"
    )
    faults = load(app, content)
    assert len(faults) == 1
    assert "former" in faults[0]
