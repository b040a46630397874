"""The road of what turned out to be a denunciation (tố cáo): two roles see it, nobody else.

The portal only keeps it safe until the law's own procedure takes it up: what becomes of it is
recorded here, its handling is not. While it is on this road the clock of the answer stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.accounts.permissions import Actor
from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.feedback import deadlines, letters, queries
from portal.feedback.deadlines import DENUNCIATION, DENUNCIATION_CHECK, Pause
from portal.feedback.models import MAX_BODY, Event, Feedback, FeedbackNote
from portal.feedback.publishing import SEARCH_KIND
from portal.feedback.states import Verb
from portal.feedback.steps import Step, take
from portal.search import feed

MAX_AUTHORITY = 200
NOBODY = (
    "Chưa có ai giữ vai trò Cán bộ tiếp nhận tố cáo, cũng chưa có người đứng đầu toàn cơ quan, nên"
    " chuyển đi thì không ai thấy. Bạn báo người phụ trách; quản trị viên giao vai trò này trước."
)


class Outcome(StrEnum):
    """How a denunciation leaves the portal's hands."""

    FORWARDED = "forwarded"
    TAKEN_UP = "taken_up"
    NOT_TAKEN = "not_taken"


OUTCOMES: dict[Outcome, str] = {
    Outcome.FORWARDED: "Chuyển cơ quan có thẩm quyền giải quyết tố cáo",
    Outcome.TAKEN_UP: "Thụ lý theo Luật Tố cáo, giải quyết ngoài cổng này",
    Outcome.NOT_TAKEN: "Không thụ lý, đã hướng dẫn người gửi",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How it left: `note` is read by its sender, `to` is the authority it was forwarded to."""

    outcome: Outcome
    note: str
    to: str = ""


_EVENTS = {
    Outcome.FORWARDED: Event.FORWARDED,
    Outcome.TAKEN_UP: Event.REGISTERED,
    Outcome.NOT_TAKEN: Event.REFUSED,
}


def restrict(actor: Actor, feedback_id: int, version: int, *, reason: str) -> None:
    """Move a feedback to the restricted road; `reason` is for who keeps it. It leaves every list,
    the public pages and the search; the citizen is told where the law leads.

    Raises `Invalid` while nobody holds a role that sees it: it would be lost to all.
    """
    if not 0 < len(reason) <= MAX_BODY:
        said = f"Viết vì sao đây là tố cáo, nhiều nhất {MAX_BODY} ký tự."
        raise Invalid({"restrict_reason": said})
    with write() as session:
        told = queries.keepers(session)
        step = take(session, actor, feedback_id, version, Verb.RESTRICT)
        if not told:
            raise Invalid({"restrict_reason": NOBODY})
        was_public = _take_off_the_site(step)
        _stop_the_clock(step.feedback)
        feedback = step.feedback
        feedback.restricted_at, feedback.submitted_at = clock.now(), None
        feedback.unit_code = feedback.assignee_id = None
        _open_again(step)
        _note(step, reason)
        step.tell(Event.RESTRICTED, _what_happens(feedback))
        step.record(AuditEvent.FEEDBACK_RESTRICTED, {"published": (was_public, False)})
        letters.on_another_road(session, feedback)
        for keeper in told:
            if keeper.id != actor.user_id:
                letters.to_keep(session, feedback, keeper)


def release(actor: Actor, feedback_id: int, version: int, *, note: str) -> None:
    """Lead what is no denunciation back among the others, given to nobody; the clock goes on."""
    if not 0 < len(note) <= MAX_BODY:
        said = f"Viết vì sao không phải tố cáo, nhiều nhất {MAX_BODY} ký tự."
        raise Invalid({"release_note": said})
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.RELEASE)
        feedback = step.feedback
        _start_the_clock(feedback)
        feedback.restricted_at = None
        _open_again(step)
        _note(step, note)
        step.tell(Event.RELEASED, f"hạn trả lời: hết ngày {clock.format_date(feedback.due_on)}")
        step.record(AuditEvent.FEEDBACK_RELEASED)
        letters.back_on_the_road(session, feedback)


def settle(actor: Actor, feedback_id: int, version: int, ending: Ending) -> None:
    """Record how a denunciation left the portal's hands. It stays on the restricted road."""
    forwarded = ending.outcome is Outcome.FORWARDED
    if not 0 < len(ending.note) <= MAX_BODY:
        raise Invalid({"settle_note": "Viết vài câu để người gửi biết việc đi đến đâu."})
    if forwarded and not 0 < len(ending.to) <= MAX_AUTHORITY:
        said = f"Nhập tên cơ quan có thẩm quyền, nhiều nhất {MAX_AUTHORITY} ký tự."
        raise Invalid({"settle_to": said})
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.SETTLE)
        _open_again(step)
        feedback = step.feedback
        feedback.forwarded_to = ending.to if forwarded else None
        feedback.closing_note, feedback.closed_at = ending.note, clock.now()
        step.tell(_EVENTS[ending.outcome], feedback.forwarded_to or OUTCOMES[ending.outcome])
        step.record(AuditEvent.FEEDBACK_SETTLED, {"outcome": (None, ending.outcome.value)})
        letters.on_another_road(session, feedback)


def check_by(feedback: Feedback) -> date:
    """By when the law wants a denunciation looked at."""
    received = deadlines.received_on(feedback)
    return deadlines.due_on(DENUNCIATION_CHECK, received, current_settings())


def _open_again(step: Step) -> None:
    """What had been closed no longer is; the words of its closing are kept among the notes."""
    feedback = step.feedback
    if feedback.closing_note:
        _note(step, f"Lời nhắn khi đóng trước đây: {feedback.closing_note}")
    feedback.closed_at = feedback.closing_note = None
    feedback.forwarded_to = feedback.refusal = None


def _take_off_the_site(step: Step) -> bool:
    """Whether it was public. No verb of this road lets it out again."""
    feedback = step.feedback
    was_public = feedback.published_at is not None
    feedback.published_at = feedback.published_by = None
    if was_public:
        step.tell(Event.UNPUBLISHED)
        feed.changed(step.session, SEARCH_KIND, feedback.public_id)
    return was_public


def _stop_the_clock(feedback: Feedback) -> None:
    settings = current_settings()
    if feedback.paused_on is None:
        paused = deadlines.pause(feedback.due_on, clock.today(), settings.calendar)
        feedback.paused_on, feedback.days_left = paused.paused_on, paused.days_left
    received = deadlines.received_on(feedback)
    feedback.forward_by = deadlines.due_on(DENUNCIATION, received, settings)
    feedback.warned = 0


def _start_the_clock(feedback: Feedback) -> None:
    settings = current_settings()
    if feedback.paused_on is not None:
        paused = Pause(feedback.paused_on, feedback.days_left or 0)
        feedback.due_on = deadlines.resume(
            feedback.due_on, paused, clock.today(), settings.calendar
        )
    feedback.paused_on = feedback.days_left = None
    feedback.forward_by = deadlines.forward_by(deadlines.received_on(feedback), settings)
    feedback.warned = 0


def _what_happens(feedback: Feedback) -> str:
    """For the citizen's tracking page, which only who has the code reads."""
    return (
        "Nội dung có dấu hiệu tố cáo nên đi theo Luật Tố cáo số 25/2018/QH14 (đã được sửa đổi, bổ"
        f" sung). Cơ quan kiểm tra ban đầu đến hết ngày {clock.format_date(check_by(feedback))};"
        " việc của cơ quan khác được chuyển đi đến hết ngày"
        f" {clock.format_date(feedback.forward_by or feedback.due_on)}. Chỉ người tiếp nhận tố cáo"
        " xem được nội dung và liên hệ của bạn; nội dung không được công khai. Để tố cáo được thụ"
        " lý, bạn gửi đơn ghi rõ họ tên, địa chỉ, hoặc đến trình bày trực tiếp tại nơi tiếp công"
        " dân."
    )


def _note(step: Step, text: str) -> None:
    note = FeedbackNote(
        feedback_id=step.feedback.id, at=clock.now(), author_id=step.actor.user_id, body=text
    )
    step.session.add(note)
