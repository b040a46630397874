"""Real Chromium on a real server; axe-core judges every page a journey touches."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.chromium import ARGUMENTS, CHROMIUM, watch
from tests.support.eyes import faults
from tests.support.lived_in import LivedIn, settle
from tests.support.server import Server, serve

AT_A_TABLE = {
    "test_desk_components",
    "test_editor",
    "test_keyboard",
    "test_library",
    "test_officer",
    "test_words",
    "test_writer",
}
"""Journeys of people with a keyboard before them; all others go by phone."""
COMPLETE = os.environ.get("SWEEP") == "complete"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each journey takes the width of those who go it; `make axe` sends all through both."""
    ours = [item for item in items if "tests/browser" in str(item.path)]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    left_out = [] if COMPLETE else [item for item in ours if not _fits(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _fits(item: pytest.Item) -> bool:
    wide = item.path.stem in AT_A_TABLE
    return ("360px" if wide else "1280px") not in item.name


@pytest.fixture(scope="session")
def lived_instance(
    loaded_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, LivedIn]:
    """An instance folder in which people have worked, and who and what is in it."""
    folder = tmp_path_factory.mktemp("lived") / "instance"
    shutil.copytree(loaded_instance, folder)
    return folder, settle(folder)


@pytest.fixture(scope="session")
def lived(lived_instance: tuple[Path, LivedIn]) -> LivedIn:
    return lived_instance[1]


@pytest.fixture(scope="session")
def server(
    lived_instance: tuple[Path, LivedIn], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with serve(lived_instance[0], tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=[360, 1280], ids=["360px", "1280px"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def watched_context(chromium: Browser, server: Server) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts whose pages fail the test on script errors, policy violations, foreign requests."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def build(**options: object) -> BrowserContext:
        context = chromium.new_context(
            base_url=server.url,
            locale="vi-VN",
            **options,  # type: ignore[arg-type]
        )
        context.on("page", lambda page: watch(page, server.url, problems.append))
        contexts.append(context)
        return context

    yield build
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def open_browser(
    watched_context: Callable[..., BrowserContext], width: int
) -> Callable[..., BrowserContext]:
    """Watched contexts of the phone's and of the desk's width."""

    def build(*, javascript: bool = True, **options: object) -> BrowserContext:
        viewport = {"width": width, "height": 800}
        context = watched_context(viewport=viewport, java_script_enabled=javascript, **options)
        context.set_default_timeout(10_000)
        return context

    return build


@pytest.fixture
def sound() -> Callable[[Page], None]:
    """Assert that a page has no axe violation and does not scroll sideways."""

    def check(page: Page) -> None:
        assert faults(page) == [], page.url

    return check
