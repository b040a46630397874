"""What an officer does with a feedback, answers and publication apart."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.accounts.access import current_actor, needs
from portal.feedback import handling, pausing
from portal.feedback.desk import ITEM, blueprint
from portal.feedback.desk_forms import (
    AskForm,
    AssignForm,
    ClassifyForm,
    ExtendForm,
    ForwardForm,
    NoteForm,
    RefuseForm,
    VerbForm,
)
from portal.feedback.desk_steps import do
from portal.feedback.forms import typed
from portal.feedback.handling import Refusal
from portal.feedback.models import Kind


@blueprint.post(f"{ITEM}/vao-so")
@needs("feedback.assign")
def accept(feedback_id: int) -> ResponseReturnValue:
    """Take it into the register."""
    form = VerbForm()
    return do(
        feedback_id, form, "Đã vào sổ và báo cho người gửi.",
        lambda: handling.accept(current_actor(), feedback_id, form.number),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/kiem-tra")
@needs("feedback.assign")
def check(feedback_id: int) -> ResponseReturnValue:
    """Let a held message go on."""
    form = VerbForm()
    return do(
        feedback_id, form, "Đã đưa vào danh sách xử lý.",
        lambda: handling.check(current_actor(), feedback_id, form.number),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/phan-loai")
@needs("feedback.assign")
def classify(feedback_id: int) -> ResponseReturnValue:
    """Say what it is."""
    form = ClassifyForm()
    return do(
        feedback_id, form, "Đã phân loại.",
        lambda: handling.classify(
            current_actor(), feedback_id, form.number,
            kind=Kind(form.kind.data), procedure_code=typed(form.procedure_code),
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/giao")
@needs("feedback.assign")
def assign(feedback_id: int) -> ResponseReturnValue:
    """Give it to a unit or a person."""
    form = AssignForm()
    return do(
        feedback_id, form, "Đã giao xử lý.",
        lambda: handling.assign(
            current_actor(), feedback_id, form.number,
            unit_code=typed(form.unit), assignee_id=form.assignee_id,
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/ghi-chu")
@needs("feedback.view")
def note(feedback_id: int) -> ResponseReturnValue:
    """Write something for colleagues."""
    form = NoteForm()
    return do(
        feedback_id, form, "Đã lưu ghi chú nội bộ.",
        lambda: handling.note(
            current_actor(), feedback_id, form.number, typed(form.note_text)
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/hoi-them")
@needs("feedback.answer")
def ask(feedback_id: int) -> ResponseReturnValue:
    """Ask the citizen; the clock stands."""
    form = AskForm()
    return do(
        feedback_id, form, "Đã gửi đề nghị bổ sung. Hạn trả lời tạm dừng.",
        lambda: pausing.ask(current_actor(), feedback_id, form.number, typed(form.ask_text)),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/tiep-tuc")
@needs("feedback.answer")
def resume(feedback_id: int) -> ResponseReturnValue:
    """Wait no longer; the clock goes on."""
    form = VerbForm()
    return do(
        feedback_id, form, "Đã tiếp tục xử lý, hạn trả lời được tính tiếp.",
        lambda: pausing.resume(current_actor(), feedback_id, form.number),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/gia-han")
@needs("feedback.answer")
def extend(feedback_id: int) -> ResponseReturnValue:
    """Take more days and say why."""
    form = ExtendForm()
    return do(
        feedback_id, form, "Đã gia hạn và báo lý do cho người gửi.",
        lambda: pausing.extend(
            current_actor(), feedback_id, form.number,
            days=form.extend_days.data or 0, reason=typed(form.extend_note),
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/chuyen")
@needs("feedback.answer")
def forward(feedback_id: int) -> ResponseReturnValue:
    """Pass it on to another authority."""
    form = ForwardForm()
    return do(
        feedback_id, form, "Đã ghi nhận việc chuyển và báo cho người gửi.",
        lambda: handling.forward(
            current_actor(), feedback_id, form.number,
            to=typed(form.forward_to), note=typed(form.forward_note),
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/tu-choi")
@needs("feedback.answer")
def refuse(feedback_id: int) -> ResponseReturnValue:
    """Close it with the legal reason."""
    form = RefuseForm()
    return do(
        feedback_id, form, "Đã đóng với lý do không tiếp nhận.",
        lambda: handling.refuse(
            current_actor(), feedback_id, form.number,
            reason=Refusal(form.refuse_reason.data), note=typed(form.refuse_note),
        ),
    )  # fmt: skip
