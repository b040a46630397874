"""Lines that somebody should try again: per unit, by one click or many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.directory.models import Hotline, Unit

DUE = "/ban-lam-viec/danh-ba/can-kiem-tra"
VERB = "/ban-lam-viec/danh-ba/duong-day-nong/{}/da-kiem-tra?tu=can-kiem-tra"
Staff = Callable[..., tuple[FlaskClient, Actor]]


@pytest.fixture
def lines(app: Flask) -> None:
    """Lines of two units: tried long ago, never, at the limit, and one taken off."""
    today = clock.today()
    with app.app_context(), write() as session:
        for code in ("cdc", "van-phong"):
            session.add(Unit(code=code, name=f"Đơn vị {code}", kind="office"))
        session.flush()
        for key, unit, days, removed in (
            ("cu", "cdc", 91, False), ("chua", "cdc", None, False), ("vua", "cdc", 90, False),
            ("khac", "van-phong", 200, False), ("go", "cdc", 500, True),
        ):  # fmt: skip
            session.add(Hotline(
                key=key, name=f"Đường dây {key}", purposes=["other"], phone="0225 123 456",
                unit_code=unit, checked_on=None if days is None else today - timedelta(days=days),
                removed_at=clock.now() if removed else None,
            ))  # fmt: skip


def test_only_lines_over_the_limit_are_listed_the_longest_untried_first(
    lines: None, staff: Staff
) -> None:
    browser, _ = staff(Role.PUBLISHER)
    html = browser.get(DUE).text
    assert html.index("Đường dây chua") < html.index("Đường dây khac") < html.index("Đường dây cu")
    assert "Đường dây vua" not in html
    assert "Đường dây go" not in html
    assert "Đường dây khac" not in browser.get(DUE + "?don_vi=cdc").text


def test_one_click_notes_it_and_the_list_grows_shorter(
    app: Flask, lines: None, staff: Staff
) -> None:
    browser, actor = staff(Role.UNIT_EDITOR, "cdc")
    token = browser.token(DUE)
    data = {"csrf_token": token, "ve": "don_vi=cdc"}
    answer = browser.post(VERB.format("cu"), data=data)
    assert answer.location.endswith("/can-kiem-tra?don_vi=cdc")
    assert "Đường dây cu<" not in browser.get(DUE).text.partition("<table")[2]
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.event, entry.actor_id) == ("hotline.checked", actor.user_id)
        assert entry.changes["checked_on"][1] == clock.today().isoformat()
    assert browser.post(VERB.format("khac"), data=data).status_code == 403


def test_many_at_once_and_each_is_judged(app: Flask, lines: None, staff: Staff) -> None:
    browser, _ = staff(Role.UNIT_EDITOR, "cdc")
    data = {"csrf_token": browser.token(DUE), "chon": ["cu", "chua", "khac"], "ve": ""}
    many = "/ban-lam-viec/danh-ba/hang-loat/da-kiem-tra?tu=can-kiem-tra"
    answer = browser.post(many, data=data)
    assert "Đường dây khac" in answer.text, "the refused one is named"
    with app.app_context():
        query = select(Hotline.key).where(Hotline.checked_on == clock.today())
        assert set(db.session.scalars(query)) == {"cu", "chua"}
