"""What pages tell those who pass them on, and search engines, on the shipped content."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.articles.models import Article
from portal.core import clock
from portal.core.db import db, write
from portal.directory.models import Hotline, Unit
from portal.feedback.models import Feedback, Kind
from portal.feedback.states import State
from portal.pages.models import Page
from portal.procedures.models import Procedure
from tests.support.json_ld import head_of, things_of

BASE = "http://127.0.0.1:8000"
HOSTILE = "Đổi </script><b onload=\"x\">thẻ</b> & 'giấy'"
SILENT = [
    "/tim-kiem", "/tim-kiem?q=giay", "/thu-tuc/?q=giay", "/thu-tuc/?linh_vuc=duoc-pham",
    "/phan-anh/?q=ho-so", "/phan-anh/gui", "/phan-anh/tra-cuu", "/phan-anh/bien-nhan",
    "/thu-tuc/1.012290/niem-yet", "/dang-nhap", "/khong-co-trang-nay",
    "/tai-khoan/kich-hoat/khong-con",
]  # fmt: skip
MakeAnswer = Callable[..., str]


@pytest.fixture
def answer(app: Flask) -> MakeAnswer:
    """`answer(kind, subject=...)`: a published item; its public id."""

    def make(kind: Kind = Kind.QUESTION, subject: str = "Giấy phép bị mất") -> str:
        moment, public_id = clock.now(), f"cau-{kind.value}"
        with app.app_context(), write() as session:
            session.add(
                Feedback(
                    public_id=public_id, code_hmac=kind.value, form_key=kind.value,
                    text_hash=kind.value, kind=kind.value, subject="Tên riêng Nguyễn Mật",
                    body="Tôi là Nguyễn Mật", state=State.ANSWERED.value, received_at=moment,
                    due_on=moment.date(), answer="Chào ông Mật", answered_at=moment,
                    public_subject=subject, public_question="Tôi mất giấy phép.\nNộp ở đâu?",
                    public_answer="Bạn nộp\ntrực tuyến.", published_at=moment,
                )
            )  # fmt: skip
        return f"/phan-anh/{public_id}"

    return make


def page_of(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.get_data(as_text=True)


def test_every_public_page_tells_what_it_is(client: FlaskClient, answer: MakeAnswer) -> None:
    """One page of each kind in the site map; the others differ only in their texts."""
    answer()
    root = ET.fromstring(client.get("/sitemap.xml").get_data())
    places = [p.text or "" for p in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    kinds = {re.sub(r"[^/]+$", "*", place): place for place in places if not place.endswith("/")}
    kinds |= {place: place for place in places if place.endswith("/")}
    kinds["topic"] = f"{BASE}/cai-cach-hanh-chinh/huong-dan/"
    kinds["unit"] = f"{BASE}/don-vi/cdc"
    assert len(kinds) > 10
    for place in kinds.values():
        markup = page_of(client, place.removeprefix(BASE))
        meta, links = head_of(markup)
        assert links["canonical"] == meta["og:url"] == place
        assert meta["og:locale"] == "vi_VN"
        assert meta["og:site_name"] == "Cổng Cải cách hành chính, Sở Y tế Hải Phòng"
        assert meta["og:title"]
        assert meta["og:description"] == meta["description"] != ""
        assert meta["og:type"] in ("website", "article")
        assert meta["twitter:card"] == "summary_large_image"
        assert meta["og:image:alt"]
        picture = client.get(meta["og:image"].removeprefix(BASE))
        assert picture.mimetype == meta["og:image:type"] == "image/png"
        assert "immutable" in picture.headers["Cache-Control"]
        things = things_of(markup)
        assert place == f"{BASE}/" or "BreadcrumbList" in things, place
        assert "robots" not in meta


@pytest.mark.parametrize("path", SILENT)
def test_private_and_passing_pages_tell_nothing(client: FlaskClient, path: str) -> None:
    markup = client.get(path).get_data(as_text=True)
    meta, links = head_of(markup)
    assert meta["robots"].startswith("noindex")
    assert [name for name in meta if name.startswith(("og:", "article:", "twitter:"))] == []
    assert "canonical" not in links
    assert things_of(markup) == {}


def test_breadcrumbs_for_machines_are_those_for_people(client: FlaskClient) -> None:
    markup = page_of(client, "/bai-viet/tra-cuu-thu-tuc")
    shown = re.search(r'<nav class="breadcrumbs".*?</nav>', markup, re.DOTALL)
    assert shown
    seen = re.findall(r'<li>(?:<a href="([^"]+)">|<span aria-current="page">)([^<]+)', shown[0])
    told = things_of(markup)["BreadcrumbList"]["itemListElement"]
    assert [(step.get("item", "").removeprefix(BASE), step["name"]) for step in told] == seen


def test_home_tells_the_agency_and_how_to_search(client: FlaskClient) -> None:
    markup = page_of(client, "/")
    things = things_of(markup)
    agency, site = things["GovernmentOrganization"], things["WebSite"]
    assert agency["name"] == "Sở Y tế thành phố Hải Phòng"
    assert agency["parentOrganization"]["name"] == "UBND thành phố Hải Phòng"
    assert "address" not in agency, "the address is marked as unverified"
    assert "telephone" not in agency
    assert site["publisher"] == {"@id": agency["@id"]}
    template = site["potentialAction"]["target"]["urlTemplate"].removeprefix(BASE)
    assert client.get(template.replace("{search_term_string}", "giay+phep")).status_code == 200


def test_only_own_lines_that_are_sure_become_contact_points(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), write() as session:
        for key, phone, certainty, scope in (
            ("chac", "0225 3000 001", "verified", "agency"),
            ("ngo", "0225 3000 002", "unverified", "agency"),
            ("chung", "0225 3000 003", "verified", "national"),
        ):
            session.add(
                Hotline(
                    key=key, name=f"Đường dây {key}", purposes=["procedures"], phone=phone,
                    certainty=certainty, scope=scope, checked_on=clock.today(), unit_code="cdc",
                )
            )  # fmt: skip
    for path in ("/duong-day-nong/", "/don-vi/cdc"):
        told = things_of(page_of(client, path))["GovernmentOrganization"]["contactPoint"]
        assert [point["telephone"] for point in told] == ["+842253000001"]
        assert told[0]["contactType"] == "customer service"


def test_unit_is_part_of_the_agency_and_hides_what_is_unsure(
    app: Flask, client: FlaskClient
) -> None:
    def told(certainty: str) -> dict[str, object]:
        with app.app_context(), write() as session:
            unit = session.query(Unit).filter_by(code="cdc").one()
            unit.certainty, unit.checked_on = certainty, clock.today()
            unit.phone, unit.address, unit.email = "0225 3000 000", "21 Lê Đại Hành", "c@vidu.vn"
        return things_of(page_of(client, "/don-vi/cdc"))["GovernmentOrganization"]

    sure, unsure = told("verified"), told("unverified")
    assert sure["parentOrganization"]["@id"] == f"{BASE}/#co-quan"  # type: ignore[index]
    assert sure["telephone"] == "+842253000000"
    assert sure["address"] == {
        "@type": "PostalAddress", "streetAddress": "21 Lê Đại Hành", "addressCountry": "VN",
    }  # fmt: skip
    assert {"telephone", "address", "email"} & set(unsure) == set()
    assert unsure["name"] == sure["name"]


def test_article_is_news_of_the_agency(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        article = db.session.query(Article).filter_by(slug="tra-cuu-thu-tuc").one()
    markup = page_of(client, article.url)
    news, (meta, _) = things_of(markup)["NewsArticle"], head_of(markup)
    assert news["headline"] == article.title == meta["og:title"]
    assert news["datePublished"] == meta["article:published_time"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", news["datePublished"])
    assert news["dateModified"] == meta["article:modified_time"]
    assert meta["og:type"] == "article"
    assert news["publisher"]["logo"]["url"] == f"{BASE}/static/img/apple-touch-icon.png"
    assert news["image"][-1]["url"] == meta["og:image"]
    assert news["articleSection"] == meta["article:section"] == "Hướng dẫn thực hiện thủ tục"
    assert news["wordCount"] > 100
    assert news["author"]["@type"] == "GovernmentOrganization"


@pytest.mark.parametrize("kind", list(Kind))
def test_published_answer_is_a_faq_when_it_was_a_question(
    client: FlaskClient, answer: MakeAnswer, kind: Kind
) -> None:
    path = answer(kind)
    markup = page_of(client, path)
    things = things_of(markup)
    assert "QAPage" not in things, "nobody but the agency can answer"
    assert ("FAQPage" in things) is (kind is Kind.QUESTION)
    if kind is Kind.QUESTION:
        [question] = things["FAQPage"]["mainEntity"]
        assert question["name"] == "Tôi mất giấy phép. Nộp ở đâu?"
        assert question["acceptedAnswer"]["text"] == "Bạn nộp\ntrực tuyến."
    assert "Mật" not in markup, "the citizen's own words are not the public copy"


def test_list_of_answers_is_no_faq(client: FlaskClient, answer: MakeAnswer) -> None:
    answer()
    assert set(things_of(page_of(client, "/phan-anh/"))) == {"BreadcrumbList"}


def test_hostile_titles_stay_texts(app: Flask, client: FlaskClient, answer: MakeAnswer) -> None:
    with app.app_context(), write() as session:
        session.query(Article).filter_by(slug="tra-cuu-thu-tuc").one().title = HOSTILE
        session.query(Procedure).filter_by(code="1.012290").one().name = HOSTILE
        session.query(Unit).filter_by(code="cdc").one().name = HOSTILE
        session.query(Page).filter_by(slug="gioi-thieu").one().title = HOSTILE
    paths = ("/bai-viet/tra-cuu-thu-tuc", "/thu-tuc/1.012290", "/don-vi/cdc", "/trang/gioi-thieu")
    for path in (*paths, answer(subject=HOSTILE)):
        markup = page_of(client, path)
        assert head_of(markup)[0]["og:title"] == HOSTILE
        named = things_of(markup)
        names = {thing.get("headline") or thing.get("name") for thing in named.values()}
        assert path == "/trang/gioi-thieu" or HOSTILE in names
        assert "</script><b" not in markup


def test_share_links_stand_where_there_is_something_to_share(
    client: FlaskClient, answer: MakeAnswer
) -> None:
    for path in ("/bai-viet/tra-cuu-thu-tuc", "/thu-tuc/1.012290", answer()):
        markup = page_of(client, path)
        assert f'data-copy="{BASE}{path}"' in markup
        for button in re.findall(r"<button[^>]*data-(?:copy|share)=[^>]*>", markup):
            assert " hidden" in button, "without JavaScript it could do nothing"
        assert "button-share.zalo.me/share_external?d=" in markup
        assert "facebook.com/sharer/sharer.php?u=http%3A%2F%2F127.0.0.1%3A8000%2F" in markup
        assert re.search(r'href="mailto:\?subject=[^"+ ]+&amp;body=[^"+ ]+"', markup)
        assert not re.search(r"<(?:script|img|iframe|link)[^>]*(?:zalo|facebook)\.", markup)
