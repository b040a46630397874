"""What a phone must load, and that nothing jumps while it does. Times are for `make bench`."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.support.server import Server
from tests.support.visits import PHONE, PICTURES, visit

LIMITS = {
    "/": 80_000,
    "/thu-tuc/": 75_000,
    "/thu-tuc/1.012290": 75_000,
    "/bai-viet/tra-cuu-thu-tuc": 75_000,
}
"""Bytes of a first visit with everything; an article without its own pictures."""
GOOD = 0.1
"""The largest layout shift that Core Web Vitals call good."""
MAIN_PAGES = [
    *LIMITS,
    "/cai-cach-hanh-chinh/",
    "/duong-day-nong/",
    "/phan-anh/gui?loai=question",
    "/ke-hoach/",
]


def _phone(chromium: Browser, server: Server, **more: object) -> BrowserContext:
    return chromium.new_context(base_url=server.url, **{**PHONE, **more})


@pytest.mark.parametrize("address", LIMITS)
def test_a_first_visit_is_light_and_a_second_loads_only_the_page(
    address: str, chromium: Browser, server: Server
) -> None:
    with _phone(chromium, server) as context:
        first, again = visit(context, address), visit(context, address)
    assert first.without(PICTURES) <= LIMITS[address], first.sizes
    assert len(first.sizes) > 5, "style sheets, scripts and fonts were not counted"
    assert set(again.sizes) <= first.pages


def test_style_sheets_are_small(chromium: Browser, server: Server) -> None:
    with _phone(chromium, server) as context:
        page = context.new_page()
        page.goto("/")
        sheets = [s.get_attribute("href") or "" for s in page.locator("[rel=stylesheet]").all()]
        packed = [len(gzip.compress(page.request.get(sheet).body())) for sheet in sheets]
    assert 0 < sum(packed) <= 15_000


@pytest.mark.parametrize("address", MAIN_PAGES)
def test_a_page_asks_for_few_scripts(address: str, chromium: Browser, server: Server) -> None:
    with _phone(chromium, server) as context:
        seen = visit(context, address)
    scripts = {path: size for path, size in seen.sizes.items() if path.startswith("/js/")}
    assert 0 < sum(scripts.values()) <= 10_000, scripts


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", MAIN_PAGES)
def test_nothing_jumps(address: str, width: int, chromium: Browser, server: Server) -> None:
    """Pictures, scripts and whatever comes late find their place kept. Letters are left out:
    whether they come before the first paint is a matter of the network, see `make bench`. So is a
    word that joins its line when the page comes in pieces: a hundredth of what counts as good."""
    with _phone(chromium, server, viewport={"width": width, "height": 800}) as context:
        seen = visit(context, address, blocked=("*.woff2*",))
    assert seen.shift < GOOD / 100, seen.moved
