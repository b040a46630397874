"""Whole journeys by keyboard alone: no pointer, and the focus in sight at every stop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.keys import Keyboard, has_focus
from tests.support.lived_in import LivedIn

Open = Callable[..., BrowserContext]


@pytest.fixture
def keys(open_browser: Open) -> Keyboard:
    return Keyboard(open_browser(reduced_motion="reduce").new_page())


def test_a_citizen_finds_a_procedure_and_prints_it(keys: Keyboard) -> None:
    page = keys.page
    page.goto("/")
    keys.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()
    box = page.locator("main input[name=q]")
    keys.go(box)
    page.keyboard.type("cap lai giay phep hanh nghe", delay=10)
    expect(page.get_by_role("option").first).to_contain_text("giấy phép hành nghề")
    keys.press("ArrowDown", "ArrowDown", "ArrowUp")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    expect(chosen).to_be_in_viewport()
    name = page.locator(f"#{box.get_attribute('aria-activedescendant')}").inner_text()
    assert has_focus(box)
    keys.press("Escape")
    expect(chosen).to_have_count(0)
    keys.press("Backspace", "e")
    expect(page.get_by_role("option").first).to_be_visible()
    keys.press("ArrowDown")
    expect(chosen).to_have_count(1)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name[:60])
    page.wait_for_load_state()
    keys.follow(page.get_by_role("link", name="In, niêm yết"))
    button = page.locator("[data-print]").first
    page.evaluate("window.print = () => document.body.classList.add('printed')")
    keys.use(button)
    expect(page.locator("body.printed")).to_have_count(1)


def test_a_citizen_narrows_the_list(keys: Keyboard) -> None:
    page = keys.page
    page.goto("/thu-tuc/")
    first = page.locator(".filter-panel li a").first
    if not first.is_visible():
        for summary in page.locator("main summary").all():
            if not first.is_visible() and summary.is_visible():
                keys.use(summary)
    keys.follow(first)
    expect(page).not_to_have_url("/thu-tuc/")
    keys.follow(page.locator(".chip").first)
    keys.follow(page.locator(".pagination a").last)
    expect(page.locator(".pagination [aria-current]")).not_to_have_text("1")
    keys.follow(page.locator(".result a").first)
    expect(page.locator(".summary-box")).to_be_visible()


def test_a_citizen_writes_and_comes_back(keys: Keyboard, width: int) -> None:
    page = keys.page
    page.goto("/phan-anh/gui")
    keys.follow(page.get_by_role("link", name="Phản ánh thái độ"))
    keys.follow(page.get_by_role("button", name="Xem lại"))
    expect(page.locator(".error-summary")).to_be_focused()
    keys.use(page.locator(".error-summary a").last)
    expect(page.get_by_role("textbox", name="Nội dung", exact=True)).to_be_focused()
    page.keyboard.type("Sáng nay quầy số 4 không có ai trực.")
    keys.go(page.get_by_role("textbox", name="Tiêu đề", exact=True), back=True)
    page.keyboard.type(f"Gõ bằng bàn phím {width}")
    keys.tick(page.get_by_role("checkbox").first)
    _long_enough_to_have_typed(page)
    keys.follow(page.get_by_role("button", name="Xem lại"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại trước khi gửi")
    keys.follow(page.locator("button[value=gui]"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận nội dung của bạn")
    code = page.locator(".tracking-code__code").inner_text().strip()
    page.goto("/phan-anh/tra-cuu")
    keys.write(page.get_by_label("Mã tra cứu"), code)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tình trạng nội dung bạn gửi")


def test_a_writer_writes(keys: Keyboard, width: int) -> None:
    page, title = keys.page, f"Bài gõ bằng bàn phím {width}"
    keys.sign_in("tac.gia@vidu.vn")
    _enter(keys, "bai-viet")
    keys.follow(page.get_by_role("link", name="Viết bài"))
    keys.write(page.get_by_label("Tiêu đề", exact=True), title)
    keys.write(page.get_by_label("Tóm tắt"), "Bạn đọc trong ba phút.")
    sheet = page.get_by_role("textbox", name="Nội dung")
    keys.go(sheet)
    page.keyboard.type("Đậm")
    keys.press("Control+a", "Alt+F10")
    bold = page.get_by_role("toolbar").get_by_role("button", name="Đậm")
    for _ in range(20):
        if has_focus(bold):
            break
        keys.press("ArrowRight")
    keys.press("Enter")
    expect(sheet.locator("strong")).to_have_text("Đậm")
    keys.press("Escape")
    assert has_focus(sheet)
    topic = page.get_by_label("Chủ đề")
    keys.choose(topic, topic.locator("option").nth(1).inner_text().strip())
    keys.follow(page.get_by_role("button", name="Lưu nháp"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_an_officer_answers(keys: Keyboard, lived: LivedIn, width: int) -> None:
    page = keys.page
    keys.sign_in("can.bo@vidu.vn")
    _enter(keys, "phan-anh")
    keys.follow(page.get_by_role("link", name="Chờ lâu ở bộ phận tiếp nhận hồ sơ").first)
    keys.follow(page.get_by_role("button", name="Xem liên hệ"))
    expect(page.get_by_text("0912 345 678")).to_be_visible()
    keys.use(page.get_by_text("Chuyển cơ quan có thẩm quyền"))
    expect(page.get_by_role("button", name="Ghi nhận đã chuyển")).to_be_visible()
    answer = page.get_by_label("Câu trả lời")
    keys.go(answer, back=True)
    page.keyboard.type("Đã thêm một người trực.")
    if width == 360:  # the second time there is nothing left to answer
        keys.go(page.get_by_role("button", name="Gửi câu trả lời"))
        return
    keys.follow(page.get_by_role("button", name="Gửi câu trả lời"))
    expect(page.get_by_role("heading", name="Cơ quan trả lời")).to_be_visible()


def test_an_administrator_invites(keys: Keyboard, width: int) -> None:
    page, name = keys.page, f"Đặng Bàn Phím {width}"
    keys.sign_in("tat.ca@vidu.vn")
    _enter(keys, "tai-khoan")
    keys.follow(page.get_by_role("link", name="Mời người mới"))
    keys.write(page.get_by_label("Họ và tên"), name)
    keys.write(page.get_by_label("Thư điện tử"), f"ban.phim.{width}@vidu.vn")
    keys.choose(page.get_by_label("Vai trò 1"), "Người viết")
    keys.follow(page.get_by_role("button", name="Gửi lời mời"))
    expect(page.locator(".error-summary")).to_be_focused()
    unit = page.get_by_label("Đơn vị 1")
    keys.choose(unit, unit.locator("option[value=cdc]").inner_text().strip())
    keys.follow(page.get_by_role("button", name="Gửi lời mời"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    keys.follow(page.get_by_role("button", name="Đăng xuất"))
    expect(page).not_to_have_url("/ban-lam-viec/")


def _enter(keys: Keyboard, room: str) -> None:
    """By the menu of the desk, which is folded on a phone."""
    link = keys.page.locator(f".desk-rail a[href='/ban-lam-viec/{room}/']")
    if not link.is_visible():
        keys.use(keys.page.locator(".desk-menu > summary"))
    keys.follow(link)


def _long_enough_to_have_typed(page: Page) -> None:
    """Who sends sooner than anyone can type is asked to read again: three seconds."""
    page.evaluate(
        """() => {
          const [visit] = performance.getEntriesByType("navigation");
          const left = visit.responseStart + 3050 - performance.now();
          return new Promise((done) => setTimeout(done, Math.max(0, left)));
        }"""
    )
