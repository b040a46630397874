"""Standing pages."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import write
from portal.core.settings import ROOT
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
