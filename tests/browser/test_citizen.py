"""A citizen on a phone: finds a procedure, rings, reads, writes, and comes back for the answer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.chromium import sign_in
from tests.support.server import Server

Open = Callable[..., BrowserContext]
Sound = Callable[[Page], None]
SUBJECT = "Hướng dẫn cấp lại giấy phép chưa rõ"
BODY = "Tôi đọc trang thủ tục nhưng chưa rõ nộp bản sao nào.\nMong cơ quan trả lời."
REPLY = "Bạn nộp bản sao giấy phép còn giữ được, không cần chứng thực."


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def look(sound: Sound, javascript: bool) -> Sound:
    """Judges a page; axe itself is a script, so without scripts only people can look."""
    return sound if javascript else lambda page: None


def test_finding_a_procedure_and_a_number(
    open_browser: Open, javascript: bool, look: Sound
) -> None:
    page = open_browser(javascript=javascript).new_page()
    page.goto("/")
    look(page)
    box = page.locator("main input[name=q]")
    if javascript:
        box.press_sequentially("cap lai giay phep hanh nghe")
        expect(page.get_by_role("option").first).to_contain_text("giấy phép hành nghề")
    else:
        box.fill("cap lai giay phep hanh nghe")
    box.press("Enter")
    first = page.get_by_role("heading", level=3).get_by_role("link").first
    expect(first).to_contain_text(re.compile("cấp lại giấy phép hành nghề", re.IGNORECASE))
    expect(page.get_by_role("heading", level=2, name="thủ tục cho")).to_be_visible()
    look(page)
    page.locator("h3 a[href='/thu-tuc/1.012290']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cấp lại giấy phép hành nghề")
    summary = page.locator(".summary-box")
    for question in ("Bạn cần gì", "Bao lâu", "Bao nhiêu tiền", "Nộp ở đâu", "Nhận gì"):
        expect(summary.get_by_text(question, exact=True)).to_be_visible()
    expect(summary).to_contain_text("ngày làm việc")
    expect(summary).to_contain_text("đồng")
    expect(page.get_by_role("heading", name="Hồ sơ cần chuẩn bị")).to_be_visible()
    assert page.get_by_role("checkbox").count() > 2
    look(page)
    page.get_by_role("link", name="Đường dây nóng").first.click()
    call = page.locator("main a[href^='tel:']").first
    expect(call).to_be_visible()
    assert re.fullmatch(r"tel:\+?\d{3,15}", call.get_attribute("href") or "")
    look(page)


def test_reading_by_topic(open_browser: Open, javascript: bool, look: Sound) -> None:
    page = open_browser(javascript=javascript).new_page()
    page.goto("/cai-cach-hanh-chinh/")
    look(page)
    page.locator("main a[href='/cai-cach-hanh-chinh/huong-dan/']").first.click()
    look(page)
    page.locator("main a[href='/bai-viet/tra-cuu-thu-tuc']").first.click()
    assert len(page.locator("article.article").inner_text()) > 500
    look(page)


def test_asking_and_reading_the_answer(
    open_browser: Open, server: Server, javascript: bool, look: Sound
) -> None:
    page = open_browser(javascript=javascript).new_page()
    code = _ask(page, look, f"{SUBJECT} {page.viewport_size} {javascript}")
    _follow(page, code)
    expect(page.get_by_text("Đã tiếp nhận").first).to_be_visible()
    expect(page.get_by_text("Hạn trả lời")).to_be_visible()
    look(page)
    _answer(open_browser().new_page(), f"{SUBJECT} {page.viewport_size} {javascript}")
    _follow(page, code)
    expect(page.locator(".letter")).to_contain_text(REPLY)
    look(page)


def _ask(page: Page, look: Sound, subject: str) -> str:
    page.goto("/phan-anh/gui?thu_tuc=1.012290")
    look(page)
    page.get_by_role("link", name="Hỏi về thủ tục, dịch vụ").click()
    page.get_by_role("button", name="Xem lại").click()
    expect(page.locator(".error-summary")).to_contain_text("chỗ cần sửa")
    look(page)
    page.get_by_label("Tiêu đề").fill(subject)
    page.get_by_label("Nội dung").first.fill(BODY)
    look(page)
    page.wait_for_timeout(3_100)  # who sends sooner than anyone can type is asked to read again
    page.get_by_role("button", name="Xem lại").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại trước khi gửi")
    expect(page.locator(".facts")).to_contain_text("1.012290")
    look(page)
    page.get_by_role("button", name="Gửi cho cơ quan", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận nội dung của bạn")
    look(page)
    return page.locator(".tracking-code__code").inner_text().strip()


def _follow(page: Page, code: str) -> None:
    page.goto("/phan-anh/tra-cuu")
    page.get_by_label("Mã tra cứu").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Xem tình trạng").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tình trạng nội dung bạn gửi")


def _answer(page: Page, subject: str) -> None:
    sign_in(page, "can.bo@vidu.vn")
    page.goto("/ban-lam-viec/phan-anh/")
    page.get_by_role("link", name=subject, exact=True).click()
    page.get_by_label("Câu trả lời").fill(REPLY)
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(page.get_by_role("heading", name="Cơ quan trả lời")).to_be_visible()
