"""One's own reminders: what there is, and how to get them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import DESK, current_actor, needs
from portal.boards import notices
from portal.core.db import db
from portal.core.errors import Invalid

blueprint = Blueprint("notices_desk", __name__, url_prefix=f"{DESK}/tai-khoan/cua-toi/nhac-viec")


@blueprint.get("")
@needs("account.own")
def own() -> str:
    """My reminders and my choices."""
    session, actor = db.session(), current_actor()
    return render_template(
        "boards/notices.html", rows=notices.open_for(session, actor.user_id),
        choices=notices.choices_of(session, actor), kind_names=notices.KIND_NAMES,
        mode_names=notices.MODE_NAMES,
    )  # fmt: skip


@blueprint.post("")
@needs("account.own")
def choose() -> Response:
    """How I want to be reminded."""
    actor = current_actor()
    asked = {kind.value: request.form.get(kind.value, "") for kind in notices.kinds_for(actor)}
    try:
        notices.choose(actor, asked)
    except Invalid as error:
        flash(next(iter(error.problems.values())), "wait")
    else:
        flash("Đã lưu cách nhắc việc.")
    return redirect(url_for(".own"), 303)


@blueprint.post("/<int(max=2147483647):notice_id>/da-biet")
@needs("account.own")
def close(notice_id: int) -> Response:
    """Put one reminder away."""
    notices.close(current_actor(), notice_id)
    flash("Đã cất nhắc việc.")
    return redirect(url_for(".own"), 303)


@blueprint.post("/da-biet")
@needs("account.own")
def close_all() -> Response:
    """Put all reminders away."""
    notices.close(current_actor(), None)
    flash("Đã cất mọi nhắc việc.")
    return redirect(url_for(".own"), 303)
