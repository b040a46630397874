"""Every page that the portal has, by its own list of routes: sound however it is read.

`SWEEP=complete` (`make axe`) looks at each page in each width, scheme and size of text.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from portal.app import create_app
from portal.core.settings import load_settings
from tests.browser.conftest import COMPLETE
from tests.support import eyes
from tests.support.chromium import sign_in, watch
from tests.support.eyes import judge
from tests.support.lived_in import ALL_ROLES, LivedIn
from tests.support.server import Server
from tests.support.tour import desk_pages, public_pages

CONDITIONS = eyes.COMPLETE if COMPLETE else eyes.QUICK
PARTS = 12
"""Shares of each list, so that no processor waits long for another."""


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("list_pages", [public_pages, desk_pages])
def test_every_page_is_sound(
    *, list_pages: Callable[..., list[str]], part: int, chromium: Browser, server: Server,
    lived: LivedIn, tmp_path: Path,
) -> None:  # fmt: skip
    app = create_app(load_settings({"PORTAL_INSTANCE": str(tmp_path)}))
    found: dict[str, list[str]] = {}
    told: list[str] = []
    with chromium.new_context(base_url=server.url, locale="vi-VN") as context:
        context.set_default_timeout(60_000)
        if list_pages is desk_pages:
            sign_in(context.new_page(), ALL_ROLES)
        page = context.new_page()
        watch(page, server.url, told.append)
        for address in list_pages(app, lived)[part::PARTS]:
            page.set_viewport_size({"width": 1280, "height": 800})
            answer = page.goto(address)
            if answer is None or answer.status >= 500:
                told.append(f"status {answer and answer.status}")
            told += _reaches_the_skip_link(page)
            told += judge(page, CONDITIONS)
            if told:
                found[address] = told.copy()
                told.clear()
    assert not found, "\n".join(f"{a}: {fault}" for a, told in found.items() for fault in told)


def _reaches_the_skip_link(page: Page) -> list[str]:
    """The first Tab from the top of a page; an error summary takes the focus first."""
    if page.evaluate("document.activeElement !== document.body"):
        return []
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.className")
    return [] if first == "skip-link" else [f"the first Tab reaches {first!r}"]
