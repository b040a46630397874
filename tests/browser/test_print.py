"""Paper: what Chromium prints on A4, in black, to be pinned up or taken home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from portal.core import clock
from portal.core.settings import ROOT
from tests.support.paper import A3, A4, Paper, print_page, squeezed
from tests.support.server import Server

# The width of the text on A4 between the margins of print.css.
PAPER_WIDTH = 680
FURNITURE = (
    "Tìm trên trang này", "Dành cho cán bộ", "Sơ đồ trang", "Đến nội dung chính", "Trang chủ",
    "In bài này", "Đăng xuất",
)  # fmt: skip
PAGES = {
    "procedure": ("/thu-tuc/1.012290", 4),
    "posting": ("/thu-tuc/1.012290/niem-yet", 3),
    "article": ("/bai-viet/phan-anh-khieu-nai-to-cao", 3),
    "plan": ("/ke-hoach/", 3),
    "hotlines": ("/duong-day-nong/", 5),
}


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    context = chromium.new_context(base_url=server.url, locale="vi-VN", color_scheme="dark")
    yield context.new_page()
    context.close()


def fit_for_paper(page: Page) -> Paper:
    """Print, and hold the sheets to what is true of every one."""
    said = squeezed(page.locator("main").inner_text())
    headings = [squeezed(one) for one in page.locator("h1, h2, h3").all_inner_texts()]
    paper = print_page(page)
    assert set(paper.sizes) == {A4}
    assert paper.colours == set(), "colour says something that black cannot"
    assert paper.says(f"Trang 1/{len(paper.pages)}")
    assert [words for words in FURNITURE if paper.says(words)] == []
    for sheet in paper.pages[:-1]:
        left = [one for one in headings if said.count(one) == 1 and sheet.endswith(one)]
        assert left == [], "a heading without its text"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER_WIDTH, "height": 960})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PAPER_WIDTH, "cut at the edge"
    assert page.evaluate(
        "[...document.querySelectorAll('main table')].every(t => {"
        " const r = t.getBoundingClientRect();"
        f" return r.left >= 0 && r.right <= {PAPER_WIDTH}; }})"
    ), "a table is clipped"
    page.emulate_media(media="null")
    return paper


@pytest.mark.parametrize("name", PAGES)
def test_pages_print_on_a4_in_black(page: Page, name: str) -> None:
    path, most = PAGES[name]
    page.goto(path)
    title = page.locator("h1").inner_text().removeprefix("Niêm yết:")
    paper = fit_for_paper(page)
    assert len(paper.pages) <= most
    assert squeezed(title) in paper.pages[0]
    assert squeezed("Sở Y tế thành phố Hải Phòng").lower() in paper.pages[0].lower()
    assert paper.says(clock.format_date(clock.today()))
    assert paper.says(page.url.removesuffix("/niem-yet")), "where the newest text stands"


def test_posters_lists_and_cards_want_their_own_paper(page: Page) -> None:
    page.goto("/thu-tuc/1.012290/niem-yet?kho=a3")
    assert set(print_page(page).sizes) == {A3}
    page.goto("/thu-tuc/niem-yet?linh_vuc=my-pham&kho=a3")
    assert set(print_page(page).sizes) == {A3}
    page.goto("/thu-tuc/niem-yet/the?linh_vuc=kham-benh-chua-benh")
    count = page.locator(".code-card").count()
    paper = print_page(page)
    assert set(paper.sizes) == {A4}
    assert len(paper.pages) == -(-count // 8), "eight cards a sheet, nothing else"


def test_a_procedure_prints_every_case_with_boxes_and_a_code_to_come_back(page: Page) -> None:
    page.goto("/thu-tuc/1.012290")
    panels = page.locator(".case-panel")
    assert panels.count() > 1
    assert not page.locator(".print-header").is_visible()
    assert [panel.is_visible() for panel in panels.all()].count(True) == 1
    wanted = [name.strip() for name in page.locator(".case-name").all_text_contents()]
    wanted += [paper.strip() for paper in page.locator(".checklist label").all_text_contents()]
    page.locator(".checklist input").first.check()
    paper = fit_for_paper(page)
    assert [words for words in wanted if not paper.says(words)] == []
    assert paper.says("✓"), "a box that was ticked stays ticked"
    page.emulate_media(media="print")
    box = page.locator(".checklist input").nth(1)
    assert box.evaluate("box => getComputedStyle(box).borderTopWidth") != "0px"
    code = page.locator(".print-header img")
    assert code.is_visible()
    code.evaluate("img => img.decode()")


def test_only_foreign_links_of_an_article_tell_their_address(page: Page) -> None:
    page.goto("/bai-viet/di-kham-bhyt-bang-can-cuoc")
    foreign = page.locator(".article a[href^='http']").evaluate_all("all => all.map(a => a.href)")
    assert foreign
    inner = page.locator(".article .prose a[href^='/']").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    assert inner
    paper = fit_for_paper(page)
    assert [address for address in foreign if not paper.says(f"({address})")] == []
    assert [address for address in inner if paper.says(f"({address})")] == []
    page.goto("/thu-tuc/1.012290")
    assert page.locator("article a[href^='http']").count()
    assert not print_page(page).says("(https://")


def test_receipt_and_tracking_can_be_kept_on_paper(page: Page) -> None:
    page.goto("/phan-anh/gui?loai=question")
    page.get_by_role("textbox", name="Tiêu đề", exact=True).fill("Giờ tiếp nhận hồ sơ")
    page.get_by_role("textbox", name="Nội dung", exact=True).fill("Thứ Bảy có nhận hồ sơ không?")
    page.get_by_role("button", name="Xem lại trước khi gửi").click()
    page.wait_for_timeout(3_100)  # the form's shortest time
    page.get_by_role("button", name="Gửi cho cơ quan").click()
    code = page.locator(".tracking-code__code").inner_text()
    receipt = fit_for_paper(page)
    assert len(receipt.pages) == 1
    for words in (code, "Hạn trả lời", "/phan-anh/tra-cuu"):
        assert receipt.says(words), words
    assert not receipt.says("Sao chép mã")
    page.goto("/phan-anh/tra-cuu")
    page.get_by_label("Mã tra cứu").fill(code)
    page.get_by_role("button", name="Xem tình trạng").click()
    tracking = fit_for_paper(page)
    assert len(tracking.pages) == 1
    for words in ("Giờ tiếp nhận hồ sơ", "Thứ Bảy có nhận hồ sơ không?", "Đã tiếp nhận"):
        assert tracking.says(words), words


def test_room_sheets_leave_the_paper_to_print_css() -> None:
    """Two `@page` rules would quarrel about the margins."""
    sheets = [path for path in Path(ROOT / "static/css").rglob("*.css") if path.name != "print.css"]
    assert [path.name for path in sheets if re.search(r"@page\b", path.read_text("utf-8"))] == []
