"""Standing pages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import write
from portal.core.settings import ROOT, current_settings
from portal.ops.content import load_content
from portal.pages.models import Page
from portal.search import service as search
from portal.search.engine import SearchQuery


def test_a_page_is_shown_and_a_removed_one_is_not(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), write() as session:
        session.add(Page(slug="mot", title="Trang một", summary="Tóm tắt", body="<p>Thân bài</p>"))
        session.add(Page(slug="hai", title="Trang hai", body="", removed_at=clock.now()))
    html = client.get("/trang/mot").text
    assert "<p>Thân bài</p>" in html
    assert "Tóm tắt" in html
    assert client.get("/trang/hai").status_code == 404
    assert client.get("/trang/ba").status_code == 404


def test_every_link_of_the_footer_to_a_page_leads_somewhere(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        assert load_content(ROOT / "content").faults == []
    for slug in ("gioi-thieu", "kha-nang-tiep-can", "quyen-rieng-tu", "dieu-khoan"):
        assert client.get(f"/trang/{slug}").status_code == 200


def test_markup_of_a_page_is_harmless(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), write() as session:
        session.add(Page(slug="mot", title="Trang <b>một</b>", body="<p>x</p>"))
    assert "Trang &lt;b&gt;một&lt;/b&gt;" in client.get("/trang/mot").text


def test_pages_are_found(app: Flask) -> None:
    with app.app_context():
        load_content(ROOT / "content")
        search.rebuild()
        hits = search.search(SearchQuery("quyen rieng tu", kinds=("page",))).hits
    assert hits[0].key == "quyen-rieng-tu"


@pytest.fixture
def agency(tmp_path: Path) -> Path:
    """Content that holds a privacy notice alone."""
    root = tmp_path / "content"
    (root / "pages").mkdir(parents=True)
    for name in ("site.toml", "pages/quyen-rieng-tu.md"):
        shutil.copy(ROOT / "content" / name, root / name)
    site = root / "site.toml"
    text = re.sub(r"(current_plan|popular_procedures) = .*", "", site.read_text("utf-8"))
    site.write_text(text, "utf-8")
    return root


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_what_people_agreed_to_stays(app: Flask, client: FlaskClient, agency: Path) -> None:
    page, words = agency / "pages/quyen-rieng-tu.md", "Không bán, không trao đổi dữ liệu."
    with app.app_context():
        assert load_content(agency).faults == []
        rewrite(page, words, "Có thể bán.")
        faults = [str(fault) for fault in load_content(agency).faults]
        assert len(faults) == 1
        assert "pages/quyen-rieng-tu.md" in faults[0]
        assert "'2026-11'" in faults[0]
    assert words in client.get("/trang/quyen-rieng-tu").text  # nothing was applied
    rewrite(agency / "site.toml", '"2026-11"', '"2027-01"')
    with app.app_context():
        assert load_content(agency).faults == []
    assert "Có thể bán." in client.get("/trang/quyen-rieng-tu").text
    assert "Có thể bán." in client.get("/trang/quyen-rieng-tu/2027-01").text
    assert words in client.get("/trang/quyen-rieng-tu/2026-11").text
    assert "/trang/quyen-rieng-tu/2026-11" in client.get("/trang/quyen-rieng-tu").text
    assert client.get("/trang/quyen-rieng-tu/2026-10").status_code == 404


def test_the_version_that_a_consent_names_can_be_read(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        load_content(ROOT / "content")
        version = current_settings().site.feedback.privacy_notice_version
    assert client.get(f"/trang/quyen-rieng-tu/{version}").status_code == 200
