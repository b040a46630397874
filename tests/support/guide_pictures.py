"""The pictures of README.md and of the guide, and proof that they still show what is there.

`python -m tests.support.screens --docs` draws them into `static/img/guide/`, with `outline.json`:
the headings, labels and buttons of each photographed page. A test compares that with the living
page, so a picture of a screen that has changed fails the run until it is drawn anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

from portal.core.settings import ROOT
from tests.support.lived_in import LivedIn

FOLDER = ROOT / "static" / "img" / "guide"
OUTLINE = FOLDER / "outline.json"
_NAMES = """() => [...document.querySelectorAll(
    "main :is(h1, h2, legend, label, button, summary, th), nav.desk-rail a")]
  .filter(node => node.checkVisibility({visibilityProperty: true}))
  .map(node => (node.getAttribute("aria-label") ?? node.innerText).trim()).filter(Boolean)"""


@dataclass(frozen=True)
class Picture:
    """A page of the desk; `scroll` is a text that stands at the top of the picture."""

    name: str
    address: str
    wait: str = "h1"
    scroll: str = ""


def pictures(lived: LivedIn) -> Iterator[Picture]:
    """Every picture of the guide."""
    draft = lived.articles["draft"]
    yield Picture("desk", "/ban-lam-viec/")
    yield Picture("feedback", f"/ban-lam-viec/phan-anh/{lived.feedback['late']}")
    yield Picture(
        "editor", f"/ban-lam-viec/bai-viet/{draft}/sua", wait=".editor-sheet", scroll="Nội dung"
    )
    yield Picture("word", "/ban-lam-viec/bai-viet/tu-word")
    yield Picture("publish", f"/ban-lam-viec/bai-viet/{lived.articles['submitted']}")
    yield Picture("withdraw", f"/ban-lam-viec/bai-viet/{lived.articles['published']}/go")
    yield Picture("library", "/ban-lam-viec/tu-lieu/")
    yield Picture("board", "/ban-lam-viec/ke-hoach/don-vi/cdc")


def show(page: Page, picture: Picture) -> None:
    """Bring a page to where its picture is taken."""
    page.goto(picture.address)
    page.locator(picture.wait).first.wait_for()
    if picture.scroll:
        place = page.get_by_text(picture.scroll, exact=True).first
        place.evaluate("label => label.scrollIntoView()")


def outline(page: Page) -> list[str]:
    """Names of what stands on a page, without numbers and repetitions."""
    names = (re.sub(r"\s+", " ", re.sub(r"\d+", "#", name)) for name in page.evaluate(_NAMES))
    return list(dict.fromkeys(names))


def alike(one: list[str], other: list[str]) -> float:
    """The share of names that two outlines have in common: dates and counts move a few."""
    return len({*one} & {*other}) / max(1, len({*one} | {*other}))


def kept_outlines() -> dict[str, list[str]]:
    """What stood on the pages when their pictures were taken."""
    found: dict[str, list[str]] = json.loads(OUTLINE.read_text("utf-8"))
    return found


def keep_outlines(found: dict[str, list[str]]) -> None:
    """Remember what the pictures show."""
    OUTLINE.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
