"""What a first visit of the home page transfers: the page and everything that it asks for."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient

from bench.report import Suite
from bench.world import World

LIMIT = 100_000
_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}
_PACKED = ("text/", "application/javascript", "application/json", "image/svg+xml")


class _Needs(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "link" and _LINKS & set(a.get("rel", "").split()):
            self.found.append(a.get("href", ""))
        elif tag in ("script", "img", "source", "audio", "video"):
            self.found.append(a.get("src", ""))
        elif tag in ("use", "image"):
            self.found.append(a.get("href") or a.get("xlink:href", ""))


def measure(world: World) -> Suite:
    """Bytes of the home page with all style sheets, scripts, fonts and pictures, compressed."""
    suite = Suite("home", "First visit of the home page, compressed, without HTTP headers")
    client = world.app.test_client()
    sizes: dict[str, int] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop(0)
        if address in sizes or address.startswith("data:"):
            continue
        if urlsplit(address).netloc:
            raise RuntimeError(f"the home page asks another host: {address}")
        sizes[address], needs = _load(client, address)
        waiting += [urljoin(address, need).partition("#")[0] for need in needs if need]
    for address, size in sizes.items():
        suite.rows.append({"what": address.partition("?")[0], "bytes": size})
    total = sum(sizes.values())
    suite.rows.append({"what": "together", "bytes": total})
    suite.remarks.append(f"{total / LIMIT:.0%} of the limit of {LIMIT // 1000} kB; every font and"
                         " icon that a style sheet names is counted, used or not")  # fmt: skip
    return suite


def _load(client: FlaskClient, address: str) -> tuple[int, list[str]]:
    """(bytes on the wire, addresses that it asks for in turn)."""
    with client.get(address) as response:
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        body = response.get_data()
        kind = response.mimetype or ""
    size = len(gzip.compress(body, 5)) if kind.startswith(_PACKED) else len(body)
    if kind == "text/html":
        return size, _Needs(body.decode()).found
    if kind == "text/css":
        return size, re.findall(r"""url\(["']?([^"')]+)""", body.decode())
    if kind in ("text/javascript", "application/javascript"):
        return size, re.findall(r"""^import [^"']*["']([^"']+)""", body.decode(), re.MULTILINE)
    return size, []
