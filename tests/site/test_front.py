"""Home, search over everything, feeds: what a reader and a machine get."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.permissions import Role
from portal.articles.models import Article
from portal.core import clock
from portal.core.db import db, write
from portal.core.settings import ROOT
from tests.support.queries import count_queries

PAGES = ["/", "/so-do-trang", "/tim-kiem", "/tim-kiem?q=giay+phep", "/tim-kiem?q=xyzxyzxyz"]
BUDGETS = {
    "/": 7,
    "/thu-tuc/": 5,
    "/thu-tuc/?q=cap+lai+giay+phep": 5,
    "/thu-tuc/1.012290": 8,
    "/cai-cach-hanh-chinh/": 5,
    "/duong-day-nong/": 5,
    "/ke-hoach/": 5,
    "/phan-anh/": 5,
    "/tim-kiem?q=giay+phep": 8,
}


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_sound(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers, "readers carry no cookie"


@pytest.mark.parametrize(("path", "most"), list(BUDGETS.items()))
def test_query_budgets(app: Flask, client: FlaskClient, path: str, most: int) -> None:
    client.get(path)
    with count_queries(app) as statements:
        assert client.get(path).status_code == 200
    assert len(statements) <= most, "\n\n".join(statements)


def test_article_budget(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        slug = db.session.query(Article).first().slug
    client.get(f"/bai-viet/{slug}")
    with count_queries(app) as statements:
        assert client.get(f"/bai-viet/{slug}").status_code == 200
    assert len(statements) <= 5, "\n\n".join(statements)


def test_home_weighs_little_and_calls_no_one(client: FlaskClient) -> None:
    """Everything of a first visit, compressed as nginx does: at most 80 kB."""
    page = client.get("/").get_data()
    assets = {
        path
        for path in re.findall(r'(?:href|src)="((?:/static|/giao-dien|/js)[^"#]+)', page.decode())
        if not path.endswith((".xml",))
    }
    sheets = [p for p in assets if ".css" in p]
    for sheet in sheets:
        text = client.get(sheet).get_data(as_text=True)
        assets |= set(re.findall(r'url\("?(/static[^")]+)', text))
    assets |= {re.sub(r"site\.js$", "suggest.js", a) for a in assets if a.startswith("/js/")}
    total = len(gzip.compress(page))
    for path in assets:
        body = client.get(path).get_data()
        total += (
            len(body)
            if path.split("?")[0].endswith((".woff2", ".png"))
            else len(gzip.compress(body))
        )
    assert total <= 80_000, total


def test_search_without_diacritics_finds_every_kind(client: FlaskClient) -> None:
    page = client.get("/tim-kiem?q=duong+day+nong").get_data(as_text=True)
    assert "Đường dây nóng" in page
    page = client.get("/tim-kiem?q=cap+lai+giay+phep+hanh+nghe").get_data(as_text=True)
    first = re.search(r'class="result__title"><a href="([^"]+)"', page)
    assert first
    assert first[1] in ("/thu-tuc/1.012290", "/thu-tuc/1.012271")


def test_search_says_when_there_is_no_index(client: FlaskClient, instance: Path) -> None:
    shutil.rmtree(instance / "search")
    page = client.get("/tim-kiem?q=giay+phep").get_data(as_text=True)
    assert "Đang lập chỉ mục" in page


@pytest.mark.parametrize(
    "query",
    ["*", "NOT NOT NOT a", "[a TO", "a" * 190, "name:x", '"', "(((", "\\", "^~", "٣", "a b " * 40],
)
def test_hostile_queries_are_words(client: FlaskClient, query: str) -> None:
    assert client.get("/tim-kiem", query_string={"q": query}).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999999999", "1.5", "٣"])
def test_absurd_page_numbers_are_400(client: FlaskClient, number: str) -> None:
    assert client.get("/tim-kiem", query_string={"q": "a", "trang": number}).status_code == 400


def test_feed_is_atom_with_addresses_of_the_settings(client: FlaskClient) -> None:
    root = ET.fromstring(client.get("/feed.xml", headers={"Host": "127.0.0.1"}).get_data())
    atom = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{atom}entry")
    assert entries
    for entry in entries:
        link = entry.find(f"{atom}link")
        assert link is not None
        assert link.get("href", "").startswith("http://127.0.0.1:8000/bai-viet/")
    assert root.find(f"{atom}updated") is not None


def test_sitemap_lists_what_answers(client: FlaskClient) -> None:
    root = ET.fromstring(client.get("/sitemap.xml").get_data())
    places = [
        node.text or "" for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    paths = [place.removeprefix("http://127.0.0.1:8000") for place in places]
    assert len(paths) == len(set(paths)) > 214
    for path in paths[:12] + paths[-12:]:
        assert client.get(path).status_code == 200, path


def test_robots_keep_out_of_private_pages(client: FlaskClient) -> None:
    text = client.get("/robots.txt").get_data(as_text=True)
    assert "Disallow: /ban-lam-viec" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text


def test_opensearch_points_here(client: FlaskClient) -> None:
    root = ET.fromstring(client.get("/opensearch.xml").get_data())
    url = root.find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url is not None
    assert url.get("template") == "http://127.0.0.1:8000/tim-kiem?q={searchTerms}"


def test_publication_reaches_home_and_feed_without_restart(app: Flask, client: FlaskClient) -> None:
    assert "Bài vừa lên" not in client.get("/").get_data(as_text=True)
    with app.app_context(), write() as session:
        article = session.query(Article).filter(Article.pinned.is_(False)).first()
        article.title, article.publish_at = "Bài vừa lên", clock.now()
    assert "Bài vừa lên" in client.get("/").get_data(as_text=True)
    assert "Bài vừa lên" in client.get("/feed.xml").get_data(as_text=True)


@pytest.mark.parametrize("role", list(Role))
def test_today_page_for_every_role(staff, role: Role) -> None:
    browser, _ = staff(role, unit="cdc")
    response = browser.get("/ban-lam-viec/")
    assert response.status_code == 200
    for path in re.findall(r'class="tile[^"]*" href="([^"]+)"', response.get_data(as_text=True)):
        assert browser.get(path.replace("&amp;", "&")).status_code == 200, path


def test_second_agency_needs_content_alone(tmp_path: Path) -> None:
    """Nothing of the first agency shows on the commune's pages."""
    from portal.app import create_app
    from portal.core.settings import load_settings
    from portal.ops import prepare
    from tests.support.pages import PageClient

    content = ROOT / "content-examples" / "xa-thanh-ha"
    settings = load_settings(
        {"PORTAL_INSTANCE": str(tmp_path / "i"), "PORTAL_CONTENT": str(content)}
    )
    app = create_app(settings)
    app.test_client_class = PageClient
    with app.app_context():
        db.metadata.create_all(db.engine)
        prepare.content(settings, lambda _: None)
        prepare.index(lambda _: None)
    client = app.test_client()
    for path in ("/", "/thu-tuc/", "/duong-day-nong/", "/ke-hoach/", "/phan-anh/", "/so-do-trang",
                 "/cai-cach-hanh-chinh/", "/phan-anh/gui", "/tim-kiem?q=tro+cap"):  # fmt: skip
        page = client.get(path).get_data(as_text=True)
        assert "Thanh Hà" in page
        assert "Sở Y tế Hải Phòng" not in page, path
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_home_leads_to_the_very_decision(client: FlaskClient) -> None:
    anchors = re.findall(r'href="/thu-tuc/cong-bo#([^"]+)"', client.get("/").get_data(as_text=True))
    page = client.get("/thu-tuc/cong-bo").get_data(as_text=True)
    assert anchors
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []
