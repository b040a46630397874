"""A number from both sides: hours typed at the desk, read and reported by telephone, looked at."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.support.chromium import sign_in
from tests.support.lived_in import ALL_ROLES

Open = Callable[..., BrowserContext]
LINE = "bao-hiem-xa-hoi-19009068"
DESK = "/ban-lam-viec/danh-ba"


def test_a_number_with_hours_is_reported_and_looked_at(
    open_browser: Open, sound: Callable[[Page], None]
) -> None:
    desk = open_browser().new_page()
    sign_in(desk, ALL_ROLES)
    desk.goto(f"{DESK}/duong-day-nong/{LINE}")
    desk.get_by_label("Thứ Hai").fill("sáng")
    desk.get_by_role("button", name="Lưu").click()
    expect(desk.get_by_label("Thứ Hai")).to_have_value("sáng")
    expect(desk.get_by_label("Thứ Hai")).to_have_attribute("aria-invalid", "true")
    sound(desk)
    for day in ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy"):
        desk.get_by_label(f"Thứ {day}").fill("0:00-12:00")
    desk.get_by_label("Chủ nhật").fill("0:00-12:00")
    desk.get_by_label("Trực cả ngày lễ, tết").check()
    desk.get_by_role("button", name="Lưu").click()
    expect(desk.locator(".flash")).to_contain_text("Đã lưu đường dây")

    citizen = open_browser().new_page()
    citizen.clock.install()
    citizen.goto("/duong-day-nong/")
    card = citizen.locator(f"#{LINE}")
    state = card.locator("[data-standing]")
    expect(state).to_have_text(re.compile("^(Đang trực, đến 12:00|Ngoài giờ, mở lại 00:00 .+)$"))
    before = state.inner_text()
    citizen.clock.fast_forward("13:00:00")
    expect(state).not_to_have_text(before)
    expect(state).to_have_text(re.compile("Đang trực|Ngoài giờ"))
    sound(citizen)

    plain = open_browser(javascript=False).new_page()
    plain.goto(f"/duong-day-nong/?viec=insurance#{LINE}")
    plain.get_by_role("button", name="Báo số không gọi được").first.click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Cảm ơn bạn đã báo")
    plain.get_by_role("button", name="Sai số").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Cảm ơn bạn đã báo")
    citizen.goto(plain.url)
    sound(citizen)

    desk.goto(f"{DESK}/can-kiem-tra")
    row = desk.locator("tr", has_text="Bảo hiểm xã hội")
    expect(row).to_contain_text("1 mạng báo từ ngày")
    expect(row).to_contain_text("1 sai số")
    sound(desk)
    row.get_by_role("button", name="Đã kiểm tra, số đúng").click()
    expect(desk.locator(".flash")).to_contain_text("được kiểm tra hôm nay")
    expect(row).to_have_count(0)
