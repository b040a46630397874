"""The guide's pictures are true, and a chapter opens beside the screen it is about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support import guide_pictures
from tests.support.chromium import sign_in
from tests.support.lived_in import ALL_ROLES, LivedIn

ALIKE = 0.8


@pytest.fixture
def page(watched_context: Callable[..., BrowserContext]) -> Page:
    page = watched_context(viewport={"width": 1280, "height": 800}).new_page()
    sign_in(page, ALL_ROLES)
    return page


def test_pictures_show_what_is_there(page: Page, lived: LivedIn) -> None:
    kept = guide_pictures.kept_outlines()
    aged = {}
    for picture in guide_pictures.pictures(lived):
        guide_pictures.show(page, picture)
        there, shown = guide_pictures.outline(page), kept.get(picture.name, [])
        if guide_pictures.alike(there, shown) < ALIKE:
            aged[picture.name] = sorted({*there} ^ {*shown})
    assert not aged, "draw them anew: python -m tests.support.screens --docs"


def test_a_chapter_opens_beside_the_form(
    page: Page, lived: LivedIn, sound: Callable[[Page], None]
) -> None:
    page.goto(f"/ban-lam-viec/bai-viet/{lived.articles['draft']}/sua")
    link = page.get_by_role("link", name="Trợ giúp")
    page.get_by_label("Tiêu đề", exact=True).fill("Đang gõ dở")
    link.click()
    panel = page.get_by_role("complementary", name="Trợ giúp")
    expect(panel.get_by_role("heading", name="Viết một bài")).to_be_focused()
    sound(page)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()
    expect(page.get_by_label("Tiêu đề", exact=True)).to_have_value("Đang gõ dở")
