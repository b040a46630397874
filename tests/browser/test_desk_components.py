"""The desk's menu, bulk bar, dialog and toasts in Chromium, by keyboard, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.support.chromium import sign_in
from tests.support.lived_in import ALL_ROLES, LivedIn

Open = Callable[..., BrowserContext]
HOTLINES = "/ban-lam-viec/danh-ba/"
LIST = "/ban-lam-viec/bai-viet/?xem=tat-ca"


def desk(open_browser: Open, *, javascript: bool = True) -> Page:
    page = open_browser(javascript=javascript).new_page()
    sign_in(page, ALL_ROLES)
    return page


def test_a_question_before_removing_and_a_way_back(
    open_browser: Open, sound: Callable[[Page], None]
) -> None:
    page = desk(open_browser)
    page.goto(HOTLINES)
    button = page.get_by_role("button", name="Gỡ", exact=True).first
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Không, quay lại")).to_be_focused()
    sound(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    expect(page.locator(".flash")).to_have_count(0)
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Gỡ", exact=True).click()
    flash = page.locator(".flash")
    expect(flash).to_contain_text("Đã gỡ:")
    expect(page.locator("body > [role=status]")).to_contain_text("Đã gỡ:")
    sound(page)
    flash.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".flash")).to_contain_text("Đã đưa lại")
    page.locator(".flash").get_by_role("button", name="Đóng").click()
    expect(page.locator(".flash")).to_have_count(0)


def test_the_bulk_bar_counts_and_keeps_away(
    open_browser: Open, sound: Callable[[Page], None]
) -> None:
    page = desk(open_browser)
    page.goto(LIST)
    bar = page.locator("form[data-bulk]")
    expect(bar).to_be_hidden()
    boxes = page.locator("tbody input[name=chon]")
    boxes.first.check()
    expect(bar).to_contain_text("Đã chọn 1 bài")
    expect(bar.get_by_role("button", name="Gửi duyệt")).to_be_in_viewport()
    page.get_by_role("button", name="Chọn tất cả").click()
    expect(bar).to_contain_text(f"Đã chọn {boxes.count()} bài")
    sound(page)
    page.get_by_role("button", name="Bỏ chọn tất cả").click()
    expect(bar).to_be_hidden()


def test_the_menu_folds_on_the_phone_alone(
    open_browser: Open, sound: Callable[[Page], None], width: int
) -> None:
    page = desk(open_browser)
    link = page.get_by_role("navigation", name="Bàn làm việc").get_by_role("link", name="Thủ tục")
    if width < 1000:
        expect(link).to_be_hidden()
        page.locator(".desk-menu > summary").click()
        sound(page)
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thủ tục")


def test_without_scripts(open_browser: Open, lived: LivedIn, width: int) -> None:
    page = desk(open_browser, javascript=False)
    page.goto(f"{LIST}&q=diem+buu+chinh+gan+nha")
    if width < 1000:
        page.locator(".desk-menu > summary").click()
    expect(page.get_by_role("link", name="Thủ tục", exact=True)).to_be_visible()
    page.get_by_role("link", name="Chọn tất cả").click()
    page.get_by_role("button", name="Gỡ, ghi lý do").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gỡ 1 bài")
    page.get_by_label("Lý do gỡ").fill("Thử.")
    page.get_by_role("button", name="Gỡ 1 bài").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 mục chưa làm được")
    page.goto(f"/ban-lam-viec/bai-viet/{lived.articles['draft']}")
    expect(page.get_by_text("bản nháp", exact=False).first).to_be_visible()
