"""Passing a page on: by keyboard, with and without scripts, and nobody is called meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.lived_in import LivedIn

Open = Callable[..., BrowserContext]
Sound = Callable[[Page], None]


def test_copying_the_address_by_keyboard(open_browser: Open, lived: LivedIn, sound: Sound) -> None:
    context = open_browser(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    for path in (
        "/thu-tuc/1.012290",
        "/bai-viet/tra-cuu-thu-tuc",
        f"/phan-anh/{lived.public_feedback}",
    ):
        page.goto(path)
        fold = page.locator(".share > summary").first
        fold.focus()
        page.keyboard.press("Enter")
        copy = page.get_by_role("button", name="Sao chép liên kết")
        expect(copy).to_be_visible()
        expect(page.get_by_role("link", name="Chia sẻ qua Zalo")).to_be_visible()
        sound(page)
        copy.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator("link[rel=canonical]").get_attribute("href")


@pytest.mark.parametrize("javascript", [True, False])
def test_buttons_show_only_where_they_work(open_browser: Open, javascript: bool) -> None:
    page = open_browser(javascript=javascript).new_page()
    page.goto("/thu-tuc/1.012290")
    page.locator(".share > summary").first.click()
    expect(page.get_by_role("link", name="Chia sẻ qua Facebook")).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_visible(visible=javascript)
    can_share = javascript and page.evaluate("Boolean(navigator.share)")
    expect(page.locator("[data-share]")).to_be_visible(visible=bool(can_share))
