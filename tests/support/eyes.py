"""Look at a loaded page under the conditions in which people read: narrow, dark, enlarged.

One load serves all conditions: the browser changes its size, colours and text on the open page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page

FULL = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")
SIZES = ("target-size",)
SCHEMES = ("light", "dark", "forced")
WIDTHS = (320, 360, 768, 1280)
PHONE = 480
EYES = Path(__file__).with_suffix(".js").read_text("utf-8")
_RUN_AXE = "rules => axe.run(document, rules).then(found => found.violations)"
_LOOK = "names => names.flatMap(name => eyes[name]())"


@dataclass(frozen=True)
class Condition:
    """How a page is looked at. `rules` are axe's own, or its tags; `text` is the reader's own
    size of text in per cent, as set in the browser."""

    width: int
    rules: tuple[str, ...]
    scheme: str = "light"
    text: int = 100
    height: int = 800
    stops: bool = False

    def __str__(self) -> str:
        return f"{self.width}x{self.height} {self.scheme} {self.text} %"


ZOOMED = Condition(320, SIZES, height=256, stops=True)
"""1280 x 1024 at 400 %: nothing may be lost, nothing may hide the focus (WCAG 1.4.10, 2.4.11)."""
QUICK = (
    Condition(1280, (*COLOURS, *SIZES)),
    Condition(1280, COLOURS, scheme="dark"),
    Condition(1280, SIZES, text=200),
    Condition(768, SIZES),
    Condition(360, FULL, stops=True),
    Condition(360, COLOURS, scheme="forced"),
    Condition(360, SIZES, text=200),
    Condition(320, SIZES),
    ZOOMED,
)
"""What every run of the tests looks at: each width, each scheme, each size of text. The same page
lies behind all of them, so one width asks for all rules."""
COMPLETE = (
    *(
        Condition(width, FULL, scheme, text, stops=True)
        for width, text, scheme in product(WIDTHS, (100, 200), SCHEMES)
    ),
    *(Condition(320, FULL, scheme, height=256, stops=True) for scheme in SCHEMES),
)
"""Each with each, for `make axe`."""


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now, and whether it scrolls sideways."""
    return _axe(page, FULL) + _look(page, "sideways")


def judge(page: Page, conditions: tuple[Condition, ...]) -> list[str]:
    """What is wrong with the page under each of `conditions`."""
    told: dict[str, list[str]] = {}
    page.evaluate("document.activeElement.blur()")  # a skip link that shows covers the head
    session = page.context.new_cdp_session(page)
    for condition in conditions:
        _set(page, session, condition)
        looks = ["sideways", "cut", "heaped"]
        looks += ["small"] if condition.width <= PHONE else []
        looks += ["stops"] if condition.stops else []
        for fault in _axe(page, condition.rules) + _look(page, *looks):
            told.setdefault(fault, []).append(str(condition))
    session.detach()
    return [f"{fault} [{'; '.join(where)}]" for fault, where in told.items()]


def focus_faults(page: Page) -> list[str]:
    """What is wrong with where the focus is: not visible, out of view, covered."""
    return _look(page, "focus")


def focus_place(page: Page) -> Any:
    """Where the focus is in the whole page, and what has it."""
    _look(page)
    return page.evaluate("eyes.place()")


def _set(page: Page, session: CDPSession, condition: Condition) -> None:
    page.set_viewport_size({"width": condition.width, "height": condition.height})
    page.emulate_media(
        color_scheme="dark" if condition.scheme == "dark" else "light",
        forced_colors="active" if condition.scheme == "forced" else "none",
        reduced_motion="reduce",  # colours on their way from one scheme to the other are neither
    )
    share = condition.text / 100
    sizes = {"standard": round(16 * share), "fixed": round(13 * share)}
    session.send("Page.setFontSizes", {"fontSizes": sizes})


def _axe(page: Page, rules: tuple[str, ...]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_script())
    kind = "tag" if rules is FULL else "rule"
    options = {"runOnly": {"type": kind, "values": list(rules)}, "resultTypes": ["violations"]}
    return [
        f"{v['id']}: {v['help']} {[n['html'][:120] for n in v['nodes'][:3]]}"
        for v in page.evaluate(_RUN_AXE, options)
    ]


def _look(page: Page, *names: str) -> list[str]:
    if not page.evaluate("'eyes' in window"):
        page.evaluate(EYES)
    found: list[str] = page.evaluate(_LOOK, list(names))
    return found


@cache
def _axe_script() -> str:
    return Axe().axe_script
