"""A browser over real HTTP without a screen: cookies, forms as pages show them, patience.

For drills in which the server dies under its visitors: what got no answer is asked again, as a
person would press the button again.
"""

from __future__ import annotations

import http.client
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

PATIENCE = 60.0
_UNCHECKED = {"checkbox", "radio"}
_NOT_SENT = {"submit", "button", "image", "reset", "file"}


@dataclass
class Form:
    """A form as the page shows it; `fields` hold what is filled in already."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def filled(self, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """Its fields with `values` typed over what was there; each must be a field."""
        unknown = set(values) - self.names
        assert not unknown, f"{self.action} has no field {unknown}, only {self.names}"
        return [(n, v) for n, v in self.fields if n not in values] + list(values.items())


def forms_in(page: str) -> list[Form]:
    """The forms of a page, in their order."""
    return _Forms(page).forms


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._area = self._select = ""
        self._text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(a.get("action", ""), a.get("method", "get").lower())
            self.forms.append(self._form)
        if self._form is None:
            return
        name = a.get("name", "")
        if name:
            self._form.names.add(name)
        if tag == "input" and name and a.get("type") not in _NOT_SENT:
            if a.get("type") not in _UNCHECKED or "checked" in a:
                self._form.fields.append((name, a.get("value", "")))
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in a:
            self._form.fields.append((self._select, a.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area and self._form:
            text = "".join(self._text).replace("\r\n", "\n")
            self._form.fields.append((self._area, text.removeprefix("\n")))
            self._area = ""


@dataclass(frozen=True)
class Page:
    """What the browser shows after redirects."""

    address: str
    status: int
    text: str

    def form(self, action: str = "") -> Form:
        """The first posted form whose action ends so."""
        for form in forms_in(self.text):
            if form.method == "post" and form.action.endswith(action):
                return form
        raise AssertionError(f"no form {action!r} at {self.address} ({self.status})")


@dataclass
class Browser:
    """One person's browser; `network` is the address that a trusted proxy would tell."""

    port: int
    network: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    retries: int = 0

    def get(self, path: str) -> Page:
        return self._follow("GET", path, b"", "")

    def submit(
        self,
        page: Page,
        values: Mapping[str, str],
        *,
        action: str = "",
        files: Iterable[tuple[str, str, bytes]] = (),
    ) -> Page:
        """Fill in the form of `page` and send it; `files` are (field, file name, bytes)."""
        form = page.form(action)
        body, kind = encode(form.filled(values), list(files))
        return self._follow("POST", urljoin(page.address, form.action), body, kind)

    def _follow(self, method: str, path: str, body: bytes, kind: str) -> Page:
        for _ in range(5):
            status, location, text = self._patiently(method, path, body, kind)
            if status not in (301, 302, 303, 308):
                return Page(path, status, text)
            path = urljoin(path, location.removeprefix(f"http://127.0.0.1:{self.port}"))
            if status != 308:
                method, body = "GET", b""
        raise AssertionError(f"redirected without end at {path}")

    def _patiently(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, str, str]:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self._once(method, path, body, kind)
            except (OSError, http.client.HTTPException):
                if time.monotonic() > end:
                    raise
                self.retries += 1
                time.sleep(0.1)

    def _once(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, str, str]:
        headers = {"Connection": "close"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if self.network:
            headers["X-Forwarded-For"] = self.network
        if method == "POST":
            headers |= {"Content-Type": kind, "Origin": f"http://127.0.0.1:{self.port}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            connection.request(method, path, body if method == "POST" else None, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, response.headers.get("Location", ""), text


def encode(fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    """(body, content type) of a form, multipart when files go with it."""
    if not files:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for name, filename, data in files:
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}";'
            f' filename="{filename}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        parts.append(head.encode() + data + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"
