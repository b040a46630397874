"""The answer: drafted, read by who answers for it, sent. What was sent once is kept for ever."""

from __future__ import annotations

from portal.accounts.permissions import Actor
from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid
from portal.feedback import approval, letters, placeholders
from portal.feedback.models import Event, Said
from portal.feedback.states import Verb
from portal.feedback.steps import Step, check_text, take


def draft(actor: Actor, feedback_id: int, version: int, text: str) -> None:
    """Keep an answer that is not finished; the citizen sees nothing of it."""
    check_text("answer_text", text, "Nhập câu trả lời.")
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.DRAFT)
        _keep(step, text)
        step.record(AuditEvent.FEEDBACK_DRAFTED)


def submit(actor: Actor, feedback_id: int, version: int, text: str) -> None:
    """Lay an answer before who may let it out.

    Raises `Conflict` with what to do when there is nobody but the author.
    """
    _check_whole(text)
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.SUBMIT)
        approving = approval.approvers(session, step.feedback)
        if said := approval.no_approver(actor, approving):
            raise Conflict(said)
        _keep(step, text)
        step.feedback.submitted_at = clock.now()
        step.record(AuditEvent.FEEDBACK_SUBMITTED)
        letters.submitted(
            session, step.feedback, [user for user in approving if user.id != actor.user_id]
        )


def give_back(actor: Actor, feedback_id: int, version: int, remark: str) -> None:
    """Return a submitted answer to be mended; the remark is kept among the notes."""
    check_text("return_note", remark, "Viết điều cần sửa.")
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.RETURN)
        step.feedback.submitted_at = None
        step.note(f"Trả lại để sửa: {remark}")
        step.record(AuditEvent.FEEDBACK_RETURNED)
        letters.given_back(session, step.feedback)


def answer(actor: Actor, feedback_id: int, version: int, text: str) -> None:
    """Answer the citizen; who left an e-mail address gets the answer there too.

    Where the agency wants approval, only who approves sends, and not what they drafted alone.
    """
    _check_whole(text)
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.ANSWER)
        feedback = step.feedback
        if said := approval.obstacle(actor, feedback):
            raise Conflict(said)
        _keep_former_draft(step, text)
        author = feedback.drafted_by if approval.is_needed() else actor.user_id
        feedback.answer, feedback.answered_by = text, author
        feedback.approved_by = actor.user_id if approval.is_needed() else None
        feedback.answered_at = feedback.closed_at = clock.now()
        feedback.draft = feedback.drafted_by = feedback.submitted_at = None
        step.say(Said.ANSWER, text)
        step.tell(Event.ANSWERED)
        step.record(AuditEvent.FEEDBACK_ANSWERED, {"approved_by": (None, feedback.approved_by)})
        letters.answered(session, feedback, text)


def _check_whole(text: str) -> None:
    """Raise `Invalid` unless a citizen could read `text`: nothing of a template is open in it."""
    check_text("answer_text", text, "Nhập câu trả lời.")
    if said := placeholders.left_over(text):
        raise Invalid({"answer_text": said})


def _keep(step: Step, text: str) -> None:
    _keep_former_draft(step, text)
    step.feedback.draft, step.feedback.drafted_by = text, step.actor.user_id


def _keep_former_draft(step: Step, text: str) -> None:
    """What a colleague had drafted goes among the notes before other words take its place."""
    feedback = step.feedback
    if feedback.draft and feedback.drafted_by != step.actor.user_id and feedback.draft != text:
        step.note(f"Bản thảo trước khi sửa:\n{feedback.draft}", feedback.drafted_by)
