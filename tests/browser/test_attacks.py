"""Every attack of the collection is pasted, stored and shown under the policy of the real pages: no
script runs, nothing outside is asked for, the page stays where and what it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from portal.articles.body import dress
from portal.core.html import TAGS, sanitise
from tests.browser.test_editor import PAGE, SHEETS
from tests.support.attacks import ATTACKS

PASTE_ALL = """attacks => {
  const field = document.querySelector("#body"), sheet = document.querySelector(".editor-sheet");
  return attacks.map((html) => {
    field.editor.setHTML("");
    const data = new DataTransfer();
    data.setData("text/html", html);
    const paste = { clipboardData: data, bubbles: true, cancelable: true };
    sheet.dispatchEvent(new ClipboardEvent("paste", paste));
    return field.value;
  });
}"""
LOOK = """() => {
  const own = (url) => new URL(url, location.href).origin === location.origin;
  const all = [...document.querySelectorAll("main *")];
  return {
    hit: window.hit ?? null,
    tags: [...new Set(all.map((node) => node.localName))],
    attributes: [...new Set(all.flatMap((node) => node.getAttributeNames()))],
    names: all.flatMap((node) => [node.id, node.getAttribute("name")]).filter(Boolean),
    links: [...new Set(all.filter((node) => node.href).map((node) => node.protocol))],
    loads: all.filter((node) => node.src && !own(node.src)).map((node) => node.src),
    whole: document.body instanceof HTMLBodyElement && typeof document.getElementById === "function"
      && document.forms instanceof HTMLCollection && typeof document.cookie === "string"
      && document.defaultView === window,
  };
}"""


@pytest.fixture
def page(watched_context: Callable[..., BrowserContext]) -> Page:
    """A page whose addresses `/thu-soan` and `/bai-thu` carry the portal's own policy."""
    return watched_context(viewport={"width": 1280, "height": 800}).new_page()


def serve(page: Page, path: str, html: str) -> None:
    policy = page.context.request.get("/").headers["content-security-policy"]
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
    page.route(f"**{path}", lambda route: route.fulfill(body=html, headers=headers))
    page.goto(path)


def test_nothing_that_acts_survives(page: Page) -> None:
    serve(page, "/thu-soan", PAGE.format(sheets=SHEETS, body=""))
    page.wait_for_selector(".editor-sheet")
    pasted = page.evaluate(PASTE_ALL, list(ATTACKS))
    assert page.evaluate("window.hit") is None
    assert page.url.endswith("/thu-soan")
    lost = [
        a for a, left in zip(ATTACKS, pasted, strict=True) if ">chữ<" in a and "chữ" not in left
    ]
    assert lost == []

    stored = [sanitise(one) for one in [*pasted, *ATTACKS]]
    shown = "<hr>".join(
        dress(one).markup.replace("ghi-chu-", f"n{n}-ghi-chu-") for n, one in enumerate(stored)
    )
    serve(
        page,
        "/bai-thu",
        f"<!doctype html><html lang=vi><title>Bài</title><main>{shown}</main></html>",
    )
    page.wait_for_load_state("networkidle")
    seen = page.evaluate(LOOK)
    assert seen["hit"] is None
    assert page.url.endswith("/bai-thu")
    assert seen["whole"]
    assert set(seen["tags"]) <= {*TAGS, "div", "section"} - {"small", "iframe"}
    assert [name for name in seen["names"] if "ghi-chu-" not in name] == []
    assert not [name for name in seen["attributes"] if name.startswith("on") or name == "style"]
    assert set(seen["links"]) <= {"http:", "https:", "mailto:", "tel:"}
    assert seen["loads"] == []


def test_the_judge_sees_an_attack_that_succeeds(page: Page) -> None:
    """The same look at a raw fragment finds what it looks for."""
    raw = (
        '<p onclick="x" id="cookie" style="color:red">a</p><a href="javascript:1">b</a><svg></svg>'
    )
    page.route(
        "**/bai-thu",
        lambda route: route.fulfill(body=f"<main>{raw}</main>", content_type="text/html"),
    )
    page.goto("/bai-thu")
    seen = page.evaluate(LOOK)
    assert {"svg"} <= set(seen["tags"])
    assert {"onclick", "style"} <= set(seen["attributes"])
    assert seen["names"] == ["cookie"]
    assert seen["links"] == ["javascript:"]
