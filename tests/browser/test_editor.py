"""The article editor in a page of its own, under the portal's real content policy."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Soạn bài</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{sheets}<link rel="stylesheet" href="/static/css/editor.css">
<script type="module" src="/static/vendor/editor/editor.js"></script></head>
<body class="desk"><main class="desk-page"><h1>Soạn bài</h1>
<p><a href="#body">Nội dung còn thiếu</a></p>
<form method="post" action="/thu-soan/luu"><div class="field"><label for="body">Nội dung</label>
<textarea id="body" name="body" rows="8" data-editor data-upload-url="/thu-soan/tai-len"
 data-csrf="dau-hieu">{body}</textarea></div><button class="button">Lưu</button></form>
</main></body></html>"""
SHEETS = "".join(
    f'<link rel="stylesheet" href="/giao-dien{name}.css">' for name in ("", "-ban-lam-viec")
)
PASTE = """html => { const data = new DataTransfer(); data.setData("text/html", html);
 document.querySelector(".editor-sheet").dispatchEvent(new ClipboardEvent("paste",
 {clipboardData: data, bubbles: true, cancelable: true})); }"""
WORD = """<html><head><style>p{color:red}</style></head><body><!--StartFragment-->
<p class=MsoNormal style='text-align:center'><b><span style='font-size:14pt'>Hồ sơ</span></b></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>
Đơn</p><table style='border:none'><tr><td style='width:9pt'><p><b>Tên</b></p></td><td><p><b>Số</b>
</p></td></tr><tr><td><p>Đơn</p></td><td><p>1</p></td></tr></table><img src="file:///C:/a.png">
</body></html>"""


class Desk:
    """A page with the editor, and what it sent."""

    def __init__(self, page: Page, policy: str) -> None:
        self.page = page
        self.policy = policy
        self.uploads: list[tuple[str | None, bytes]] = []
        self.saved: list[str] = []
        page.route("**/thu-soan/luu", self._save)
        page.route("**/thu-soan/tai-len", self._upload)

    def open(self, body: str = "") -> Desk:
        html = PAGE.format(sheets=SHEETS, body=body.replace("&", "&amp;").replace("<", "&lt;"))
        headers = {"Content-Security-Policy": self.policy, "Content-Type": "text/html"}
        self.page.route(
            "**/thu-soan", lambda route: route.fulfill(body=html, headers=headers), times=1
        )
        self.page.goto("/thu-soan")
        return self

    @property
    def value(self) -> str:
        return str(self.page.locator("#body").evaluate("field => field.value"))

    def tool(self, name: str) -> None:
        self.page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()

    def _save(self, route: Route) -> None:
        fields = parse_qs(route.request.post_data or "", keep_blank_values=True)
        self.saved.append(fields["body"][0].replace("\r\n", "\n"))
        route.fulfill(body="<title>Đã lưu</title>", content_type="text/html; charset=utf-8")

    def _upload(self, route: Route) -> None:
        request = route.request
        self.uploads.append((request.headers.get("x-csrftoken"), request.post_data_buffer or b""))
        answer = {"url": "/static/img/favicon.png", "width": 32, "height": 32, "alt": ""}
        route.fulfill(body=json.dumps(answer), content_type="application/json")


def desk_of(context: BrowserContext) -> Desk:
    """A desk under the policy that the portal's own pages carry."""
    policy = context.request.get("/").headers["content-security-policy"]
    assert "unsafe" not in policy
    return Desk(context.new_page(), policy)


@pytest.fixture
def desk(open_browser: Callable[..., BrowserContext]) -> Desk:
    return desk_of(open_browser())


def test_writing_an_article(desk: Desk, sound: Callable[[Page], None]) -> None:
    page = desk.open().page
    keys = page.keyboard
    sheet = page.get_by_role("textbox", name="Nội dung")
    sheet.click()
    desk.tool("Mục I: tiêu đề lớn")
    keys.type("Hồ sơ")
    keys.press("Enter")
    keys.type("- Đơn")
    for _ in range(2):
        keys.press("Enter")
    desk.tool("Bảng")
    keys.press("Enter")
    keys.type("Tên")
    keys.press("Tab")
    keys.type("Số")
    desk.tool("Xóa dòng")
    assert desk.value.count("<tr>") == 2
    keys.press("Control+z")
    assert desk.value.count("<tr>") == 3
    assert desk.value.startswith("<h2>Hồ sơ</h2>\n<ul><li>Đơn</li></ul>\n<table><thead><tr><th")
    expect(page.get_by_role("toolbar", name="Công cụ bảng")).to_be_visible()
    sound(page)
    written = desk.value
    page.get_by_role("button", name="Lưu").click()
    expect(page).to_have_title("Đã lưu")
    assert desk.saved == [written]


def test_a_picture_needs_its_description(desk: Desk, sound: Callable[[Page], None]) -> None:
    page = desk.open("<p>Trên</p>").page
    page.get_by_role("textbox", name="Nội dung").click()
    desk.tool("Ảnh")
    dialog = page.get_by_role("dialog", name="Chèn ảnh")
    insert = dialog.get_by_role("button", name="Chèn ảnh")
    sound(page)
    dialog.get_by_label("Tải ảnh từ máy").set_input_files(
        {"name": "quầy.png", "mimeType": "image/png", "buffer": b"png"}
    )
    insert.click()
    expect(dialog.get_by_text("Nhập mô tả ảnh")).to_be_visible()
    assert desk.uploads == []
    dialog.get_by_label("Mô tả ảnh").fill("Quầy tiếp nhận")
    insert.click()
    expect(dialog).to_be_hidden()
    assert desk.uploads[0][0] == "dau-hieu"
    assert b"Qu" in desk.uploads[0][1]
    assert '<img src="/static/img/favicon.png" width="32" height="32" alt="Quầy' in desk.value


def test_paste_from_word_under_the_policy(desk: Desk) -> None:
    page = desk.open().page
    page.get_by_role("textbox", name="Nội dung").click()
    page.evaluate(PASTE, WORD)
    assert desk.value == (
        "<p><strong>Hồ sơ</strong></p>\n<ol><li>Đơn</li></ol>\n"
        '<table><thead><tr><th scope="col">Tên</th><th scope="col">Số</th></tr></thead>'
        "<tbody><tr><td>Đơn</td><td>1</td></tr></tbody></table>"
    )
    expect(page.get_by_text("Có 1 ảnh không dán theo được")).to_be_visible()


def test_keyboard_alone(desk: Desk) -> None:
    page = desk.open("<p>chữ</p>").page
    keys = page.keyboard
    page.get_by_role("link", name="Nội dung còn thiếu").click()
    expect(page.get_by_role("textbox", name="Nội dung")).to_be_focused()
    keys.press("Control+a")
    keys.press("Alt+F10")
    for _ in range(5):
        keys.press("ArrowRight")
    expect(page.get_by_role("button", name="Đậm")).to_be_focused()
    keys.press("Enter")
    assert desk.value == "<p><strong>chữ</strong></p>"
    expect(page.get_by_role("button", name="Đậm")).to_have_attribute("aria-pressed", "true")
    keys.press("Escape")
    keys.press("Tab")
    expect(page.get_by_role("button", name="Lưu")).to_be_focused()


def test_links_are_checked(desk: Desk) -> None:
    page = desk.open().page
    page.get_by_role("textbox", name="Nội dung").click()
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Chèn liên kết")
    dialog.get_by_label("Địa chỉ").fill("javascript:alert(1)")
    dialog.get_by_label("Chữ hiển thị").fill("Cổng dịch vụ công")
    dialog.get_by_role("button", name="Chèn liên kết").click()
    expect(dialog.get_by_text("Địa chỉ chưa đúng")).to_be_visible()
    dialog.get_by_label("Địa chỉ").fill("dichvucong.gov.vn")
    dialog.get_by_role("button", name="Chèn liên kết").click()
    assert desk.value == '<p><a href="https://dichvucong.gov.vn">Cổng dịch vụ công</a></p>'


def test_without_javascript_the_textarea_is_there(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = desk_of(open_browser(javascript=False)).open("<p>x</p>").page
    expect(page.get_by_label("Nội dung")).to_have_value("<p>x</p>")
