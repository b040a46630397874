"""Real Chromium on a real server; axe-core judges every page a journey touches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.server import Server, serve

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
             "--disable-component-update", "--no-first-run", "--disable-quic"]  # fmt: skip
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(loaded_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(loaded_instance, tmp_path_factory.mktemp("browser")) as running:
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
def open_browser(
    chromium: Browser, server: Server, width: int
) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts whose pages fail the test on script errors, policy violations, foreign requests."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def build(*, javascript: bool = True, **options: object) -> BrowserContext:
        context = chromium.new_context(
            base_url=server.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            locale="vi-VN",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(10_000)
        context.on("page", lambda page: _watch(page, server.url, problems))
        contexts.append(context)
        return context

    yield build
    for context in contexts:
        context.close()
    assert problems == []


def _watch(page: Page, own: str, problems: list[str]) -> None:
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("console", lambda m: problems.append(m.text) if _is_violation(m.text) else None)
    page.on(
        "request",
        lambda r: None if r.url.startswith((own, "data:", "blob:")) else problems.append(r.url),
    )


def _is_violation(text: str) -> bool:
    return "Content Security Policy" in text or "Refused to" in text


@pytest.fixture
def sound() -> Callable[[Page], None]:
    """Assert that a page has no axe violation and does not scroll sideways."""

    def check(page: Page) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide"
        found = Axe().run(page, options=AXE_RULES).response["violations"]
        told = [
            f"{v['id']}: {v['help']} {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found
        ]
        assert told == [], f"{page.url}: {told}"

    return check
