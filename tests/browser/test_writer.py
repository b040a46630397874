"""A writer and a publisher: from the invitation to an article that readers find."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal.app import create_app
from portal.articles import service
from portal.articles.drafts import Draft
from portal.articles.models import Article
from portal.core import clock
from portal.core.db import db, write
from portal.core.settings import load_settings
from portal.search import feed
from tests.media.samples import pdf, picture
from tests.support.chromium import sign_in
from tests.support.lived_in import UNIT, LivedIn
from tests.support.server import Server, flask

Open = Callable[..., BrowserContext]
Sound = Callable[[Page], None]
OWN_PASSWORD = "chiều nay thủy triều lên chậm"
REMARK = "Bạn nêu thời hạn ngay ở tóm tắt."
SUMMARY = "Bạn nộp ở bưu chính gần nhà, ba ngày làm việc có kết quả."


def test_from_invitation_to_publication(
    open_browser: Open, server: Server, sound: Sound, width: int
) -> None:
    title = f"Nộp hồ sơ qua bưu chính bậc {width}"
    author, publisher, reader = (open_browser().new_page() for _ in range(3))
    _accept_invitation(author, server, f"nguoi.viet.{width}@vidu.vn", sound)
    _write(author, title, sound)
    author.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(author.get_by_text("chờ duyệt").first).to_be_visible()
    sound(author)
    sign_in(publisher, "nguoi.duyet@vidu.vn")
    publisher.goto("/ban-lam-viec/bai-viet/")
    sound(publisher)
    publisher.get_by_role("link", name=title).click()
    sound(publisher)
    publisher.get_by_label("Điều cần sửa nói chung").fill(REMARK)
    publisher.get_by_role("button", name="Trả lại").click()
    expect(publisher.get_by_text("trả lại để sửa").first).to_be_visible()
    author.reload()
    expect(author.get_by_text(REMARK)).to_be_visible()
    author.get_by_role("link", name="Sửa bài").click()
    author.get_by_label("Tóm tắt").fill(SUMMARY)
    sound(author)
    author.get_by_role("button", name="Lưu và gửi duyệt").click()
    expect(author.get_by_text("chờ duyệt").first).to_be_visible()
    assert title not in _text(reader, "/")
    publisher.reload()
    publisher.get_by_role("button", name="Đăng ngay").click()
    publisher.get_by_role("link", name="Trang công khai", exact=True).click()
    _check_article(publisher, title)
    sound(publisher)
    topic = publisher.locator(".breadcrumbs a[href^='/cai-cach-hanh-chinh/']").last
    address = topic.get_attribute("href") or ""
    for place in ("/", address, "/feed.xml", f"/tim-kiem?q=buu+chinh+bac+{width}"):
        _eventually(lambda place=place: title in _text(reader, place), place)


def test_nothing_shows_before_its_hour(
    open_browser: Open, server: Server, lived: LivedIn, sound: Sound, width: int
) -> None:
    title = f"Lịch tiếp công dân quý tới, bản {width}"
    number = _hand_in(server, lived, title)
    publisher, reader = open_browser().new_page(), open_browser().new_page()
    sign_in(publisher, "nguoi.duyet@vidu.vn")
    publisher.goto(f"/ban-lam-viec/bai-viet/{number}")
    tomorrow = clock.to_local(clock.now() + timedelta(days=1)).date()
    publisher.get_by_label("Ngày đăng").fill(tomorrow.isoformat())
    publisher.get_by_label("Giờ đăng").fill("09:30")
    said = f"Hẹn đăng lúc 09:30 ngày {tomorrow:%d/%m/%Y}"
    publisher.get_by_role("button", name=said, exact=True).click()
    expect(publisher.get_by_text("hẹn đăng").first).to_be_visible()
    sound(publisher)
    places = ("/", f"/tim-kiem?q=lich+tiep+cong+dan+quy+toi+ban+{width}", "/feed.xml")
    for place in places:
        assert title not in _text(reader, place), place
    _let_the_hour_come(server, number)
    for place in places:
        _eventually(lambda place=place: title in _text(reader, place), place)


def _accept_invitation(page: Page, server: Server, email: str, sound: Sound) -> None:
    invited = flask(
        server.instance, "users", "invite", email, "--role", "author", "--unit", UNIT,
        PORTAL_BASE_URL=server.url,
    )  # fmt: skip
    assert invited.returncode == 0, invited.stderr
    page.goto(invited.stdout.strip())
    sound(page)
    page.get_by_label("Mật khẩu").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    page.wait_for_url("**/dang-nhap")
    sign_in(page, email, OWN_PASSWORD)


def _write(page: Page, title: str, sound: Sound) -> None:
    page.goto("/ban-lam-viec/bai-viet/moi")
    page.get_by_label("Tiêu đề", exact=True).fill(title)
    page.get_by_label("Tóm tắt").fill("Nộp ở bưu chính gần nhà.")
    _compose(page)
    page.get_by_label("Chủ đề").select_option(index=1)
    page.get_by_role("group", name="Nhiệm vụ của kế hoạch").get_by_role("checkbox").first.check()
    page.get_by_label("Tệp mới").set_input_files(
        {"name": "mẫu đơn.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    sound(page)


def _compose(page: Page) -> None:
    keys = page.keyboard
    page.get_by_role("textbox", name="Nội dung").click()
    _tool(page, "Mục I: tiêu đề lớn")
    keys.type("Chuẩn bị")
    keys.press("Enter")
    keys.type("- Đơn theo mẫu")
    for _ in range(2):
        keys.press("Enter")
    _tool(page, "Bảng")
    keys.press("Enter")
    keys.type("Giấy tờ")
    keys.press("Control+End")
    page.locator(".editor-sheet > p").last.click()
    _tool(page, "Ảnh")
    dialog = page.get_by_role("dialog", name="Chèn ảnh")
    dialog.get_by_label("Tải ảnh từ máy").set_input_files(
        {"name": "quầy.png", "mimeType": "image/png", "buffer": picture("PNG", (640, 480))}
    )
    dialog.get_by_label("Mô tả ảnh").fill("Quầy bưu chính nhận hồ sơ")
    dialog.get_by_role("button", name="Chèn ảnh").click()
    expect(dialog).to_be_hidden()


def _tool(page: Page, name: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def _check_article(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    article = page.locator("article.article")
    expect(article).to_contain_text(SUMMARY)
    expect(article.get_by_role("heading", name="Chuẩn bị")).to_be_visible()
    expect(article.locator("li", has_text="Đơn theo mẫu").first).to_be_visible()
    expect(article.get_by_role("table")).to_contain_text("Giấy tờ")
    shown = article.get_by_role("img", name="Quầy bưu chính nhận hồ sơ")
    shown.scroll_into_view_if_needed()
    page.wait_for_function(
        "img => img.complete && img.naturalWidth > 0", arg=shown.element_handle()
    )
    answer = page.request.get(article.locator("a.download").get_attribute("href") or "")
    assert answer.ok
    assert answer.body().startswith(b"%PDF")


def _hand_in(server: Server, lived: LivedIn, title: str) -> int:
    author = lived.actors["tac.gia@vidu.vn"]
    app = create_app(load_settings({"PORTAL_INSTANCE": str(server.instance)}))
    with app.app_context():
        stored = db.session.get_one(Article, lived.articles["published"])
        number = service.create(author, Draft(
            title=title, summary=stored.summary, body=stored.body, topic_id=stored.topic_id,
            unit_code=UNIT,
        ))  # fmt: skip
        service.submit(author, number, 1)
        db.session.remove()
        db.engine.dispose()
    return number


def _let_the_hour_come(server: Server, number: int) -> None:
    """The hour that was chosen is now; what the search keeps for that hour is due, too."""
    app = create_app(load_settings({"PORTAL_INSTANCE": str(server.instance)}))
    with app.app_context():
        with write() as session:
            hour = clock.now()
            session.get_one(Article, number).publish_at = hour
            feed.changed(session, "article", str(number), due_at=hour)
        db.session.remove()
        db.engine.dispose()


def _text(page: Page, address: str) -> str:
    answer = page.request.get(address)
    assert answer.ok, address
    return answer.text().replace("<mark>", "").replace("</mark>", "")


def _eventually(holds: Callable[[], bool], what: str, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {what}")
        time.sleep(0.3)
