"""From a citizen's first word to a published answer, in Chromium, on a phone and on a desk."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from portal.accounts.permissions import Role
from portal.app import create_app
from portal.core.db import db
from portal.core.settings import load_settings
from portal.feedback import answering, codes, handling, submission
from portal.feedback.models import Feedback, Kind
from portal.feedback.submission import Draft
from tests.feedback.conftest import picture
from tests.feedback.test_handling import version
from tests.support.keys import Keyboard
from tests.support.server import Server
from tests.support.staff import make_user, sign_in

CODE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}")
Browse = Callable[..., BrowserContext]
Sound = Callable[[Page], None]


@pytest.fixture
def inside(server: Server) -> Iterator[Flask]:
    """The served portal seen from within, to let staff in without the login page."""
    app = create_app(load_settings({"PORTAL_INSTANCE": str(server.instance)}))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def officer(inside: Flask, open_browser: Browse, server: Server) -> Page:
    client = inside.test_client()
    sign_in(inside, client, make_user(inside, Role.FEEDBACK_OFFICER))
    cookie = client.get_cookie("phien")
    assert cookie is not None
    context = open_browser()
    context.add_cookies([{"name": "phien", "value": cookie.value, "url": server.url}])
    return context.new_page()


def fill_in(page: Page, subject: str) -> None:
    page.get_by_role("textbox", name="Tiêu đề", exact=True).fill(subject)
    page.get_by_role("textbox", name="Nội dung", exact=True).fill(
        "Sáng nay tôi chờ hai tiếng\nở quầy số 3 mà không ai gọi."
    )
    page.get_by_label("Số điện thoại").fill("0912 345 678")
    page.get_by_label("Tôi đồng ý").check()
    page.get_by_label("Ảnh hoặc tài liệu").set_input_files(
        {"name": "quầy.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )


def send(page: Page) -> str:
    page.wait_for_timeout(3_100)  # the form's shortest time
    page.get_by_role("button", name="Gửi cho cơ quan", exact=True).click()
    expect(page.locator("h1")).to_have_text("Đã nhận nội dung của bạn")
    code = CODE.search(page.locator(".tracking-code").inner_text())
    assert code
    return code[0]


def track(page: Page, code: str) -> None:
    page.get_by_label("Mã tra cứu").fill(code)
    page.get_by_role("button", name="Xem tình trạng").click()


def test_the_whole_way(
    open_browser: Browse, sound: Sound, inside: Flask, server: Server, width: int
) -> None:
    page = open_browser().new_page()
    subject = f"Chờ lâu ở quầy {width}"

    def arrived(where: Page, heading: str | re.Pattern[str]) -> None:
        """A click only begins the way to the next page; its heading ends it."""
        expect(where.locator("h1")).to_have_text(heading)
        where.wait_for_load_state()
        sound(where)

    page.goto("/phan-anh/")
    for heading, link in (
        ("Phản ánh, kiến nghị", "Gửi phản ánh, kiến nghị Không"),
        ("Bạn muốn làm gì?", "Phản ánh thái độ"),
    ):
        arrived(page, heading)
        page.get_by_role("link", name=link).click()
    arrived(page, "Gửi phản ánh, kiến nghị")
    page.get_by_role("button", name="Xem lại trước khi gửi").click()
    expect(page.locator(".error-summary")).to_be_focused()
    sound(page)
    fill_in(page, subject)
    page.get_by_role("button", name="Xem lại trước khi gửi").click()
    arrived(page, "Xem lại trước khi gửi")
    expect(page.get_by_text("quầy.jpg")).to_be_visible()
    code = send(page)
    sound(page)
    page.get_by_role("link", name="Tra cứu bằng mã").click()
    arrived(page, "Tra cứu phản ánh đã gửi")

    desk, second = (officer(inside, open_browser, server) for _ in range(2))
    desk.goto("/ban-lam-viec/phan-anh/")
    arrived(desk, "Phản ánh, kiến nghị")
    desk.get_by_role("link", name=subject).click()
    arrived(desk, re.compile(r"Phản ánh số \d+"))
    desk.get_by_role("button", name="Xem liên hệ").click()
    expect(desk.get_by_text("0912 345 678")).to_be_visible()
    desk.get_by_label("Câu trả lời").fill("Chúng tôi đã thêm một quầy.")
    desk.get_by_role("button", name="Gửi câu trả lời").click()
    expect(desk.locator(".flash")).to_contain_text("Đã trả lời")
    desk.get_by_role("link", name="Soạn bản công khai").click()
    arrived(desk, re.compile("Bản công khai của phản ánh"))
    desk.get_by_label("Câu trả lời công khai").fill("Gọi 0912 345 678.")
    desk.get_by_role("button", name="Lưu bản công khai").click()
    expect(desk.locator(".error-summary")).to_contain_text("dữ liệu cá nhân")
    sound(desk)
    desk.get_by_label("Câu trả lời công khai").fill("Đã thêm một quầy.")
    desk.get_by_role("button", name="Lưu bản công khai").click()
    expect(desk.locator(".flash")).to_contain_text("Đã lưu bản công khai")
    second.goto(desk.url)
    second.get_by_role("button", name="Duyệt và công khai").click()
    expect(second.locator(".flash")).to_contain_text("Đã công khai")
    sound(second)

    track(page, code.lower())
    expect(page.locator(".letter")).to_contain_text("Chúng tôi đã thêm một quầy.")
    sound(page)
    page.get_by_role("link", name="công khai").click()
    arrived(page, subject)


def test_without_javascript(open_browser: Browse) -> None:
    page = open_browser(javascript=False).new_page()
    page.goto("/phan-anh/gui?thu_tuc=1.012290")
    page.get_by_role("link", name="Phản ánh thái độ").click()
    expect(page.get_by_label("Mã thủ tục")).to_have_value("1.012290")
    fill_in(page, "Không cần JavaScript")
    page.get_by_role("button", name="Xem lại trước khi gửi").click()
    page.get_by_role("button", name="Sửa lại").click()
    expect(page.get_by_label("Tiêu đề")).to_have_value("Không cần JavaScript")
    page.get_by_role("button", name="Xem lại trước khi gửi").click()
    page.get_by_text("Xem bản công khai bắt đầu từ đâu").click()
    expect(page.locator(".preview")).to_contain_text("Sáng nay tôi chờ hai tiếng")
    page.get_by_label("Tôi không muốn công khai").check()
    code = send(page)
    expect(page.get_by_role("link", name="Tải biên nhận")).to_be_visible()
    saved = page.request.get("/phan-anh/bien-nhan.txt").text()
    assert code in saved
    page.goto("/phan-anh/tra-cuu")
    track(page, code.replace("-", " "))
    expect(page.locator("h1")).to_have_text("Tình trạng nội dung bạn gửi")


def test_a_denunciation_is_shown_its_road(open_browser: Browse, sound: Sound) -> None:
    page = open_browser().new_page()
    page.goto("/phan-anh/gui?loai=complaint")
    page.locator(".chosen-kind summary").click()
    page.get_by_label("Tố cáo hành vi vi phạm pháp luật").check()
    page.get_by_role("textbox", name="Nội dung", exact=True).fill("Lời tố cáo")
    page.get_by_role("button", name="Xem lại trước khi gửi").click()
    expect(page.locator("h1")).to_have_text("Tố cáo đi theo đường riêng")
    expect(page.get_by_role("region", name="Nháp đơn tố cáo")).to_contain_text("Lời tố cáo")
    sound(page)


def test_with_the_keyboard_alone(open_browser: Browse) -> None:
    page = open_browser().new_page()
    page.goto("/phan-anh/gui?loai=suggestion")
    page.get_by_role("textbox", name="Tiêu đề", exact=True).focus()
    page.keyboard.type("Tiêu đề gõ bằng bàn phím")
    page.keyboard.press("Tab")
    page.keyboard.type("Nội dung gõ bằng bàn phím.")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "xem":
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Xem lại trước khi gửi")


def test_help_while_typing_and_a_dead_server(open_browser: Browse, sound: Sound) -> None:
    page = open_browser().new_page()
    page.goto("/phan-anh/gui?loai=question")
    subject = page.get_by_role("textbox", name="Tiêu đề", exact=True)
    subject.fill("Cấp lại giấy phép hành nghề khám bệnh, chữa bệnh")
    help_ = page.locator(".helps a").first
    expect(help_).to_have_attribute("href", re.compile("/thu-tuc/|/phan-anh/"))
    expect(page.get_by_role("status")).to_contain_text("có thể giúp bạn")
    sound(page)
    page.get_by_role("textbox", name="Nội dung", exact=True).fill("Mất giấy phép thì làm thế nào?")
    page.route("**/phan-anh/gui", lambda route: route.abort())
    send_on = page.get_by_role("button", name="Xem lại trước khi gửi")
    send_on.click()
    expect(page.get_by_role("alert").filter(has_text="Chưa kết nối được")).to_be_visible()
    expect(subject).to_have_value(re.compile("Cấp lại"))
    page.unroute("**/phan-anh/gui")
    send_on.click()
    expect(page.locator("h1")).to_have_text("Xem lại trước khi gửi")
    expect(page.get_by_role("heading", name="Có thể bạn đã có câu trả lời")).to_be_visible()


def test_a_citizen_follows_adds_rates_and_reopens(
    open_browser: Browse, sound: Sound, inside: Flask
) -> None:
    """By keyboard alone, without scripts."""
    with inside.app_context():
        draft = Draft(kind=Kind.COMPLAINT, subject="Theo đến cùng", body="Chờ hai tiếng ở quầy 3.")
        receipt = submission.submit(draft, form=secrets.token_hex(16), network="192.0.2.77")
        number = db.session.scalars(select(func.max(Feedback.id))).one()
    by = make_user(inside, Role.FEEDBACK_OFFICER)
    page = open_browser(javascript=False).new_page()
    keys, beside = Keyboard(page), open_browser()

    def look() -> None:
        """The same page where axe can run: without scripts it cannot."""
        beside.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        other = beside.new_page()
        other.goto(page.url)
        sound(other)
        other.close()

    page.goto("/phan-anh/tra-cuu")
    keys.write(page.get_by_label("Mã tra cứu"), codes.show(receipt.code))
    keys.press("Enter")
    expect(page.locator(".lead")).to_contain_text("Cơ quan đã nhận")
    look()
    keys.follow(page.get_by_role("link", name="Bổ sung thông tin"))
    keys.write(page.get_by_label("Điều bạn muốn bổ sung"), "Lúc chín giờ sáng.")
    look()
    keys.use(page.get_by_role("button", name="Gửi thông tin bổ sung"))
    expect(page.get_by_role("status")).to_have_text("Đã gửi thông tin bổ sung.")
    with inside.app_context():
        handling.assign(by, number, version(number), assignee_id=by.user_id)
        answering.answer(by, number, version(number), "Đã bố trí thêm một quầy.")
    page.reload()
    expect(page.locator(".letter")).to_contain_text("Đã bố trí thêm một quầy.")
    look()
    keys.go(page.get_by_label("Rất hài lòng"))
    keys.press("ArrowDown", "ArrowDown")
    expect(page.get_by_label("Chưa hài lòng")).to_be_checked()
    keys.use(page.get_by_role("button", name="Gửi đánh giá"))
    keys.follow(page.get_by_role("link", name="Đề nghị xem lại"))
    keys.write(page.get_by_label("Điều gì chưa được giải quyết?"), "Sáng nay vẫn một quầy.")
    look()
    keys.use(page.get_by_role("button", name="Gửi đề nghị xem lại"))
    expect(page.locator(".lead")).to_contain_text("đang xử lý lại theo đề nghị của bạn")
    expect(page.locator(".talk")).to_contain_text("Đã bố trí thêm một quầy.")
    look()
    keys.use(page.get_by_role("button", name="Đóng trang theo dõi"))
    expect(page.locator("h1")).to_have_text("Tra cứu phản ánh đã gửi")
