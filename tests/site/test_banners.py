"""Banners: shown by the clock on every public page, the most urgent alone, told in the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts.access import DESK
from portal.accounts.permissions import Role
from portal.app import create_app
from portal.core import clock, live
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.settings import load_settings
from portal.site import banners
from portal.site.banners import Wanted
from portal.site.models import BannerKind
from tests.support.installations import environment_of
from tests.support.pages import PageClient
from tests.support.queries import count_queries
from tests.support.staff import make_user

LIST = f"{DESK}/bang-thong-bao/"
NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def wanted(text: str = "Nghỉ lễ ngày 02/9.", **values: Any) -> Wanted:
    moment = clock.now()
    given = {"kind": BannerKind.NEWS, "starts_at": moment - HOUR, "ends_at": moment + HOUR}
    return Wanted(text=text, **{**given, **values})


def form(**values: str) -> dict[str, str]:
    local = clock.to_local(clock.now())
    return {
        "kind": "maintenance", "text": "Cổng tạm ngừng tối nay.", "version": "0",
        "starts_on": f"{local - timedelta(days=1):%Y-%m-%d}", "starts_time": "08:00",
        "ends_on": f"{local + timedelta(days=1):%Y-%m-%d}", "ends_time": "17:30", **values,
    }  # fmt: skip


def test_written_seen_saved_and_shown(app: Flask, client: PageClient, staff: Any) -> None:
    browser, actor = staff(Role.PUBLISHER)
    before = client.get("/").headers["ETag"]
    data = form(csrf_token=browser.token(LIST + "moi"))
    preview = browser.post(LIST + "moi", data={**data, "xem": "1"})
    assert preview.status_code == 200
    assert "Chưa lưu" in preview.text
    assert "Cổng tạm ngừng" not in client.get("/").text, "looking publishes nothing"
    assert browser.post(LIST + "moi", data=data).status_code == 303
    for path in ("/", "/thu-tuc/", "/bang-tin", "/thu-tuc/?kiosk=1", "/dang-nhap"):
        page = client.get(path).text
        assert 'aria-label="Bảo trì hệ thống"' in page, path
        assert "Cổng tạm ngừng tối nay." in page, path
    page = client.get("/", headers={"If-None-Match": before})
    assert page.status_code == 200, "what readers kept is no longer good"
    assert "Set-Cookie" not in page.headers
    assert "đang hiện" in browser.get(LIST).text
    with app.app_context():
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "banner.added")
        ).one()
        assert entry.actor_id == actor.user_id
        assert entry.changes["text"] == [None, "Cổng tạm ngừng tối nay."]


def test_time_alone_switches_it(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        actor = make_user(app, Role.PUBLISHER)
        start = clock.now()
        banners.add(actor, wanted("Sắp tới.", starts_at=start + HOUR, ends_at=start + 2 * HOUR))
    for hours, shown in ((0, False), (1.5, True), (2, False)):
        monkeypatch.setattr(clock, "now", lambda hours=hours: start + hours * HOUR)
        assert ("Sắp tới." in client.get("/").text) is shown, hours


MOMENTS = st.integers(-48, 48).map(lambda hours: NOW + hours * HOUR)


@given(
    st.lists(
        st.builds(
            lambda kind, start, length, number: Wanted(
                kind=kind, text="x", starts_at=start, ends_at=start + length * HOUR, id=number
            ),
            st.sampled_from(BannerKind), MOMENTS, st.integers(1, 48), st.integers(1, 99),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_the_most_urgent_of_those_whose_time_it_is(many: list[Wanted]) -> None:
    shown = banners.of_moment(many, NOW)
    fitting = [one for one in many if one.starts_at <= NOW < one.ends_at]
    assert (shown is None) == (not fitting)
    if shown:
        order = list(BannerKind)
        assert shown in fitting
        assert all(order.index(shown.kind) <= order.index(one.kind) for one in fitting)


def test_a_page_with_a_banner_costs_no_statement_more(app: Flask, client: PageClient) -> None:
    client.get("/thu-tuc/cong-bo")
    with count_queries(app) as before:
        client.get("/thu-tuc/cong-bo")
    with app.app_context():
        banners.add(make_user(app, Role.PUBLISHER), wanted("Tin mới."))
    with count_queries(app) as after:
        assert "Tin mới." in client.get("/thu-tuc/cong-bo").text
    assert len(after) == len(before)


def test_other_processes_follow(app: Flask, instance: Any) -> None:
    other = create_app(load_settings(environment_of(instance)))
    with app.app_context():
        banners.add(make_user(app, Role.PUBLISHER), wanted("Ở mọi tiến trình."))
    with other.app_context():
        assert banners.now() is None
        live.refresh()
        found = banners.now()
        assert found is not None
        assert found.text == "Ở mọi tiến trình."
        db.engine.dispose()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " "}, "text"),
        ({"link": "javascript:alert(1)", "link_text": "x"}, "link"),
        ({"link": "//ke-xau.example", "link_text": "x"}, "link"),
        ({"link": "https://ai@ke-xau.example/", "link_text": "x"}, "link"),
        ({"link": "http://vidu.vn", "link_text": "x"}, "link"),
        ({"link": "/thu-tuc/"}, "link_text"),
        ({"ends_at": NOW - 300 * HOUR}, "ends_at"),
        ({"starts_at": NOW, "ends_at": NOW + timedelta(days=4000)}, "ends_at"),
    ],
)
def test_what_is_refused(app: Flask, values: dict[str, Any], field: str) -> None:
    with app.app_context():
        actor = make_user(app, Role.PUBLISHER)
        with pytest.raises(Invalid) as refusal:
            banners.add(actor, wanted(**{"text": "Có chữ.", **values}))
        assert field in refusal.value.problems


def test_words_of_people_are_no_markup(app: Flask, client: PageClient) -> None:
    with app.app_context():
        banners.add(make_user(app, Role.PUBLISHER), wanted("<script>alert(1)</script>"))
    page = client.get("/").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_removed_and_put_back(app: Flask, client: PageClient, staff: Any) -> None:
    browser, actor = staff(Role.ADMINISTRATOR)
    with app.app_context():
        number = banners.add(actor, wanted("Gỡ rồi đưa lại."))
    token = browser.token(LIST)
    assert browser.post(f"{LIST}{number}/go", data={"csrf_token": token}).status_code == 303
    assert "Gỡ rồi đưa lại." not in client.get("/").text
    browser.post(f"{LIST}{number}/dua-lai", data={"csrf_token": token})
    assert "Gỡ rồi đưa lại." in client.get("/").text


def test_the_second_saver_is_told(app: Flask) -> None:
    with app.app_context():
        actor = make_user(app, Role.PUBLISHER)
        number = banners.add(actor, wanted("Một."))
        banners.change(actor, number, 1, wanted("Hai."))
        with pytest.raises(Conflict):
            banners.change(actor, number, 1, wanted("Ba."))
        for role in (Role.AUTHOR, Role.AUDITOR, Role.FEEDBACK_OFFICER):
            with pytest.raises(NotAllowed):
                banners.add(make_user(app, role), wanted("Bốn."))


def test_how_early_a_planned_stop_is_told(staff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven working days lie between; 2 September and its neighbour are holidays, and Saturday
    22 August was worked for Monday the 31st."""
    moment = datetime(2026, 8, 20, 3, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    browser, _ = staff(Role.ADMINISTRATOR)
    page = browser.get("/ban-lam-viec/bang-thong-bao/moi").get_data(as_text=True)
    assert "sớm nhất là ngày 03/09/2026" in page
