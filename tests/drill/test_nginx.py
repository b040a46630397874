"""The shipped nginx configuration before the shipped gunicorn configuration, abused.

Each test that uses up a limit comes from a loopback address of its own, so that no test stands
in another's way.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.feedback import codes
from portal.ops.error_pages import write_error_pages
from tests.support import wire
from tests.support.proxy import HOST, Proxy
from tests.support.wire import Answer

pytestmark = pytest.mark.slow

ONCE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
STYLE = "/static/css/tokens.css"


def check_headers(answer: Answer, what: str = "") -> None:
    """Every security header once, and nothing that tells versions."""
    for name, value in ONCE.items():
        assert answer.all(name) == [value], f"{what}: {name} is {answer.all(name)}"
    for name in ("Content-Security-Policy", "Referrer-Policy", "Permissions-Policy"):
        assert len(answer.all(name)) == 1, f"{what}: {name} is {answer.all(name)}"
    policy = answer.header("Content-Security-Policy")
    assert policy.startswith("default-src 'none'"), what
    assert not re.search(r"unsafe-|\*|\bhttps?:(?!//www\.youtube-nocookie\.com)", policy), what
    assert "camera=()" in answer.header("Permissions-Policy"), what
    assert answer.header("Referrer-Policy") in ("no-referrer", "strict-origin-when-cross-origin")
    assert answer.all("Server") in ([], ["nginx"]), what
    assert not answer.all("X-Powered-By"), what
    assert not answer.all("Access-Control-Allow-Origin"), what
    if answer.status != 431:  # gunicorn's own refusal, which nobody may keep anyway
        assert len(answer.all("Cache-Control")) == 1, f"{what}: {answer.all('Cache-Control')}"
    assert len(answer.all("Content-Type")) <= 1, what


def is_our_page(answer: Answer, text: str) -> None:
    assert '<html lang="vi">' in answer.text
    assert text in answer.text


def no_content(proxy: Proxy) -> Answer:
    tag = proxy.ask("/phan-anh/").header("ETag")
    return proxy.ask("/phan-anh/", headers={"If-None-Match": tag})


def no_static_content(proxy: Proxy) -> Answer:
    tag = proxy.ask(STYLE).header("ETag")
    return proxy.ask(STYLE, headers={"If-None-Match": tag})


def too_long(path: str, size: int) -> Callable[[Proxy], Answer]:
    return lambda proxy: proxy.ask(path, "POST", headers={"Content-Length": str(size)})


STATUSES: dict[str, tuple[int, Callable[[Proxy], Answer]]] = {
    "page": (200, lambda proxy: proxy.ask("/phan-anh/")),
    "static file": (200, lambda proxy: proxy.ask(STYLE)),
    "versioned static file": (200, lambda proxy: proxy.ask(STYLE + "?v=1")),
    "part of a static file": (206, lambda proxy: proxy.ask(STYLE, headers={"Range": "bytes=0-9"})),
    "unchanged page": (304, no_content),
    "unchanged static file": (304, no_static_content),
    "script": (200, lambda proxy: proxy.ask("/js/0123456789ab/site.js")),
    "redirect": (308, lambda proxy: proxy.ask("/phan-anh")),
    "missing page": (404, lambda proxy: proxy.ask("/khong-co")),
    "missing static file": (404, lambda proxy: proxy.ask("/static/khong-co.css")),
    "static folder": (403, lambda proxy: proxy.ask("/static/css/")),
    "method the page does not know": (405, lambda proxy: proxy.ask("/healthz", "POST")),
    "method static files do not know": (405, lambda proxy: proxy.ask(STYLE, "POST")),
    "method nobody knows": (405, lambda proxy: proxy.ask("/phan-anh/", "BREW")),
    "trace": (405, lambda proxy: proxy.ask("/phan-anh/", "TRACE")),
    "form without token": (400, lambda proxy: proxy.ask("/phan-anh/tra-cuu", "POST", body=b"a=b")),
    "foreign form": (
        403,
        lambda proxy: proxy.ask(
            "/phan-anh/gui", "POST", headers={"Origin": "https://xau.example"}, body=b"a=b"
        ),
    ),
    "large body": (413, too_long("/dang-nhap", 3_000_000)),
    "very large feedback": (413, too_long("/phan-anh/gui", 18_000_000)),
    "bad percent-encoding": (400, lambda proxy: proxy.ask("/%zz")),
    "bad UTF-8": (400, lambda proxy: proxy.ask("/phan-anh/?q=%ff%fe")),
    "long address": (414, lambda proxy: proxy.ask("/" + "a" * 9000)),
    "large header": (400, lambda proxy: proxy.ask("/", headers={"X-A": "a" * 9000})),
    "many headers": (
        431,
        lambda proxy: proxy.ask("/", headers={f"X-{n}": "a" for n in range(300)}),
    ),
}
# A form is shown again with what was typed; 300 headers are refused by gunicorn in its own words.
NO_ERROR_PAGE = {"form without token", "many headers"}


@pytest.mark.parametrize("what", STATUSES)
def test_headers_stand_once_on_every_status(proxy: Proxy, what: str) -> None:
    status, ask = STATUSES[what]
    answer = ask(proxy)
    assert answer.status == status, (what, answer.status, answer.body[:300])
    check_headers(answer, what)
    if status >= 400 and what not in NO_ERROR_PAGE:
        is_our_page(answer, "Mã lỗi")
        assert answer.header("Cache-Control") == "no-store"


def test_headers_stand_once_on_every_page(app: Flask, proxy: Proxy) -> None:
    """All routes without a parameter, whatever rooms there are."""
    paths = {rule.rule for rule in app.url_map.iter_rules() if not rule.arguments}
    assert len(paths) > 10
    for number, path in enumerate(sorted(paths)):
        answer = proxy.ask(path, source=f"127.0.1.{number % 200 + 1}")
        assert answer.status < 500, (path, answer.status)
        check_headers(answer, path)


def test_heads_are_gets_without_body(proxy: Proxy) -> None:
    for path in ("/phan-anh/", "/khong-co", STYLE):
        head, get = proxy.ask(path, "HEAD"), proxy.ask(path)
        assert (head.status, head.body) == (get.status, b"")
        assert head.header("Content-Type") == get.header("Content-Type")
        check_headers(head, path)


def test_static_files_are_kept_for_ever_only_with_their_hash(proxy: Proxy) -> None:
    assert proxy.ask(STYLE + "?v=abc").header("Cache-Control").endswith("immutable")
    assert proxy.ask(STYLE).header("Cache-Control") == "no-cache"
    missing = proxy.ask("/static/khong-co.css?v=abc")
    assert missing.header("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../wsgi.py",
        "/static/..%2fwsgi.py",
        "/static../wsgi.py",
        "/.git/config",
        "/_loi/500.html",
        "/instance/portal.sqlite3",
        "/portal.sqlite3",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/console",
    ],
)
def test_nothing_but_the_site_is_served(proxy: Proxy, path: str) -> None:
    answer = proxy.ask(path)
    assert answer.status in (400, 404), (answer.status, answer.body[:200])
    check_headers(answer, path)


def test_plain_http_leads_to_tls(proxy: Proxy) -> None:
    answer = proxy.ask("/thu-tuc/?q=a%20b", tls=False)
    assert answer.status == 301
    assert answer.header("Location") == f"https://{HOST}/thu-tuc/?q=a%20b"
    assert not answer.all("Strict-Transport-Security")
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options"):
        assert len(answer.all(name)) == 1
    assert answer.header("Server") == "nginx"


@pytest.mark.parametrize(
    "host", ["xau.example", "127.0.0.1", "localhost", f"www.{HOST}", f"{HOST}.x"]
)
def test_another_host_name_gets_nothing(proxy: Proxy, host: str) -> None:
    raw = wire.request("GET", "/", host)
    assert proxy.send(raw, tls=False) is None
    assert proxy.send(raw) is None


@pytest.mark.parametrize("name", ["xau.example", None])
def test_another_name_gets_no_handshake(proxy: Proxy, name: str | None) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    raw = socket.create_connection(("127.0.0.1", proxy.tls), 10)
    with raw, pytest.raises(ssl.SSLError):
        context.wrap_socket(raw, server_hostname=name)


def test_garbage_on_the_plain_port_gets_nothing(proxy: Proxy) -> None:
    for raw in (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
        assert proxy.send(raw, tls=False) is None


SMUGGLING = {
    "two lengths": b"Content-Length: 3\r\nContent-Length: 4\r\n",
    "the same length twice": b"Content-Length: 3\r\nContent-Length: 3\r\n",
    "length and chunks": b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    "negative length": b"Content-Length: -3\r\n",
    "signed length": b"Content-Length: +3\r\n",
    "list of lengths": b"Content-Length: 3, 3\r\n",
    "space before the colon": b"Content-Length : 3\r\n",
    "two hosts": b"Host: xau.example\r\n",
    "chunks twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "unknown coding": b"Transfer-Encoding: xchunked\r\n",
    "coding in a list": b"Transfer-Encoding: gzip, chunked\r\n",
    "NUL in a header": b"X-A: a\x00b\r\n",
}


@pytest.mark.parametrize("what", SMUGGLING)
def test_ambiguous_requests_are_refused(proxy: Proxy, what: str) -> None:
    """What two servers could read in two ways never reaches the second one."""
    before = proxy.server.log.read_bytes()
    head = f"POST /phan-anh/tra-cuu HTTP/1.1\r\nHost: {HOST}\r\n".encode()
    inner = f"GET /khong-co-dau HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    answer = proxy.send(head + SMUGGLING[what] + b"\r\nabc" + inner)
    assert answer is None or answer.status in (400, 501), (answer.status, answer.headers)
    if answer is not None:
        check_headers(answer, what)
        assert answer.header("Connection") == "close"
    assert proxy.server.log.read_bytes() == before, "it reached the application"


def test_headers_that_pretend_to_come_from_the_proxy_change_nothing(proxy: Proxy) -> None:
    forged = {
        "X-Forwarded-Host": "xau.example",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Prefix": "/xau",
        "Forwarded": "for=1.2.3.4;host=xau.example;proto=http",
        "X-Original-URL": "/ban-lam-viec/",
        "X-Rewrite-URL": "/ban-lam-viec/",
        "SCRIPT_NAME": "/xau",
        "PATH_INFO": "/ban-lam-viec/",
        "X-HTTP-Method-Override": "DELETE",
        "X-Accel-Redirect": "/_loi/500.html",
    }
    honest, answer = proxy.ask("/phan-anh/"), proxy.ask("/phan-anh/", headers=forged)
    assert (answer.status, answer.body) == (honest.status, honest.body)
    assert answer.header("Strict-Transport-Security")


def _token_and_cookie(proxy: Proxy, path: str, source: str) -> tuple[str, str]:
    page = proxy.ask(path, source=source)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found
    return found[1], page.header("Set-Cookie")


def _wrong_codes(proxy: Proxy, source: str, forge: bool) -> Iterator[int]:
    """Type wrong tracking codes from one address, claiming another each time."""
    token, cookie = _token_and_cookie(proxy, "/phan-anh/tra-cuu", source)
    for number in range(30):
        headers = {
            "Cookie": cookie.partition(";")[0],
            "Origin": f"https://{HOST}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        if forge:
            headers["X-Forwarded-For"] = f"198.51.100.{number}"
            headers["X-Real-IP"] = f"198.51.100.{number}"
        code = codes.derive("another key", str(number))  # a slip of the finger is no guess
        body = f"csrf_token={token}&code={code}".encode()
        yield proxy.ask(
            "/phan-anh/tra-cuu", "POST", headers=headers, body=body, source=source
        ).status


def test_a_forged_address_changes_neither_limit_nor_log(proxy: Proxy) -> None:
    statuses = list(_wrong_codes(proxy, "127.0.2.1", forge=True))
    assert statuses[:5] == [404] * 5
    assert statuses[-1] == 429, statuses
    assert next(_wrong_codes(proxy, "127.0.2.2", forge=False)) == 404, (
        "the limit is not per address"
    )
    logs = proxy.log() + proxy.errors() + proxy.server.log.read_text("utf-8")
    assert not re.search(r"198\.51\.100|127\.0\.2\.[12]", logs)


def test_logs_hold_no_paths_and_no_queries(proxy: Proxy) -> None:
    proxy.ask(
        "/bai-viet/ten-bi-mat-x1?q=tu-khoa-bi-mat-x2", headers={"User-Agent": "may-bi-mat-x3"}
    )
    logs = proxy.log() + proxy.errors() + proxy.server.log.read_text("utf-8")
    assert not re.search(r"bi-mat-x[123]", logs)
    assert re.search(r"404 GET \d+\.\d+", proxy.log())


def test_the_cookie_is_bound_to_this_host(proxy: Proxy) -> None:
    _, cookie = _token_and_cookie(proxy, "/phan-anh/tra-cuu", "127.0.0.1")
    assert cookie.startswith("__Host-phien=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= parts
    assert not any(part.startswith("domain") for part in parts)


def test_readers_of_public_pages_get_no_cookie(proxy: Proxy) -> None:
    for path in ("/phan-anh/", "/cai-cach-hanh-chinh/", "/khong-co"):
        assert not proxy.ask(path).all("Set-Cookie"), path


# In MB. Largest files: 3 of 5 for a feedback, 200 in the library, 8 for an import.
ROOM = {"/phan-anh/gui": 17, "/ban-lam-viec/tu-lieu/tai-len": 206, "/ban-lam-viec/thu-tuc/nhap": 10,
        "/ban-lam-viec/bai-viet/moi": 64, "/ban-lam-viec/bai-viet/12/sua": 64,
        "/ban-lam-viec/bai-viet/12/dang": 2, "/phan-anh/tra-cuu": 2, "/dang-nhap": 2}  # fmt: skip


@pytest.mark.parametrize("path", ROOM)
def test_each_address_has_room_for_its_forms_and_no_more(proxy: Proxy, path: str) -> None:
    """`Expect` asks nginx whether it would take the body, without sending it."""
    limit = ROOM[path] << 20
    for size, expected in ((limit, 100), (limit + 1, 413)):
        headers = {"Content-Length": str(size), "Expect": "100-continue"}
        with proxy.connect(f"127.0.3.{len(path)}") as connection:
            connection.sendall(wire.request("POST", path, HOST, headers))
            first = connection.recv(100)
        assert first.startswith(f"HTTP/1.1 {expected} ".encode()), (path, size, first)


def test_a_body_that_is_too_large_is_refused_in_vietnamese(proxy: Proxy) -> None:
    answer = proxy.ask("/phan-anh/gui", "POST", body=b"x" * 18_000_000)
    assert answer.status == 413
    is_our_page(answer, "Tệp quá lớn")
    check_headers(answer)


def test_a_chunked_body_is_counted_too(proxy: Proxy) -> None:
    head = f"POST /dang-nhap HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    answer = proxy.send(head.encode() + chunk * 3 + b"0\r\n\r\n")
    assert answer is not None
    assert answer.status == 413
    is_our_page(answer, "Tệp quá lớn")


def test_a_flood_from_one_address_is_told_to_wait(proxy: Proxy) -> None:
    raw = wire.request("GET", "/healthz", HOST, {"Connection": "keep-alive"})
    with proxy.connect("127.0.4.1") as connection:
        answers = [wire.exchange(connection, raw) for _ in range(200)]
    refused = [answer for answer in answers if answer and answer.status == 429]
    assert refused
    assert {answer.status for answer in answers if answer} == {200, 429}
    check_headers(refused[0])
    is_our_page(refused[0], "Bạn chờ vài phút")
    assert refused[0].header("Retry-After") == "10"
    assert proxy.ask("/healthz", source="127.0.4.2").status == 200, "others must not wait"


def test_the_files_of_many_readers_behind_one_address_pass(proxy: Proxy) -> None:
    raw = wire.request("GET", STYLE, HOST, {"Connection": "keep-alive"})
    with proxy.connect("127.0.4.3") as connection:
        statuses = {getattr(wire.exchange(connection, raw), "status", 0) for _ in range(300)}
    assert statuses == {200}


def test_nginx_may_read_the_error_pages(app: Flask, tmp_path: Path) -> None:
    """The unit's umask is 0027, nginx runs under an account of its own."""
    folder, before = tmp_path / "pages", os.umask(0o027)
    try:
        with app.app_context():
            write_error_pages(folder)
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o755
    assert {page.stat().st_mode & 0o777 for page in folder.iterdir()} == {0o644}


def test_pages_are_compressed(proxy: Proxy) -> None:
    answer = proxy.ask("/phan-anh/", headers={"Accept-Encoding": "gzip"})
    assert answer.header("Content-Encoding") == "gzip"
    assert "Accept-Encoding" in answer.header("Vary")
    assert len(answer.body) * 2 < len(proxy.ask("/phan-anh/").body)


def test_without_an_index_readiness_says_so_and_nothing_more(proxy: Proxy) -> None:
    index = proxy.server.instance / "search"
    hidden = index.rename(index.with_name("search.away"))
    try:
        answer = proxy.ask("/readyz")
    finally:
        hidden.rename(index)
    assert (answer.status, answer.body) == (503, b"unavailable\n")
    check_headers(answer)


def test_without_the_application_nginx_answers_in_our_words(proxy: Proxy) -> None:
    """Last: it stops what stands behind."""
    proxy.server.stop()
    try:
        for path in ("/", "/phan-anh/", "/healthz"):
            answer = proxy.ask(path)
            assert answer.status == 502
            check_headers(answer, path)
            is_our_page(answer, "Hệ thống tạm thời chưa phục vụ được")
            assert answer.header("Retry-After") == "30"
        assert proxy.ask(STYLE).status == 200
        sheet = proxy.ask("/giao-dien.css")
        assert sheet.status == 200
        assert sheet.header("Content-Type").startswith("text/css")
        assert ".error-summary" in sheet.text
        check_headers(sheet)
    finally:
        proxy.server.start()
    assert proxy.ask("/phan-anh/").status == 200
