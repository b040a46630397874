"""What can be done with many feedbacks at once."""

from __future__ import annotations

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, needs
from portal.core.web.bulk import answer, list_address, nothing_picked, picks
from portal.directory.queries import unit_names
from portal.feedback import bulk
from portal.feedback.desk import blueprint

LIST = "feedback_desk.inbox"


@blueprint.post("/hang-loat/giao")
@needs("feedback.assign")
def assign_many() -> Response | str:
    """Give what was ticked to one unit."""
    chosen, back = picks(), list_address(LIST)
    unit = request.form.get("don_vi", "")
    if not chosen:
        return nothing_picked(back)
    if (name := unit_names().get(unit)) is None:
        flash("Chọn đơn vị sẽ xử lý rồi bấm “Giao”.", "wait")
        return redirect(back, 303)
    outcome = bulk.assign(current_actor(), chosen, unit)
    return answer(outcome, lambda n: f"Đã giao {n} phản ánh cho {name}.", back)


@blueprint.post("/hang-loat/tiep-nhan")
@needs("feedback.assign")
def accept_many() -> Response | str:
    """Enter what was ticked into the register."""
    chosen, back = picks(), list_address(LIST)
    if not chosen:
        return nothing_picked(back)
    outcome = bulk.accept(current_actor(), chosen)
    return answer(outcome, lambda n: f"Đã vào sổ {n} phản ánh.", back)


@blueprint.post("/hang-loat/kiem-tra")
@needs("feedback.assign")
def check_many() -> Response | str:
    """Let go on what was held for a check."""
    chosen, back = picks(), list_address(LIST)
    if not chosen:
        return nothing_picked(back)
    outcome = bulk.check(current_actor(), chosen)
    return answer(outcome, lambda n: f"Đã đưa {n} phản ánh vào xử lý.", back)
