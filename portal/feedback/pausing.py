"""The clock of a feedback: it stands while the citizen is asked, and may be given more days."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor
from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid
from portal.core.settings import current_settings
from portal.core.working_days import Computation
from portal.feedback import deadlines, letters
from portal.feedback.models import Event, Feedback, FeedbackEvent, Said
from portal.feedback.states import Verb
from portal.feedback.steps import check_text, take


def ask(actor: Actor, feedback_id: int, version: int, text: str) -> None:
    """Ask the citizen for what is missing; the clock stands until they answer, or until the
    agency goes on without."""
    check_text("ask_text", text, "Viết rõ cần người gửi bổ sung điều gì.")
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.ASK)
        feedback = step.feedback
        paused = deadlines.pause(feedback.due_on, clock.today(), current_settings().calendar)
        feedback.paused_on, feedback.days_left = paused.paused_on, paused.days_left
        step.say(Said.REQUEST, text)
        step.tell(Event.ASKED, f"còn {paused.days_left} ngày làm việc")
        step.record(AuditEvent.FEEDBACK_ASKED, {"days_left": (None, paused.days_left)})
        letters.asked(session, feedback, text)


def resume(actor: Actor, feedback_id: int, version: int) -> None:
    """Go on without waiting any longer: what was left of the time runs from tomorrow on."""
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.RESUME)
        step.tell(Event.RESUMED, f"hạn mới {clock.format_date(step.feedback.due_on)}")
        step.record(AuditEvent.FEEDBACK_RESUMED, step.due_change)
        letters.resumed(session, step.feedback)


def extend(actor: Actor, feedback_id: int, version: int, *, days: int, reason: str) -> None:
    """Take `days` more working days than were promised, and tell the citizen why.

    As often and as long as site.toml allows; a term that is over by then is not extended.
    """
    check_text("extend_note", reason, "Viết lý do gia hạn để báo cho người gửi.")
    rules = current_settings().site.feedback
    if not 1 <= days <= rules.extension_days:
        raise Invalid({"extend_days": f"Gia hạn từ 1 đến {rules.extension_days} ngày làm việc."})
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.EXTEND)
        feedback = step.feedback
        if extensions_left(session, feedback_id) < 1:
            raise Conflict("Nội dung này đã được gia hạn đủ số lần cho phép.")
        due = extended(feedback, days).end
        if due <= clock.today():
            raise Invalid(
                {"extend_days": "Hạn mới vẫn chưa qua hôm nay. Bạn chọn số ngày lớn hơn."}
            )
        feedback.due_on, feedback.extended_on = due, clock.today()
        feedback.extension_reason, feedback.warned = reason, 0
        step.tell(Event.EXTENDED, f"đến hết ngày {clock.format_date(due)}. {reason}")
        step.record(AuditEvent.FEEDBACK_EXTENDED, step.due_change)
        letters.extended(session, feedback, reason)


def extended(feedback: Feedback, days: int) -> Computation:
    """The term of `feedback` with `days` more working days."""
    return deadlines.extended(feedback.due_on, days, current_settings().calendar)


def extensions_left(session: Session, feedback_id: int) -> int:
    """How often a feedback may still be extended."""
    done = session.scalar(
        select(func.count()).where(
            FeedbackEvent.feedback_id == feedback_id,
            FeedbackEvent.event == Event.EXTENDED.value,
        )
    )
    return max(0, current_settings().site.feedback.extension_times - (done or 0))
