"""A person without a mouse: everything by keys, and at each stop the focus must be plain to see."""

from __future__ import annotations

from itertools import pairwise
from typing import TypedDict

from playwright.sync_api import Locator, Page, expect

from tests.support.eyes import focus_faults, focus_place
from tests.support.lived_in import PASSWORD

FARTHEST = 150
"""No page has more stops than this between its top and any of its controls."""


class Stop(TypedDict):
    """Where the focus stood: edges in the whole page, and what has it."""

    top: float
    left: float
    bottom: float
    right: float
    name: str
    still: bool


class Keyboard:
    """Hands on a keyboard in front of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, target: Locator, *, back: bool = False) -> None:
        """Tab until `target` has the focus. The way there must be one that eyes can follow."""
        expect(target).to_be_visible()
        stops: list[Stop] = []
        rounds = 0
        while not has_focus(target):
            assert len(stops) < FARTHEST, f"Tab does not reach {target}: {_names(stops[-12:])}"
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                rounds += 1
                assert rounds < 3, f"Tab goes round without {target}: {_names(stops)}"
                if not back:
                    _follows_the_page(stops, self.page.url)
                stops = []
                continue
            faults = focus_faults(self.page)
            assert not faults, f"{self.page.url}: {faults}"
            stops.append(focus_place(self.page))
        if not back:
            _follows_the_page(stops, self.page.url)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def use(self, target: Locator) -> None:
        """Go to a control and press it; the page stays."""
        self.go(target)
        self.press("Enter")

    def follow(self, target: Locator) -> None:
        """Go to a link or a button and wait for the page to which it leads."""
        self.go(target)
        with self.page.expect_event("load"):
            self.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """Go to a field and type over what is in it."""
        self.go(target)
        self.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, target: Locator) -> None:
        self.go(target)
        self.press("Space")
        expect(target).to_be_checked()

    def choose(self, target: Locator, label: str) -> None:
        """Choose in a list by arrows, as a closed list lets one."""
        self.go(target)
        self.press("Home")
        for _ in range(FARTHEST):
            if target.evaluate("list => list.selectedOptions[0]?.label.trim()") == label:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{target} has no {label!r}")

    def sign_in(self, email: str) -> None:
        self.page.goto("/dang-nhap")
        self.write(self.page.get_by_label("Thư điện tử"), email)
        self.write(self.page.get_by_label("Mật khẩu"), PASSWORD)
        self.press("Enter")
        self.page.wait_for_url("**/ban-lam-viec/**")


def has_focus(target: Locator) -> bool:
    return bool(target.evaluate("e => e === document.activeElement"))


def _follows_the_page(stops: list[Stop], where: str) -> None:
    """From stop to stop down the page, or to the next column; what stays in view is free."""
    for one, other in pairwise(stops):
        if one["still"] or other["still"]:
            continue
        assert other["bottom"] > one["top"] or other["left"] >= one["right"] - 1, (
            f"{where}: the focus goes up from {one['name']} to {other['name']}"
        )


def _names(stops: list[Stop]) -> str:
    return " > ".join(stop["name"] for stop in stops)
