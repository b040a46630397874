"""After signing in people land on this host, on a page that can be read, or at the desk."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.next_page import safe_next

OWN = "/ban-lam-viec/tai-khoan/cua-toi"
TRICKS = [
    "", " ", "x", "tai-khoan", "./ban-lam-viec/", "../", "?q=1", "#", ";", "//", "///", "////x",
    "//evil.example", "//evil.example/ban-lam-viec/", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
    "\t//evil.example", " //evil.example", "\x00//evil.example", "/\x0b/evil.example",
    "https://evil.example", "HTTPS://evil.example", "https:evil.example", "https:/evil.example",
    "https:///evil.example", "http:\\\\evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@evil.example",
    "http://127.0.0.1:8000" + OWN, "//127.0.0.1" + OWN, "http://localhost@evil.example/",
    "//localhost@evil.example/", "/@evil.example", "/%2f%2fevil.example", "/%2fevil.example",
    "/%5cevil.example", "/%5c%5cevil.example", "/%252f%252fevil.example", "/%09/evil.example",
    "/%0d%0aLocation:%20https://evil.example", "/%00", "/.//evil.example", "/..//evil.example",
    "/%2e%2e//evil.example", "/ban-lam-viec/../../evil", "/ban-lam-viec/%2e%2e/dang-xuat",
    "／／evil.example", "/\u2028/evil.example", "/\u00a0/evil.example", "//\u3002evil", "/%ff",
    OWN + "\r\nSet-Cookie: a=b", OWN + "#javascript:alert(1)", OWN + "\\", "http:" + OWN,
    "/dang-xuat", "/dang-nhap", "/dang-nhap?next=//evil.example", "/tai-khoan/quen-mat-khau",
    "/tai-khoan/kich-hoat/abc", "/static/js/site.js", "/ban-lam-viec/tai-khoan/cua-toi/mat-khau",
    "/ban-lam-viec/tai-khoan/1/khoa", "/khong-co-trang-nay", "/ban-lam-viec/tai-khoan",
    "http://[::1", "//[::1]/", OWN + "?" + "a" * 1000, "/" + "%25" * 10 + "2f",
]  # fmt: skip


@pytest.mark.parametrize("target", TRICKS)
def test_tricks_lead_nowhere(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert safe_next(target) is None


@pytest.mark.parametrize(
    "target",
    [
        OWN,
        OWN + "?trang=2",
        "/ban-lam-viec/tai-khoan/?q=Nguy%E1%BB%85n+V%C4%83n&vai_tro=author",
        "/ban-lam-viec/tai-khoan/?q=http://vidu.vn/",
        "/ban-lam-viec/nhat-ky/?tu_ngay=01/02/2026",
    ],
)
def test_honest_pages_are_kept(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert safe_next(target) == target


def test_nothing_asked(app: Flask) -> None:
    with app.test_request_context():
        assert safe_next(None) is None


@given(
    st.text("/\\:.@?#%25feEcCjs\t\n hot-\u3002", max_size=30)
    | st.from_regex(r"[/\\]{1,3}[a-z.@:%0-9]{0,12}/?ban-lam-viec/", fullmatch=True)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
def test_whatever_is_accepted_is_a_path_of_ours(app: Flask, target: str) -> None:
    with app.test_request_context():
        found = safe_next(target)
    assert found is None or (found.startswith("/") and found[1:2] not in ("/", "\\"))
