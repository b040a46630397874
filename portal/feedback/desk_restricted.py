"""The buttons of the road of denunciations."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.accounts.access import current_actor, needs
from portal.feedback import reading, restricting
from portal.feedback.desk import ITEM, blueprint
from portal.feedback.desk_aside import ReleaseForm, RestrictForm, SettleForm
from portal.feedback.desk_steps import do, version_of
from portal.feedback.forms import typed
from portal.feedback.restricting import Ending, Outcome


@blueprint.post(f"{ITEM}/giu-bi-mat")
@needs("feedback.restrict")
def restrict(feedback_id: int) -> ResponseReturnValue:
    """Move what turned out to be a denunciation out of everybody's sight."""
    reading.allow(current_actor(), feedback_id, "feedback.restrict")
    form = RestrictForm()
    return do(
        feedback_id, form, "Đã chuyển sang đường tiếp nhận được giữ bí mật.",
        lambda: restricting.restrict(
            current_actor(), feedback_id, version_of(form), reason=typed(form.restrict_reason)
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/giu-bi-mat/tra-lai")
@needs("feedback.restricted")
def release(feedback_id: int) -> ResponseReturnValue:
    """Back among the others."""
    reading.allow(current_actor(), feedback_id, "feedback.restricted")
    form = ReleaseForm()
    return do(
        feedback_id, form, "Đã chuyển lại đường phản ánh, kiến nghị.",
        lambda: restricting.release(
            current_actor(), feedback_id, version_of(form), note=typed(form.release_note)
        ),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/giu-bi-mat/ket-qua")
@needs("feedback.restricted")
def settle(feedback_id: int) -> ResponseReturnValue:
    """What became of it."""
    reading.allow(current_actor(), feedback_id, "feedback.restricted")
    form = SettleForm()
    return do(
        feedback_id, form, "Đã ghi kết quả và báo cho người gửi.",
        lambda: restricting.settle(
            current_actor(), feedback_id, version_of(form),
            Ending(
                Outcome(form.settle_outcome.data), typed(form.settle_note), typed(form.settle_to)
            ),
        ),
    )  # fmt: skip
