"""HTTP as bytes on a connection: for requests that no library would send, and headers as sent."""

from __future__ import annotations

import contextlib
import http.client
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What came back; `headers` in order, repetitions kept."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name: str) -> str:
        """The first value, or an empty string."""
        return next(iter(self.all(name)), "")

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


def request(
    method: str,
    path: str,
    host: str,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
) -> bytes:
    """The bytes of a request. A given Content-Length stands as it is given."""
    lines = {"Host": host, "Connection": "close", **(headers or {})}
    if body or method == "POST":
        lines.setdefault("Content-Length", str(len(body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body


def exchange(connection: socket.socket, raw: bytes) -> Answer | None:
    """Send `raw` and read one answer; None when the other side hangs up without a word.

    A refusal may come while a large body is still on its way: what cannot be sent is left.
    """
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(raw)
    return read(connection, raw.partition(b" ")[0].decode("latin-1"))


def read(connection: socket.socket, method: str = "GET") -> Answer | None:
    """Read one answer to a request of `method`."""
    with http.client.HTTPResponse(connection, method=method) as response:
        try:
            response.begin()
        except (http.client.RemoteDisconnected, ConnectionResetError):
            return None
        return Answer(response.status, response.getheaders(), response.read())
