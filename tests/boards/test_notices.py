"""Reminders: once a person and event, whatever the clock and the ticker do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from portal.accounts.models import User
from portal.accounts.permissions import Actor, Role
from portal.boards import events, notices
from portal.boards.models import Mode, Notice, NoticeKind, NoticeReader
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import Invalid
from portal.core.mail import Letter
from portal.directory.models import Hotline
from portal.ops import ticker
from portal.plan.models import PlanTask
from tests.boards.conftest import TODAY, Write
from tests.support.queries import count_queries
from tests.support.staff import make_user

OWN = "/ban-lam-viec/tai-khoan/cua-toi/nhac-viec"
Staff = Callable[..., tuple[FlaskClient, Actor]]
limits = st.lists(st.integers(1, 60), min_size=1, unique=True)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Set the clock of the agency to nine in the morning of a day."""

    def turn(day: date, hour: int = 9) -> None:
        moment = clock.from_local(datetime(day.year, day.month, day.day, hour))
        monkeypatch.setattr(clock, "now", lambda: moment)

    return turn


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def run(day: date = TODAY) -> int:
    return notices.remind(day)


def rows(actor: Actor) -> list[Notice]:
    return list(
        db.session.scalars(
            select(Notice).where(Notice.user_id == actor.user_id).order_by(Notice.id)
        )
    )


def kinds(actor: Actor) -> set[str]:
    return {row.kind for row in rows(actor)}


def letters() -> list[Letter]:
    return list(db.session.scalars(select(Letter).order_by(Letter.id)))


@given(limits, st.integers(0, 90))
def test_a_reminder_is_of_the_tightest_limit_that_is_reached(
    allowed: list[int], days_left: int
) -> None:
    found = events.threshold(days_left, allowed)
    reached = [limit for limit in allowed if days_left <= limit]
    assert found == (min(reached) if reached else None)


@given(limits, st.sets(st.integers(0, 59)))
def test_a_missed_day_loses_no_reminder_but_those_that_a_nearer_one_replaces(
    allowed: list[int], missed: set[int]
) -> None:
    """Walk down to the day, leaving out some days: whoever looks on any later day before the
    next limit gets the reminder of the limit that was missed."""
    told = {events.threshold(day, allowed) for day in range(60, -1, -1) if day not in missed}
    for limit, nearer in zip(sorted(allowed), [-1, *sorted(allowed)], strict=False):
        if any(day not in missed for day in range(nearer + 1, min(limit, 60) + 1)):
            assert limit in told


def test_what_concerns_a_unit_reaches_its_people(
    app: Flask, tasks: dict[str, int], inside: None
) -> None:
    author, editor = make_user(app, Role.AUTHOR, "cdc"), make_user(app, Role.UNIT_EDITOR, "cdc")
    office, officer = (
        make_user(app, Role.AUTHOR, "van-phong"),
        make_user(app, Role.FEEDBACK_OFFICER),
    )
    publisher, auditor = make_user(app, Role.PUBLISHER), make_user(app, Role.AUDITOR)
    with write() as session:
        session.add(Hotline(key="h", name="Số", purposes=["other"], unit_code="cdc"))
    assert run() > 0
    assert kinds(author) == {"missed", "quiet"}
    assert kinds(editor) == {"missed", "quiet", "hotlines"}
    assert kinds(office) == {"late", "due", "quiet"}
    assert kinds(publisher) == {"missed", "quiet", "hotlines", "late", "due"}
    assert not rows(officer)
    assert not rows(auditor), "leaders choose reminders before they get any"
    assert {letter.recipient for letter in letters()} >= {
        db.session.get_one(User, who.user_id).email for who in (author, office)
    }


def test_running_again_tells_nobody_twice(app: Flask, tasks: dict[str, int], inside: None) -> None:
    make_user(app, Role.AUTHOR, "van-phong")
    assert run() > 0
    sent = len(letters())
    for _ in range(3):
        assert run() == 0
    assert len(letters()) == sent


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(-20, 60), min_size=1, max_size=8))
def test_however_the_clock_jumps_each_event_is_told_once(
    app: Flask, tasks: dict[str, int], days: list[int]
) -> None:
    with app.app_context():
        who = make_user(app, Role.AUTHOR, "van-phong")
        for offset in days:
            run(TODAY + timedelta(days=offset))
        mine = rows(who)
        assert len({row.event for row in mine}) == len(mine)
        user = db.session.get_one(User, who.user_id)
        told = "\n".join(one.body for one in letters() if one.recipient == user.email)
        for row in mine:
            assert told.count(f"- {row.text}\n") <= 1, row.event
            if row.letter == "sent":
                assert row.text in told
        with write() as session:
            session.execute(delete(Notice))
            session.get_one(User, who.user_id).disabled_at = clock.now()


def test_each_limit_before_the_day_is_a_reminder_of_its_own(
    app: Flask, tasks: dict[str, int], inside: None, at: Callable[[date], None]
) -> None:
    who = make_user(app, Role.AUTHOR, "van-phong")
    due = date(2026, 11, 27)
    for days_left in (15, 14, 13, 6, 1, 0, -1):
        at(due - timedelta(days=days_left))
        run(due - timedelta(days=days_left))
    near = [row.event for row in rows(who) if f"/{tasks['near']}/" in row.event]
    task = tasks["near"]
    assert near == [
        f"due/{task}/{due}/14", f"due/{task}/{due}/7", f"due/{task}/{due}/1", f"late/{task}/{due}",
    ]  # fmt: skip
    still = [row.event for row in notices.open_for(db.session(), who.user_id)]
    assert f"due/{task}/{due}/1" not in still, "what is over leaves the desk"
    assert f"late/{task}/{due}" in still


def test_a_post_ends_the_silence_and_a_new_silence_is_told_again(
    app: Flask, tasks: dict[str, int], post: Write, inside: None
) -> None:
    who = make_user(app, Role.AUTHOR, "cdc")
    run()
    post(0, task=tasks["posts"])
    run()
    assert "quiet" not in {row.kind for row in notices.open_for(db.session(), who.user_id)}
    run(TODAY + timedelta(days=15))
    assert [row.event for row in rows(who) if row.kind == "quiet"] == [
        "quiet/cdc/never", "quiet/cdc/2026-11-22",
    ]  # fmt: skip


def test_a_week_is_one_letter_and_the_next_week_the_next(
    app: Flask, tasks: dict[str, int], inside: None
) -> None:
    who = make_user(app, Role.PUBLISHER)
    run(date(2026, 11, 23))
    assert len(letters()) == 1
    with write() as session:
        session.get_one(PlanTask, tasks["near"]).due_on = date(2026, 11, 24)
    run(date(2026, 11, 25))
    assert len(letters()) == 1, "it waits for Monday"
    run(date(2026, 12, 1))
    assert len(letters()) == 2, "Monday was missed, Tuesday makes it good"
    assert db.session.get_one(NoticeReader, who.user_id).digest_on == date(2026, 12, 1)


def test_a_disabled_account_gets_nothing(app: Flask, tasks: dict[str, int], inside: None) -> None:
    who = make_user(app, Role.AUTHOR, "van-phong")
    with write() as session:
        session.get_one(User, who.user_id).disabled_at = clock.now()
    run()
    assert not rows(who)
    assert not letters()


def test_who_leaves_a_unit_no_longer_sees_its_reminders(
    app: Flask, tasks: dict[str, int], inside: None
) -> None:
    who = make_user(app, Role.AUTHOR, "van-phong")
    run()
    with write() as session:
        session.get_one(User, who.user_id).grants[0].unit_code = "benh-vien"
    run()
    assert not notices.open_for(db.session(), who.user_id)


def test_people_choose_what_they_get_and_how(
    app: Flask, tasks: dict[str, int], staff: Staff
) -> None:
    browser, who = staff(Role.AUTHOR, "van-phong")
    html = browser.get(OWN).text
    assert "Nhiệm vụ quá hạn" in html
    assert "Đường dây nóng" not in html, "authors keep no hotlines"
    modes = {"due": "desk", "late": "off", "missed": "now", "quiet": "off"}
    answer = browser.post(OWN, data={"csrf_token": browser.token(OWN), **modes})
    assert answer.status_code == 303
    with app.app_context():
        run()
        assert kinds(who) == {"due"}
        assert not letters()
        entry = db.session.scalars(select(AuditEntry)).all()[-1]
        assert entry.event == "notices.chosen"
        assert entry.changes["late"] == ["now", "off"]
        for wrong in ({"due": "shout"}, {"hotlines": "now"}, {"nothing": "now"}):
            with pytest.raises(Invalid):
                notices.choose(who, wrong)
    bad = browser.post(OWN, data={"csrf_token": browser.token(OWN), **modes, "due": "x"})
    assert bad.status_code == 303
    assert "Chọn một cách nhắc" in browser.get(OWN).text


def test_what_waits_follows_a_new_choice(app: Flask, tasks: dict[str, int], inside: None) -> None:
    who = make_user(app, Role.AUTHOR, "cdc")
    with write() as session:
        session.add(NoticeReader(user_id=who.user_id, choices={}, digest_on=TODAY))
    run()
    assert len(letters()) == 1
    notices.choose(who, {NoticeKind.QUIET: Mode.NOW})
    run()
    assert "chưa đăng bài nào" in letters()[-1].body
    assert len(letters()) == 2


def test_reminders_are_put_away_one_by_one_and_only_by_their_owner(
    app: Flask, tasks: dict[str, int], staff: Staff
) -> None:
    browser, who = staff(Role.AUTHOR, "van-phong")
    other, _ = staff(Role.AUTHOR, "van-phong")
    with app.app_context():
        run()
        number = rows(who)[0].id
    path = f"{OWN}/{number}/da-biet"
    assert other.post(path, data={"csrf_token": other.token(OWN)}).status_code == 404
    assert "Nhắc việc" in browser.get("/ban-lam-viec/").text
    assert browser.post(path, data={"csrf_token": browser.token(OWN)}).status_code == 303
    with app.app_context():
        left = len(notices.open_for(db.session(), who.user_id))
        assert left == len(rows(who)) - 1
        assert run() == 0, "what was put away is not told again"
    assert (
        browser.post(OWN + "/da-biet", data={"csrf_token": browser.token(OWN)}).status_code == 303
    )
    assert "Không có việc nào đang nhắc" in browser.get(OWN).text


def test_the_ticker_works_it_out_once_a_day_and_never_at_night(
    app: Flask, tasks: dict[str, int], inside: None, at: Callable[..., None]
) -> None:
    make_user(app, Role.AUTHOR, "van-phong")
    assert notices.run_daily in ticker.OFTEN
    at(TODAY, 5)
    assert notices.run_daily() == 0
    at(TODAY, 6)
    assert notices.run_daily() > 0
    with count_queries(app) as statements:
        notices.run_daily()
    assert not statements
    at(TODAY - timedelta(days=1), 12)
    assert notices.run_daily() == 0, "yesterday's reminders are over, and none is new"


def test_reports_are_told_to_those_who_send_them(
    app: Flask, tasks: dict[str, int], inside: None
) -> None:
    hospital = make_user(app, Role.UNIT_EDITOR, "benh-vien")
    run(date(2026, 12, 2))
    (row,) = rows(hospital)
    assert row.text == "Gửi báo cáo quý muộn nhất ngày 09/12/2026, còn 7 ngày."
