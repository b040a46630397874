"""The desk of settings: what counts, what the files say, and every state there was."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.queries import names_of
from portal.core import live
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.settings import current_settings
from portal.core.web.editing import Answer
from portal.site import preferences
from portal.site.forms import ReasonForm, SettingsForm

blueprint = desk_blueprint("preferences", "cai-dat")


@blueprint.get("/")
@needs("settings.list")
def index() -> Answer | str:
    """The settings and their history."""
    live.refresh()  # another process may have answered the form that led here
    form = SettingsForm(formdata=None)
    form.show(current_settings().site)
    return _page(form, 200)


@blueprint.post("/")
@needs("settings.edit")
def change() -> Answer | BaseResponse:
    """Set what was typed."""
    form, status = SettingsForm(), 400
    try:
        if form.validate_on_submit():
            preferences.change(current_actor(), form.values(), form.reason.data, form.seen_state)
            flash("Đã lưu cài đặt. Trang công khai đổi theo trong vài giây.")
            return redirect(url_for(".index"), 303)
    except Invalid as error:
        form.add_problems(error.problems)
    except Conflict as error:
        form.add_problems({"": str(error)})
        status = 409
    return _page(form, status)


@blueprint.route("/khoi-phuc/<int:state_id>", methods=["GET", "POST"])
@needs("settings.edit")
def restore(state_id: int) -> Answer | BaseResponse:
    """Ask for the reason, then make an earlier state (0: that of the files) count again."""
    form, status = ReasonForm(), 200
    if form.is_submitted():
        status = 400
        try:
            if form.validate():
                preferences.restore(current_actor(), state_id, form.reason.data, form.seen_state)
                flash("Đã khôi phục cài đặt.")
                return redirect(url_for(".index"), 303)
        except Invalid as error:
            form.add_problems(error.problems)
        except Conflict as error:
            form.add_problems({"": str(error)})
            status = 409
    form.seen.data = str(_latest_id())
    coming = preferences.difference(state_id)
    page = render_template(
        "site/preferences/restore.html", form=form, state=preferences.find(state_id),
        changes=coming, names=preferences.NAMES,
    )  # fmt: skip
    return page, status


def _page(form: SettingsForm, status: int) -> Answer:
    if status != 400:
        form.seen.data = str(_latest_id())
    rows = preferences.history()
    page = render_template(
        "site/preferences/index.html", form=form, rows=rows, names=preferences.NAMES,
        changed=form.changed(current_settings().site),
        people=names_of(row.user_id for row in rows),
    )  # fmt: skip
    return page, status


def _latest_id() -> int:
    state = preferences.latest(db.session())
    return state.id if state else 0
