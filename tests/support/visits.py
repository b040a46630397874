"""What a visit in Chromium costs: bytes on the wire, requests, shifts of the layout, first paint.

Bytes are as they come, compressed, `headers` apart; a slow phone is played by the browser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, Page

# 150 ms there and back, 1.6 Mbit/s to the phone, a processor four times slower than this one.
SLOW_NETWORK = {
    "offline": False, "latency": 150,
    "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8,
}  # fmt: skip
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 800}, "device_scale_factor": 2,
    "is_mobile": True, "has_touch": True, "locale": "vi-VN",
}  # fmt: skip
PICTURES = r"^/tu-lieu/"
"""What editors put into pages, beside what the portal itself sends."""
SLOW_PROCESSOR = {"rate": 4}
_WATCH = """
  window.shown = { shift: 0, paint: 0, moved: [], largest: "" };
  const name = (node) => node?.outerHTML?.slice(0, 100) ?? String(node?.textContent).slice(0, 60);
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) {
      shown.shift += e.value;
      shown.moved.push(...e.sources.map((source) => name(source.node)));
    }
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    const last = list.getEntries().at(-1);
    Object.assign(shown, { paint: last.startTime, largest: name(last.element) });
  }).observe({ type: "largest-contentful-paint", buffered: true });
"""
_AFTER_A_FRAME = "new Promise(d => requestAnimationFrame(() => setTimeout(() => d(shown), 0)))"
_PICTURES_COME = """() => {
  scrollTo(0, document.body.scrollHeight);
  const waiting = [...document.images].filter((at) => !at.complete && at.checkVisibility());
  const come = (image) => new Promise((done) => { image.onload = image.onerror = done; });
  return Promise.race([
    Promise.all(waiting.map(come)), new Promise((done) => setTimeout(done, 5000)),
  ]).then(() => true);
}"""


@dataclass
class Visit:
    """What one opening of a page brought over the wire: bytes by address."""

    sizes: dict[str, int] = field(default_factory=dict)
    shift: float = 0.0
    paint: float = 0.0
    moved: list[str] = field(default_factory=list)
    largest: str = ""
    pages: set[str] = field(default_factory=set)
    headers: int = 0

    @property
    def total(self) -> int:
        return sum(self.sizes.values())

    def without(self, pattern: str) -> int:
        """Bytes of all addresses that do not match."""
        return sum(size for url, size in self.sizes.items() if not re.search(pattern, url))


def visit(
    context: BrowserContext, address: str, *, slow: bool = False, blocked: tuple[str, ...] = ()
) -> Visit:
    """Open `address` and read it to its end. A new context has nothing in its cache.

    Addresses that match a pattern of `blocked` fail at once, inside the browser.
    """
    page = context.new_page()
    session = context.new_cdp_session(page)
    found = Visit()
    _listen(session, found)
    session.send("Network.setBlockedURLs", {"urls": list(blocked)})
    page.add_init_script(_WATCH)
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        session.send("Emulation.setCPUThrottlingRate", SLOW_PROCESSOR)
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    shown = page.evaluate(_AFTER_A_FRAME)
    found.shift, found.paint = shown["shift"], shown["paint"]
    found.moved, found.largest = shown["moved"], shown["largest"]
    page.evaluate(_PICTURES_COME)
    _add_icon(page, found)
    page.close()
    return found


def _listen(session: CDPSession, found: Visit) -> None:
    """Note what comes over the wire; what the browser had kept costs nothing."""
    urls: dict[str, str] = {}
    kept: set[str] = set()
    heads: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["request"]["url"]
        if event.get("type") == "Document":
            found.pages.add(_path(event["request"]["url"]))

    def answered(event: dict[str, Any]) -> None:
        heads[event["requestId"]] = round(event["response"]["encodedDataLength"])
        if event["response"].get("fromDiskCache"):
            kept.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        url = urls.get(event["requestId"], "")
        if event["requestId"] not in kept and url.startswith("http"):
            head = heads.get(event["requestId"], 0)
            size = round(event["encodedDataLength"]) - head
            found.headers += head
            found.sizes[_path(url)] = found.sizes.get(_path(url), 0) + size

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))
    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")


def _path(url: str) -> str:
    return urlsplit(url)._replace(scheme="", netloc="").geturl()


def _add_icon(page: Page, found: Visit) -> None:
    """A browser without a window never asks for the icon of its tab."""
    href = page.locator("link[rel~=icon]").first.get_attribute("href") or ""
    answer = page.request.get(href)
    if "immutable" not in answer.headers.get("cache-control", ""):
        raise AssertionError(f"{href} is fetched on every visit")
    if any(path.startswith(("/js/", "/giao-dien")) for path in found.sizes):  # nothing was kept
        found.sizes[href] = int(answer.headers.get("content-length", len(answer.body())))
