"""The first administrator: one-time link, invitation, audit log, backup while serving, restore."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import sign_in
from tests.support.eyes import faults
from tests.support.server import Server, flask, free_port

EMAIL, OWN_PASSWORD = "quan.tri@vidu.vn", "cửa biển gió mùa đông bắc"


def test_the_first_administrator(loaded_instance: Path, chromium: Browser, tmp_path: Path) -> None:
    instance, port = tmp_path / "instance", free_port()
    shutil.copytree(loaded_instance, instance)
    link = _first_link(instance, port)
    server = Server(instance, port, tmp_path / "server.log")
    server.start()
    try:
        with chromium.new_context(base_url=server.url, locale="vi-VN") as context:
            page = context.new_page()
            _create_account(page, link)
            _invite(page, "Ngô Thanh Tâm", "thanh.tam@vidu.vn")
        made = flask(instance, "backup", str(tmp_path / "backups"))
        assert made.returncode == 0, made.stderr
        assert server.alive()
    finally:
        server.stop()
    _restored(chromium, next((tmp_path / "backups").iterdir()), tmp_path / "other")


def _first_link(instance: Path, port: int) -> str:
    """What `make run` prints before it serves, and does not print again once it was used."""
    prepared = flask(instance, "prepare", PORTAL_BASE_URL=f"http://127.0.0.1:{port}")
    assert prepared.returncode == 0, prepared.stderr
    found = re.search(r"http://\S+/tai-khoan/kich-hoat/\S+", prepared.stdout)
    assert found, prepared.stdout
    return found[0]


def _create_account(page: Page, link: str) -> None:
    page.goto(link)
    _sound(page)
    page.get_by_label("Họ và tên").fill("Bùi Hải Yến")
    page.get_by_label("Thư điện tử").fill(EMAIL)
    page.get_by_label("Mật khẩu").fill("ngắn quá")
    page.get_by_role("button", name="Tạo tài khoản").click()
    expect(page.get_by_role("alert")).to_contain_text("ít nhất 15 ký tự")
    _sound(page)
    page.get_by_label("Mật khẩu").fill(OWN_PASSWORD)
    page.get_by_role("button", name="Tạo tài khoản").click()
    page.wait_for_url("**/dang-nhap")
    sign_in(page, EMAIL, OWN_PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hôm nay")
    _sound(page)
    again = page.request.get(link)
    assert again.status in (404, 410), "a one-time link works once"


def _invite(page: Page, name: str, email: str) -> None:
    page.get_by_role("link", name="Tài khoản", exact=True).click()
    page.get_by_role("link", name="Mời người mới").click()
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_label("Thư điện tử").fill(email)
    page.get_by_label("Vai trò 1").select_option(label="Người viết")
    page.get_by_role("button", name="Gửi lời mời").click()
    expect(page.get_by_role("alert")).to_be_visible()  # a writer needs a unit
    _sound(page)
    page.get_by_label("Đơn vị 1").select_option(value="cdc")
    page.get_by_role("button", name="Gửi lời mời").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    _sound(page)
    page.get_by_role("link", name="Nhật ký", exact=True).click()
    expect(page.locator("main")).to_contain_text(name)
    _sound(page)


def _restored(chromium: Browser, archive: Path, instance: Path) -> None:
    done = flask(instance, "restore", str(archive))
    assert done.returncode == 0, done.stderr
    server = Server(instance, free_port(), instance.parent / "other.log")
    server.start()
    try:
        with chromium.new_context(base_url=server.url, locale="vi-VN") as context:
            page = context.new_page()
            sign_in(page, EMAIL, OWN_PASSWORD)
            page.goto("/ban-lam-viec/tai-khoan/")
            expect(page.get_by_role("link", name="Ngô Thanh Tâm")).to_be_visible()
            page.goto("/thu-tuc/?q=cap+lai+giay+phep+hanh+nghe")
            expect(page.locator(".result").first).to_be_visible()
    finally:
        server.stop()


def _sound(page: Page) -> None:
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert faults(page) == [], page.url
