"""The officer's verbs at the ends of a feedback's life: taken in and given to somebody, or closed
without an answer. The clock is in `pausing`, the answer in `answering`."""

from __future__ import annotations

from datetime import date
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
from portal.feedback.models import Event, Feedback, Kind
from portal.feedback.states import Verb
from portal.feedback.steps import check_text, take


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
    Refusal.UNCLEAR: "Nội dung chưa rõ, chưa đủ thông tin để xem xét",
    Refusal.DUPLICATE: "Nội dung trùng với phản ánh đang được xử lý",
    Refusal.SETTLED: "Nội dung đã được trả lời và không có tình tiết mới",
    Refusal.IMPROPER: "Nội dung không phải phản ánh, kiến nghị về quy định, hành vi hành chính",
}


def ground(reason: Refusal) -> str:
    """The law or rule behind a refusal as site.toml names it; empty when it names none."""
    return current_settings().site.feedback.refusal_sources.get(reason.value, "")


def accept(actor: Actor, feedback_id: int, version: int) -> None:
    """Take a feedback into the register and tell the citizen its number."""
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.ACCEPT)
        step.feedback.held_for_check = False
        letters.accepted(session, step.feedback)


def note(actor: Actor, feedback_id: int, version: int, text: str) -> None:
    """Keep something for colleagues; the citizen never sees it."""
    check_text("note_text", text, "Nhập ghi chú.")
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.NOTE)
        step.note(text)
        step.record(AuditEvent.FEEDBACK_NOTED)


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
        after: dict[str, object] = {
            "kind": kind.value,
            "procedure_code": procedure_code or None,
            "due_on": _due_as(feedback, kind),
        }
        changes = audit.differences({name: getattr(feedback, name) for name in after}, after)
        for name, value in after.items():
            setattr(feedback, name, value)
        if "due_on" in changes:
            feedback.warned = 0
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
        feedback.held_for_check, feedback.submitted_at = False, None
        step.tell(Event.ASSIGNED, units.get(unit_code, ""))
        step.record(AuditEvent.FEEDBACK_ASSIGNED, changes)
        if unit_code and changes["unit_code"][0] != unit_code:
            letters.given_to_unit(session, feedback, units[unit_code])
        if assignee is not None and assignee.id != actor.user_id:
            letters.assigned(session, feedback, assignee)


def forward(actor: Actor, feedback_id: int, version: int, *, to: str, note: str) -> None:
    """Pass a feedback on to the authority that is competent for it, and tell the citizen."""
    if not to or len(to) > 200:
        raise Invalid({"forward_to": "Nhập tên cơ quan có thẩm quyền, nhiều nhất 200 ký tự."})
    check_text("forward_note", note, "Viết vài câu để người gửi hiểu vì sao chuyển.")
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.FORWARD)
        feedback = step.feedback
        feedback.forwarded_to, feedback.closing_note = to, note
        feedback.closed_at = clock.now()
        step.tell(Event.FORWARDED, to)
        step.record(AuditEvent.FEEDBACK_FORWARDED)
        letters.forwarded(session, feedback, note)


def refuse(actor: Actor, feedback_id: int, version: int, *, reason: Refusal, note: str) -> None:
    """Close a message that is no feedback, with the legal reason and the proper road."""
    check_text("refuse_note", note, "Viết vài câu để người gửi biết nên làm gì tiếp.")
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.REFUSE)
        feedback = step.feedback
        feedback.refusal, feedback.closing_note = reason.value, note
        feedback.closed_at = clock.now()
        said = REFUSALS[reason] + (f". Căn cứ: {ground(reason)}" if ground(reason) else "")
        step.tell(Event.REFUSED, said)
        step.record(AuditEvent.FEEDBACK_REFUSED, {"refusal": (None, reason.value)})
        letters.refused(session, feedback, said, note)


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


def _due_as(feedback: Feedback, kind: Kind) -> date:
    """The due day when a feedback turns out to be of `kind`: sooner where the limit is shorter,
    never later, and untouched once the citizen was told another day or the clock stands."""
    received, settings = deadlines.received_on(feedback), current_settings()
    first = deadlines.due_on(Kind(feedback.kind), received, settings)
    if feedback.paused_on is not None or feedback.due_on != first:
        return feedback.due_on
    return min(first, deadlines.due_on(kind, received, settings))
