"""The officer's desk: the inbox, one feedback, and what can be done with it."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.feedback import handling, publishing, reading
from portal.feedback.desk_forms import (
    AnswerForm,
    AssignForm,
    ClassifyForm,
    ForwardForm,
    RefuseForm,
    VerbForm,
)
from portal.feedback.desk_pages import download, item_page
from portal.feedback.desk_steps import do as _do
from portal.feedback.desk_steps import version_of as _version
from portal.feedback.forms import typed
from portal.feedback.handling import Refusal
from portal.feedback.models import Kind

blueprint = desk_blueprint("feedback", "phan-anh")
ITEM = "/<int(max=2147483647):feedback_id>"


@blueprint.get(ITEM)
@needs("feedback.view")
def item(feedback_id: int) -> Response:
    """One feedback with its forms."""
    return item_page(feedback_id)


@blueprint.post(f"{ITEM}/lien-he")
@needs("feedback.view")
def contact(feedback_id: int) -> Response:
    """The same page with the citizen's contact on it; the reading is audited."""
    if not VerbForm().validate():
        return item_page(feedback_id, 400)
    return item_page(feedback_id, contact=reading.open_contact(current_actor(), feedback_id))


@blueprint.get(f"{ITEM}/tep/<int(max=2147483647):file_id>")
@needs("feedback.view")
def file(feedback_id: int, file_id: int) -> Response:
    """An attachment, never shown inside our pages; the reading is audited."""
    return download(*reading.open_file(current_actor(), feedback_id, file_id))


@blueprint.post(f"{ITEM}/kiem-tra")
@needs("feedback.assign")
def check(feedback_id: int) -> ResponseReturnValue:
    """Let a held message go on."""
    form = VerbForm()
    return _do(
        feedback_id, form, "Đã đưa vào danh sách xử lý.",
        lambda: handling.check(current_actor(), feedback_id, _version(form)),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/phan-loai")
@needs("feedback.assign")
def classify(feedback_id: int) -> ResponseReturnValue:
    """Say what it is."""
    form = ClassifyForm()
    return _do(
        feedback_id, form, "Đã phân loại.",
        lambda: handling.classify(
            current_actor(), feedback_id, _version(form),
            kind=Kind(form.kind.data), procedure_code=typed(form.procedure_code),
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/giao")
@needs("feedback.assign")
def assign(feedback_id: int) -> ResponseReturnValue:
    """Give it to a unit or a person."""
    form = AssignForm()
    return _do(
        feedback_id, form, "Đã giao xử lý.",
        lambda: handling.assign(
            current_actor(), feedback_id, _version(form),
            unit_code=typed(form.unit), assignee_id=form.assignee_id,
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/tra-loi")
@needs("feedback.answer")
def answer(feedback_id: int) -> ResponseReturnValue:
    """Answer the citizen."""
    form = AnswerForm()
    return _do(
        feedback_id, form, "Đã trả lời. Người gửi xem được ngay bằng mã tra cứu.",
        lambda: handling.answer(
            current_actor(), feedback_id, _version(form), typed(form.answer_text)
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/chuyen")
@needs("feedback.answer")
def forward(feedback_id: int) -> ResponseReturnValue:
    """Pass it on to another authority."""
    form = ForwardForm()
    return _do(
        feedback_id, form, "Đã ghi nhận việc chuyển và báo cho người gửi.",
        lambda: handling.forward(
            current_actor(), feedback_id, _version(form),
            to=typed(form.forward_to), note=typed(form.forward_note),
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/tu-choi")
@needs("feedback.answer")
def refuse(feedback_id: int) -> ResponseReturnValue:
    """Close it with the legal reason."""
    form = RefuseForm()
    return _do(
        feedback_id, form, "Đã đóng với lý do không tiếp nhận.",
        lambda: handling.refuse(
            current_actor(), feedback_id, _version(form),
            reason=Refusal(form.refuse_reason.data), note=typed(form.refuse_note),
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/cong-khai/duyet")
@needs("feedback.publish")
def publish(feedback_id: int) -> ResponseReturnValue:
    """Let the public copy out."""
    form = VerbForm()
    return _do(
        feedback_id, form, "Đã công khai.",
        lambda: publishing.publish(current_actor(), feedback_id, _version(form)),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/cong-khai/go")
@needs("feedback.publish")
def unpublish(feedback_id: int) -> ResponseReturnValue:
    """Take it off the site."""
    form = VerbForm()
    return _do(
        feedback_id, form, "Đã thôi công khai.",
        lambda: publishing.unpublish(current_actor(), feedback_id, _version(form)),
    )  # fmt: skip
