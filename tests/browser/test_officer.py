"""Two officers: one answers and prepares the public copy, the other lets it out."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.support.chromium import sign_in
from tests.support.keys import Keyboard
from tests.support.lived_in import PASSWORD

Open = Callable[..., BrowserContext]
Sound = Callable[[Page], None]
NAME, PHONE = "Hoàng Văn Kín", "0987 654 321"
REPLY = "Quầy số 2 đã có thêm người trực buổi sáng. Bạn gọi đường dây nóng nếu vẫn phải chờ."


def test_from_inbox_to_public_answer(open_browser: Open, sound: Sound, width: int) -> None:
    subject = f"Quầy số 2 thiếu người trực ({width})"
    citizen, officer, second = (open_browser().new_page() for _ in range(3))
    _complain(citizen, subject)
    sign_in(officer, "can.bo@vidu.vn")
    sound(officer)
    if width < 1000:
        officer.locator(".desk-menu > summary").click()
    menu = officer.get_by_role("navigation", name="Bàn làm việc")
    menu.get_by_role("link", name="Phản ánh").click()
    officer.wait_for_url("**/phan-anh/")
    sound(officer)
    officer.get_by_role("link", name=subject).click()
    item = officer.url
    expect(officer.locator(".facts")).not_to_contain_text(NAME)
    officer.get_by_role("button", name="Xem liên hệ").click()
    expect(officer.locator(".facts")).to_contain_text(NAME)
    _assign(officer)
    sound(officer)
    officer.get_by_label("Câu trả lời").fill(REPLY)
    officer.get_by_role("button", name="Gửi câu trả lời").click()
    expect(officer.get_by_role("heading", name="Cơ quan trả lời")).to_be_visible()
    _prepare(officer, sound)
    expect(officer.get_by_role("button", name="Duyệt và công khai")).to_have_count(0)
    sign_in(second, "can.bo.hai@vidu.vn")
    second.goto(item)
    sound(second)
    second.get_by_role("button", name="Duyệt và công khai").click()
    second.get_by_role("link", name="xem trang công khai", exact=True).click()
    expect(second.get_by_role("heading", level=1)).to_have_text(subject)
    public = second.content()
    assert REPLY in public
    assert NAME not in public
    assert PHONE not in public
    sound(second)
    citizen.goto("/phan-anh/")
    expect(citizen.get_by_role("link", name=subject)).to_be_visible()


def _complain(page: Page, subject: str) -> None:
    page.goto("/phan-anh/gui?loai=complaint")
    page.get_by_label("Tiêu đề").fill(subject)
    page.get_by_label("Nội dung").first.fill(f"Tôi là {NAME}, số {PHONE}. Sáng nay quầy vắng.")
    page.get_by_label("Họ và tên").fill(NAME)
    page.get_by_label("Số điện thoại").fill(PHONE)
    page.get_by_label("Tôi đồng ý").check()
    page.wait_for_timeout(3_100)
    page.get_by_role("button", name="Xem lại").click()
    page.get_by_role("button", name="Gửi cho cơ quan", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhận nội dung của bạn")


def _assign(page: Page) -> None:
    if not page.get_by_label("Người xử lý").is_visible():
        page.get_by_text("Giao xử lý").click()
    page.get_by_label("Người xử lý").select_option(label="Lê Ngọc Bích")
    page.get_by_role("button", name="Giao xử lý", exact=True).click()
    expect(page.locator(".facts")).to_contain_text("Lê Ngọc Bích")


def _prepare(page: Page, sound: Sound) -> None:
    """The citizen's own words are refused until the officer has taken them out."""
    page.get_by_role("link", name="Soạn bản công khai").click()
    question = page.get_by_label("Câu hỏi công khai")
    question.fill(f"Tôi là {NAME}. Sáng nay quầy vắng.")
    page.get_by_role("button", name="Lưu bản công khai").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    sound(page)
    page.get_by_label("Câu hỏi công khai").fill("Sáng nay quầy số 2 không có người trực.")
    page.get_by_role("button", name="Lưu bản công khai").click()
    expect(page.get_by_role("heading", name="Công khai", exact=True)).to_be_visible()


def test_a_call_is_entered_and_its_double_found_by_keyboard(
    open_browser: Open, sound: Sound, width: int
) -> None:
    page = open_browser(reduced_motion="reduce").new_page()
    keys, said = Keyboard(page), f"Gọi đường dây nóng ba lần không ai nghe ({width})"
    sign_in(page, "can.bo.hai@vidu.vn")
    page.goto("/ban-lam-viec/phan-anh/")
    keys.follow(page.get_by_role("link", name="Nhập thay người gửi"))
    for certain in (False, True):
        sound(page)
        keys.choose(page.get_by_label("Đến bằng đường nào"), "Điện thoại")
        keys.go(page.get_by_label("Phản ánh", exact=True))
        keys.press("Space")
        keys.go(page.get_by_label("Tiêu đề"))
        page.keyboard.type("Không ai nghe máy")
        keys.go(page.get_by_role("textbox", name="Nội dung", exact=True))
        page.keyboard.type(said)
        keys.follow(page.get_by_role("button", name="Ghi nhận, lấy mã tra cứu"))
        if certain:
            expect(page.get_by_text("Có thể đã có nội dung này")).to_be_visible()
            sound(page)
            keys.follow(page.get_by_role("button", name="Là nội dung khác, vẫn nhập"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Biên nhận cho người gửi")
        expect(page.locator(".tracking-code__code")).to_be_visible()
        keys.follow(page.get_by_role("button", name="Người gửi đã có mã, nhập nội dung khác"))
    page.goto("/ban-lam-viec/phan-anh/?khay=moi&sap-xep=moi-nhat")
    first = page.locator("[data-rows] tbody th a").first
    keys.go(first)
    keys.press("j", "k")
    expect(first).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_text("có thể trùng với nội dung khác")).to_be_visible()
    keys.use(page.locator("summary", has_text="có thể trùng"))
    expect(page.get_by_text("cùng một lời văn")).to_be_visible()
    sound(page)


def test_signing_in_without_javascript(open_browser: Open) -> None:
    page = open_browser(javascript=False).new_page()
    page.goto("/ban-lam-viec/phan-anh/")
    page.get_by_label("Thư điện tử").fill("can.bo@vidu.vn")
    page.get_by_label("Mật khẩu").fill("không phải mật khẩu này")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phản ánh, kiến nghị")
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto("/ban-lam-viec/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
