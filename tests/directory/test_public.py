"""The page of hotlines tells the truth about every number."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.support.queries import count_queries


def card(html: str, key: str) -> str:
    found = re.search(rf'<li class="card contact" id="{key}">.*?</li>', html, re.DOTALL)
    assert found, f"no card {key}"
    return found[0]


def test_numbers_can_be_called(directory: Flask, client: FlaskClient) -> None:
    html = client.get("/duong-day-nong/").text
    assert 'href="tel:02253000000"' in card(html, "so-chinh")
    assert "mailto:hoi@vidu.vn" in card(html, "so-chinh")
    assert "đã kiểm chứng" in card(html, "so-chinh")


def test_a_missing_number_is_said_and_another_way_offered(
    directory: Flask, client: FlaskClient
) -> None:
    html = card(client.get("/duong-day-nong/").text, "cdc")
    assert "Cơ quan chưa cung cấp số" in html
    assert "tel:" not in html
    assert "/phan-anh/gui" in html
    assert "chưa kiểm chứng" in html


def test_what_nobody_checked_for_half_a_year_is_marked(
    directory: Flask, client: FlaskClient
) -> None:
    html = client.get("/duong-day-nong/").text
    assert "đã lâu chưa kiểm tra lại" in card(html, "cu")
    assert "đã lâu chưa kiểm tra lại" not in card(html, "so-chinh")


def test_removed_lines_are_gone(directory: Flask, client: FlaskClient) -> None:
    html = client.get("/duong-day-nong/").text
    assert "Số đã gỡ" not in html
    assert "0999" not in html


def test_needs_come_first_and_emergencies_before_all(directory: Flask, client: FlaskClient) -> None:
    html = client.get("/duong-day-nong/").text
    assert (
        html.index("tel:115")
        < html.index("Tôi muốn hỏi về thủ tục")
        < html.index("Toàn quốc".lower())
    )
    needs = html[html.index('class="needs"') : html.index('id="cua-co-quan"')]
    assert "Đường dây so-chinh" in needs
    assert "Tôi muốn hỏi về bảo hiểm y tế" not in needs, "a need that no line serves"


def test_leaders_and_units_are_listed(directory: Flask, client: FlaskClient) -> None:
    tabs = client.get("/duong-day-nong/").text
    assert "/duong-day-nong/?theo=don-vi" in tabs
    html = client.get("/duong-day-nong/?theo=don-vi").text
    html += client.get("/duong-day-nong/?theo=lanh-dao").text
    assert "Lê Thị Thử" in html
    assert "/don-vi/cdc" in html


def test_it_takes_few_statements(directory: Flask, client: FlaskClient) -> None:
    client.get("/duong-day-nong/")
    with count_queries(directory) as statements:
        client.get("/duong-day-nong/")
    assert len(statements) <= 5, statements


def test_an_empty_directory_is_a_page(client: FlaskClient) -> None:
    assert client.get("/duong-day-nong/").status_code == 200


def test_a_unit_has_its_page(directory: Flask, client: FlaskClient) -> None:
    html = client.get("/don-vi/phong-mot").text
    assert "Tiếp dân." in html
    assert "Đường dây so-chinh" in html
    assert "Lê Thị Thử" in html
    assert "Đường dây cdc" not in html
    assert client.get("/don-vi/khong-co").status_code == 404


def test_pages_set_no_cookie(directory: Flask, client: FlaskClient) -> None:
    for path in ("/duong-day-nong/", "/don-vi/cdc"):
        assert "Set-Cookie" not in client.get(path).headers
