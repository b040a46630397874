"""Never lose a word: the network goes, the session goes, the page goes; the words come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from portal.accounts import sessions
from portal.accounts.permissions import Actor
from portal.app import create_app
from portal.articles import service
from portal.articles.drafts import Draft
from portal.articles.models import Article
from portal.core.db import db, write
from portal.core.settings import load_settings
from tests.support.chromium import sign_in
from tests.support.lived_in import PASSWORD, UNIT, LivedIn
from tests.support.server import Server

WRITER = "tac.gia@vidu.vn"


def test_words_come_back(
    open_browser: Callable[..., BrowserContext],
    server: Server,
    lived: LivedIn,
    sound: Callable[[Page], None],
) -> None:
    author = lived.actors[WRITER]
    number = _in(server, lambda: _begin(author, lived))
    context = open_browser()
    page = context.new_page()
    sign_in(page, WRITER)
    page.goto(f"/ban-lam-viec/bai-viet/{number}/sua")
    sheet, state = page.get_by_role("textbox", name="Nội dung"), page.locator("#luu-tu-dong")
    sheet.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Chữ đã lên máy chủ.")
    expect(state).to_contain_text("Đã lưu nháp lúc")
    context.set_offline(True)
    page.keyboard.type(" Chữ lúc mất mạng.")
    expect(state).to_contain_text("Mất mạng, đang giữ trên máy này")
    _in(server, lambda: _end_sessions(author))
    context.set_offline(False)
    page.keyboard.type(" Chữ lúc hết phiên.")
    expect(state).to_contain_text("Phiên đã hết", timeout=20_000)
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text("Chưa lưu được vào bài.")).to_be_visible()
    expect(sheet).to_contain_text("Chữ lúc hết phiên.")
    sound(page)
    address = state.get_by_role("link").get_attribute("href") or ""
    page.close()  # and the machine is put away
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Thư điện tử").fill(WRITER)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bạn có bản đang soạn dở")
    sound(page)
    page.get_by_role("link", name="Viết tiếp").click()
    sheet = page.get_by_role("textbox", name="Nội dung")
    expect(sheet).to_contain_text("Chữ đã lên máy chủ.")
    page.get_by_role("button", name="Dùng bản trên máy này").click()
    expect(sheet).to_contain_text("Chữ lúc hết phiên.")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator(".paper-sheet")).to_contain_text(
        "Chữ đã lên máy chủ. Chữ lúc mất mạng. Chữ lúc hết phiên."
    )
    page.get_by_role("link", name="Sửa bài").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sửa bài")
    page.wait_for_timeout(300)
    expect(page.locator("[data-words-choice]")).to_be_hidden()


def _in(server: Server, act: Callable[[], Any]) -> Any:
    app = create_app(load_settings({"PORTAL_INSTANCE": str(server.instance)}))
    with app.app_context():
        try:
            return act()
        finally:
            db.session.remove()
            db.engine.dispose()


def _begin(author: Actor, lived: LivedIn) -> int:
    stored = db.session.get_one(Article, lived.articles["published"])
    return service.create(author, Draft(
        title="Viết không mất chữ nào", summary=stored.summary, body="<p>Câu đầu.</p>",
        topic_id=stored.topic_id, unit_code=UNIT,
    ))  # fmt: skip


def _end_sessions(author: Actor) -> None:
    with write() as session:
        sessions.end_all(session, author.user_id)
