"""What the holder of a code may do, in any order, twice, late, and beside an officer."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.accounts.models import User
from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.mail import Letter
from portal.feedback import (
    answering,
    attachments,
    citizen,
    contacts,
    handling,
    holding,
    publishing,
)
from portal.feedback.citizen import Rating
from portal.feedback.holding import Holder
from portal.feedback.models import (
    Event,
    Feedback,
    FeedbackEvent,
    FeedbackFile,
    FeedbackMessage,
)
from portal.feedback.publishing import PublicCopy
from portal.feedback.states import OPEN, State
from tests.feedback.conftest import picture
from tests.feedback.test_handling import load, receive, version
from tests.support.staff import make_user

MORE = "Quầy số 3, khoảng chín giờ.\nCó hai người chứng kiến."


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def officer(app: Flask) -> Actor:
    return make_user(app, Role.FEEDBACK_OFFICER)


@pytest.fixture
def number(inside: None) -> int:
    return receive(name="Trần Thị Mật Danh", email="mat.danh@vidu.vn", consent=True)


@pytest.fixture
def holder(number: int) -> Holder:
    return holding.holder_of(load(number))


def put(number: int, state: State, **values: object) -> None:
    with write() as session:
        session.execute(
            update(Feedback).where(Feedback.id == number).values(state=state.value, **values)
        )


def answered(officer: Actor, number: int) -> Feedback:
    handling.assign(officer, number, version(number), assignee_id=officer.user_id)
    answering.answer(officer, number, version(number), "Cơ quan đã xin lỗi và bố trí thêm người.")
    return load(number)


def said(number: int) -> list[tuple[str, str]]:
    db.session.rollback()
    query = select(FeedbackMessage.said, FeedbackMessage.body).order_by(FeedbackMessage.id)
    rows = db.session.execute(query.where(FeedbackMessage.feedback_id == number))
    return [(row.said, row.body) for row in rows]


def told(number: int) -> list[str]:
    query = select(FeedbackEvent.event).where(FeedbackEvent.feedback_id == number)
    return list(db.session.scalars(query.order_by(FeedbackEvent.id)))


def letters() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(Letter).order_by(Letter.id))
    return [(row.address, row.subject) for row in rows]


def test_an_addition_is_kept_told_audited_and_written_to_the_officer(
    officer: Actor, number: int, holder: Holder
) -> None:
    handling.assign(officer, number, version(number), assignee_id=officer.user_id)
    before = load(number)
    seen, due = before.version, before.due_on
    citizen.add(holder, MORE)
    after = load(number)
    assert (after.state, after.version, after.due_on) == ("assigned", seen + 1, due)
    assert said(number) == [("addition", MORE)]
    assert told(number)[-1] == "added"
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.event == AuditEvent.FEEDBACK_ADDED.value)
    ).one()
    assert entry.actor_id is None
    assert MORE not in str(entry.changes)
    address = db.session.get_one(User, officer.user_id).email
    assert letters()[-1] == (address, f"Phản ánh số {number}: người gửi bổ sung thông tin")


def test_the_unit_is_told_when_nobody_there_has_taken_it(
    app: Flask, officer: Actor, number: int, holder: Holder, units: list[str]
) -> None:
    mine = make_user(app, Role.FEEDBACK_OFFICER, unit="cdc")
    make_user(app, Role.FEEDBACK_OFFICER, unit="van-phong")
    make_user(app, Role.AUTHOR, unit="cdc")
    handling.assign(officer, number, version(number), unit_code="cdc")
    already = len(letters())
    citizen.add(holder, MORE)
    told_now = [recipient for recipient, _ in letters()[already:]]
    assert told_now == [db.session.get_one(User, mine.user_id).email]


def test_a_denunciation_is_written_about_to_inspectors_alone(
    app: Flask, officer: Actor, number: int, holder: Holder, units: list[str]
) -> None:
    inspector = make_user(app, Role.INSPECTOR)
    put(number, State.RESTRICTED, assignee_id=officer.user_id, unit_code="cdc")
    already = len(letters())
    citizen.add(holder, MORE)
    told_now = [recipient for recipient, _ in letters()[already:]]
    assert told_now == [db.session.get_one(User, inspector.user_id).email]
    assert load(number).state == "restricted"


def test_the_clock_goes_on_with_the_days_that_were_left(number: int, holder: Holder) -> None:
    paused, due = clock.today() - timedelta(days=20), clock.today() - timedelta(days=15)
    put(number, State.WAITING, paused_on=paused, days_left=3, due_on=due, warned=2)
    citizen.add(holder, MORE)
    feedback = load(number)
    assert feedback.state == "assigned"
    assert (feedback.paused_on, feedback.days_left, feedback.warned) == (None, None, 0)
    assert feedback.due_on >= clock.today() + timedelta(days=3)
    assert told(number)[-2:] == ["added", "resumed"]
    assert letters()[-1] == ("mat.danh@vidu.vn", "Đã nhận thông tin bạn bổ sung")


def test_the_same_addition_twice_is_one(number: int, holder: Holder) -> None:
    for _ in range(2):
        file = attachments.receive(io.BytesIO(picture()), "quầy.jpg")
        citizen.add(holder, MORE, (file,))
    assert said(number) == [("addition", MORE)]
    assert db.session.scalar(select(func.count()).select_from(FeedbackFile)) == 1
    assert told(number).count("added") == 1


def test_files_alone_are_an_addition_and_end_somewhere(number: int, holder: Holder) -> None:
    def file(side: int) -> attachments.Attachment:
        return attachments.receive(io.BytesIO(picture(size=(side, side))), f"{side}.jpg")

    for first in range(10, 10 + citizen.MAX_FILES, 3):
        citizen.add(holder, "", tuple(file(first + more) for more in range(3)))
    with pytest.raises(Invalid) as refused:
        citizen.add(holder, "", (file(99),))
    assert list(refused.value.problems) == ["files"]
    assert said(number)[0] == ("addition", "Gửi thêm 3 tệp.")
    names = db.session.scalars(select(FeedbackFile.stored_name))
    assert all(attachments.path_of(name).exists() for name in names)


def test_a_full_disk_adds_nothing(
    number: int, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = attachments.receive(io.BytesIO(picture()), "quầy.jpg")

    def full(_files: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(attachments, "keep", full)
        with pytest.raises(OSError, match="No space"):
            citizen.add(holder, MORE, (file,))
    assert said(number) == []
    citizen.add(holder, MORE, (file,))
    assert said(number) == [("addition", MORE)]


@pytest.mark.parametrize("text", ["", "a" * 5_001])
def test_nothing_and_too_much_are_refused_in_words(number: int, holder: Holder, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        citizen.add(holder, text)
    assert list(refused.value.problems) == ["text"]
    assert said(number) == []


@pytest.mark.parametrize("state", sorted(OPEN))
def test_what_is_open_can_be_withdrawn_once(number: int, holder: Holder, state: State) -> None:
    paused = {"paused_on": clock.today(), "days_left": 3} if state is State.WAITING else {}
    put(number, state, **paused)
    citizen.withdraw(holder, "Đã được giải quyết.")
    citizen.withdraw(holder, "Đã được giải quyết.")
    feedback = load(number)
    assert feedback.state == "withdrawn"
    assert feedback.closed_at is not None
    assert said(number) == [("withdrawal", "Đã được giải quyết.")]
    assert told(number).count("withdrawn") == 1
    with pytest.raises(Conflict):
        citizen.add(holder, MORE)


def test_what_is_answered_meanwhile_cannot_be_withdrawn(
    officer: Actor, number: int, holder: Holder
) -> None:
    answered(officer, number)
    with pytest.raises(Conflict):
        citizen.withdraw(holder)
    assert load(number).state == "answered"


def test_a_rating_may_change_and_the_last_word_stands(
    officer: Actor, number: int, holder: Holder
) -> None:
    at = answered(officer, number).answered_at
    citizen.rate(holder, Rating.DISCONTENT, "Chưa ai gọi lại.", at)
    citizen.rate(holder, Rating.CONTENT, "", at)
    citizen.rate(holder, Rating.CONTENT, "", at)
    feedback = load(number)
    assert (feedback.rating, feedback.rating_note) == (2, None)
    assert told(number).count("rated") == 2


def test_an_answer_that_was_not_read_is_neither_rated_nor_reopened(
    officer: Actor, number: int, holder: Holder
) -> None:
    at = answered(officer, number).answered_at
    assert at is not None
    for act in (
        lambda: citizen.rate(holder, Rating.CONTENT, "", at - timedelta(seconds=1)),
        lambda: citizen.reopen(holder, "Chưa xong.", at - timedelta(seconds=1)),
    ):
        with pytest.raises(Conflict, match="vừa trả lời lại"):
            act()
    feedback = load(number)
    assert (feedback.state, feedback.rating) == ("answered", None)


def test_reopening_keeps_the_answer_takes_it_off_the_site_and_begins_the_term_anew(
    app: Flask, officer: Actor, number: int, holder: Holder
) -> None:
    colleague = make_user(app, Role.FEEDBACK_OFFICER)
    text = answered(officer, number).answer
    copy = PublicCopy("Giờ làm việc", "Thứ Bảy có làm không?", "Có, buổi sáng.")
    publishing.prepare(officer, number, version(number), copy)
    with write() as session:
        session.get_one(Feedback, number).assignee_id = colleague.user_id
    publishing.publish(colleague, number, version(number))
    put(number, State.ANSWERED, due_on=date(2026, 1, 5), warned=3)
    at = load(number).answered_at
    citizen.reopen(holder, "Hôm nay vẫn chưa có người.", at)
    citizen.reopen(holder, "Hôm nay vẫn chưa có người.", at)
    feedback = load(number)
    assert (feedback.state, feedback.published_at, feedback.warned) == ("assigned", None, 0)
    assert feedback.due_on > clock.today()
    assert said(number) == [("answer", text), ("reopening", "Hôm nay vẫn chưa có người.")]
    assert told(number)[-2:] == ["unpublished", "reopened"]
    with pytest.raises(Conflict, match="một lần"):
        citizen.reopen(holder, "Lần nữa.", at)


def test_who_asks_for_erasure_withdraws_what_is_open(number: int, holder: Holder) -> None:
    citizen.ask_erasure(holder)
    citizen.ask_erasure(holder)
    feedback = load(number)
    assert feedback.state == "withdrawn"
    assert feedback.erasure_asked_at is not None
    assert told(number)[-2:] == ["withdrawn", "erasure_asked"]
    assert [s for _, s in letters()].count("Đã nhận yêu cầu xóa dữ liệu cá nhân") == 1


def test_publication_is_the_senders_to_allow_until_it_happens(
    officer: Actor, number: int, holder: Holder
) -> None:
    citizen.allow_publication(holder, allowed=False)
    assert load(number).no_publication
    citizen.allow_publication(holder, allowed=True)
    citizen.allow_publication(holder, allowed=True)
    assert not load(number).no_publication
    put(number, State.REFUSED)
    with pytest.raises(Conflict):
        citizen.allow_publication(holder, allowed=False)


Act = Callable[[Holder], object]
ACTS: list[Act] = [
    lambda holder: citizen.add(holder, MORE),
    citizen.withdraw,
    lambda holder: citizen.rate(holder, Rating.CONTENT, "", None),
    lambda holder: citizen.reopen(holder, MORE, None),
    citizen.ask_erasure,
    lambda holder: citizen.allow_publication(holder, allowed=False),
]


@pytest.mark.parametrize("act", ACTS)
def test_nobody_acts_on_anothers_nor_after_the_code_has_ended(
    number: int, holder: Holder, act: Act
) -> None:
    other = receive()
    with pytest.raises(NotFound):
        act(Holder(other, holder.proof))
    with write() as session:
        session.get_one(Feedback, number).erased_at = clock.now()
    with pytest.raises(NotFound):
        act(holder)
    with write() as session:
        session.get_one(Feedback, number).erased_at = None
        session.get_one(Feedback, number).code_hmac = "0" * 64
    with pytest.raises(NotFound):
        act(holder)
    assert told(number) == told(other) == ["received"]


def test_no_letter_to_staff_and_no_audit_entry_tells_who_wrote_or_what(
    officer: Actor, number: int, holder: Holder
) -> None:
    at = answered(officer, number).answered_at
    citizen.rate(holder, Rating.DISCONTENT, "Lời riêng của tôi", at)
    citizen.reopen(holder, "Lời riêng của tôi", at)
    citizen.add(holder, "Lời riêng của tôi")
    citizen.withdraw(holder, "Lời riêng của tôi")
    written = [f"{one.subject} {one.body}" for one in db.session.scalars(select(Letter))]
    written += [str(one.changes) for one in db.session.scalars(select(AuditEntry))]
    contact = contacts.of(db.session(), db.session.get_one(Feedback, number))
    assert contact is not None
    assert contact.name
    for secret in ("Lời riêng", contact.name, contact.email):
        assert not [text for text in written if str(secret) in text]
    assert told(number).count(Event.REOPENED.value) == 1
