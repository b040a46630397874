"""Pages as a phone gets them: Chromium on gunicorn, everything counted, everything slow."""

from __future__ import annotations

import gzip
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench import pages
from bench.report import Row, Suite
from bench.world import World
from portal.core.settings import ROOT
from tests.support.chromium import ARGUMENTS, CHROMIUM
from tests.support.server import Server, free_port
from tests.support.visits import PHONE, PICTURES, Visit, visit

RUNS = 5
WEIGHTS = {"home": 80, "procedures": 75, "procedure": 75, "article": 75}
"""kB of a first visit with everything; an article without its own pictures."""
CSS, JS = 15, 10
LARGEST_PAINT = 1_500
PAINTED = ("home", "procedures", "procedures, searched", "procedure", "article", "section",
           "hotlines", "feedback form", "plan", "search")  # fmt: skip


def weigh(world: World) -> Suite:
    """First and second visit of the main pages; style sheets and scripts together."""
    suite = Suite("weight", "Over the wire, compressed: first visit with everything")
    with _chromium(world, suite) as opened:
        if opened is None:
            return suite
        browser, server = opened
        for kind, bar in WEIGHTS.items():
            first, again = _twice(browser, server, _heaviest(world, kind))
            only_pages = all(path in first.pages for path in again.sizes)
            size = first.without(PICTURES)
            suite.rows.append({
                "what": kind, "requests": len(first.sizes), "kB": size / 1000, "bar": bar,
                "holds": _word(size <= bar * 1000), "headers kB": first.headers / 1000,
                "second visit kB": (again.total + again.headers) / 1000,
                "only HTML": _word(only_pages),
            })  # fmt: skip
    for what, size, bar in (
        ("CSS together", css_bytes(world), CSS),
        ("JS together", js_bytes(), JS),
    ):
        suite.rows.append(
            {"what": what, "kB": size / 1000, "bar": bar, "holds": _word(size <= bar * 1000)}
        )
    suite.remarks.append("the heaviest of each kind; JS together is every script of static/js"
                         " outside the desk, though no page asks for all")  # fmt: skip
    return suite


def paint(world: World) -> Suite:
    """Largest paint and shifts of the layout on a slow phone: medians of several first visits."""
    suite = Suite("paint", "First visit on a slow phone: 150 ms, 1.6 Mbit/s, processor 4 x slower")
    with _chromium(world, suite) as opened:
        if opened is None:
            return suite
        browser, server = opened
        found = pages.addresses(world)
        for kind in PAINTED:
            suite.rows.append({"page": kind, **_painted(browser, server, found[kind])})
    suite.remarks.append(f"medians of {RUNS} visits, each with an empty cache; the largest shift")
    return suite


def css_bytes(world: World) -> int:
    """The bundle that every public page asks for."""
    with world.app.test_client().get("/giao-dien.css") as response:
        return len(gzip.compress(response.get_data()))


def js_bytes() -> int:
    """All scripts that a public page may ask for."""
    return sum(len(gzip.compress(path.read_bytes())) for path in (ROOT / "static/js").glob("*.js"))


@contextmanager
def _chromium(world: World, suite: Suite) -> Iterator[tuple[Browser, Server] | None]:
    if shutil.which(CHROMIUM) is None:
        suite.remarks.append("Chromium is not installed: nothing measured; .ci/tools installs it")
        yield None
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(world.instance, free_port(), Path(folder) / "server.log")
        server.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser, server
        finally:
            browser.close()
            server.stop()


def _heaviest(world: World, kind: str) -> str:
    client = world.app.test_client()

    def size(path: str) -> int:
        with client.get(path) as response:
            return len(gzip.compress(response.get_data(), 6))

    return max(pages.addresses(world)[kind], key=size)


def _twice(browser: Browser, server: Server, path: str) -> tuple[Visit, Visit]:
    with browser.new_context(base_url=server.url, **PHONE) as context:
        return visit(context, path), visit(context, path)


def _painted(browser: Browser, server: Server, paths: list[str]) -> Row:
    visits = []
    for number in range(RUNS):
        with browser.new_context(base_url=server.url, **PHONE) as context:
            visits.append(visit(context, paths[number % len(paths)], slow=True))
    largest = statistics.median(v.paint for v in visits)
    shift = max(v.shift for v in visits)
    return {
        "largest paint ms": round(largest), "worst": round(max(v.paint for v in visits)),
        "bar": LARGEST_PAINT, "holds": _word(largest <= LARGEST_PAINT),
        "shift": f"{shift:.4f}", "none": _word(shift < 0.0005),
    }  # fmt: skip


def _word(holds: bool) -> str:
    return "yes" if holds else "NO"
