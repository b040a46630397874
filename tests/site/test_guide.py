"""The guide of the desk: found from each screen, true to what the screens say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.accounts.access import DESK
from portal.accounts.permissions import Role
from portal.core.settings import ROOT
from portal.site import guide

HERE = {"/giao-dien", "/tro-giup/"}
"""Screens that need no chapter: the component page and the guide itself."""


def test_every_screen_of_the_desk_has_its_chapter(app: Flask) -> None:
    without = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(DESK) and "GET" in (rule.methods or ())
        if not any(rule.rule.removeprefix(DESK).startswith(here) for here in HERE)
        if guide.address_for(re.sub(r"<[^>]*>", "7", rule.rule)) == guide.HOME
    ]
    assert not without, "name these screens under a heading of docs/editing.md"


def test_the_most_exact_chapter_wins() -> None:
    page = guide.address_for("/ban-lam-viec/bai-viet/7/sua")
    assert page == f"{guide.HOME}viet-mot-bai"
    assert guide.address_for("/ban-lam-viec/bai-viet/7") != page


def test_chapters_are_read_searched_and_turned(staff: Any) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    index = browser.get(guide.HOME).text
    for chapter in guide.chapters():
        assert chapter.address in index
        page = browser.get(chapter.address)
        assert page.status_code == 200
        assert ".md)" not in page.text
    found = browser.get(f"{guide.HOME}?q=hen%20gio%20dang").text
    assert "duyet-va-dang" in found
    assert "Không có phần nào" in browser.get(f"{guide.HOME}?q=xyzabc").text
    assert browser.get(f"{guide.HOME}khong-co").status_code == 404


def test_each_page_leads_to_its_chapter(staff: Any) -> None:
    browser, _ = staff(Role.PUBLISHER)
    assert 'href="/ban-lam-viec/tro-giup/viet-mot-bai"' in browser.get(f"{DESK}/bai-viet/moi").text


def test_pictures_of_the_guide_are_there() -> None:
    text = guide.SOURCE.read_text("utf-8")
    pictures = re.findall(r"!\[([^\]]*)\]\(\.\./static/([^)]*)\)", text)
    assert len(pictures) >= 3
    for words, path in pictures:
        assert words
        assert (ROOT / "static" / path).is_file(), path


@pytest.fixture(scope="module")
def said() -> str:
    """Everything that the product can say: templates, code, scripts, content's settings."""
    folders = ("templates", "portal", "frontend/editor", "static/js", "content")
    kinds = {".html", ".py", ".js", ".toml", ".yaml", ".md", ".txt"}
    files = [
        path for name in folders for path in Path(ROOT / name).rglob("*") if path.suffix in kinds
    ]
    return "\n".join(path.read_text("utf-8") for path in files)


def test_what_the_guide_tells_to_press_exists(said: str) -> None:
    """Words set in bold are names of buttons, menus and fields."""
    bold = set(re.findall(r"\*\*([^*]+)\*\*", guide.SOURCE.read_text("utf-8")))
    assert not sorted(words for words in bold if words.rstrip(":.") not in said)
