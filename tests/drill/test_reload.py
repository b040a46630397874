"""Reloading and stopping while people read and write: nobody is turned away."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support import wire
from tests.support.browsing import Browser, encode
from tests.support.server import Server, serve

pytestmark = pytest.mark.slow

REQUESTS = int(os.environ.get("DRILL_REQUESTS", "800"))
READERS = 6
RELOADS = 3
PATHS = ("/healthz", "/phan-anh/", "/cai-cach-hanh-chinh/", "/phan-anh/gui", "/giao-dien.css")


@pytest.fixture
def server(loaded_instance: Path, tmp_path: Path) -> Iterator[Server]:
    with serve(loaded_instance, tmp_path) as running:
        yield running


def ask(server: Server, path: str) -> str:
    """The status of one request that is asked once; what went wrong instead of it."""
    try:
        with server.connect(timeout=120) as connection:
            answer = wire.exchange(connection, wire.request("GET", path, "localhost"))
        return str(answer.status) if answer else "closed without an answer"
    except OSError as error:
        return type(error).__name__


def test_a_reload_fails_no_request(server: Server) -> None:
    counts: Counter[str] = Counter()
    todo, lock = iter(range(REQUESTS)), threading.Lock()
    step = REQUESTS // (RELOADS + 1)
    moments = {step * turn for turn in range(1, RELOADS + 1)}
    assert server.process
    master = server.process.pid

    def reader() -> None:
        while True:
            with lock:
                number = next(todo, None)
            if number is None:
                return
            if number in moments:
                os.kill(master, signal.SIGHUP)
            status = ask(server, PATHS[number % len(PATHS)])
            with lock:
                counts[status] += 1

    first = set(server.workers())
    with ThreadPoolExecutor(READERS) as pool:
        for future in [pool.submit(reader) for _ in range(READERS)]:
            future.result()
    print(f"\n{counts.total()} requests during {RELOADS} reloads: {dict(counts)}")
    assert counts == {"200": REQUESTS}
    assert not first & set(server.workers()), "nothing was reloaded"


def test_stopping_lets_a_post_finish(server: Server) -> None:
    """A feedback whose last bytes come after SIGTERM is taken in; then the server is gone."""
    browser = Browser(server.port)
    page = browser.get("/phan-anh/gui?loai=complaint")
    values = {"kind": "question", "subject": "Đang gửi dở", "body": "Gửi khi máy chủ tắt.",
              "buoc": "xem"}  # fmt: skip
    time.sleep(3.1)
    review = browser.submit(page, values, action="/phan-anh/gui")
    body, kind = encode(review.form("/phan-anh/gui").filled({"buoc": "gui"}), [])
    headers = {"Content-Type": kind, "Cookie": f"phien={browser.cookies['phien']}"}
    raw = wire.request("POST", "/phan-anh/gui", f"127.0.0.1:{server.port}", headers, body)
    assert server.process
    with server.connect() as connection:
        connection.sendall(raw[:-20])
        time.sleep(0.5)  # a worker is reading it now
        began = time.monotonic()
        server.process.terminate()
        time.sleep(1)
        answer = wire.exchange(connection, raw[-20:])
    assert answer is not None, "the post was cut off"
    assert answer.status == 303, answer.text
    server.process.wait(30)
    seconds = time.monotonic() - began
    print(f"\nstopped {seconds:.1f} s after SIGTERM (bar 30 s)")
    assert not server.alive()
    server.start()
    receipt = Browser(server.port, cookies={"phien": _cookie(answer)}).get("/phan-anh/bien-nhan")
    assert re.search(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b", receipt.text)


def test_stopping_does_not_wait_for_one_who_never_finishes(server: Server) -> None:
    head = b"POST /phan-anh/gui HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc"
    assert server.process
    with server.connect() as connection:
        connection.sendall(head)
        time.sleep(0.5)
        began = time.monotonic()
        server.process.terminate()
        server.process.wait(32)
    assert time.monotonic() - began < 30


def _cookie(answer: wire.Answer) -> str:
    return answer.header("Set-Cookie").partition(";")[0].partition("=")[2]
