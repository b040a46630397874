"""The touch screen of a one-stop centre: nothing leads out of it, everything can be reached."""

from __future__ import annotations

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.db import db
from portal.core.web import kiosk
from portal.procedures.facets import LETTERS, letter_of
from portal.procedures.models import Procedure
from tests.support.queries import count_queries

START = "/thu-tuc/?kiosk=1"
FLOW = re.compile(r"^/(thu-tuc/(cong-bo|[\d.]+)?|duong-day-nong/|don-vi/[\w-]+)$")


class Links(HTMLParser):
    """Everything on a page that a finger could follow or send."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []
        self.hidden: list[tuple[str, str]] = []
        self.targets: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag in ("a", "area"):
            self.links.append(a.get("href", ""))
            self.targets += [a["target"]] if "target" in a else []
        if tag == "form":
            self.forms.append(f"{a.get('method', 'get')} {a.get('action')}")
            assert a.get("autocomplete") == "off", "the browser would offer what others typed"
        if tag == "input" and a.get("type") == "hidden":
            self.hidden.append((a["name"], a.get("value", "")))
        assert tag not in ("iframe", "object", "embed", "video", "audio"), tag


def chosen(address: str) -> list[str]:
    """The filters of an address, without which page of the list it is."""
    return [
        name for name, _ in parse_qsl(urlsplit(address).query) if name not in ("kiosk", "trang")
    ]


def test_no_way_leads_out(client: FlaskClient) -> None:
    """Walk through all that can be reached by touch, filters one at a time."""
    seen, waiting = {START}, deque([START])
    while waiting:
        address = waiting.popleft()
        response = client.get(address, check=len(seen) < 60)
        assert response.status_code == 200, address
        page = Links(response.get_data(as_text=True))
        assert page.targets == [], address
        assert set(page.forms) <= {"get /thu-tuc/"}, address
        assert ("kiosk", "1") in page.hidden or not page.forms, address
        for link in page.links:
            if link.startswith("#"):
                continue
            parts = urlsplit(link)
            assert not parts.scheme, f"{address} leads to {link}"
            assert not parts.netloc, f"{address} leads to {link}"
            assert FLOW.match(parts.path), f"{address} leads to {link}"
            assert ("kiosk", "1") in parse_qsl(parts.query), f"{address} forgets kiosk in {link}"
            if link not in seen and len(chosen(link)) <= 1:
                seen.add(link)
                waiting.append(link)
    details = {urlsplit(address).path for address in seen if "/thu-tuc/" in address}
    with client.application.app_context():
        known = db.session.query(Procedure).count()
    assert len(details) >= known * 0.95, "without typing one reaches (almost) every procedure"
    assert "/duong-day-nong/?kiosk=1" in seen
    assert any(address.startswith("/don-vi/") for address in seen)


@pytest.mark.parametrize(
    "address",
    ["/thu-tuc/?kiosk=1&q=giay+phep", "/thu-tuc/?kiosk=1&q=qwzxv", "/thu-tuc/9.999999?kiosk=1",
     "/thu-tuc/?kiosk=1&trang=999", "/thu-tuc/?kiosk=1&trang=0", "/thu-tuc/x/y/z?kiosk=1"],
)  # fmt: skip
def test_searches_and_errors_stay(client: FlaskClient, address: str) -> None:
    page = Links(client.get(address).get_data(as_text=True))
    assert page.links
    for link in page.links:
        assert link.startswith("#") or "kiosk=1" in link, link


def test_redirects_stay(client: FlaskClient) -> None:
    response = client.get("/thu-tuc/1012290?kiosk=1")
    assert response.status_code == 301
    assert response.headers["Location"] == "/thu-tuc/1.012290?kiosk=1"


def test_numbers_stand_as_text(client: FlaskClient) -> None:
    text = client.get("/duong-day-nong/?kiosk=1").get_data(as_text=True)
    assert "tel:" not in text
    assert "mailto:" not in text
    assert re.search(r'class="number tabular">.*?</svg> 115<', text, re.DOTALL)


@pytest.mark.parametrize("path", ["/thu-tuc/1.012290", "/thu-tuc/", "/duong-day-nong/"])
def test_the_way_home_is_the_page_of_everybody(client: FlaskClient, path: str) -> None:
    text = client.get(f"{path}?kiosk=1").get_data(as_text=True)
    assert f'alt="Mã QR của địa chỉ http://127.0.0.1:8000{path}"' in text
    assert "kiosk=1" not in client.get(path).get_data(as_text=True)


def test_a_search_can_be_taken_home_with_its_words(client: FlaskClient) -> None:
    text = client.get("/thu-tuc/?kiosk=1&q=giấy+phép&cap=tinh").get_data(as_text=True)
    words = "q=gi%E1%BA%A5y+ph%C3%A9p&amp;cap=tinh"
    assert f"địa chỉ http://127.0.0.1:8000/thu-tuc/?{words}" in text


def test_words_too_long_for_a_code_are_left_out(client: FlaskClient) -> None:
    text = client.get("/thu-tuc/", query_string={"kiosk": "1", "q": "ấ" * 190}).get_data(True)
    assert 'địa chỉ http://127.0.0.1:8000/thu-tuc/"' in text


def test_pages_outside_the_flow_know_no_kiosk(client: FlaskClient) -> None:
    text = client.get("/phan-anh/?kiosk=1").get_data(as_text=True)
    assert "kiosk=1" not in text.replace("/phan-anh/?kiosk=1", "")
    assert client.get("/thu-tuc/1.012290/qr.svg?kiosk=1").data == (
        client.get("/thu-tuc/1.012290/qr.svg").data
    )


def test_pages_are_cacheable_and_differ_by_address_alone(client: FlaskClient) -> None:
    first, second = client.get(START), client.get(START)
    assert "Set-Cookie" not in first.headers
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["ETag"] != client.get("/thu-tuc/").headers["ETag"]


@pytest.mark.parametrize("path", [START, "/thu-tuc/1.012290?kiosk=1", "/duong-day-nong/?kiosk=1"])
def test_query_budgets(app: Flask, client: FlaskClient, path: str) -> None:
    client.get(path)
    with count_queries(app) as statements:
        client.get(path)
    assert len(statements) <= 5, "\n\n".join(statements)


def test_without_script_it_returns_by_itself(client: FlaskClient) -> None:
    text = client.get("/thu-tuc/1.012290?kiosk=1").get_data(as_text=True)
    assert f'<noscript><meta http-equiv="refresh" content="120; url={START}"></noscript>' in text


@pytest.mark.parametrize(
    ("name", "letter"),
    [("Đăng ký", "dd"), ("Di chuyển", "d"), ("Áp dụng", "a"), ("Ủy quyền", "u"), ("“Cấp", "c"),
     ("02 ảnh", "so"), ("", "so"), ("Ωmega", "so")],
)  # fmt: skip
def test_letters_are_those_of_a_vietnamese_dictionary(name: str, letter: str) -> None:
    assert letter_of(name) == letter
    assert letter in LETTERS


def test_letters_narrow_the_list_of_everybody_too(client: FlaskClient) -> None:
    text = client.get("/thu-tuc/?chu_cai=dd").get_data(as_text=True)
    names = re.findall(r'class="result__title"><a [^>]*>([^<]+)', text)
    assert names
    assert all(name.startswith(("Đ", "đ")) for name in names)


def test_only_views_that_said_so_are_screens(app: Flask) -> None:
    with app.test_request_context("/thu-tuc/?kiosk=1"):
        assert kiosk.is_on()
    with app.test_request_context("/thu-tuc/1.012290/niem-yet?kiosk=1"):
        assert not kiosk.is_on()
    with app.test_request_context("/thu-tuc/?kiosk=yes"):
        assert not kiosk.is_on()
    assert not kiosk.is_on()
