"""A press officer brings several files at once, mends what they lack, and replaces one."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.media.samples import SCAN, mp3, pdf, picture
from tests.support.chromium import sign_in

Open = Callable[..., BrowserContext]
Sound = Callable[[Page], None]


def payload(name: str, mime: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": mime, "buffer": data}


def test_several_files_with_progress_then_replaced(
    open_browser: Open, sound: Sound, width: int
) -> None:
    page = open_browser().new_page()
    sign_in(page, "tac.gia@vidu.vn")
    page.goto("/ban-lam-viec/tu-lieu/tai-len")
    photo = payload("ben-pha.jpg", "image/jpeg", picture("JPEG", (900 + width, 600)))
    page.get_by_label("Tệp", exact=True).set_input_files([
        photo,
        payload("tieng-noi.mp3", "audio/mpeg", mp3(300 + width)),
        payload("xau.pdf", "application/pdf", b"MZ khong phai PDF"),
    ])  # fmt: skip
    page.get_by_label("Tác giả, nguồn").fill("CDC Hải Phòng")
    page.get_by_role("button", name="Tải lên").click()
    expect(page.get_by_text("2 trong 3 tệp đã vào thư viện")).to_be_visible()
    expect(page.get_by_text("xau.pdf: Nội dung không phải")).to_be_visible()
    expect(page.get_by_text("Còn thiếu bản chép lời")).to_be_visible()
    sound(page)
    page.get_by_label("Tệp", exact=True).set_input_files([photo])
    page.get_by_role("button", name="Tải lên").click()
    expect(page.get_by_text("thư viện đã có tệp này")).to_be_visible()
    page.get_by_role("link", name="ben-pha").click()
    page.get_by_label("Mô tả ảnh").fill("Bến phà buổi sáng")
    page.get_by_role("button", name="Lưu thông tin tệp").click()
    expect(page.get_by_text("Còn thiếu trước khi đăng")).to_have_count(0)
    before = page.locator(".media-preview img").get_attribute("src")
    page.get_by_label("Tệp mới").set_input_files([
        payload("quet.pdf", "application/pdf", pdf(pages=[SCAN]))
    ])  # fmt: skip
    page.get_by_role("button", name="Thay tệp").click()
    expect(page.get_by_role("link", name="quet.pdf: Loại tệp này")).to_be_visible()
    page.get_by_label("Tệp mới").set_input_files([
        payload("ben-pha-moi.png", "image/png", picture("PNG", (640, 900 + width)))
    ])  # fmt: skip
    page.get_by_role("button", name="Thay tệp").click()
    expect(page.get_by_role("heading", name="Các tệp trước đây")).to_be_visible()
    assert page.locator(".media-preview img").get_attribute("src") != before
    assert page.locator(".media-preview img").evaluate(
        "img => img.naturalHeight > img.naturalWidth"
    )
    sound(page)
