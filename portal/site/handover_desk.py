"""Open work of one person at the desk of accounts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField

from portal.accounts.access import DESK, current_actor, needs
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.web.editing import Answer
from portal.core.web.forms import PortalForm, required
from portal.site import handover

blueprint = Blueprint("handover_desk", __name__, url_prefix=f"{DESK}/tai-khoan")


class HandOverForm(PortalForm):
    """To whom."""

    to = SelectField(
        "Giao cho", [required("Chọn người nhận việc.")], validate_choice=False, default=""
    )


@blueprint.get("/<int:user_id>/viec-dang-mo")
@needs("user.list")
def index(user_id: int) -> Answer:
    """What lies open with this person."""
    return _page(user_id, HandOverForm(formdata=None), 200)


@blueprint.post("/<int:user_id>/viec-dang-mo")
@needs("user.manage")
def hand_over(user_id: int) -> Answer | BaseResponse:
    """Give all of it to somebody else."""
    form = HandOverForm()
    try:
        if not form.validate_on_submit():
            return _page(user_id, form, 400)
        to = form.to.data if form.to.data.isdecimal() and len(form.to.data) < 10 else "0"
        given, left = handover.hand_over(current_actor(), user_id, int(to))
    except Invalid as error:
        form.add_problems(error.problems)
        return _page(user_id, form, 400)
    more = f" Còn {left} việc ngoài vai trò hoặc đơn vị của người nhận." if left else ""
    flash(f"Đã bàn giao {given} việc.{more}")
    return redirect(url_for(".index", user_id=user_id), 303)


def _page(user_id: int, form: HandOverForm, status: int) -> Answer:
    form.to.choices = {"": "(chọn người)", **handover.colleagues(user_id)}
    page = render_template(
        "site/handover.html", form=form, person=handover.person(user_id),
        work=handover.open_of(db.session(), user_id),
    )  # fmt: skip
    return page, status
