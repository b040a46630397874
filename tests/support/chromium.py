"""Chromium as the tests start it, what no page may ask for, and how staff sign in."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.support.lived_in import PASSWORD

CHROMIUM = "/usr/bin/chromium"
# The address bar draws its list with a page of its own in every window, seen or not: without it
# a new window costs half the processor.
_UNSEEN = "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
             "--disable-component-update", "--no-first-run", "--disable-quic", _UNSEEN]  # fmt: skip


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


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Through the login page, as staff do."""
    page.goto("/dang-nhap")
    page.get_by_label("Thư điện tử").fill(email)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/ban-lam-viec/**")
