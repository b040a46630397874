"""What turned out to be a denunciation: two roles see it, nothing else in the house tells of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.mail import Letter
from portal.feedback import (
    answering,
    handling,
    handover,
    publishing,
    queries,
    reading,
    restricting,
)
from portal.feedback.models import Feedback, FeedbackNote
from portal.feedback.publishing import PublicCopy
from portal.feedback.queries import Tray
from portal.feedback.restricting import Ending, Outcome
from portal.search import service as search
from portal.search.engine import SearchQuery
from tests.feedback.test_handling import load, receive, version
from tests.support.staff import make_user, sign_in

MARK = "mậtdanhtốcáo"
ROOMS = ("/phan-anh/", "/ban-lam-viec/", "/ban-lam-viec/nhat-ky/", "/ban-lam-viec/nhac-viec/")


@pytest.fixture
def officer(app: Flask) -> Actor:
    return make_user(app, Role.FEEDBACK_OFFICER)


@pytest.fixture
def inspector(app: Flask) -> Actor:
    return make_user(app, Role.INSPECTOR)


def denounce(officer: Actor, **change: object) -> int:
    number = receive(subject=f"Báo việc {MARK}", body=f"Ông ấy {MARK} nhận tiền.", **change)
    restricting.restrict(officer, number, version(number), reason="Nêu đích danh, có bằng chứng.")
    return number


def test_it_is_gone_for_everybody_but_two_roles(
    app: Flask, client: FlaskClient, officer: Actor, inspector: Actor
) -> None:
    unit_head = make_user(app, Role.HEAD, "cdc")
    head = make_user(app, Role.HEAD)
    auditor = make_user(app, Role.AUDITOR)
    with app.app_context():
        number = denounce(officer)
        for actor in (officer, unit_head, auditor):
            with pytest.raises(NotFound):
                reading.open_item(actor, number)
            with pytest.raises(NotFound):
                reading.open_contact(actor, number)
            for tray in Tray:
                assert not queries.inbox(db.session(), actor, tray, None, 1).items
            assert not any(queries.tray_counts(db.session(), actor).values())
        for actor in (inspector, head):
            assert MARK in reading.open_item(actor, number).body
    for actor, sees in ((officer, False), (auditor, False), (inspector, True), (head, True)):
        browser = app.test_client()
        sign_in(app, browser, actor)
        pages = [
            browser.get(f"/ban-lam-viec/phan-anh/?khay={tray.value}").get_data(as_text=True)
            for tray in Tray
        ]
        assert any(MARK in page for page in pages) is sees
        found = browser.get(f"/ban-lam-viec/phan-anh/{number}", check=False)
        assert found.status_code in ((200,) if sees else (403, 404))
        for room in ROOMS:
            page = browser.get(room, check=False).get_data(as_text=True)
            assert MARK not in page or (sees and room == "/ban-lam-viec/")


def test_what_was_public_leaves_the_site_the_search_and_the_api(
    app: Flask, client: FlaskClient, officer: Actor, inspector: Actor
) -> None:
    second = make_user(app, Role.FEEDBACK_OFFICER)
    with app.app_context():
        number = receive(subject=f"Việc {MARK}")
        answering.answer(officer, number, version(number), "Cảm ơn bạn.")
        copy = PublicCopy(f"Việc {MARK}", f"Hỏi {MARK}", "Đáp.")
        publishing.prepare(officer, number, version(number), copy)
        publishing.publish(second, number, version(number))
        search.drain()
        assert search.search(SearchQuery(MARK, kinds=["feedback"])).hits
        public_id = load(number).public_id
    assert MARK in client.get("/phan-anh/").get_data(as_text=True)
    with app.app_context():
        restricting.restrict(officer, number, version(number), reason="Tố cáo.")
        search.drain()
        assert not search.search(SearchQuery(MARK, kinds=["feedback"])).hits
        with pytest.raises(NotFound):
            publishing.publish(second, number, version(number))
    for path in ("/phan-anh/", "/api/v1/feedback", "/sitemap.xml", "/feed.xml", "/"):
        text = client.get(path).get_data(as_text=True)
        assert MARK not in text
        assert public_id not in text
    gone = client.get(f"/phan-anh/{public_id}", check=False)
    assert gone.status_code in (404, 410)
    assert MARK not in gone.get_data(as_text=True)


def test_nobody_is_handed_it_over_or_written_its_words(
    app: Flask, officer: Actor, inspector: Actor, units: list[str]
) -> None:
    with app.app_context():
        number = receive(subject=f"Việc {MARK}", email="a@vidu.vn", consent=True)
        handling.assign(
            officer, number, version(number), unit_code="cdc", assignee_id=officer.user_id
        )
        restricting.restrict(officer, number, version(number), reason=f"Vì {MARK}.")
        assert not handover.open_of(db.session(), officer.user_id)
        feedback = load(number)
        assert (feedback.unit_code, feedback.assignee_id) == (None, None)
        letters = db.session.scalars(select(Letter)).all()
        addressed = {letter.address for letter in letters}
        assert len(addressed) == 2  # the sender and the inspector, who made no step
        for letter in letters:
            assert MARK not in letter.subject + letter.body
            assert "tố cáo" not in (letter.subject + letter.body).lower()
        entries = db.session.scalars(select(AuditEntry)).all()
        assert not any(MARK in str(entry.changes) for entry in entries)


def test_without_anybody_to_see_it_it_stays_where_it_is(
    app: Flask, client: FlaskClient, officer: Actor
) -> None:
    make_user(app, Role.HEAD, "cdc")  # heads a unit, not the agency
    with app.app_context():
        number = receive()
        with pytest.raises(Invalid):
            restricting.restrict(officer, number, version(number), reason="Tố cáo.")
        assert load(number).state == "received"
        assert db.session.scalar(select(func.count(FeedbackNote.id))) == 0
    sign_in(app, client, officer)
    page = client.get(f"/ban-lam-viec/phan-anh/{number}").get_data(as_text=True)
    assert "Chưa có ai nhận" in page
    assert "restrict_reason" not in page


def test_its_clock_is_the_laws_and_that_of_the_answer_stands(
    app: Flask, officer: Actor, inspector: Actor, travel: Callable[..., None]
) -> None:
    with app.app_context():
        number = receive()
        promised = load(number).due_on
        restricting.restrict(officer, number, version(number), reason="Tố cáo.")
        feedback = load(number)
        assert feedback.forward_by is not None
        assert clock.today() < feedback.forward_by < restricting.check_by(feedback)
        travel(days=14)
        restricting.release(inspector, number, version(number), note="Chỉ là góp ý.")
        feedback = load(number)
        assert feedback.state == "accepted"
        assert feedback.due_on >= promised + timedelta(days=7)
        assert feedback.paused_on is None
        with pytest.raises(NotFound):
            reading.open_item(inspector, number)
        assert reading.open_item(officer, number).restricted_at is None


def test_it_ends_on_the_restricted_road_and_its_sender_reads_how(
    app: Flask, officer: Actor, inspector: Actor
) -> None:
    with app.app_context():
        number = denounce(officer)
        with pytest.raises(Invalid):
            restricting.settle(
                inspector, number, version(number), Ending(Outcome.FORWARDED, "Đã chuyển.")
            )
        ending = Ending(Outcome.FORWARDED, "Đã chuyển, bạn chờ thông báo.", "Thanh tra thành phố")
        restricting.settle(inspector, number, version(number), ending)
        feedback = load(number)
        assert (feedback.state, feedback.forwarded_to) == ("restricted", "Thanh tra thành phố")
        with pytest.raises(Conflict):
            restricting.restrict(inspector, number, version(number), reason="Lần nữa.")
        with pytest.raises(NotFound):
            restricting.settle(officer, number, version(number), ending)
        # Should it come back all the same, nothing that was written is lost.
        restricting.release(inspector, number, version(number), note="Không phải tố cáo.")
        notes = " ".join(db.session.scalars(select(FeedbackNote.body)))
        assert "bạn chờ thông báo" in notes
        assert load(number).closing_note is None


def test_the_buttons(app: Flask, client: FlaskClient, officer: Actor, inspector: Actor) -> None:
    with app.app_context():
        number = receive()
    item = f"/ban-lam-viec/phan-anh/{number}"
    sign_in(app, client, officer)
    token = client.token(item)  # type: ignore[attr-defined]
    form = {"csrf_token": token, "version": "1"}
    bad = client.post(f"{item}/giu-bi-mat", data=form)
    assert bad.status_code == 400
    assert "Viết vì sao đây là tố cáo" in bad.get_data(as_text=True)
    done = client.post(f"{item}/giu-bi-mat", data=form | {"restrict_reason": "Nêu đích danh."})
    assert (done.status_code, done.location) == (303, "/ban-lam-viec/phan-anh/")
    keeper = app.test_client()
    sign_in(app, keeper, inspector)
    page = keeper.get(item).get_data(as_text=True)
    assert "Luật Tố cáo số 25/2018/QH14, Điều 24" in page
    form = {"csrf_token": keeper.token(item), "version": "2"}  # type: ignore[attr-defined]
    answer = {"settle_outcome": "taken_up", "settle_note": "Bạn chờ thông báo thụ lý."}
    assert keeper.post(f"{item}/giu-bi-mat/ket-qua", data=form | answer).status_code == 303
    form["version"] = "3"
    back = keeper.post(f"{item}/giu-bi-mat/tra-lai", data=form | {"release_note": "Là góp ý."})
    assert (back.status_code, back.location) == (303, "/ban-lam-viec/phan-anh/")
    with app.app_context():
        assert db.session.get_one(Feedback, number).state == "accepted"
