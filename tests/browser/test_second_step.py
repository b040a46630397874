"""The second step on a telephone without scripts: set up, printed, asked for, and the drawer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.chromium import sign_in
from tests.support.lived_in import PASSWORD

EMAIL = "can.bo.hai@vidu.vn"
OWN = "/ban-lam-viec/tai-khoan/cua-toi"


def test_from_the_reminder_to_the_drawer(
    open_browser: Callable[..., BrowserContext], sound: Callable[[Page], None]
) -> None:
    page = open_browser(javascript=False).new_page()
    sign_in(page, EMAIL)
    page.get_by_role("link", name="Bật xác nhận hai bước").first.click()
    page.get_by_label("Mật khẩu của bạn").fill(PASSWORD)
    page.get_by_role("button", name="Mở mã QR").click()
    expect(page.get_by_alt_text("Mã QR cho ứng dụng xác thực")).to_be_visible()
    page.get_by_text("Không quét được? Nhập tay").click()
    secret = page.locator(".enrol-secret code").inner_text().replace(" ", "")
    page.get_by_label("Mã xác nhận").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Bật xác nhận hai bước").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    assert all(re.fullmatch(r"\w{4}-\w{4}-\w{4}", code) for code in codes)
    _sign_in_with(page, codes[0])
    page.goto(f"{OWN}/hai-buoc")
    expect(page.get_by_text("9 mã")).to_be_visible()

    looked = open_browser().new_page()  # axe is a script: the same pages once more with it
    looked.goto("/dang-nhap")
    looked.get_by_label("Thư điện tử").fill(EMAIL)
    looked.get_by_label("Mật khẩu").fill(PASSWORD)
    looked.get_by_role("button", name="Đăng nhập").click()
    sound(looked)
    looked.get_by_role("link", name="Dùng mã khôi phục").click()
    looked.get_by_label("Mã xác nhận").fill(codes[1])
    looked.get_by_role("button", name="Đăng nhập").click()
    looked.wait_for_url("**/ban-lam-viec/**")
    looked.goto(f"{OWN}/hai-buoc")
    sound(looked)
    looked.locator("#tat-current").fill(PASSWORD)
    looked.locator("#tat-code").fill(codes[2])
    looked.get_by_role("button", name="Tắt xác nhận hai bước").click()
    expect(looked.get_by_text("Đã tắt xác nhận hai bước")).to_be_visible()


def _sign_in_with(page: Page, code: str) -> None:
    page.context.clear_cookies()
    page.goto("/dang-nhap")
    page.get_by_label("Thư điện tử").fill(EMAIL)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("link", name="Không có điện thoại bên mình?").click()
    page.get_by_label("Mã xác nhận").fill(code.lower())
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/ban-lam-viec/**")
