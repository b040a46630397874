"""A small web of our own: public names and addresses that lead to a server on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.boards.conftest import post, procedure, tasks, today

__all__ = ["post", "procedure", "tasks", "today"]
PUBLIC = "93.184.216.34"


@dataclass
class Web:
    """`pages`: host and path → status, headers. `names`: host → addresses. A test network."""

    port: int
    pages: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    reached: list[tuple[str, int]] = field(default_factory=list)

    def resolve(self, host: str) -> Sequence[str]:
        if host not in self.names:
            raise socket.gaierror(host)
        return self.names[host]

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        self.reached.append((address, port))
        assert address == PUBLIC, f"the portal wanted to reach {address}"
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def page(self, url: str, status: int = 200, **headers: str) -> None:
        host, _, path = url.removeprefix("http://").partition("/")
        self.names.setdefault(host, [PUBLIC])
        self.pages[f"{host}/{path}"] = (status, headers)


@pytest.fixture
def web() -> Iterator[Web]:
    found: list[Web] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            web = found[0]
            web.asked.append((self.command, f"{self.headers['Host']}{self.path}"))
            status, headers = web.pages.get(f"{self.headers['Host']}{self.path}", (404, {}))
            if self.command == "HEAD" and headers.get("X-Head"):
                status = int(headers["X-Head"])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            body = b"" if self.command == "HEAD" else b"x" * 100_000
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # the portal takes a little and goes
                self.wfile.write(body)

        do_GET = do_HEAD = _answer  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    found.append(Web(server.server_address[1]))
    yield found[0]
    server.shutdown()
    server.server_close()
    thread.join()
