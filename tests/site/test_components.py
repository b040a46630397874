"""The page of all components: every macro is on it, in every state, for staff only."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from portal.accounts.permissions import Role
from portal.core.settings import ROOT
from portal.site import samples

PAGE = "/ban-lam-viec/giao-dien"
PARTS = ROOT / "templates" / "site" / "components"
# Frames of a page and pieces that only another component uses.
NOT_SHOWN = {
    "page_title",
    "figure",
    "editing",
    "page_head",
    "bulk_report",
    "sharing_head",
    "text_size",
}


Staff = Callable[..., Any]


def test_staff_only(client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 303


def test_every_component_is_on_the_page(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR)
    page = browser.get(PAGE)
    assert page.status_code == 200
    shown = "".join(path.read_text("utf-8") for path in PARTS.glob("*.html"))
    shown += (ROOT / "templates" / "desk.html").read_text("utf-8")
    named = set(re.findall(r'"_components/(\w+)\.html"', shown))
    components = {path.stem for path in (ROOT / "templates" / "_components").glob("*.html")}
    assert components - named - NOT_SHOWN == set()


def test_every_part_is_shown(staff: Staff) -> None:
    assert sorted(samples.PARTS) == sorted(path.stem for path in PARTS.glob("*.html"))


def test_states_are_there(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR)
    page = browser.get(PAGE).get_data(as_text=True)
    for state in ("tag--good", "tag--wait", "tag--bad", "notice--bad", "field--wrong", "disabled",
                  "is-chosen", "chưa kiểm chứng", "error-summary", "pagination__gap"):  # fmt: skip
        assert state in page, state
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})
