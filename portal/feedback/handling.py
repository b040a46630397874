"""The officer's verbs: check, classify, assign, answer, forward, refuse."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.accounts.permissions import Actor, Role
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.directory.queries import unit_names
from portal.feedback import deadlines, letters, neighbours
from portal.feedback.models import MAX_ANSWER, Event, Kind
from portal.feedback.states import Verb
from portal.feedback.steps import take


class Refusal(StrEnum):
    """Why a message is not taken as a feedback."""

    GRIEVANCE = "grievance"
    DENUNCIATION = "denunciation"
    UNCLEAR = "unclear"
    DUPLICATE = "duplicate"
    SETTLED = "settled"
    IMPROPER = "improper"


REFUSALS: dict[Refusal, str] = {
    Refusal.GRIEVANCE: "Nội dung là khiếu nại, giải quyết theo Luật Khiếu nại",
    Refusal.DENUNCIATION: "Nội dung là tố cáo, giải quyết theo Luật Tố cáo",
    Refusal.UNCLEAR: "Nội dung chưa rõ, chưa đủ thông tin để xem xét (Nghị định 20/2008/NĐ-CP)",
    Refusal.DUPLICATE: "Nội dung trùng với phản ánh đang được xử lý",
    Refusal.SETTLED: "Nội dung đã được trả lời và không có tình tiết mới",
    Refusal.IMPROPER: "Nội dung không phải phản ánh, kiến nghị về quy định, hành vi hành chính",
}


def check(actor: Actor, feedback_id: int, version: int) -> None:
    """Let a message that was held for a check go on like any other."""
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.CHECK)
        step.feedback.held_for_check = False
        step.record(AuditEvent.FEEDBACK_CLASSIFIED, {"held_for_check": (True, False)})


def classify(
    actor: Actor, feedback_id: int, version: int, *, kind: Kind, procedure_code: str = ""
) -> None:
    """Say what a feedback is. The day promised to the citizen never moves back."""
    if procedure_code and not neighbours.is_procedure(procedure_code):
        said = "Không có thủ tục nào mang mã này. Bạn xem lại mã, hoặc bỏ trống."
        raise Invalid({"procedure_code": said})
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.CLASSIFY)
        feedback = step.feedback
        due = deadlines.due_on(kind, deadlines.received_on(feedback), current_settings())
        after: dict[str, object] = {
            "kind": kind.value,
            "procedure_code": procedure_code or None,
            "due_on": min(feedback.due_on, due),
        }
        changes = audit.differences({name: getattr(feedback, name) for name in after}, after)
        for name, value in after.items():
            setattr(feedback, name, value)
        if changes:
            step.tell(Event.CLASSIFIED)
            step.record(AuditEvent.FEEDBACK_CLASSIFIED, changes)


def assign(
    actor: Actor, feedback_id: int, version: int, *, unit_code: str = "",
    assignee_id: int | None = None,
) -> None:  # fmt: skip
    """Give a feedback to a unit, to a person, or to a person of a unit."""
    if not unit_code and assignee_id is None:
        raise Invalid({"unit": "Chọn đơn vị hoặc người xử lý."})
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.ASSIGN)
        units = unit_names()
        if unit_code and unit_code not in units:
            raise Invalid({"unit": "Chọn đơn vị trong danh sách."})
        assignee = officer(session, assignee_id, unit_code) if assignee_id is not None else None
        feedback = step.feedback
        changes: dict[str, tuple[object, object]] = {
            "unit_code": (feedback.unit_code, unit_code or None),
            "assignee_id": (feedback.assignee_id, assignee_id),
        }
        feedback.unit_code, feedback.assignee_id = unit_code or None, assignee_id
        feedback.held_for_check = False
        step.tell(Event.ASSIGNED, units.get(unit_code, ""))
        step.record(AuditEvent.FEEDBACK_ASSIGNED, changes)
        if assignee is not None and assignee.id != actor.user_id:
            letters.assigned(session, feedback, assignee)


def answer(actor: Actor, feedback_id: int, version: int, text: str) -> None:
    """Answer the citizen; who left an e-mail address gets the answer there too."""
    _check_text("answer_text", text, "Nhập câu trả lời.")
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.ANSWER)
        feedback = step.feedback
        feedback.answer, feedback.answered_by = text, actor.user_id
        feedback.answered_at = feedback.closed_at = clock.now()
        step.tell(Event.ANSWERED)
        step.record(AuditEvent.FEEDBACK_ANSWERED)
        letters.moved(session, feedback, "Câu trả lời cho nội dung bạn gửi", text)


def forward(actor: Actor, feedback_id: int, version: int, *, to: str, note: str) -> None:
    """Pass a feedback on to the authority that is competent for it, and tell the citizen."""
    if not to or len(to) > 200:
        raise Invalid({"forward_to": "Nhập tên cơ quan có thẩm quyền, nhiều nhất 200 ký tự."})
    _check_text("forward_note", note, "Viết vài câu để người gửi hiểu vì sao chuyển.")
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.FORWARD)
        feedback = step.feedback
        feedback.forwarded_to, feedback.closing_note = to, note
        feedback.closed_at = clock.now()
        step.tell(Event.FORWARDED, to)
        step.record(AuditEvent.FEEDBACK_FORWARDED)
        text = f"Nội dung bạn gửi đã được chuyển đến: {to}.\n\n{note}"
        letters.moved(session, feedback, "Nội dung bạn gửi đã được chuyển", text)


def refuse(actor: Actor, feedback_id: int, version: int, *, reason: Refusal, note: str) -> None:
    """Close a message that is no feedback, with the legal reason and the proper road."""
    _check_text("refuse_note", note, "Viết vài câu để người gửi biết nên làm gì tiếp.")
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.REFUSE)
        feedback = step.feedback
        feedback.refusal, feedback.closing_note = reason.value, note
        feedback.closed_at = clock.now()
        step.tell(Event.REFUSED, REFUSALS[reason])
        step.record(AuditEvent.FEEDBACK_REFUSED, {"refusal": (None, reason.value)})
        letters.moved(session, feedback, "Về nội dung bạn gửi", f"{REFUSALS[reason]}.\n\n{note}")


def officer(session: Session, user_id: int, unit_code: str) -> User:
    """The account, if it may handle feedback of that unit."""
    user = session.get(User, user_id)
    if user is None or user.disabled_at is not None:
        raise Invalid({"assignee": "Người này không còn làm việc trên cổng. Chọn người khác."})
    covers = {None, unit_code} if unit_code else {None, *user.actor.units}
    if not any(
        grant.role in (Role.FEEDBACK_OFFICER, Role.HEAD) and grant.unit_code in covers
        for grant in user.actor.grants
    ):
        said = "Người này không xử lý phản ánh của đơn vị đã chọn. Chọn lại người hoặc đơn vị."
        raise Invalid({"assignee": said})
    return user


def _check_text(field: str, text: str, empty: str) -> None:
    if not text:
        raise Invalid({field: empty})
    if len(text) > MAX_ANSWER:
        raise Invalid({field: f"Văn bản dài quá {MAX_ANSWER} ký tự. Bạn rút ngắn lại."})
