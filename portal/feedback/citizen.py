"""What the holder of a tracking code may do: add, withdraw, rate, have it looked at again, have
personal data erased, say whether it may be published.

No account stands behind these verbs: the code was proven when the page was opened, and the proof
is compared again inside each transaction. Doing the same thing twice changes nothing, so a second
press or a reloaded page is harmless. Pages show `Conflict` and `Invalid` with everything typed.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid
from portal.core.settings import current_settings
from portal.feedback import attachments, contacts, deadlines, letters, states
from portal.feedback.attachments import Attachment
from portal.feedback.deadlines import Pause
from portal.feedback.holding import Holder, Move, held, move_on
from portal.feedback.models import (
    MAX_BODY,
    Event,
    Feedback,
    FeedbackFile,
    FeedbackMessage,
    Kind,
    Said,
)
from portal.feedback.publishing import SEARCH_KIND
from portal.feedback.states import OPEN, State, Verb
from portal.search import feed

MAX_WORDS = 1_000
MAX_FILES = 12  # of one feedback, all additions together
ANSWER_CHANGED = (
    "Cơ quan vừa trả lời lại nội dung này. Bạn đọc câu trả lời mới trước; những gì bạn viết"
    " vẫn còn."
)


class Rating(IntEnum):
    """How content somebody is with an answer: the three levels of Circular 01/2018/TT-VPCP."""

    DISCONTENT = 1
    CONTENT = 2
    VERY_CONTENT = 3


RATING_NAMES: dict[Rating, str] = {
    Rating.VERY_CONTENT: "Rất hài lòng",
    Rating.CONTENT: "Hài lòng",
    Rating.DISCONTENT: "Chưa hài lòng",
}


def add(holder: Holder, text: str, files: tuple[Attachment, ...] = ()) -> None:
    """Tell the agency more. Where it waited for that, the clock goes on.

    Raises `OSError` when a file could not be made durable.
    """
    _check(text, "text", MAX_BODY, "" if files else "Viết điều bạn muốn bổ sung, hoặc chọn tệp.")
    attachments.keep(list(files))
    words = text or f"Gửi thêm {len(files)} tệp."
    with write() as session:
        feedback = held(session, holder)
        known = _files_of(session, feedback)
        fresh = [file for file in files if file.sha256 not in known]
        if not fresh and _said_last(session, feedback, Said.ADDITION, words):
            return
        if len(known) + len(fresh) > MAX_FILES:
            said = f"Một nội dung có nhiều nhất {MAX_FILES} tệp. Bạn bỏ bớt tệp."
            raise Invalid({"files": said})
        move = move_on(session, feedback, Verb.ADD)
        move.say(Said.ADDITION, words)
        session.add_all(_file(feedback, file) for file in fresh)
        move.tell(Event.ADDED)
        resumed = move.before is State.WAITING
        if resumed:
            _clock_goes_on(feedback)
            move.tell(Event.RESUMED, f"hạn trả lời {clock.format_date(feedback.due_on)}")
        move.record(AuditEvent.FEEDBACK_ADDED, {"files": (None, len(fresh))})
        letters.in_charge(session, feedback, "người gửi bổ sung thông tin")
        if resumed:
            letters.moved(
                session, feedback, "Đã nhận thông tin bạn bổ sung",
                "Cơ quan đã nhận thông tin bạn bổ sung và xử lý tiếp.\n"
                f"Hạn trả lời: hết ngày {clock.format_date(feedback.due_on)}.",
            )  # fmt: skip


def withdraw(holder: Holder, reason: str = "") -> None:
    """Take a feedback back before it is answered; nobody works on it any more."""
    _check(reason, "text", MAX_WORDS)
    with write() as session:
        feedback = held(session, holder)
        if feedback.state != State.WITHDRAWN.value:
            _withdraw(session, feedback, reason)


def rate(holder: Holder, rating: Rating, words: str, answered_at: datetime | None) -> None:
    """Say how content one is with the answer of `answered_at`; the last word stands."""
    _check(words, "text", MAX_WORDS)
    with write() as session:
        feedback = held(session, holder)
        if (feedback.rating, feedback.rating_note or "") == (rating, words) and is_rated(feedback):
            return
        move = move_on(session, feedback, Verb.RATE)
        _check_same_answer(feedback, answered_at)
        before, feedback.rating = feedback.rating, int(rating)
        feedback.rating_note, feedback.rated_at = words or None, clock.now()
        move.tell(Event.RATED, RATING_NAMES[rating])
        move.record(AuditEvent.FEEDBACK_RATED, {"rating": (before, int(rating))})


def reopen(holder: Holder, text: str, answered_at: datetime | None) -> None:
    """Have an answer looked at again, once; the term begins anew today. The old answer stays in
    the conversation, and what was published is taken off the site."""
    _check(text, "text", MAX_BODY, "Viết điều chưa được giải quyết.")
    with write() as session:
        feedback = held(session, holder)
        if feedback.reopened_at and _said_last(session, feedback, Said.REOPENING, text):
            return
        if feedback.reopened_at:
            raise Conflict(
                "Bạn đã đề nghị xem lại một lần. Nếu có việc mới, bạn gửi phản ánh khác; nếu không"
                " đồng ý với kết quả, bạn có quyền khiếu nại."
            )
        move = move_on(session, feedback, Verb.REOPEN)
        _check_same_answer(feedback, answered_at)
        _lay_answer_aside(move)
        move.say(Said.REOPENING, text)
        due = deadlines.due_on(Kind(feedback.kind), clock.today(), current_settings())
        feedback.reopened_at, feedback.due_on, feedback.warned = clock.now(), due, 0
        move.tell(Event.REOPENED, f"hạn trả lời {clock.format_date(due)}")
        move.record(AuditEvent.FEEDBACK_REOPENED)
        letters.in_charge(session, feedback, "người gửi đề nghị xem lại câu trả lời")
        letters.moved(
            session, feedback, "Đã nhận đề nghị xem lại câu trả lời",
            "Cơ quan đã nhận đề nghị xem lại của bạn.\n"
            f"Hạn trả lời: hết ngày {clock.format_date(due)}.",
        )  # fmt: skip


def ask_erasure(holder: Holder) -> None:
    """Ask that what is personal be erased. What is still open is withdrawn with it: without its
    text nobody can answer it."""
    with write() as session:
        feedback = held(session, holder)
        if feedback.erasure_asked_at is not None:
            return
        if State(feedback.state) in OPEN:
            _withdraw(session, feedback, "")
        move = move_on(session, feedback, Verb.ASK_ERASURE)
        feedback.erasure_asked_at = clock.now()
        move.tell(Event.ERASURE_ASKED)
        move.record(AuditEvent.FEEDBACK_ERASURE_ASKED)
        letters.in_charge(session, feedback, "người gửi yêu cầu xóa dữ liệu cá nhân")
        letters.moved(
            session, feedback, "Đã nhận yêu cầu xóa dữ liệu cá nhân",
            "Cơ quan đã nhận yêu cầu xóa dữ liệu cá nhân và thực hiện trong 72 giờ. Sau đó mã tra"
            " cứu không dùng được nữa và bạn không nhận thêm thư nào.",
        )  # fmt: skip


def allow_publication(holder: Holder, allowed: bool) -> None:
    """Say whether question and answer may be published without name and contact, as long as they
    are not."""
    with write() as session:
        feedback = held(session, holder)
        if feedback.no_publication == (not allowed):
            return
        if not may_decide_publication(feedback):
            raise Conflict(
                "Câu hỏi và câu trả lời đã được công khai nên không đổi được ở đây. Bạn gọi đường"
                " dây nóng nếu trong đó còn điều riêng của bạn."
            )
        feedback.no_publication = not allowed
        feedback.version += 1
        Move(session, feedback, State(feedback.state)).record(
            AuditEvent.FEEDBACK_PUBLICATION, {"no_publication": (allowed, not allowed)}
        )


def may_decide_publication(feedback: Feedback) -> bool:
    """Whether it still matters what the citizen says about publication."""
    state = State(feedback.state)
    return feedback.published_at is None and (state in OPEN or state is State.ANSWERED)


def may_reopen(feedback: Feedback) -> bool:
    """Whether the answer may be looked at again."""
    return feedback.reopened_at is None and states.can(State(feedback.state), Verb.REOPEN)


def _withdraw(session: Session, feedback: Feedback, reason: str) -> None:
    move = move_on(session, feedback, Verb.WITHDRAW)
    feedback.closed_at = clock.now()
    feedback.paused_on = feedback.days_left = None
    if reason:
        move.say(Said.WITHDRAWAL, reason)
    move.tell(Event.WITHDRAWN)
    move.record(AuditEvent.FEEDBACK_WITHDRAWN)
    letters.in_charge(session, feedback, "người gửi đã rút nội dung")
    letters.moved(
        session, feedback, "Bạn đã rút nội dung đã gửi",
        "Cơ quan dừng xử lý và không gửi câu trả lời cho nội dung này. Khi cần, bạn gửi nội dung"
        " mới.",
    )  # fmt: skip


def _clock_goes_on(feedback: Feedback) -> None:
    if feedback.paused_on is not None and feedback.days_left is not None:
        feedback.due_on = deadlines.resume(
            feedback.due_on, Pause(feedback.paused_on, feedback.days_left), clock.today(),
            current_settings().calendar,
        )  # fmt: skip
    feedback.paused_on = feedback.days_left = None
    feedback.warned = 0


def _lay_answer_aside(move: Move) -> None:
    session, feedback = move.session, move.feedback
    old = FeedbackMessage(
        feedback_id=feedback.id, at=feedback.answered_at, said=Said.ANSWER.value,
        author_id=feedback.answered_by, body=feedback.answer,
    )  # fmt: skip
    was_public = feedback.published_at is not None
    feedback.published_at = feedback.published_by = None
    feedback.answer = feedback.answered_at = feedback.answered_by = feedback.approved_by = None
    feedback.submitted_at = feedback.closed_at = None
    if not _was_said(session, feedback, Said.ANSWER, old.body):
        session.add(old)
    if was_public:
        move.tell(Event.UNPUBLISHED)
        feed.changed(session, SEARCH_KIND, feedback.public_id)


def is_rated(feedback: Feedback) -> bool:
    """Whether the rating is about the answer that stands."""
    rated, answered = feedback.rated_at, feedback.answered_at
    return rated is not None and answered is not None and rated >= answered


def _check_same_answer(feedback: Feedback, answered_at: datetime | None) -> None:
    if feedback.answered_at != answered_at:
        raise Conflict(ANSWER_CHANGED)


def _check(text: str, field: str, most: int, empty: str = "") -> None:
    if empty and not text:
        raise Invalid({field: empty})
    if len(text) > most:
        said = f"Văn bản dài {len(text)} ký tự, nhiều nhất {most}. Bạn rút bớt {len(text) - most}."
        raise Invalid({field: said})


def _said_last(session: Session, feedback: Feedback, said: Said, body: str) -> bool:
    """Whether the conversation ends with exactly this."""
    last = session.execute(
        select(FeedbackMessage.said, FeedbackMessage.body)
        .where(FeedbackMessage.feedback_id == feedback.id)
        .order_by(FeedbackMessage.id.desc())
        .limit(1)
    ).first()
    return last is not None and tuple(last) == (said.value, body)


def _was_said(session: Session, feedback: Feedback, said: Said, body: str) -> bool:
    found = select(FeedbackMessage.id).where(
        FeedbackMessage.feedback_id == feedback.id,
        FeedbackMessage.said == said.value,
        FeedbackMessage.body == body,
    )
    return session.scalar(found.limit(1)) is not None


def _files_of(session: Session, feedback: Feedback) -> set[str]:
    query = select(FeedbackFile.sha256).where(FeedbackFile.feedback_id == feedback.id)
    return set(session.scalars(query))


def _file(feedback: Feedback, file: Attachment) -> FeedbackFile:
    return FeedbackFile(
        feedback_id=feedback.id, stored_name=file.stored_name,
        sealed_name=contacts.sealed_name(file.stored_name, file.original_name),
        mime=file.mime, size=file.size, sha256=file.sha256,
    )  # fmt: skip
