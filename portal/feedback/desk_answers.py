"""The answer at the desk: drafted, submitted, returned, sent. One form has a button for each."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.accounts.access import current_actor, needs
from portal.feedback import answering, reading
from portal.feedback.desk import ITEM, blueprint
from portal.feedback.desk_forms import AnswerForm, ReturnForm
from portal.feedback.desk_steps import do
from portal.feedback.forms import typed


@blueprint.post(f"{ITEM}/ban-thao")
@needs("feedback.answer")
def draft(feedback_id: int) -> ResponseReturnValue:
    """Keep an answer that is not finished."""
    form = AnswerForm()
    return do(
        feedback_id, form, "Đã lưu bản thảo. Người gửi chưa thấy gì.",
        lambda: answering.draft(
            current_actor(), feedback_id, form.number, typed(form.answer_text)
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/trinh-duyet")
@needs("feedback.answer")
def submit(feedback_id: int) -> ResponseReturnValue:
    """Lay it before who approves."""
    form = AnswerForm()
    return do(
        feedback_id, form, "Đã trình duyệt. Người đứng đầu được báo qua thư.",
        lambda: answering.submit(
            current_actor(), feedback_id, form.number, typed(form.answer_text)
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/tra-lai")
@needs("feedback.approve")
def give_back(feedback_id: int) -> ResponseReturnValue:
    """Return it with what is to be mended."""
    reading.allow(current_actor(), feedback_id, "feedback.approve")
    form = ReturnForm()
    return do(
        feedback_id, form, "Đã trả lại để sửa.",
        lambda: answering.give_back(
            current_actor(), feedback_id, form.number, typed(form.return_note)
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/tra-loi")
@needs("feedback.answer")
def answer(feedback_id: int) -> ResponseReturnValue:
    """Answer the citizen."""
    form = AnswerForm()
    return do(
        feedback_id, form, "Đã trả lời. Người gửi xem được ngay bằng mã tra cứu.",
        lambda: answering.answer(
            current_actor(), feedback_id, form.number, typed(form.answer_text)
        ),
    )  # fmt: skip
