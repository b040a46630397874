"""What scripts add to pages that work without them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from portal.app import create_app
from portal.core.settings import load_settings
from tests.feedback.conftest import picture
from tests.support.lived_in import LivedIn
from tests.support.server import Server
from tests.support.tour import public_pages

Open = Callable[..., BrowserContext]
Sound = Callable[[Page], None]
ARTICLE = "/bai-viet/tra-cuu-thu-tuc"
SUBJECT, BODY = "Chờ lâu ở quầy số 3", "Sáng nay tôi chờ hai tiếng mà không ai gọi."
KEPT = "Đã giữ lại những gì bạn viết trên máy này"


@pytest.fixture(params=[360], ids=["360px"])
def width(request: pytest.FixtureRequest) -> int:
    """A phone; what differs on a wide screen says so itself."""
    return int(request.param)


@pytest.fixture
def page(open_browser: Open) -> Page:
    return open_browser().new_page()


# Suggestions


class Suggestions:
    """Stands in for the server: records what is asked; answers at once, or when told to."""

    def __init__(self, page: Page, *, hold: frozenset[str] = frozenset()) -> None:
        self.asked: list[str] = []
        self.held: dict[str, Route] = {}
        self._hold = hold
        page.route("**/thu-tuc/goi-y?*", self._answer)

    def _answer(self, route: Route) -> None:
        words = parse_qs(urlsplit(route.request.url).query)["q"][0]
        self.asked.append(words)
        if words in self._hold:
            self.held[words] = route
        else:
            self.fulfil(route, words)

    @staticmethod
    def fulfil(route: Route, words: str) -> None:
        items = [
            {"label": f"<b>Giấy</b> của {words}", "note": "1.000001", "url": "/thu-tuc/1.012290"},
            {"label": "Cấp lại giấy phép", "note": "1.000002", "url": "/thu-tuc/1.012271"},
            {"label": "Giấy phép lái xe", "url": "/thu-tuc/?linh_vuc=duoc", "group": "Lĩnh vực"},
        ]  # fmt: skip
        route.fulfill(json={"items": items})


def box_of(page: Page) -> Any:
    page.goto("/")
    return page.locator("main input[name=q]")


def test_suggestions_are_a_combobox(page: Page, sound: Sound) -> None:
    Suggestions(page)
    box = box_of(page)
    box.press_sequentially("giay")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("p[role=status]")).to_have_text("3 gợi ý, chọn bằng mũi tên lên xuống")
    expect(options.first).to_contain_text("<b>Giấy</b>")  # text, never markup
    assert options.nth(1).locator("mark").all_inner_texts() == ["giấy"]
    expect(page.get_by_role("group", name="Lĩnh vực").get_by_role("option")).to_have_count(1)
    sound(page)
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    expect(options.first).to_have_attribute("aria-selected", "true")
    sound(page)
    for _ in range(3):  # past the end is the text itself
        box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowUp")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    box.press("Home")
    expect(options.nth(2)).to_have_attribute("aria-selected", "false")
    box.press("ArrowDown")
    box.press("Escape")
    expect(options.first).to_be_hidden()
    expect(box).to_have_value("giay")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("ArrowDown")  # opens what is known without asking again
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/thu-tuc/1.012290")


def test_enter_searches_when_nothing_is_marked(page: Page) -> None:
    Suggestions(page)
    box = box_of(page)
    box.press_sequentially("giay phep")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    page.wait_for_url(re.compile(r"/thu-tuc/\?q=giay"))


def test_a_finger_chooses_a_suggestion(open_browser: Open) -> None:
    page = open_browser(has_touch=True).new_page()
    Suggestions(page)
    box_of(page).press_sequentially("giay")
    page.get_by_role("option").first.tap()
    page.wait_for_url("**/thu-tuc/1.012290")


def test_an_overtaken_answer_is_not_shown(page: Page) -> None:
    server = Suggestions(page, hold=frozenset(["gi"]))
    box = box_of(page)
    with page.expect_request("**/goi-y?q=gi"):
        box.press_sequentially("gi")
    box.fill("giay")  # at once: who types slowly asks for what lies between
    option = page.get_by_role("option").first
    expect(option).to_contain_text("của giay")
    with page.expect_response("**/goi-y?q=gi"):
        server.fulfil(server.held["gi"], "gi")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(option).to_contain_text("của giay")
    box.fill("gi")
    expect(option).to_contain_text("của gi 1")  # kept from the late answer
    assert server.asked == ["gi", "giay"]


def test_the_list_stays_while_the_next_answer_comes(page: Page) -> None:
    server = Suggestions(page, hold=frozenset(["giay p"]))
    box = box_of(page)
    box.press_sequentially("giay")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("của giay")
    with page.expect_request("**/goi-y?q=giay%20p"):
        box.press_sequentially(" p")
    expect(option).to_contain_text("của giay")
    server.fulfil(server.held["giay p"], "giay p")
    expect(option).to_contain_text("của giay p")


def test_an_input_method_is_left_in_peace(page: Page) -> None:
    page.clock.install()
    server = Suggestions(page)
    box = box_of(page)
    box.focus()
    keyboard = page.context.new_cdp_session(page)
    for letters in ("gi", "gia", "giâ", "giấ", "giấy"):
        keyboard.send(
            "Input.imeSetComposition",
            {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)},
        )
        page.clock.run_for(400)
    assert server.asked == []
    keyboard.send("Input.insertText", {"text": "giấy"})
    with page.expect_request("**/goi-y?*"):
        page.clock.run_for(400)
    expect(page.get_by_role("option").first).to_contain_text("của giấy")
    assert server.asked == ["giấy"]


# Writing


def open_form(page: Page) -> None:
    page.goto("/phan-anh/gui?loai=question")
    expect(page.locator(".file-list")).to_be_attached()  # the last of the form's modules
    page.wait_for_load_state("networkidle")


def write(page: Page) -> None:
    page.get_by_role("textbox", name="Tiêu đề", exact=True).fill(SUBJECT)
    page.get_by_role("textbox", name="Nội dung", exact=True).fill(BODY)


def written(page: Page) -> list[str]:
    return [page.locator(f"[name={name}]").input_value() for name in ("subject", "body")]


def store(page: Page) -> str:
    return str(page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})"))


def test_what_was_written_comes_back(page: Page, sound: Sound) -> None:
    open_form(page)
    expect(page.get_by_text(KEPT)).to_be_hidden()
    write(page)
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Kín")
    page.get_by_label("Số điện thoại").fill("0912345678")
    expect(page.get_by_text(KEPT).first).to_be_visible()
    assert SUBJECT in store(page)
    assert "Kín" not in store(page)
    assert "0912345678" not in store(page)
    open_form(page)  # as after a dead session or a way back
    expect(page.locator("[name=body]")).to_have_value(BODY)
    assert written(page) == [SUBJECT, BODY]
    sound(page)
    page.get_by_role("button", name="Xóa bản đã giữ").click()
    assert written(page) == ["", ""]
    assert SUBJECT not in store(page)
    page.get_by_role("button", name="Lấy lại").click()
    assert written(page) == [SUBJECT, BODY]
    page.get_by_role("button", name="Xóa bản đã giữ").click()
    open_form(page)
    assert written(page) == ["", ""]


def test_what_was_kept_is_forgotten_in_time(page: Page) -> None:
    open_form(page)
    write(page)
    page.evaluate(
        """() => { for (const [key, text] of Object.entries(sessionStorage)) {
          const [at, texts] = JSON.parse(text);
          sessionStorage[key] = JSON.stringify([at - 2 * 3600 * 1000 - 1, texts]);
        } }"""
    )
    open_form(page)
    assert written(page) == ["", ""]
    assert SUBJECT not in store(page)


def test_a_denunciation_is_not_kept(page: Page) -> None:
    open_form(page)
    write(page)
    assert SUBJECT in store(page)
    page.locator(".chosen-kind summary").click()
    page.get_by_label("Tố cáo hành vi").check()
    assert SUBJECT not in store(page)
    expect(page.get_by_text(KEPT)).to_be_hidden()


def test_what_was_sent_is_forgotten(open_browser: Open) -> None:
    context = open_browser(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    open_form(page)
    write(page)
    page.wait_for_timeout(3_100)  # who sends sooner than anyone can type is asked to read again
    page.get_by_role("button", name="Xem lại").click()
    expect(page.locator("h1")).to_have_text("Xem lại trước khi gửi")
    assert SUBJECT in store(page)
    page.locator("button[value=gui]").click()
    expect(page.locator("h1")).to_have_text("Đã nhận nội dung của bạn")
    page.wait_for_function("sessionStorage.length === 0")
    code = page.locator(".tracking-code__code").inner_text().strip()
    button = page.locator("[data-copy]").first
    button.click()
    expect(button).to_contain_text("Đã sao chép")
    expect(button.locator("svg")).to_be_visible()
    expect(page.locator("p[role=status]")).to_have_text("Đã sao chép")
    assert page.evaluate("navigator.clipboard.readText()") == code


def test_a_dead_network_takes_nothing(page: Page) -> None:
    open_form(page)
    write(page)
    page.context.set_offline(True)
    send = page.get_by_role("button", name="Xem lại")
    send.click()
    expect(page.get_by_role("alert").filter(has_text="mất mạng")).to_be_visible()
    assert written(page) == [SUBJECT, BODY]
    page.context.set_offline(False)
    expect(page.get_by_role("alert").filter(has_text="Đã có mạng")).to_be_visible()
    send.click()
    expect(page.locator("h1")).to_have_text("Xem lại trước khi gửi")


def test_chosen_files_can_be_mended(page: Page, sound: Sound, tmp_path: Path) -> None:
    open_form(page)
    box = page.locator("#tep")

    def choose(**sizes: int) -> None:
        for name, size in sizes.items():
            with (tmp_path / name.replace("_", ".")).open("wb") as file:
                file.truncate(size)
        box.set_input_files([tmp_path / name.replace("_", ".") for name in sizes])

    def sent() -> list[str]:
        return list(box.evaluate("input => [...input.files].map(file => file.name)"))

    choose(quầy_jpg=2_300_000, phim_mp4=9, to_pdf=5_100_000)
    told = page.get_by_role("alert").filter(has_text="Không nhận")
    expect(told).to_contain_text("“phim.mp4”: không thuộc loại tệp")
    expect(told).to_contain_text("“to.pdf”: 5,1 MB, lớn hơn 5 MB")
    expect(page.locator(".file-list li")).to_contain_text(["quầy.jpg (2,3 MB)"])
    expect(page.locator("p[role=status]")).to_have_text("1 tệp, 2,3 MB")
    choose(hai_png=10_000, ba_PDF=20, bốn_jpg=20)  # adds, does not replace
    expect(told).to_contain_text("“bốn.jpg”: đã đủ 3 tệp")
    assert sent() == ["quầy.jpg", "hai.png", "ba.PDF"]
    sound(page)
    page.get_by_role("button", name="Bỏ tệp hai.png").click()
    assert sent() == ["quầy.jpg", "ba.PDF"]
    expect(page.get_by_role("button", name="Bỏ tệp quầy.jpg")).to_be_focused()


def test_files_already_received_count(page: Page) -> None:
    open_form(page)
    good = [{"name": f"{n}.jpg", "mimeType": "", "buffer": picture()} for n in "ab"]
    page.locator("#tep").set_input_files(good)  # type: ignore[arg-type]
    page.get_by_role("button", name="Xem lại").click()
    expect(page.get_by_text("Đã nhận, bạn không cần chọn lại")).to_be_visible()
    page.wait_for_load_state("networkidle")
    more = [{"name": f"{n}.jpg", "mimeType": "", "buffer": b"a"} for n in "cd"]
    page.locator("#tep").set_input_files(more)  # type: ignore[arg-type]
    expect(page.get_by_text("Không nhận “d.jpg”: đã đủ 3 tệp")).to_be_visible()


def test_characters_are_counted_quietly(page: Page) -> None:
    page.clock.install()
    open_form(page)
    body, line = page.locator("[name=body]"), page.locator(".count")
    said = page.locator("p[role=status]")
    body.fill("a" * 3_000)
    expect(line).to_have_text("")
    body.fill("ế" * 4_900)
    expect(line).to_have_text("Còn 100 ký tự")
    page.clock.run_for(1_000)
    expect(said).to_have_count(0)  # still typing: the ear hears nothing yet
    body.fill("e\u0302\u0301" * 5_003)  # three marks of one letter are one character
    page.clock.run_for(2_000)
    expect(line).to_have_text("Dài quá 3 ký tự")
    expect(said).to_have_text("Dài quá 3 ký tự")


# Text size


@pytest.mark.parametrize("width", [320, 1280], indirect=True)
def test_the_text_size_is_kept(page: Page, width: int, sound: Sound) -> None:
    page.goto("/")
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    usual = page.evaluate(size)
    if width < 768:
        page.locator("summary", has_text="Danh mục").click()
    larger = page.get_by_role("button", name="A+")
    for _ in range(3):
        larger.click()
    larger.click(force=True)  # nothing comes after the last
    assert page.evaluate(size) == pytest.approx(usual * 1.5)
    expect(larger).to_have_attribute("aria-disabled", "true")
    expect(page.locator("p[role=status]")).to_have_text("Cỡ chữ 150%")
    sound(page)
    page.goto(ARTICLE)
    assert page.evaluate(size) == pytest.approx(usual * 1.5)
    blocking = "performance.getEntriesByType('resource').find(e => e.name.endsWith('/first.js'))"
    assert page.evaluate(f"{blocking}.renderBlockingStatus") == "blocking"  # so nothing flashes
    sound(page)
    if width < 768:
        page.locator("summary", has_text="Danh mục").click()
    page.get_by_role("button", name=", cỡ chữ thường").click()
    page.reload()
    assert page.evaluate(size) == usual


# Listening

VOICE = """[{lang: 'en-US'}, {lang: 'vi-VN', name: 'xa'},
  {lang: 'vi-VN', name: 'máy', localService: true}]"""
FAKE_SPEECH = """
const speech = {
  voices: [], spoken: [], cancelled: 0,
  getVoices() { return this.voices; },
  speak(utterance) { this.spoken.push(utterance); },
  cancel() { this.cancelled++; },
  arrive(voices) { this.voices = voices; this.onvoiceschanged(); },
  finish() { this.spoken.at(-1).onend(); },
};
Object.defineProperty(window, "speechSynthesis", { value: speech });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


@pytest.fixture
def listener(page: Page) -> Page:
    page.add_init_script(FAKE_SPEECH)
    return page


def arrive(page: Page, voices: str = VOICE) -> None:
    page.wait_for_function("Boolean(speechSynthesis.onvoiceschanged)")
    page.evaluate(f"speechSynthesis.arrive({voices})")


def spoken(page: Page, what: str = "text") -> list[Any]:
    return list(page.evaluate(f"speechSynthesis.spoken.map(one => one.{what})"))


def test_an_article_is_read_aloud(listener: Page, sound: Sound) -> None:
    page = listener
    page.clock.install()
    page.goto(ARTICLE)
    arrive(page)
    page.get_by_role("button", name="Nghe bài này").click()
    page.clock.fast_forward("00:10")  # longer than a page waits for voices
    assert spoken(page) == [page.locator("h1").inner_text()]
    assert spoken(page, "voice.name") == ["máy"]  # sends nothing anywhere
    expect(page.locator(".being-read")).to_have_count(1)
    for _ in range(12):
        page.evaluate("speechSynthesis.finish()")
    sound(page)
    texts = spoken(page)
    assert all(0 < len(text) <= 165 for text in texts)
    read = page.locator(".being-read")
    assert texts[-1] in re.sub(r"\s+", " ", read.inner_text())
    expect(read).to_be_in_viewport()
    page.get_by_role("button", name="Tạm dừng").click()
    page.evaluate("speechSynthesis.finish()")  # what a phone says when it is cancelled
    assert spoken(page) == texts
    page.get_by_role("button", name="Đọc tiếp").click()
    assert spoken(page) == [*texts, texts[-1]]
    page.get_by_label("Tốc độ").select_option("0.75")
    assert (spoken(page)[-1], spoken(page, "rate")[-1]) == (texts[-1], 0.75)
    page.get_by_role("button", name="Dừng", exact=True).click()
    expect(page.get_by_role("button", name="Nghe bài này")).to_be_focused()
    expect(page.locator(".being-read")).to_have_count(0)
    page.reload()
    arrive(page)
    page.get_by_role("button", name="Nghe bài này").click()
    assert spoken(page, "rate") == [0.75]
    before = page.evaluate("speechSynthesis.cancelled")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("speechSynthesis.cancelled") == before + 1


def test_a_summary_is_read_to_its_end(listener: Page) -> None:
    page = listener
    page.goto("/thu-tuc/1.012290")
    arrive(page, "[{lang: 'vi_VN'}]")
    page.get_by_role("button", name="Nghe tóm tắt").click()
    for _ in range(100):
        if page.locator(".being-read").count() == 0:
            break
        page.evaluate("speechSynthesis.finish()")
    assert {"Bao lâu", "Bao nhiêu tiền"} <= set(spoken(page))
    assert "Hồ sơ cần chuẩn bị" not in spoken(page)
    expect(page.get_by_role("button", name="Nghe tóm tắt")).to_be_visible()


def test_without_a_voice_there_is_no_button(listener: Page) -> None:
    page = listener
    page.clock.install()
    page.goto(ARTICLE)
    arrive(page, "[{lang: 'en-US'}]")
    expect(page.locator(".read-aloud")).to_be_hidden()
    page.clock.run_for(3_100)
    page.reload()  # now it is known: not even its place is kept
    expect(page.locator(".read-aloud")).to_have_css("display", "none")


def test_a_voice_that_arrives_moves_nothing(listener: Page) -> None:
    page = listener
    page.goto(ARTICLE)
    place = "document.querySelector('.prose').getBoundingClientRect().top"
    page.wait_for_function("Boolean(speechSynthesis.onvoiceschanged)")
    before = page.evaluate(place)
    arrive(page)
    expect(page.get_by_role("button", name="Nghe bài này")).to_be_visible()
    assert page.evaluate(place) == before


# The head of the page, and pages without scripts


@pytest.mark.parametrize("width", [320], indirect=True)
@pytest.mark.parametrize("javascript", [True, False])
def test_the_phone_unfolds_search_and_menu(open_browser: Open, javascript: bool) -> None:
    page = open_browser(javascript=javascript).new_page()
    page.goto("/duong-day-nong/")
    link = page.get_by_role("navigation", name="Mục chính").get_by_role("link").first
    expect(link).to_be_hidden()
    head = page.locator(".site-header").bounding_box()
    assert head
    assert head["height"] <= 90
    page.locator("summary", has_text="Danh mục").click()
    expect(link).to_be_visible()
    for item in page.get_by_role("navigation", name="Mục chính").get_by_role("link").all():
        place = item.bounding_box()
        assert place
        assert (place["x"] >= 0, place["x"] + place["width"] <= 320) == (True, True)
    page.locator(".fold--search summary").click()
    box = page.locator("#header-q")
    if javascript:
        expect(box).to_be_focused()
    box.fill("giấy phép")
    box.press("Enter")
    page.wait_for_url("**/tim-kiem?q=*")
    assert "giấy phép" in unquote(page.url).replace("+", " ")


@pytest.mark.parametrize("width", [1280], indirect=True)
def test_a_wide_screen_folds_nothing(page: Page) -> None:
    page.goto("/")
    expect(page.locator("summary", has_text="Danh mục")).to_be_hidden()
    expect(page.locator("#header-q")).to_be_visible()
    expect(
        page.get_by_role("navigation", name="Mục chính").get_by_role("link").first
    ).to_be_visible()


def test_every_page_works_without_scripts(
    chromium: Browser, server: Server, lived: LivedIn, tmp_path: Path
) -> None:
    """Its content is there, and no control that only scripts would serve."""
    app = create_app(load_settings({"PORTAL_INSTANCE": str(tmp_path)}))
    idle = "[data-print], [data-copy], .text-size, .read-aloud, .kept, .suggestions"
    found: dict[str, str] = {}
    with chromium.new_context(
        base_url=server.url, java_script_enabled=False, viewport={"width": 360, "height": 800}
    ) as context:
        page = context.new_page()
        for address in public_pages(app, lived):
            page.goto(address)
            if not page.locator("h1").first.is_visible():
                found[address] = "no heading"
            for control in page.locator(idle).all():
                if control.is_visible():
                    found[address] = str(control.get_attribute("class"))
    assert not found


def test_ticked_papers_stay_on_this_device_until_cleared(open_browser: Open) -> None:
    page = open_browser().new_page()
    page.goto("/thu-tuc/1.012289")
    papers = page.locator(".case-panel").first
    line = papers.locator(".checklist-count")
    expect(line).to_be_hidden()
    papers.get_by_role("checkbox").nth(0).check()
    papers.get_by_role("checkbox").nth(2).check()
    expect(line).to_contain_text("Đã có 2/7 giấy tờ")
    expect(page.locator("[role=status]").last).to_have_text("Đã có 2/7 giấy tờ")
    page.reload()
    expect(line).to_contain_text("Đã có 2/7 giấy tờ")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".case-panel").nth(1)).to_be_visible()
    expect(papers).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    line.get_by_role("button").click()
    expect(line).to_be_hidden()
    page.reload()
    expect(page.locator(".checklist input:checked")).to_have_count(0)
    assert (
        page.evaluate("Object.keys(localStorage).some(key => key.startsWith('giay-to'))") is False
    )
