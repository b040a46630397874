"""A touch screen in real Chromium, with a clock that the test turns."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.eyes import faults
from tests.support.server import Server

START = "/thu-tuc/?kiosk=1"
DETAIL = re.compile(r"/thu-tuc/[\d.]+\?kiosk=1$")
QUESTION = "Bạn còn ở đây không?"
SIZES = [(1080, 1920), (1280, 800), (360, 800), (320, 640)]
SCREENS = [
    START,
    "/thu-tuc/?kiosk=1&q=giay+phep",
    "/thu-tuc/1.012290?kiosk=1",
    "/thu-tuc/cong-bo?kiosk=1",
    "/duong-day-nong/?kiosk=1",
    "/don-vi/cdc?kiosk=1",
]
SMALL = """least => [...document.querySelectorAll("a[href], button, summary, input[type=search]")]
    .filter((one) => one.className !== "skip-link" && one.checkVisibility())
    .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([, box]) => box.height < least || box.width < least).map(([words]) => words)"""


@pytest.fixture
def context(watched_context: Callable[..., BrowserContext]) -> BrowserContext:
    return watched_context(viewport={"width": 1080, "height": 1920})


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.clock.install()
    return page


def tick(page: Page, seconds: int) -> None:
    page.clock.run_for(seconds * 1000)


def seconds_left(page: Page) -> int:
    return int(page.locator("[data-seconds]").inner_text())


def start_is_empty(page: Page, server: Server) -> None:
    page.wait_for_url(server.url + START)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bạn cần làm thủ tục gì?")
    expect(page.get_by_role("searchbox")).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0


def test_it_asks_then_returns_and_keeps_nothing(page: Page, server: Server) -> None:
    page.goto(START)
    page.get_by_role("searchbox").fill("chuyện riêng của tôi")
    page.get_by_role("button", name="Tìm").click()
    page.wait_for_url("**q=chuy*")
    assert page.evaluate("history.length") == 2, "what one saw is not kept behind the page"
    page.get_by_role("searchbox").fill("chuyện riêng hơn")
    tick(page, 99)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    tick(page, 3)
    expect(page.get_by_role("alertdialog", name=QUESTION)).to_be_visible()
    assert 15 <= seconds_left(page) <= 20
    expect(page.get_by_role("button", name="Tôi còn ở đây")).to_be_focused()
    assert faults(page) == []
    tick(page, 10)
    expect(page.locator("[data-spoken]")).to_have_text("Còn 10 giây.")
    tick(page, 12)
    start_is_empty(page, server)
    page.go_back()
    page.wait_for_timeout(300)
    assert "q=" not in page.url
    assert "riêng" not in page.content()


@pytest.mark.parametrize("way", ["button", "escape", "enter", "beside"])
def test_who_is_still_there_stays(page: Page, way: str) -> None:
    page.goto("/thu-tuc/1.012290?kiosk=1")
    tick(page, 105)
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_be_visible()
    if way == "button":
        dialog.get_by_role("button", name="Tôi còn ở đây").click()
    elif way == "beside":
        page.mouse.click(20, 1900)
    else:
        page.keyboard.press(way.capitalize())
    expect(dialog).to_be_hidden()
    page.wait_for_timeout(200)  # a dialog tells of its closing a little later
    tick(page, 95)
    expect(dialog).to_be_hidden()
    tick(page, 6)
    expect(dialog).to_be_visible()
    assert "1.012290" in page.url


def test_leaving_at_once(page: Page, server: Server) -> None:
    page.goto("/thu-tuc/1.012290?kiosk=1")
    tick(page, 105)
    page.get_by_role("button", name="Về đầu ngay").click()
    start_is_empty(page, server)


@pytest.mark.parametrize("sign", ["mouse", "wheel", "key"])
def test_every_sign_of_life_counts(page: Page, sign: str) -> None:
    page.goto("/thu-tuc/1.012290?kiosk=1")
    for _ in range(3):
        tick(page, 90)
        if sign == "mouse":
            page.mouse.click(500, 900)
        elif sign == "wheel":
            page.mouse.wheel(0, 100)
            page.wait_for_timeout(200)
        else:
            page.keyboard.press("Tab")
    expect(page.get_by_role("alertdialog")).to_be_hidden()


def test_an_untouched_start_asks_nobody_and_renews_itself(page: Page, server: Server) -> None:
    page.goto(START)
    page.evaluate("window.old = true")
    tick(page, 590)
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    assert page.evaluate("window.old")
    with page.expect_event("load"):
        tick(page, 15)
    start_is_empty(page, server)


def test_without_network_it_waits_and_shows_nothing_of_the_last_one(
    context: BrowserContext, page: Page, server: Server
) -> None:
    page.goto("/thu-tuc/?kiosk=1&q=chuyen+rieng")
    context.set_offline(True)
    tick(page, 125)
    expect(page.get_by_text("Đang về đầu, bạn chờ một lát.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    assert page.evaluate("[...document.querySelectorAll('input[type=search]')][0].value") == ""
    tick(page, 40)
    context.set_offline(False)
    tick(page, 20)
    start_is_empty(page, server)


def test_the_way_back_is_the_way_one_came(page: Page, server: Server) -> None:
    page.goto(START)
    page.locator(".tile", has_text="Khám bệnh, chữa bệnh").click()
    page.get_by_role("link", name="Trang sau").click()
    page.wait_for_url("**trang=2*")
    second = page.url
    page.evaluate("scrollTo(0, 700)")
    page.locator(".touch-list a").nth(5).click()
    page.wait_for_url(DETAIL)
    page.locator(".touch-list a").first.click()  # a related one
    page.wait_for_load_state()
    for _ in range(2):
        page.get_by_role("link", name="Quay lại").click()
        page.wait_for_load_state()
    page.wait_for_url(second)
    page.wait_for_function("scrollY > 500")
    page.get_by_role("link", name="Quay lại").click()
    page.wait_for_url("**linh_vuc=kham-benh-chua-benh*")
    page.get_by_role("link", name="Quay lại").click()
    start_is_empty(page, server)
    assert page.evaluate("history.length") == 2


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_screens_are_sound_and_large(
    page: Page, sound: Callable[[Page], None], width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for address in SCREENS:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        sound(page)
        assert page.evaluate(SMALL, 63.5) == [], address


@pytest.mark.parametrize("scheme", ["dark", "forced"])
def test_other_colours_are_sound(page: Page, sound: Callable[[Page], None], scheme: str) -> None:
    page.emulate_media(
        color_scheme="light" if scheme == "forced" else "dark",
        forced_colors="active" if scheme == "forced" else "none",
    )
    for address in (START, "/thu-tuc/1.012290?kiosk=1", "/duong-day-nong/?kiosk=1"):
        page.goto(address)
        sound(page)


def test_nothing_is_printed(page: Page) -> None:
    page.goto("/thu-tuc/1.012290?kiosk=1")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_hidden()


def test_by_keyboard_alone(page: Page) -> None:
    page.goto(START)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("cap lai giay phep hanh nghe")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=cap*")
    assert "kiosk=1" in page.url
    first = page.locator(".touch-list a").first
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(DETAIL)


def test_without_script_the_search_stays(chromium: Browser, server: Server) -> None:
    context = chromium.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(START)
    page.get_by_role("searchbox").fill("giay phep")
    page.get_by_role("button", name="Tìm").click()
    assert "kiosk=1" in page.url
    assert "q=giay+phep" in page.url
    context.close()
