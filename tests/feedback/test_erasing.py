"""What is personal goes in time and for good; figures, register and published copies stay."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from portal.accounts.permissions import Actor, Role
from portal.core import audit, clock
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, NotFound
from portal.core.mail import Letter
from portal.feedback import (
    answering,
    attachments,
    citizen,
    contacts,
    erasing,
    erasures,
    holding,
    publishing,
)
from portal.feedback.models import Feedback, FeedbackContact, FeedbackEvent, FeedbackFile
from portal.feedback.publishing import PublicCopy
from portal.feedback.states import State
from portal.ops import backup, prepare
from tests.feedback.conftest import CONTACT, TEXTS, Citizen, picture
from tests.feedback.test_desk import Officer
from tests.feedback.test_handling import load, version
from tests.support.staff import make_user

Travel = Callable[..., None]
MARK = "Mật Danh"


@pytest.fixture
def officer(app: Flask) -> Actor:
    return make_user(app, Role.FEEDBACK_OFFICER)


@pytest.fixture
def code(citizen: Citizen) -> str:
    texts = TEXTS | CONTACT | {"subject": f"Việc của {MARK}", "body": f"Tôi là {MARK}."}
    return citizen.send(texts, [(io.BytesIO(picture()), f"{MARK}.jpg")])


@pytest.fixture
def inside(app: Flask, code: str) -> Iterator[None]:
    with app.app_context():
        yield


def answer(officer: Actor) -> None:
    answering.answer(officer, 1, version(1), f"Kính gửi bà {MARK}.")


def ask() -> None:
    citizen.ask_erasure(holding.holder_of(load(1)))


def everything() -> str:
    """Every text of this room's tables and of the outbox."""
    db.session.rollback()
    tables = [
        t for t in Feedback.metadata.sorted_tables if t.name.startswith(("feedback", "letter"))
    ]
    rows = [str(tuple(row)) for table in tables for row in db.session.execute(select(table))]
    return "\n".join(rows)


def lives_at(moment: datetime) -> None:
    """The portal was awake then."""
    with pytest.MonkeyPatch.context() as patch, write() as session:
        patch.setattr(clock, "now", lambda: moment)
        audit.record(session, AuditEvent.BACKUP_MADE, actor_id=None, thing=("x", 1))


def test_an_asked_erasure_is_done_before_72_hours_pass(
    app: Flask, citizen: Citizen, code: str, officer: Actor, travel: Travel
) -> None:
    with app.app_context():
        answer(officer)
        ask()
        file = attachments.path_of(db.session.scalars(select(FeedbackFile.stored_name)).one())
        assert erasing.purge() == 0
        travel(hours=47)
        assert erasing.purge() == 0
        travel(hours=2)
        before = load(1)
        kept = (before.received_at, before.due_on, before.answered_at, before.kind, before.state)
        assert file.exists()
        assert erasing.purge() == 1
        assert not file.exists()
        after = load(1)
        assert MARK not in everything()
        assert (
            after.received_at, after.due_on, after.answered_at, after.kind, after.state
        ) == kept  # fmt: skip
        assert after.erased_at is not None
        assert contacts.of(db.session(), after) is None
        assert erasing.purge() == 0
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == AuditEvent.FEEDBACK_ERASED.value)
        ).one()
        assert entry.changes["files"] == [1, 0]
        assert MARK not in str(entry.changes)
        last = db.session.scalars(select(Letter).order_by(Letter.id.desc())).first()
        assert last is not None
        assert (last.address, last.subject) == (CONTACT["email"], "Đã xóa dữ liệu cá nhân")
    wrong = citizen.track("0000-0000-0000-0000")
    gone = citizen.track(code)
    assert gone.status_code == wrong.status_code

    def plain(page: str) -> str:
        return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page)

    assert plain(gone.get_data(as_text=True)) == plain(wrong.get_data(as_text=True))


def test_an_officer_erases_at_once_what_was_asked_for_and_nothing_else(
    inside: None, officer: Actor
) -> None:
    answer(officer)
    with pytest.raises(Conflict, match="chưa yêu cầu"):
        erasing.erase(officer, 1, version(1))
    ask()
    erasing.erase(officer, 1, version(1))
    assert MARK not in everything()
    with pytest.raises(Conflict, match="đã được xóa"):
        erasing.erase(officer, 1, version(1))


def test_whoever_may_not_see_it_may_not_erase_it(app: Flask, inside: None, officer: Actor) -> None:
    ask()
    with pytest.raises(NotFound):
        erasing.erase(make_user(app, Role.AUDITOR), 1, version(1))
    with write() as session:
        session.execute(update(Feedback).values(state="restricted", restricted_at=clock.now()))
    with pytest.raises(NotFound):
        erasing.erase(officer, 1, version(1))
    erasing.erase(make_user(app, Role.INSPECTOR), 1, version(1))
    assert MARK not in everything()


def test_what_was_reopened_after_the_request_is_closed(
    inside: None, officer: Actor, travel: Travel
) -> None:
    answer(officer)
    ask()
    with write() as session:
        session.execute(update(Feedback).values(state="waiting", paused_on=clock.today()))
    travel(hours=49)
    assert erasing.purge() == 1
    assert load(1).state == State.WITHDRAWN.value


def test_denunciations_wait_for_people(inside: None, travel: Travel) -> None:
    ask()
    with write() as session:
        session.execute(update(Feedback).values(state="restricted", restricted_at=clock.now()))
    lives_at(clock.now() + timedelta(days=2000))
    travel(days=2002)
    assert erasing.purge() == 0
    assert MARK in everything()


def test_what_was_kept_long_enough_goes_and_figures_stay(
    app: Flask, inside: None, officer: Actor, travel: Travel
) -> None:
    answer(officer)
    copy = PublicCopy("Giờ làm việc", "Hỏi?", "Đáp.")
    publishing.prepare(officer, 1, version(1), copy)
    publishing.publish(make_user(app, Role.FEEDBACK_OFFICER), 1, version(1))
    start = clock.now()
    lives_at(start + timedelta(days=729))
    assert MARK in str([letter.body for letter in db.session.scalars(select(Letter))])
    travel(days=729)
    assert erasing.purge() == 0
    travel(days=3)
    lives_at(clock.now() - timedelta(days=2))
    runner = app.test_cli_runner().invoke
    told = runner(args=["feedback", "purge", "--dry-run"]).output
    assert "kept long enough: 1 (numbers 1)\nfiles: 1\n" in told
    assert MARK in everything()
    assert "erased: 1" in runner(args=["feedback", "purge"]).output
    assert MARK not in everything()
    assert load(1).public_question == "Hỏi?"
    assert load(1).published_at is not None
    assert db.session.scalars(select(Letter)).all() == []  # what waits may hold the answer
    events = db.session.scalars(select(AuditEntry.event)).all()
    assert events.count("feedback.purged") == 1


def test_a_copy_that_nobody_let_out_goes_too(inside: None, officer: Actor) -> None:
    answer(officer)
    publishing.prepare(officer, 1, version(1), PublicCopy("Một việc", "Nguyên văn?", "Đáp."))
    ask()
    erasing.erase(officer, 1, version(1))
    assert load(1).public_question is None


def test_open_feedback_is_never_purged(inside: None, travel: Travel) -> None:
    lives_at(clock.now() + timedelta(days=2000))
    travel(days=2002)
    assert erasing.purge() == 0


def test_a_clock_set_forward_purges_nothing(
    inside: None, officer: Actor, travel: Travel, app: Flask
) -> None:
    answer(officer)
    travel(days=1000)
    assert erasing.purge() == 0
    told = app.test_cli_runner().invoke(args=["feedback", "purge", "--dry-run"]).output
    assert "the clock is new" in told
    assert MARK in everything()


def test_kinds_without_a_time_are_kept(
    app: Flask, inside: None, officer: Actor, travel: Travel
) -> None:
    settings = app.extensions["settings"]
    texts = dataclasses.replace(settings.site.feedback, retention=())
    site = dataclasses.replace(settings.site, feedback=texts)
    app.extensions["settings"] = dataclasses.replace(settings, site=site)
    answer(officer)
    lives_at(clock.now() + timedelta(days=2000))
    travel(days=2002)
    assert erasing.purge() == 0


def test_a_crash_between_rows_and_files_leaves_no_file(
    inside: None, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    file = attachments.path_of(db.session.scalars(select(FeedbackFile.stored_name)).one())
    monkeypatch.setattr(erasing, "_delete_files", lambda _names: None)
    erasing.erase(officer, 1, version(1))
    assert file.exists()
    monkeypatch.setattr(attachments, "_ORPHAN_LIFE", -1)
    attachments.purge()
    assert not file.exists()


@pytest.mark.sqlite
def test_a_restore_does_not_bring_it_back(
    app: Flask, instance: Path, inside: None, tmp_path: Path, travel: Travel
) -> None:
    officer = make_user(app, Role.FEEDBACK_OFFICER)
    answer(officer)
    settings = app.extensions["settings"]
    old = backup.make(settings, tmp_path / "backups").path
    ask()
    erasing.erase(officer, 1, version(1))
    travel(seconds=2)
    backup.make(settings, tmp_path / "backups")
    (instance / erasures.NAME).unlink()  # the machine is lost; the list beside the backups is not
    assert backup.restore(settings, old, replace=True)
    assert MARK in everything()
    said: list[str] = []
    prepare.after_restore(settings, old, said.append)
    assert MARK not in everything()
    assert "1 phản ánh" in said[0]
    assert not list((instance / "uploads" / "feedback").iterdir())
    assert erasing.reapply() == 0
    assert len(erasures.listed(instance)) == 1
    told = db.session.scalars(select(FeedbackEvent.event)).all()
    assert told.count("erased") == 1
    assert db.session.scalars(select(FeedbackContact)).all() == []


def test_the_database_file_forgets(
    app: Flask, instance: Path, inside: None, officer: Actor
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's vacuum does this in its own time")
    assert db.session.scalar(text("PRAGMA secure_delete")) == 1
    answer(officer)
    ask()
    erasing.erase(officer, 1, version(1))
    db.session.remove()
    db.engine.dispose()
    assert MARK.encode() not in (instance / "portal.sqlite3").read_bytes()


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 240),
)
def test_months_before(moment: datetime, months: int) -> None:
    earlier = erasing.months_before(moment, months)
    assert (moment.year - earlier.year) * 12 + moment.month - earlier.month == months
    assert earlier.day <= moment.day
    assert earlier.day == moment.day or (earlier + timedelta(days=1)).day == 1


def test_a_torn_list_is_read_to_its_last_whole_line(tmp_path: Path) -> None:
    erasures.note(tmp_path, ["aaa", "bbb"])
    with (tmp_path / erasures.NAME).open("ab") as file:
        file.write(b"2026-11-2")
    assert erasures.listed(tmp_path) == ["aaa", "bbb"]
    erasures.note(tmp_path, ["ccc"])
    assert erasures.listed(tmp_path) == ["aaa", "bbb", "ccc"]
    assert erasures.merge(tmp_path / erasures.NAME, tmp_path) == 0


def test_the_button_stands_there_once_it_was_asked_for(
    app: Flask, code: str, staff: Callable[..., tuple[FlaskClient, Actor]]
) -> None:
    at_desk = Officer(*staff(Role.FEEDBACK_OFFICER))
    assert "xoa-du-lieu" not in at_desk.read(1)
    assert at_desk.do(1, "xoa-du-lieu").status_code == 409
    with app.app_context():
        ask()
    assert "xoa-du-lieu" in at_desk.read(1)
    assert at_desk.do(1, "xoa-du-lieu").status_code == 303
    page = at_desk.read(1)
    assert "đã xóa" in page
    assert MARK not in page
