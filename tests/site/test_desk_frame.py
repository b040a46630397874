"""What all desk pages share: the menu with what waits, words for states, toasts with a way back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.accounts.queries import STATUS_NAMES
from portal.articles.states import State as ArticleState
from portal.core import clock
from portal.core.certainty import CERTAINTY_NAMES
from portal.core.db import db, write
from portal.directory.models import Hotline
from portal.feedback import submission
from portal.feedback.models import Feedback, Kind
from portal.feedback.states import LABELS
from portal.plan.queries import STATE_NAMES as TASK_NAMES
from portal.site import desk_menu
from tests.support.queries import count_queries

Staff = Callable[..., tuple[FlaskClient, Actor]]
DESK = "/ban-lam-viec/"


def entries(page: str) -> dict[str, str]:
    """Address → text of the menu's links."""
    rail = page[page.index('<nav class="desk-rail"') : page.index("</nav>")]
    links = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', rail, re.DOTALL)
    return {path: " ".join(re.sub(r"<[^>]+>", " ", text).split()) for path, text in links}


@pytest.mark.parametrize(
    ("role", "unit", "seen", "unseen"),
    [
        (Role.AUTHOR, "cdc", "Bài viết", "Phản ánh"),
        (Role.FEEDBACK_OFFICER, None, "Phản ánh", "Bài viết"),
        (Role.AUDITOR, None, "Nhật ký", "Giao việc"),
    ],
)
def test_the_menu_holds_what_the_person_may_open(
    staff: Staff, role: Role, unit: str | None, seen: str, unseen: str
) -> None:
    browser, _ = staff(role, unit)
    shown = entries(browser.get(DESK).get_data(as_text=True)).values()
    assert seen in shown
    assert unseen not in shown


def test_the_menu_tells_what_waits_and_only_for_me(app: Flask, staff: Staff) -> None:
    officer, _ = staff(Role.FEEDBACK_OFFICER)
    author, _ = staff(Role.AUTHOR, "cdc")
    before = entries(officer.get(DESK).get_data(as_text=True))[f"{DESK}phan-anh/"]
    assert before == "Phản ánh"
    with app.app_context():
        submission.submit(
            submission.Draft(kind=Kind.QUESTION, subject="Giờ", body="Thứ Bảy có nhận không?"),
            form="a", network="192.0.2.9",
        )  # fmt: skip
    page = officer.get(DESK).get_data(as_text=True)
    assert entries(page)[f"{DESK}phan-anh/"] == "Phản ánh 1 việc chờ bạn"
    assert f"{DESK}phan-anh/" not in entries(author.get(DESK).get_data(as_text=True))


def test_the_menu_costs_one_statement(app: Flask, staff: Staff) -> None:
    _, actor = staff(Role.PUBLISHER)
    with app.test_request_context(DESK), count_queries(app) as statements:
        assert len(desk_menu._waiting(actor)) == 1
        assert len(statements) == 1


def test_every_state_of_every_room_has_its_badge(app: Flask) -> None:
    """Word, shape and kind; the words are those that the rooms use."""
    with app.test_request_context():
        states = app.jinja_env.get_template("_components/state.html").module.STATES  # type: ignore[attr-defined]
    for state in ArticleState:
        assert f"article.{state}" in states
    for room, names in (
        ("feedback", {k: v.lower() for k, v in LABELS.items()}),
        ("account", STATUS_NAMES),
        ("task", TASK_NAMES),
        ("contact", CERTAINTY_NAMES),
    ):
        for state, name in names.items():
            assert states[f"{room}.{state}"][0] == name
    assert {kind for _, _, kind in states.values()} == {"info", "good", "wait", "bad"}


def test_a_removed_hotline_comes_back_from_its_toast(app: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    with app.app_context(), write() as session:
        session.add(Hotline(key="a", name="Đường dây A", purposes=["general"], sort_order=1,
                            scope="agency", certainty="unverified"))  # fmt: skip
    token = browser.token(f"{DESK}danh-ba/")
    browser.post(f"{DESK}danh-ba/duong-day-nong/a/go", data={"csrf_token": token})
    page = browser.get(f"{DESK}danh-ba/").get_data(as_text=True)
    assert "Đã gỡ: Đường dây A." in page
    with app.app_context():
        assert db.session.scalar(select(Hotline.removed_at).where(Hotline.key == "a"))
    with app.test_request_context():
        address = url_for("directory_desk.restore", key="a")
    flashes = page[page.index('class="flashes"') : page.index("<h1")]
    assert f'action="{address}"' in flashes
    assert "Hoàn tác" in flashes
    browser.post(address, data={"csrf_token": token})
    with app.app_context():
        removed_at = select(Hotline.removed_at).where(Hotline.key == "a")
        assert db.session.execute(removed_at).one() == (None,)


def test_today_tells_what_is_late_to_those_who_may_read_it(app: Flask, staff: Staff) -> None:
    cdc, officer = staff(Role.FEEDBACK_OFFICER, "cdc"), staff(Role.FEEDBACK_OFFICER, "van-phong")
    whole, auditor = staff(Role.FEEDBACK_OFFICER), staff(Role.AUDITOR)
    with app.app_context():
        draft = submission.Draft(kind=Kind.QUESTION, subject="Chờ quá lâu", body="Đã hai tháng.")
        submission.submit(draft, form="a", network="192.0.2.9")
        with write() as session:
            item = session.scalars(select(Feedback)).one()
            item.state, item.unit_code = "assigned", "cdc"
            item.due_on = clock.today() - timedelta(days=3)
    for (browser, _), reads in ((cdc, True), (whole, True), (officer, False), (auditor, False)):
        with count_queries(app) as statements:
            page = browser.get(DESK).get_data(as_text=True)
        assert ("Chờ quá lâu" in page) is reads
        assert ("trễ 3 ngày" in page) is reads
        assert len(statements) <= 12, statements


def test_today_is_calm_when_nothing_waits(staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    page = browser.get(DESK).get_data(as_text=True)
    assert "Không có việc nào đang chờ bạn." in page
