"""The answer at the desk: drafted, submitted, returned, sent. One form has a button for each."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.accounts.access import current_actor, needs
from portal.core.db import db
from portal.core.errors import Invalid
from portal.feedback import answer_templates, answering, reading
from portal.feedback.desk import ITEM, blueprint
from portal.feedback.desk_forms import AnswerForm, ReturnForm
from portal.feedback.desk_pages import item_page
from portal.feedback.desk_steps import do
from portal.feedback.forms import typed
from portal.feedback.models import Feedback
from portal.feedback.steps import CHANGED


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


@blueprint.post(f"{ITEM}/chen-mau")
@needs("feedback.answer")
def insert(feedback_id: int) -> ResponseReturnValue:
    """The page again with a template put after what was typed; nothing is stored."""
    reading.allow(current_actor(), feedback_id, "feedback.answer")
    feedback, form = db.session.get_one(Feedback, feedback_id), AnswerForm()
    form.validate()
    form.answer_text.errors = []  # the text is judged when it is to be kept
    if form.problem_list:
        return item_page(feedback_id, 400, form)
    notice = "" if form.number == feedback.version else CHANGED
    try:
        form.insert(answer_templates.filled(db.session(), feedback, form.template_id))
    except Invalid as error:
        form.add_problems(error.problems)
        return item_page(feedback_id, 400, form, notice=notice)
    return item_page(feedback_id, 200, form, notice=notice)


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
