"""The button that carries out what a sender asked for: erasing what is personal."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.accounts.access import current_actor, needs
from portal.feedback import erasing, reading
from portal.feedback.desk import ITEM, blueprint
from portal.feedback.desk_forms import VerbForm
from portal.feedback.desk_steps import do, version_of


@blueprint.post(f"{ITEM}/xoa-du-lieu")
@needs("feedback.erase")
def erase(feedback_id: int) -> ResponseReturnValue:
    """Erase at once, before the service does it."""
    reading.allow(current_actor(), feedback_id, "feedback.erase")
    form = VerbForm()
    return do(
        feedback_id, form, "Đã xóa dữ liệu cá nhân.",
        lambda: erasing.erase(current_actor(), feedback_id, version_of(form)),
    )  # fmt: skip
