"""Terms that run out are told in time, once, to the right people, whatever breaks meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.models import User
from portal.accounts.permissions import Actor, Role
from portal.core import audit, clock, mail
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.mail import Letter
from portal.core.settings import current_settings
from portal.feedback import reminding
from portal.feedback.models import Feedback
from portal.feedback.reminding import Warned
from portal.ops import ticker
from tests.support.staff import make_user

MONDAY = date(2026, 11, 23)
DUE = date(2026, 12, 2)  # seven working days after Monday the 23rd
_count = iter(range(1, 1_000))


@pytest.fixture
def on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`on(day)`: it is eight in the morning of that day, and the job runs."""

    def go(day: date, hour: int = 8) -> int:
        moment = clock.from_local(datetime(day.year, day.month, day.day, hour))
        monkeypatch.setattr(clock, "now", lambda: moment)
        app.extensions.pop("feedback_reminded_at", None)  # as after a restart
        with app.app_context():
            return reminding.run()

    return go


def keep(app: Flask, **values: Any) -> int:
    """A complaint received on Monday, due after seven working days."""
    number = next(_count)
    given: dict[str, Any] = {
        "public_id": f"p{number}", "code_hmac": f"c{number}", "form_key": f"f{number}",
        "text_hash": "h", "kind": "complaint", "subject": "Chuyện Mật Danh", "body": "Lời Mật Danh",
        "received_at": datetime(2026, 11, 23, 2, tzinfo=UTC), "due_on": DUE, "state": "assigned",
        **values,
    }  # fmt: skip
    with app.app_context(), write() as session:
        feedback = Feedback(**given)
        session.add(feedback)
        session.flush()
        return feedback.id


def letters(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Letter).order_by(Letter.id))
        return [(row.recipient, row.subject, row.body) for row in rows]


def warned(app: Flask, number: int) -> Warned:
    with app.app_context():
        return Warned(db.session.get_one(Feedback, number).warned)


def address(app: Flask, actor: Actor) -> str:
    with app.app_context():
        return db.session.get_one(User, actor.user_id).email


@pytest.mark.parametrize(
    ("day", "step"),
    [
        (MONDAY, Warned.NOTHING),
        (date(2026, 11, 25), Warned.NOTHING),  # five left of seven
        (date(2026, 11, 26), Warned.NOTHING),  # four
        (date(2026, 11, 27), Warned.HALF),  # three
        (date(2026, 11, 29), Warned.HALF),  # a Sunday
        (date(2026, 11, 30), Warned.HALF),
        (date(2026, 12, 1), Warned.ONE_DAY),
        (DUE, Warned.ONE_DAY),  # the last day belongs to the term
        (date(2026, 12, 3), Warned.LATE),
        (date(2027, 2, 1), Warned.LATE),
    ],
)
def test_what_is_told_when(app: Flask, day: date, step: Warned) -> None:
    number = keep(app)
    with app.app_context():
        feedback = db.session.get_one(Feedback, number)
        assert reminding.level(feedback, day, current_settings()) is step


def test_each_step_is_told_once_over_a_whole_life(app: Flask, on: Callable[..., int]) -> None:
    officer = make_user(app, Role.FEEDBACK_OFFICER)
    head = make_user(app, Role.HEAD)
    number = keep(app, assignee_id=officer.user_id)
    for offset in range(14):
        for hour in (5, 7, 8, 15):
            on(MONDAY + timedelta(offset), hour)
    assert [(who, subject) for who, subject, _ in letters(app)] == [
        (address(app, officer), "Nhắc hạn: 1 phản ánh đã hết nửa thời hạn"),
        (address(app, officer), "Nhắc hạn: 1 phản ánh chỉ còn một ngày làm việc"),
        (address(app, officer), "Nhắc hạn: 1 phản ánh đã quá hạn"),
        (address(app, head), "Nhắc hạn: 1 phản ánh đã quá hạn"),
    ]
    assert not any("Mật Danh" in "".join(letter) for letter in letters(app))
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.event == AuditEvent.FEEDBACK_WARNED.value)
        assert [entry.changes["warned"][1] for entry in db.session.scalars(query)] == [
            "half", "one_day", "late",
        ]  # fmt: skip
        assert db.session.get_one(Feedback, number).version == 1  # nobody's form grows old by it


def test_after_days_of_standstill_the_last_step_is_told(app: Flask, on: Callable[..., int]) -> None:
    officer = make_user(app, Role.FEEDBACK_OFFICER)
    keep(app, assignee_id=officer.user_id)
    keep(app, assignee_id=officer.user_id)
    assert on(date(2026, 12, 20)) == 2
    assert on(date(2026, 12, 20)) == 0
    assert [subject for _, subject, _ in letters(app)] == ["Nhắc hạn: 2 phản ánh đã quá hạn"]


def test_a_clock_set_back_takes_nothing_back_and_tells_nothing_twice(
    app: Flask, on: Callable[..., int]
) -> None:
    make_user(app, Role.FEEDBACK_OFFICER)
    number = keep(app)
    assert on(date(2026, 12, 3)) == 1
    for day in (MONDAY, date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 4)):
        assert on(day) == 0
        assert warned(app, number) is Warned.LATE
    assert len(letters(app)) == 1


def test_a_dead_mail_server_delays_letters_and_nothing_else(
    app: Flask, on: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(*_: object) -> None:
        raise ConnectionRefusedError

    make_user(app, Role.FEEDBACK_OFFICER)
    number = keep(app)
    monkeypatch.setattr(mail, "_send", dead)
    monkeypatch.setattr(reminding, "FROM_HOUR", 0)
    on(date(2026, 12, 3))
    assert ticker.tick(app, (mail.deliver_due, reminding.run))
    assert warned(app, number) is Warned.LATE
    ((_, subject, _),) = letters(app)
    assert "quá hạn" in subject


def test_a_crash_in_the_middle_loses_and_doubles_nothing(
    app: Flask, on: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(app, Role.FEEDBACK_OFFICER)
    make_user(app, Role.FEEDBACK_OFFICER)
    number, real, calls = keep(app), mail.enqueue, iter((1, 2))

    def fail(*args: Any, **kwargs: Any) -> None:
        if next(calls) == 2:
            raise RuntimeError
        real(*args, **kwargs)

    with monkeypatch.context() as broken:
        broken.setattr(mail, "enqueue", fail)
        with pytest.raises(RuntimeError):
            on(date(2026, 12, 3))
    assert (letters(app), warned(app, number)) == ([], Warned.NOTHING)
    assert on(date(2026, 12, 3)) == 1
    assert len(letters(app)) == 2


def test_an_extension_begins_the_steps_anew(app: Flask, on: Callable[..., int]) -> None:
    make_user(app, Role.FEEDBACK_OFFICER)
    number = keep(app)
    on(date(2026, 12, 1))
    with app.app_context(), write() as session:
        session.get_one(Feedback, number).due_on = date(2026, 12, 16)
    assert on(date(2026, 12, 2)) == 0
    assert warned(app, number) is Warned.NOTHING
    on(date(2026, 12, 15))
    on(date(2026, 12, 17))
    told = [subject.partition("phản ánh ")[2] for _, subject, _ in letters(app)]
    assert told == ["chỉ còn một ngày làm việc", "chỉ còn một ngày làm việc", "đã quá hạn"]


@pytest.mark.parametrize(
    "values",
    [
        {"state": "waiting", "paused_on": MONDAY, "days_left": 7},
        {"state": "answered", "answer": "x", "answered_at": datetime(2026, 12, 1, tzinfo=UTC)},
        {"state": "refused"}, {"state": "forwarded"}, {"state": "withdrawn"},
    ],
)  # fmt: skip
def test_a_clock_that_stands_tells_nothing(
    app: Flask, on: Callable[..., int], values: dict[str, Any]
) -> None:
    make_user(app, Role.FEEDBACK_OFFICER)
    keep(app, **values)
    assert on(date(2026, 12, 24)) == 0


def test_what_is_new_is_to_be_passed_on_within_its_own_term(
    app: Flask, on: Callable[..., int]
) -> None:
    make_user(app, Role.FEEDBACK_OFFICER)
    number = keep(app, state="received", forward_by=date(2026, 11, 30))
    assert on(date(2026, 12, 1)) == 1
    assert "hạn phân loại, chuyển 30/11/2026" in letters(app)[0][2]
    with app.app_context(), write() as session:
        session.get_one(Feedback, number).state = "accepted"
    on(date(2026, 12, 2))
    assert warned(app, number) is Warned.ONE_DAY  # of the term to answer
    assert on(date(2026, 12, 3)) == 1
    assert "hạn trả lời 02/12/2026" in letters(app)[-1][2]


def test_a_late_one_goes_to_the_head_of_its_unit(app: Flask, on: Callable[..., int]) -> None:
    agency, unit, other = (make_user(app, Role.HEAD, u) for u in (None, "cdc", "van-phong"))
    officer = make_user(app, Role.FEEDBACK_OFFICER, "cdc")
    make_user(app, Role.FEEDBACK_OFFICER)
    keep(app, unit_code="cdc")
    keep(app, unit_code="khac")
    on(date(2026, 12, 1))
    assert address(app, officer) in {who for who, _, _ in letters(app)}
    before = len(letters(app))
    on(date(2026, 12, 3))
    late = [(who, body.count("hạn trả lời")) for who, _, body in letters(app)[before:]]
    assert sorted(late) == sorted([(address(app, unit), 1), (address(app, agency), 1)])
    assert address(app, other) not in {who for who, _ in late}


def test_without_a_head_officers_are_told(app: Flask, on: Callable[..., int]) -> None:
    officer = make_user(app, Role.FEEDBACK_OFFICER)
    gone = make_user(app, Role.HEAD)
    with app.app_context(), write() as session:
        session.get_one(User, gone.user_id).disabled_at = clock.now()
    keep(app, unit_code="cdc")
    on(date(2026, 12, 3))
    assert [who for who, _, _ in letters(app)] == [address(app, officer)]


def test_a_denunciation_is_told_on_its_road_alone(app: Flask, on: Callable[..., int]) -> None:
    inspector, head = make_user(app, Role.INSPECTOR), make_user(app, Role.HEAD)
    for role, unit in ((Role.FEEDBACK_OFFICER, None), (Role.HEAD, "cdc"), (Role.AUDITOR, None)):
        make_user(app, role, unit)
    keep(app, state="restricted", unit_code="cdc", forward_by=date(2026, 11, 30))
    on(date(2026, 12, 1))
    told = {who for who, _, _ in letters(app)}
    assert told == {address(app, inspector), address(app, head)}
    assert "hạn chuyển 30/11/2026" in letters(app)[0][2]


def test_nobody_is_woken_and_the_desk_shows_what_was_told(
    app: Flask, on: Callable[..., int], staff: Callable[..., tuple[FlaskClient, Actor]]
) -> None:
    number = keep(app)
    make_user(app, Role.FEEDBACK_OFFICER)
    assert on(date(2026, 12, 1), hour=5) == 0
    assert on(date(2026, 12, 1), hour=6) == 1
    browser, _ = staff(Role.FEEDBACK_OFFICER)
    page = browser.get(f"/ban-lam-viec/phan-anh/{number}").get_data(as_text=True)
    assert "đã nhắc: còn một ngày làm việc" in page


def test_the_job_belongs_to_the_ticker() -> None:
    assert reminding.run in ticker.OFTEN
    assert audit.LABELS[AuditEvent.FEEDBACK_WARNED]
