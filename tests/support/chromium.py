"""Chromium as the tests start it, what a page must not do, and how staff sign in."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.support.lived_in import PASSWORD

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
             "--disable-component-update", "--no-first-run", "--disable-quic"]  # fmt: skip
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_RUN_AXE = "rules => axe.run(document, rules).then(found => found.violations)"
_axe = Axe()


def watch(page: Page, own: str, tell: Callable[[str], None]) -> None:
    """Tell of script errors, broken policies and requests that leave the portal."""
    page.on("pageerror", lambda error: tell(f"script: {error}"))
    page.on("console", lambda m: tell(m.text) if _is_fault(m.text) else None)
    page.on(
        "request",
        lambda r: None if r.url.startswith((own, "data:", "blob:")) else tell(r.url),
    )


def _is_fault(text: str) -> bool:
    return "Content Security Policy" in text or "Refused to" in text or "Uncaught" in text


def faults(page: Page) -> list[str]:
    """What axe finds on the page, and how far it scrolls sideways."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe.axe_script)
    told = [
        f"{v['id']}: {v['help']} {[n['html'][:120] for n in v['nodes'][:3]]}"
        for v in page.evaluate(_RUN_AXE, AXE_RULES)
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return told + ([f"{wide} px too wide at {page.viewport_size}"] if wide > 0 else [])


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Through the login page, as staff do."""
    page.goto("/dang-nhap")
    page.get_by_label("Thư điện tử").fill(email)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/ban-lam-viec/**")
