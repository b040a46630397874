"""Work of somebody who leaves: seen, given on as far as roles reach, audited, told by letter."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.access import DESK
from portal.accounts.models import User
from portal.accounts.permissions import Actor, Role
from portal.articles.models import Article
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import Invalid, NotAllowed
from portal.core.mail import Letter
from portal.feedback.models import Feedback
from portal.site import handover
from tests.accounts.things import Owner, article, feedback, units
from tests.support.staff import make_user


def give_password(app: Flask, *people: Actor) -> None:
    with app.app_context(), write() as session:
        for person in people:
            session.get_one(User, person.user_id).password_hash = "x"


@pytest.fixture
def leaving(app: Flask) -> Actor:
    """Somebody with two drafts, one of another unit, and a feedback."""
    actor = make_user(app, Role.AUTHOR, "cdc", "Người Sắp Nghỉ")
    with app.app_context(), write() as session:
        units(session)
        for unit in ("cdc", "van-phong"):
            article(session, Owner(actor.user_id, unit, None), "")
        feedback(session, Owner(actor.user_id, "cdc", actor.user_id), "bí mật")
    return actor


def test_everything_goes_to_who_may_do_it(app: Flask, leaving: Actor, staff: Any) -> None:
    browser, admin = staff(Role.ADMINISTRATOR)
    heir = make_user(app, Role.PUBLISHER, None, "Người Nhận Bài")
    officer = make_user(app, Role.FEEDBACK_OFFICER, "cdc", "Người Nhận Phản Ánh")
    give_password(app, heir, officer)
    path = f"{DESK}/tai-khoan/{leaving.user_id}/viec-dang-mo"
    page = browser.get(path).text
    assert "Bài viết (2)" in page
    assert "Phản ánh (1)" in page
    assert "Người Nhận Bài" in page
    token = browser.token(path)
    data = {"to": str(heir.user_id), "csrf_token": token}
    assert browser.post(path, data=data).status_code == 303
    page = browser.get(path).text
    assert "Đã bàn giao 2 việc. Còn 1 việc" in page
    browser.post(path, data={"to": str(officer.user_id), "csrf_token": token})
    assert "Không còn việc nào đang mở" in browser.get(path).text
    with app.app_context():
        assert set(db.session.scalars(select(Article.author_id))) == {heir.user_id}
        assert db.session.scalars(select(Feedback.assignee_id)).one() == officer.user_id
        told = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "user.work_handed_over")
        ).all()
        assert [entry.actor_id for entry in told] == [admin.user_id] * 2
        letters = [letter.recipient for letter in db.session.scalars(select(Letter))]
        assert len(letters) == 3


@pytest.mark.parametrize("wrong", ["", "x", "999", "self", "disabled"])
def test_to_nobody_who_cannot_take_it(app: Flask, leaving: Actor, staff: Any, wrong: str) -> None:
    browser, _ = staff(Role.ADMINISTRATOR)
    gone = make_user(app, Role.PUBLISHER)
    with app.app_context(), write() as session:
        session.get_one(User, gone.user_id).disabled_at = clock.now()
    to = {"self": str(leaving.user_id), "disabled": str(gone.user_id)}.get(wrong, wrong)
    path = f"{DESK}/tai-khoan/{leaving.user_id}/viec-dang-mo"
    answer = browser.post(path, data={"to": to, "csrf_token": browser.token(path)})
    assert answer.status_code == 400
    with app.app_context():
        assert handover.open_of(db.session(), leaving.user_id).count == 3


def test_only_administrators_hand_over(app: Flask, leaving: Actor) -> None:
    to = make_user(app, Role.PUBLISHER)
    with app.app_context():
        for role in (Role.PUBLISHER, Role.AUDITOR):
            with pytest.raises(NotAllowed):
                handover.hand_over(make_user(app, role), leaving.user_id, to.user_id)
        with pytest.raises(Invalid):
            admin = make_user(app, Role.ADMINISTRATOR)
            handover.hand_over(admin, leaving.user_id, leaving.user_id)


def test_no_word_of_a_feedback_is_on_the_page(app: Flask, leaving: Actor, staff: Any) -> None:
    browser, _ = staff(Role.AUDITOR)
    page = browser.get(f"{DESK}/tai-khoan/{leaving.user_id}/viec-dang-mo").text
    with app.app_context():
        item = db.session.scalars(select(Feedback)).one()
        assert item.subject not in page
        assert item.body not in page
    assert "Bàn giao" not in page
