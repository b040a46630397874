"""Photographs of all main pages at both widths, and the pictures that the documents show.

`python -m tests.support.screens` prepares an instance of its own and fills `instance/screens/`;
with `--docs` it also draws `docs/img/` anew.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal.app import create_app
from portal.core.settings import ROOT, load_settings
from tests.support.chromium import ARGUMENTS, CHROMIUM, sign_in
from tests.support.lived_in import ALL_ROLES, LivedIn, settle
from tests.support.server import Server, flask, serve
from tests.support.tour import desk_pages, public_pages

WIDTHS = (360, 1280)
MOST_BYTES = 120_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", action="store_true", help="draw docs/img/ anew, nothing else")
    parser.add_argument("--only", default="", help="addresses that match this expression")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        _portal(Path(folder)) as (server, lived),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        if given.docs:
            draw_documents(browser, server, lived)
        else:
            photograph(browser, server, lived, given.only)
        browser.close()


@contextmanager
def _portal(folder: Path) -> Iterator[tuple[Server, LivedIn]]:
    prepared = flask(folder / "prepared", "prepare")
    if prepared.returncode:
        raise SystemExit(prepared.stderr)
    lived = settle(folder / "prepared")
    with serve(folder / "prepared", folder) as server:
        yield server, lived


def photograph(browser: Browser, server: Server, lived: LivedIn, only: str = "") -> None:
    """Whole pages into `instance/screens/<width>/`."""
    app = create_app(load_settings({"PORTAL_INSTANCE": str(server.instance)}))
    for width in WIDTHS:
        folder = ROOT / "instance" / "screens" / str(width)
        folder.mkdir(parents=True, exist_ok=True)
        for list_pages in (public_pages, desk_pages):
            context = _context(browser, server, width)
            page = context.new_page()
            if list_pages is desk_pages:
                sign_in(page, ALL_ROLES)
            for address in list_pages(app, lived):
                if re.search(only, address):
                    page.goto(address)
                    name = re.sub(r"[^\w.-]+", "_", address).strip("_") or "home"
                    page.screenshot(path=folder / f"{name}.png", full_page=True)
            context.close()
    print(ROOT / "instance" / "screens")


def draw_documents(browser: Browser, server: Server, lived: LivedIn) -> None:
    """The four pictures of README.md and docs/editing.md."""
    phone, desk = _context(browser, server, 360), _context(browser, server, 1280)
    small, wide = phone.new_page(), desk.new_page()
    for page in (small, wide):
        page.goto("/")
    _keep("home", _side_by_side(_shot(wide), _shot(small)))
    sign_in(wide, ALL_ROLES)
    _keep("desk", _shot(wide))
    wide.goto(f"/ban-lam-viec/phan-anh/{lived.feedback['late']}")
    _keep("feedback", _shot(wide))
    wide.goto(f"/ban-lam-viec/bai-viet/{lived.articles['draft']}/sua")
    wide.locator(".editor-sheet").first.wait_for()
    wide.get_by_text("Nội dung", exact=True).first.evaluate("label => label.scrollIntoView()")
    _keep("editor", _shot(wide))


def _context(browser: Browser, server: Server, width: int) -> BrowserContext:
    return browser.new_context(
        base_url=server.url, viewport={"width": width, "height": 800}, locale="vi-VN"
    )


def _shot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def _side_by_side(left: Image.Image, right: Image.Image) -> Image.Image:
    gap = 40
    both = Image.new("RGB", (left.width + gap + right.width, left.height), "white")
    both.paste(left, (0, 0))
    both.paste(right, (left.width + gap, 0))
    return both


def _keep(name: str, picture: Image.Image) -> None:
    """As a small PNG in docs/img/: fewer colours until it is light enough."""
    path = ROOT / "docs" / "img" / f"{name}.png"
    path.parent.mkdir(exist_ok=True)
    for colours in (128, 64, 32, 16):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return
    raise SystemExit(f"{path} does not become small enough")


if __name__ == "__main__":
    main()
