"""Every page that the portal has, by its own list of routes: sound at both widths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from portal.app import create_app
from portal.core.settings import load_settings
from tests.support.chromium import faults, sign_in, watch
from tests.support.lived_in import ALL_ROLES, LivedIn
from tests.support.server import Server
from tests.support.tour import desk_pages, public_pages

WIDTHS = (1280, 360)


@pytest.mark.parametrize("list_pages", [public_pages, desk_pages])
def test_every_page_is_sound(
    list_pages: Callable[..., list[str]], chromium: Browser, server: Server, lived: LivedIn,
    tmp_path: Path,
) -> None:  # fmt: skip
    app = create_app(load_settings({"PORTAL_INSTANCE": str(tmp_path)}))
    found: dict[str, list[str]] = {}
    with chromium.new_context(base_url=server.url, locale="vi-VN") as context:
        page = context.new_page()
        if list_pages is desk_pages:
            sign_in(page, ALL_ROLES)
        for address in list_pages(app, lived):
            told: list[str] = []
            page = context.new_page()
            watch(page, server.url, told.append)
            answer = page.goto(address)
            if answer is None or answer.status >= 500:
                told.append(f"status {answer and answer.status}")
            told += _reaches_the_skip_link(page)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                told += faults(page)
            page.close()
            if told:
                found[address] = told
    assert not found, "\n".join(f"{address}: {told}" for address, told in found.items())


def _reaches_the_skip_link(page: Page) -> list[str]:
    """The first Tab from the top of a page; an error summary takes the focus first."""
    if page.evaluate("document.activeElement !== document.body"):
        return []
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    return [] if first == "skip-link" else [f"the first Tab reaches {first!r}"]
