"""A client that checks every page it fetches, so that each test also proves the page sound."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}


class Page(HTMLParser):
    """What the invariants look at."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"h1": [], "title": []}
        self._open: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.texts:
            self.texts[tag].append("")
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1]][-1] += data

    def attributes(self, name: str) -> list[str]:
        return [a[name] or "" for _, a in self.tags if name in a]


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def check_page(app: Flask, markup: str) -> None:
    """Raise AssertionError unless the page keeps the house rules."""
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(_html5lib_safe(markup))
    page = Page(markup)
    assert dict(page.tags)["html"].get("lang") == "vi"
    assert len(page.texts["h1"]) == 1, f"{len(page.texts['h1'])} h1 on the page"
    heading = squeeze(page.texts["h1"][0])
    assert heading, "the h1 is empty"
    title = squeeze(page.texts["title"][0])
    assert title.startswith(heading[:60]), f"title {title!r} does not begin with h1 {heading!r}"
    ids = page.attributes("id")
    assert len(ids) == len(set(ids)), (
        f"ids stand twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    )
    assert not page.attributes("style"), "a style attribute does nothing under our policy"
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes), f"event handler on {tag}"
        if tag == "script" and "src" not in attributes:
            assert attributes.get("type") == "application/ld+json" or "nonce" in attributes
        if tag == "style":
            assert "nonce" in attributes
        if (
            "site.home" in app.view_functions
            and (attributes.get("href") or "").startswith("/")
            and tag == "a"
        ):
            assert has_route(app, attributes["href"] or ""), f"no route for {attributes['href']}"
        for name in ("src", "href", "action"):
            value = attributes.get(name) or ""
            if tag in ("script", "link", "img", "audio", "video") and "canonical" not in (
                attributes.get("rel") or ""
            ):
                assert not re.match(r"(https?:)?//", value), f"{tag} loads {value} from outside"
    _check_forms(markup)


def _html5lib_safe(markup: str) -> str:
    """html5lib is older than these names; everything else is parsed strictly."""
    return re.sub(r"<(/?)(search|hgroup)\b", r"<\1div", markup)


def _check_forms(markup: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", markup, re.DOTALL):
        head = form[: form.index(">")]
        if re.search(r'method="post"', head, re.IGNORECASE):
            assert 'name="csrf_token"' in form, f"form without token: {head}"


def has_route(app: Flask, address: str) -> bool:
    """Whether some rule answers GET at this address of ours."""
    from werkzeug.exceptions import HTTPException
    from werkzeug.routing import RequestRedirect

    path = re.split(r"[?#]", address)[0] or "/"
    try:
        app.url_map.bind("127.0.0.1").match(path, method="GET")
    except RequestRedirect:
        return False  # a link should not need a redirect
    except HTTPException:
        return False
    return True


class PageClient(FlaskClient):
    """The test client of all tests. `check=False` fetches without looking at the page."""

    def open(self, *args: Any, check: bool = True, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        is_page = response.mimetype == "text/html" and not 300 <= response.status_code < 400
        if check and is_page and response.request.method != "HEAD":
            check_page(self.application, response.get_data(as_text=True))
        return response

    def token(self, path: str) -> str:
        """The CSRF token of the form at `path`."""
        found = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).get_data(as_text=True)
        )
        assert found, f"no token at {path}"
        return found[1]
