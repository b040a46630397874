"""A notice board in real Chromium, through simulated days, network losses and a deployment."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Route, expect

from tests.support.eyes import faults
from tests.support.server import Server

BOARD = "/bang-tin"
SIZES = [(1920, 1080), (1080, 1920), (3840, 2160), (1280, 720), (360, 800), (320, 640)]
SLIDE_SECONDS = 20
REFRESH = 5 * 60


@pytest.fixture
def context(watched_context: Callable[..., BrowserContext]) -> BrowserContext:
    return watched_context(viewport={"width": 1920, "height": 1080})


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.clock.install(time="2026-11-22T02:59:30Z")
    page.goto(BOARD)
    return page


def tick(page: Page, seconds: int) -> None:
    page.clock.run_for(seconds * 1000)


def place(page: Page) -> int:
    return int(page.locator("[data-place]").inner_text().split()[0])


def shown(page: Page) -> str:
    slides = page.locator("[data-slide]:visible")
    expect(slides).to_have_count(1)
    return slides.locator("h2").inner_text()


def refreshed(page: Page, seconds: int = REFRESH) -> None:
    """Let time pass until the board has asked for its news, and has them."""
    fresh = page.locator("[data-fresh]")
    before = fresh.inner_text()
    tick(page, seconds)
    expect(fresh).not_to_have_text(before, timeout=20_000)


def test_slides_follow_one_another_with_clock_and_date(page: Page) -> None:
    count = page.locator("[data-slide]").count()
    assert count > 3
    first = shown(page)
    seen = [first]
    for _ in range(count - 1):
        tick(page, SLIDE_SECONDS)
        seen.append(shown(page))
    tick(page, SLIDE_SECONDS)
    assert shown(page) == first
    assert place(page) == 1
    assert len(set(seen)) >= 3
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^10:0\d$"))
    expect(page.locator("[data-day]")).to_have_text("Chủ nhật, 22/11/2026")


def test_clock_turns_with_the_minute_and_the_day(page: Page) -> None:
    expect(page.locator("[data-clock]")).to_have_text("09:59")
    tick(page, 31)
    expect(page.locator("[data-clock]")).to_have_text("10:00")
    page.clock.fast_forward("14:00:00")
    expect(page.locator("[data-day]")).to_have_text("Thứ Hai, 23/11/2026")


def test_it_can_be_held_and_leafed(page: Page) -> None:
    page.get_by_role("button", name="Tạm dừng").click()
    held = shown(page)
    tick(page, SLIDE_SECONDS * 3)
    assert shown(page) == held
    page.get_by_role("button", name="Tiếp tục").click()
    tick(page, SLIDE_SECONDS)
    assert place(page) == 2
    page.get_by_role("button", name="Tin sau").click()
    assert place(page) == 3
    tick(page, SLIDE_SECONDS * 2)
    assert place(page) == 3, "who leafs wants to read"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert place(page) == 1
    page.keyboard.press("ArrowLeft")
    assert place(page) == page.locator("[data-slide]").count()
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Tạm dừng")).to_be_visible()
    expect(page.locator("main")).to_have_attribute("aria-live", "off")


def test_who_pauses_and_leaves_does_not_stop_it_for_ever(page: Page) -> None:
    page.keyboard.press("ArrowRight")
    tick(page, 9 * 60)
    expect(page.get_by_role("button", name="Tiếp tục")).to_be_visible()
    tick(page, 2 * 60)
    expect(page.get_by_role("button", name="Tạm dừng")).to_be_visible()


def test_days_pass_and_nothing_grows(page: Page, context: BrowserContext) -> None:
    """Three days of fresh slides each refresh, as if articles were published all the time."""
    rounds = 0

    def answer(route: Route) -> None:
        nonlocal rounds
        rounds += 1
        text = route.fetch().text() if rounds == 1 else answer.text  # type: ignore[attr-defined]
        answer.text = text  # type: ignore[attr-defined]
        body = re.sub(r"(<h2[^>]*>)", rf"\g<1>Lần {rounds}: ", text)
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route(f"**{BOARD}", answer)
    refreshed(page)
    devtools = context.new_cdp_session(page)
    before = measured(page, devtools)
    for _ in range(3 * 24):
        page.clock.fast_forward("00:55:00")  # timers that are due fire once each
        refreshed(page)
    assert rounds > 72
    number = int(shown(page).split(":")[0].removeprefix("Lần "))
    assert number >= rounds - 2, "an answer may still be on its way"
    after = measured(page, devtools)
    assert after["elements"] == before["elements"]
    assert after["Nodes"] <= before["Nodes"] * 1.2
    assert after["JSEventListeners"] <= before["JSEventListeners"] + 2
    assert after["Documents"] <= before["Documents"] + 1


def measured(page: Page, devtools: CDPSession) -> dict[str, float]:
    """What lives in the page once what nobody needs is swept out."""
    devtools.send("Performance.enable")
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    metrics = {m["name"]: m["value"] for m in devtools.send("Performance.getMetrics")["metrics"]}
    return metrics | {"elements": page.evaluate("document.querySelectorAll('*').length")}


def test_network_loss_keeps_the_last_slides_and_asks_ever_more_rarely(
    page: Page, context: BrowserContext
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    fresh = page.locator("[data-fresh]").inner_text()
    context.set_offline(True)
    tick(page, REFRESH)
    for seconds in (15, 30, 60, 120):
        page.wait_for_timeout(100)
        before = len(asked)
        tick(page, seconds)
        assert len(asked) == before + 1, f"one try after {seconds} s"
    for _ in range(12):
        page.wait_for_timeout(50)
        tick(page, REFRESH)
    assert len(asked) < 25
    shown(page)
    assert page.locator("[data-fresh]").inner_text() == fresh, "it says how old its news are"
    context.set_offline(False)
    refreshed(page)
    assert page.locator("[data-fresh]").inner_text() != fresh


@pytest.mark.parametrize("trouble", ["500", "login"])
def test_a_page_that_is_no_board_is_no_news(page: Page, trouble: str) -> None:
    title = shown(page)
    count = page.locator("[data-slide]").count()

    def answer(route: Route) -> None:
        status = 500 if trouble == "500" else 200
        route.fulfill(status=status, body="<h1>Wi-Fi</h1>", content_type="text/html")

    page.route(f"**{BOARD}", answer)
    page.keyboard.press("Space")
    tick(page, REFRESH)
    page.wait_for_timeout(200)
    assert shown(page) == title
    assert page.locator("[data-slide]").count() == count
    page.unroute(f"**{BOARD}")
    refreshed(page, 60)


def deployed(page: Page) -> list[str]:
    """From now on the server has a newer script; the list grows with each load of the page."""
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))

    def newer(route: Route) -> None:
        text = route.fetch().text()
        route.fulfill(
            body=text.replace("/board.js", "/board.js?moi"), content_type="text/html; charset=utf-8"
        )

    page.route(f"**{BOARD}", newer)
    return loads


def test_a_deployment_brings_one_reload(page: Page) -> None:
    loads = deployed(page)
    refreshed(page)
    with page.expect_event("load"):
        tick(page, SLIDE_SECONDS)
    page.unroute(f"**{BOARD}")  # a second server that still has the old one
    for _ in range(4):
        refreshed(page)
        tick(page, SLIDE_SECONDS)
        page.wait_for_timeout(100)
    assert len(loads) == 1, "servers of two versions must not make it blink"


def test_a_reload_waits_for_the_reader(page: Page) -> None:
    loads = deployed(page)
    tick(page, REFRESH - 60)
    page.keyboard.press("ArrowRight")
    refreshed(page, 60)
    tick(page, SLIDE_SECONDS * 2)
    assert loads == []


def test_reduced_motion_has_no_animation_and_more_time(
    chromium: Browser, server: Server, sound: Callable[[Page], None]
) -> None:
    context = chromium.new_context(base_url=server.url, reduced_motion="reduce")
    page = context.new_page()
    page.clock.install()
    page.goto(BOARD)
    assert page.evaluate("document.getAnimations().length") == 0
    animation = "getComputedStyle(document.querySelector('[data-slide]')).animationName"
    assert page.evaluate(animation) == "none"
    tick(page, SLIDE_SECONDS + 5)
    assert place(page) == 1
    tick(page, SLIDE_SECONDS)
    assert place(page) == 2
    sound(page)
    context.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_slide_is_sound_and_fits(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(reduced_motion="reduce")
    for number in range(page.locator("[data-slide]").count()):
        if number in (0, 3) or number == page.locator("[data-slide]").count() - 1:
            assert faults(page) == [], number
        below = page.evaluate("document.documentElement.scrollHeight - innerHeight")
        assert below <= 0 or height < 700 or width < 700, f"slide {number} is {below} px too tall"
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("scheme", ["dark", "forced"])
def test_other_colours_are_sound(page: Page, scheme: str) -> None:
    page.emulate_media(
        color_scheme="light" if scheme == "forced" else "dark",
        reduced_motion="reduce",
        forced_colors="active" if scheme == "forced" else "none",
    )
    for _ in range(page.locator("[data-slide]").count()):
        assert faults(page) == []
        page.keyboard.press("ArrowRight")


def test_without_script_all_slides_stand_below_one_another(
    chromium: Browser, server: Server
) -> None:
    context = chromium.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(BOARD)
    slides = page.locator("[data-slide]")
    for number in range(slides.count()):
        expect(slides.nth(number)).to_be_visible()
    expect(page.locator("[data-controls]")).to_be_hidden()
    context.close()
