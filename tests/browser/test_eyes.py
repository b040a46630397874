"""What judges the pages must itself see each fault that it is there for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.support.eyes import FULL, QUICK, SIZES, Condition, focus_faults, judge

PAGE = """<!doctype html><html lang="vi"><head><title>Thử</title><style>
body { margin: 0; background: #fff; color: #000; font-size: 1rem; line-height: 1.5 }
:focus-visible { outline: 3px solid #000 }
.button { display: inline-block; min-width: 44px; min-height: 44px; background: #fff }
%s</style></head><body><main><h1>Thử</h1>%s</main></body></html>"""
PHONE = Condition(320, SIZES, height=256, stops=True)
BUTTON = '<button class="button">Gửi</button>'
FAULTS = {
    "too wide": (PHONE, "p { width: 400px }", "<p>Rộng quá</p>"),
    "cut off": (PHONE, "p { height: 3em; overflow: hidden }", f"<p>{'rất nhiều chữ ' * 30}</p>"),
    "one over the other": (PHONE, "p + p { margin-top: -2.4em }", "<p>Một câu</p><p>Câu khác</p>"),
    "30.0 px": (PHONE, ".button { min-height: 0; height: 30px }", BUTTON),
    "target-size": (PHONE, "a { display: block; height: 12px; width: 12px; font-size: 8px }",
                    '<a href="#a">a</a><a href="#b">b</a>'),
    "focus covered": (PHONE, "div { position: fixed; inset: 20% 0 0; background: red }",
                      f"{'<p>Chữ</p>' * 20}{BUTTON}<div></div>"),
    "focus hardly shows": (PHONE, ":focus-visible { outline: 1px solid #eee }", BUTTON),
    "jumps the queue": (PHONE, "", '<button class="button" tabindex="3">Gửi</button>'),
    "color-contrast": (Condition(1280, FULL), "p { color: #999 }", "<p>Mờ quá</p>"),
}  # fmt: skip
SOUND = """<p>Một câu và <a href="#a">một liên kết</a> ở trong câu.</p>
<p><button class="button">Gửi nội dung</button></p><p><label for="o">Ô</label>
<input class="button" id="o" size="5"></p>"""


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_seen(fault: str, chromium: Browser) -> None:
    condition, style, body = FAULTS[fault]
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_content(PAGE % (style, body))
        page.keyboard.press("Tab")
        told = judge(page, (condition,))
    assert len(told) == 1, told
    assert fault in told[0]


def test_a_sound_page_passes_everywhere(chromium: Browser) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_content(PAGE % ("", SOUND))
        page.keyboard.press("Tab")
        assert focus_faults(page) == []
        assert judge(page, QUICK) == []


def test_dark_and_forced_colours_and_large_text_are_looked_at(chromium: Browser) -> None:
    style = """@media (prefers-color-scheme: dark) { .dark { color: #eee } }
    @media (forced-colors: active) { .forced { forced-color-adjust: none; color: #eee } }
    @media (max-width: 40rem) { .large { width: 200rem } }"""
    body = "<p class='dark'>Tối</p><p class='forced'>Ép màu</p><p class='large'>Chữ lớn</p>"
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_content(PAGE % (style, body))
        for condition in (
            Condition(1280, ("color-contrast",), scheme="dark"),
            Condition(1280, ("color-contrast",), scheme="forced"),
            Condition(1280, SIZES, text=200),
        ):
            assert len(judge(page, (condition,))) == 1, condition
        assert judge(page, (Condition(1280, FULL),)) == []
