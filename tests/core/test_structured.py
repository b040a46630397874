"""The pieces of structured data that all rooms share, and links to share."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.settings import Settings
from portal.core.web import structured
from portal.core.web.sharing import Card, canonical_address, share_links

HOSTILE = '</script><b>&amp; "x" \u2028\u2029 <!-- ]]>'


@pytest.fixture
def settings(app: Flask) -> Settings:
    found = app.extensions["settings"]
    assert isinstance(found, Settings)
    return found


@given(st.text())
def test_no_text_ends_the_data_block(text: str) -> None:
    markup = str(structured.json_ld([structured.thing("Thing", name=f"x{text}{HOSTILE}")]))
    assert not set(markup) & set("<>&\u2028\u2029")
    assert json.loads(markup)["@graph"][0]["name"] == f"x{text}{HOSTILE}"


def test_what_is_empty_is_not_told_but_zero_is() -> None:
    told = structured.thing("Offer", name="", price=0, description=None, url=[], image={})
    assert told == {"@type": "Offer", "price": 0}


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("0225 3000 000", "+842253000000"),
        ("(0225) 3.000.000", "+842253000000"),
        ("+84 225 3000 000", "+842253000000"),
        ("19009095", "19009095"),
        ("115", "115"),
        ("", ""),
    ],
)
def test_numbers_as_the_world_dials_them(phone: str, dialled: str) -> None:
    assert structured.telephone(phone) == dialled


def test_doubtful_facts_are_not_told() -> None:
    today = clock.today()
    assert structured.is_told("verified", today)
    assert structured.is_told("found", today)
    assert not structured.is_told("unverified", today)
    assert not structured.is_told("", today)
    assert not structured.is_told("verified", None)
    assert not structured.is_told("verified", today - timedelta(days=181))


def test_area_comes_from_the_peoples_committee(settings: Settings) -> None:
    def area(name: str, parent: str) -> str | None:
        agency = replace(settings.site.agency, name=name, parent=parent)
        found = structured.area(replace(settings, site=replace(settings.site, agency=agency)))
        return found["name"] if found else None

    assert area("Sở Y tế", "UBND thành phố Hải Phòng") == "Thành phố Hải Phòng"
    assert area("Ủy ban nhân dân xã Thanh Hà", "UBND thành phố Hải Phòng") == "Xã Thanh Hà"
    assert area("Sở Y tế", "Bộ Nội vụ") is None


def test_breadcrumbs_begin_at_home_and_leave_the_page_itself_open(settings: Settings) -> None:
    made = structured.breadcrumb_list(settings, [("Thủ tục", "/thu-tuc/"), ("Mã 1", None)])
    assert [(step["position"], step["name"], step.get("item")) for step in
            made["itemListElement"]] == [
        (1, "Trang chủ", "http://127.0.0.1:8000/"),
        (2, "Thủ tục", "http://127.0.0.1:8000/thu-tuc/"),
        (3, "Mã 1", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/thu-tuc/", "/thu-tuc/"),
        ("/thu-tuc/?q=x&trang=3&linh_vuc=y", "/thu-tuc/?trang=3"),
        ("/thu-tuc/?trang=1", "/thu-tuc/"),
        ("/thu-tuc/?trang=%22%3E", "/thu-tuc/"),
        ("/bai-viet/%22%3E%3Cb", "/bai-viet/%22%3E%3Cb"),
        ("/bai-viet/đường", "/bai-viet/%C4%91%C6%B0%E1%BB%9Dng"),
    ],
)
def test_canonical_address_drops_filters_and_keeps_the_page(
    app: Flask, asked: str, canonical: str
) -> None:
    with app.test_request_context(asked):
        assert canonical_address() == f"http://127.0.0.1:8000{canonical}"


def test_share_links_carry_the_address_whole(settings: Settings) -> None:
    address, title = "https://a.vn/thu-tuc/1.0?x=1&y=ă+b#c", 'Đổi "thẻ" & giấy\r\nBcc: x@y.vn'
    links = {link.name: link.address for link in share_links(settings, address, title)}
    assert list(links) == ["Zalo", "Facebook", "Thư điện tử"]
    packed = parse_qs(urlsplit(links["Zalo"]).query)["d"][0]
    assert json.loads(base64.b64decode(packed)) == {"url": address}
    assert parse_qs(urlsplit(links["Facebook"]).query) == {"u": [address]}
    mail = urlsplit(links["Thư điện tử"])
    assert (mail.scheme, mail.path) == ("mailto", "")
    assert parse_qs(mail.query) == {"subject": [title], "body": [f"{title}\n{address}"]}


def test_agency_chooses_its_networks(settings: Settings) -> None:
    sharing = replace(settings.site.sharing, networks=())
    without = replace(settings, site=replace(settings.site, sharing=sharing))
    assert [link.name for link in share_links(without, "https://a.vn/", "x")] == ["Thư điện tử"]


def test_address_of_a_picture_changes_with_what_is_drawn(settings: Settings) -> None:
    card = Card("thu-tuc", "1.012290", "Thủ tục", "Cấp lại")
    paths = {
        card.path(settings),
        replace(card, title="Cấp mới").path(settings),
        replace(card, label="Bài").path(settings),
        card.path(replace(settings, base_url="https://khac.vn")),
    }
    assert len(paths) == 4
    assert all(path.startswith("/anh-chia-se/thu-tuc/1.012290.png?v=") for path in paths)
