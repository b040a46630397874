"""Photographs of all pages, wide and narrow, light and dark, and the pictures of the documents.

`python -m tests.support.screens` prepares an instance of its own and fills `instance/screens/`,
with a contact sheet in `index.html`; with `--docs` it draws `static/img/guide/` anew instead.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal.app import create_app
from portal.core.settings import ROOT, load_settings
from tests.support import guide_pictures
from tests.support.chromium import ARGUMENTS, CHROMIUM, sign_in
from tests.support.lived_in import ALL_ROLES, LivedIn, settle
from tests.support.server import Server, flask, serve
from tests.support.tour import desk_pages, public_pages

WIDTHS = (360, 1280)
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
MOST_BYTES = 120_000
_SHEET = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Ảnh các trang</title>
<style>body {{ font: 1rem/1.5 sans-serif; margin: 1rem }}
h2 {{ font-size: 1rem; margin: 1.5rem 0 .5rem }}
div {{ display: flex; flex-wrap: wrap; gap: .75rem }}
img {{ object-fit: cover; object-position: top; border: 1px solid #888 }}</style></head>
<body><h1>Ảnh các trang</h1>
{rows}</body></html>
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--docs", action="store_true", help="draw the guide's pictures anew, nothing else"
    )
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
    """Whole pages into `instance/screens/<width>-<scheme>/`, and a sheet that shows them all."""
    app = create_app(load_settings({"PORTAL_INSTANCE": str(server.instance)}))
    shots = ROOT / "instance" / "screens"
    taken: list[tuple[str, str]] = []
    for list_pages in (public_pages, desk_pages):
        context = _context(browser, server, WIDTHS[0])
        page = context.new_page()
        if list_pages is desk_pages:
            sign_in(page, ALL_ROLES)
        for address in list_pages(app, lived):
            if re.search(only, address):
                name = re.sub(r"[^\w.-]+", "_", address).strip("_") or "home"
                _photograph_page(page, address, shots, name)
                taken.append((address, name))
        context.close()
    contact_sheet(shots, taken)
    print(shots / "index.html")


def _photograph_page(page: Page, address: str, shots: Path, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            folder = shots / f"{width}-{scheme}"
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)


def contact_sheet(shots: Path, taken: list[tuple[str, str]]) -> None:
    """One page with all photographs, a row a page, to look at them side by side."""
    kinds = [(width, scheme) for width in WIDTHS for scheme in SCHEMES]
    rows = "".join(
        f"<section><h2>{escape(address)}</h2><div>"
        + "".join(_thumbnail(f"{width}-{scheme}/{name}.png", width) for width, scheme in kinds)
        + "</div></section>\n"
        for address, name in taken
    )
    (shots / "index.html").write_text(_SHEET.format(rows=rows), "utf-8")


def _thumbnail(file: str, width: int) -> str:
    shown = 180 if width == WIDTHS[0] else 420
    return (
        f'<a href="{file}"><img src="{file}" loading="lazy" width="{shown}" height="480"'
        f' alt="{file}"></a>'
    )


def draw_documents(browser: Browser, server: Server, lived: LivedIn) -> None:
    """The pictures of README.md and of the guide, and the outlines that tell when they age."""
    phone, desk = _context(browser, server, 360), _context(browser, server, 1280)
    small, wide = phone.new_page(), desk.new_page()
    for page in (small, wide):
        page.goto("/")
    _keep("home", _side_by_side(_shot(wide), _shot(small)))
    sign_in(wide, ALL_ROLES)
    outlines = {}
    for picture in guide_pictures.pictures(lived):
        guide_pictures.show(wide, picture)
        outlines[picture.name] = guide_pictures.outline(wide)
        _keep(picture.name, _shot(wide))
    guide_pictures.keep_outlines(outlines)


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
    """As a small PNG in static/img/guide/: fewer colours until it is light enough."""
    path = guide_pictures.FOLDER / f"{name}.png"
    for colours in (128, 64, 32, 16):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return
    raise SystemExit(f"{path} does not become small enough")


if __name__ == "__main__":
    main()
