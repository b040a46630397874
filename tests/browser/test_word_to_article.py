"""From a Word file to a published article: how many actions it takes, and every word of it."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

from tests.support.chromium import sign_in
from tests.support.eyes import faults
from tests.support.word_files import answers

ALTS = ("Quầy tiếp nhận hồ sơ số 5", "Bảng thông báo thời hạn")
REASON = "Người dân cần biết mức phí mới trong hôm nay."


class Hand:
    """Counts what a person does: each click, filled field, choice and sent file."""

    def __init__(self) -> None:
        self.actions = 0
        self.started = time.monotonic()

    def send(self, page: Page, file: bytes) -> None:
        self.actions += 1
        page.locator("#tep-word").set_input_files(
            {"name": "bài.docx", "mimeType": "application/octet-stream", "buffer": file}
        )
        page.wait_for_url("**/nhap-tu-word")

    def fill(self, page: Page, label: str, text: str) -> None:
        self.actions += 1
        page.get_by_label(label).fill(text)

    def choose(self, page: Page, label: str) -> None:
        self.actions += 1
        page.get_by_label(label).select_option(index=1)

    def press(self, page: Page, name: str) -> None:
        self.actions += 1
        page.get_by_role("button", name=name).click()

    def open(self, page: Page, name: str) -> None:
        self.actions += 1
        page.get_by_role("link", name=name).click()


def test_from_word_to_readers(watched_context: Callable[..., BrowserContext]) -> None:
    contexts = [watched_context(viewport={"width": 1280, "height": 800}) for _ in range(2)]
    publisher, author = (context.new_page() for context in contexts)
    sign_in(publisher, "nguoi.duyet@vidu.vn")
    sign_in(author, "tac.gia@vidu.vn")

    alone, file = Hand(), answers("Cấp lại giấy phép: một mình đăng khẩn")
    publisher.goto("/ban-lam-viec/bai-viet/")
    _finish(alone, publisher, file)
    assert faults(publisher) == []
    alone.fill(publisher, "Lý do đăng khẩn", REASON)
    alone.press(publisher, "Lưu và đăng khẩn")
    _compare(publisher, file)
    assert alone.actions <= 6
    assert time.monotonic() - alone.started < 120

    two, file = Hand(), answers("Cấp lại giấy phép: hai người cùng làm")
    author.goto("/ban-lam-viec/bai-viet/")
    _finish(two, author, file)
    two.press(author, "Lưu và gửi duyệt")
    author.wait_for_url(re.compile(r"/bai-viet/\d+$"))
    publisher.goto("/ban-lam-viec/bai-viet/")
    two.open(publisher, "Cấp lại giấy phép: hai người cùng làm")
    two.press(publisher, "Đăng ngay")
    _compare(publisher, file)
    assert two.actions <= 8
    assert time.monotonic() - two.started < 120


def _finish(hand: Hand, page: Page, file: bytes) -> None:
    hand.send(page, file)
    for number, alt in enumerate(ALTS, 1):
        hand.fill(page, f"Mô tả ảnh {number}", alt)
    hand.choose(page, "Chủ đề")


def _compare(page: Page, file: bytes) -> None:
    """Every word of the file stands on the public page, as often as in the file."""
    page.get_by_role("link", name="Trang công khai", exact=True).wait_for()
    page.goto(
        page.get_by_role("link", name="Trang công khai", exact=True).get_attribute("href") or ""
    )
    # The number of a note touches the word before it.
    page.evaluate("() => document.querySelectorAll('.note-call').forEach((call) => call.remove())")
    shown = Counter(_words(page.locator("article.article").inner_text()))
    assert Counter(_words(_text(file))) - shown == Counter()
    images = page.locator(".prose img")
    assert tuple(images.nth(n).get_attribute("alt") for n in range(images.count())) == ALTS
    assert page.locator(".prose > h2").count() >= 2
    assert page.locator(".prose table th").count() == 3


def _text(file: bytes) -> str:
    """The letters of the file, read without the program that is tried."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        parts = [archive.read(f"word/{name}.xml").decode() for name in ("document", "footnotes")]
    return re.sub(r"<[^>]*>", "", re.sub(r"</w:p>", "\n", "".join(parts)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
