"""Officers' verbs one by one, and by two officers at once."""

from __future__ import annotations

import itertools
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import User
from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.core.mail import Letter
from portal.core.settings import current_settings
from portal.feedback import answering, handling, queries, reading, states, submission
from portal.feedback.models import Feedback, FeedbackEvent, Kind
from portal.feedback.publishing import PublicCopy
from portal.feedback.queries import Tray
from portal.feedback.states import State, Verb
from portal.feedback.submission import Draft
from tests.support.staff import make_user

_forms = (f"{number:032x}" for number in itertools.count(1))
COPY = PublicCopy("Giờ làm việc", "Thứ Bảy có làm không?", "Có, buổi sáng.")


def receive(**change: object) -> int:
    """A new feedback; returns its number. Needs an application context."""
    number = next(_forms)
    fields = {"kind": Kind.QUESTION, "subject": f"Hỏi {number}", "body": "Thứ Bảy có làm không?"}
    receipt = submission.submit(
        Draft(**(fields | change)), form=number, network=number  # type: ignore[arg-type]
    )  # fmt: skip
    found = db.session.scalar(
        select(Feedback.id).where(Feedback.form_key == submission._form_key(receipt.seed))
    )
    db.session.rollback()
    assert found is not None
    return found


def load(number: int) -> Feedback:
    db.session.rollback()
    return db.session.get_one(Feedback, number, populate_existing=True)


def version(number: int) -> int:
    return load(number).version


@pytest.fixture
def officer(app: Flask) -> Actor:
    return make_user(app, Role.FEEDBACK_OFFICER)


@pytest.fixture
def colleague(app: Flask) -> Actor:
    return make_user(app, Role.FEEDBACK_OFFICER)


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "ALL_TOGETHER", "100000/minute")


def test_the_table_names_every_state_and_verb() -> None:
    assert set(states.TRANSITIONS) == set(Verb)
    assert set(states.LABELS) == set(State)
    closed = set(State) - states.OPEN
    for verb in (Verb.ASSIGN, Verb.ANSWER, Verb.FORWARD, Verb.REFUSE, Verb.CLASSIFY):
        assert not any(states.can(state, verb) for state in closed)


def test_two_officers_answer_at_once_and_one_wins(
    app: Flask, officer: Actor, colleague: Actor
) -> None:
    with app.app_context():
        numbers = [receive() for _ in range(10)]
    barrier, results = threading.Barrier(2), []

    def answer(actor: Actor) -> None:
        with app.app_context():
            for number in numbers:
                barrier.wait()
                try:
                    answering.answer(actor, number, 1, f"Trả lời của {actor.user_id}")
                    results.append((number, actor.user_id))
                except Conflict:
                    pass
            db.session.remove()

    threads = [threading.Thread(target=answer, args=(who,)) for who in (officer, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for number, _ in results) == numbers
    with app.app_context():
        for number, winner in results:
            item = load(number)
            assert (item.answered_by, item.answer) == (winner, f"Trả lời của {winner}")
            query = select(func.count()).where(
                FeedbackEvent.feedback_id == number, FeedbackEvent.event == "answered"
            )
            assert db.session.scalar(query) == 1


@pytest.mark.parametrize(
    "change",
    ["state = 'lost'", "kind = 'x'", "state = 'answered'", "published_at = '2026-01-01'"],
)
def test_the_database_itself_refuses_impossible_rows(app: Flask, change: str) -> None:
    with app.app_context():
        receive()
        with pytest.raises(IntegrityError), write() as session:
            session.execute(text(f"UPDATE feedback SET {change}"))


def test_who_may_see_what(app: Flask, officer: Actor, units: list[str]) -> None:
    here = make_user(app, Role.FEEDBACK_OFFICER, "cdc")
    elsewhere = make_user(app, Role.FEEDBACK_OFFICER, "van-phong")
    auditor, author = make_user(app, Role.AUDITOR), make_user(app, Role.AUTHOR, "cdc")
    with app.app_context():
        free, taken, personal = receive(), receive(), receive()
        handling.assign(officer, taken, 1, unit_code="cdc")
        handling.assign(officer, personal, 1, unit_code="van-phong", assignee_id=elsewhere.user_id)

        def listed(actor: Actor) -> set[int]:
            page = queries.inbox(db.session(), actor, Tray.ALL, None, 1)
            found = {item.id for item in page.items}
            assert queries.tray_counts(db.session(), actor)[Tray.ALL] == len(found)
            return found

        assert listed(officer) == listed(auditor) == {free, taken, personal}
        assert listed(here) == {free, taken}
        assert listed(elsewhere) == {free, personal}
        reading.open_item(here, taken)
        for actor, number in ((elsewhere, taken), (here, personal), (auditor, free)):
            with pytest.raises(NotFound):
                reading.open_item(actor, number)
            with pytest.raises(NotFound):
                reading.open_contact(actor, number)
            with pytest.raises(NotFound):
                answering.answer(actor, number, version(number), "Không được")
        with pytest.raises((NotFound, NotAllowed)):
            answering.answer(author, free, 1, "Không được")


def test_only_officers_of_the_unit_are_given_work(
    app: Flask, officer: Actor, units: list[str]
) -> None:
    stranger = make_user(app, Role.PUBLISHER)
    elsewhere = make_user(app, Role.FEEDBACK_OFFICER, "van-phong")
    gone = make_user(app, Role.FEEDBACK_OFFICER)
    with app.app_context():
        number = receive()
        with write() as session:
            session.execute(
                update(User).where(User.id == gone.user_id).values(disabled_at=clock.now())
            )
        for who in (stranger, elsewhere, gone):
            with pytest.raises(Invalid):
                handling.assign(officer, number, 1, unit_code="cdc", assignee_id=who.user_id)
        with pytest.raises(Invalid):
            handling.assign(officer, number, 1, unit_code="khong-co")
        with pytest.raises(Invalid):
            handling.assign(officer, number, 1)
        assert load(number).version == 1


def test_letters_go_to_whom_they_concern(app: Flask, officer: Actor, colleague: Actor) -> None:
    with app.app_context():
        silent = receive()
        told = receive(email="dan@vidu.vn", consent=True, body="Chuyện riêng của tôi.")
        for number in (silent, told):
            handling.assign(officer, number, 1, assignee_id=colleague.user_id)
            answering.answer(officer, number, 2, "Câu trả lời đây.")
        letters = db.session.scalars(select(Letter).order_by(Letter.id)).all()
        to_citizen = [letter for letter in letters if letter.address == "dan@vidu.vn"]
        assert len(letters) == 4
        assert len(to_citizen) == 2
        assert "Câu trả lời đây." in to_citizen[1].body
        assert not any("Chuyện riêng" in f"{x.subject}{x.body}" for x in letters)


def test_each_reading_of_personal_data_leaves_a_trace(app: Flask, officer: Actor) -> None:
    with app.app_context():
        number = receive(phone="0912345678", consent=True)

        def parts() -> list[str]:
            query = select(AuditEntry.changes).where(
                AuditEntry.event == AuditEvent.FEEDBACK_READ.value,
                AuditEntry.actor_id == officer.user_id,
            )
            return [changes["part"][1] for changes in db.session.scalars(query)]

        reading.open_item(officer, number)
        reading.open_item(officer, number)
        assert parts() == ["text"]
        reading.open_contact(officer, number)
        reading.open_contact(officer, number)
        assert parts() == ["text", "contact", "contact"]


def test_a_promised_day_never_moves_back(app: Flask, officer: Actor) -> None:
    with app.app_context():
        number = receive(kind=Kind.QUESTION)
        promised = load(number).due_on
        handling.classify(officer, number, 1, kind=Kind.SUGGESTION)
        assert load(number).due_on == promised
        assert load(number).kind == "suggestion"


def test_every_kind_has_a_limit_in_the_shipped_content(app: Flask) -> None:
    with app.app_context():
        known = {limit.kind for limit in current_settings().site.feedback.limits}
    assert known == {
        *(kind.value for kind in Kind),
        "forward",
        "denunciation",
        "denunciation_check",
    }
