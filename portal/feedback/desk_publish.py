"""The editor of the public copy, the other half of the desk's blueprint."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_actor, needs
from portal.accounts.permissions import require
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.feedback import desk_pictures, public_pictures, publishing, reading, redaction
from portal.feedback.desk import ITEM, blueprint
from portal.feedback.desk_forms import CopyForm, UnpublishForm, VerbForm
from portal.feedback.desk_pictures import Row
from portal.feedback.desk_steps import do
from portal.feedback.forms import typed
from portal.feedback.redaction import Finding
from portal.feedback.states import State, Verb, after


@blueprint.get(f"{ITEM}/cong-khai")
@needs("feedback.publish")
def copy_editor(feedback_id: int) -> ResponseReturnValue:
    """The copy to edit: the last one, or the originals with personal data masked."""
    feedback = reading.open_item(current_actor(), feedback_id)
    after(State(feedback.state), Verb.PREPARE)
    publishing.respect_objection(feedback)
    copy = publishing.suggest_copy(feedback)
    form = CopyForm(
        formdata=None, version=feedback.version, public_subject=copy.subject,
        public_question=copy.question, public_answer=copy.answer,
    )  # fmt: skip
    rows = desk_pictures.rows(feedback)
    doubts = publishing.findings(feedback_id, copy, desk_pictures.descriptions(rows))
    return _editor(feedback_id, form, rows, doubts)


@blueprint.post(f"{ITEM}/cong-khai")
@needs("feedback.publish")
def prepare(feedback_id: int) -> ResponseReturnValue:
    """Store the copy, unless personal data stands in it."""
    form = CopyForm()
    feedback = reading.open_item(current_actor(), feedback_id)
    require(current_actor(), "feedback.publish", feedback)
    rows = desk_pictures.rows_as_sent(feedback)
    if not form.validate():
        return _editor(feedback_id, form, rows, [], 400)
    copy, confirmed = form.copy(), set(request.form.getlist("xac_nhan")[:50])
    try:
        copy = replace(copy, pictures=desk_pictures.change_of(rows))
        publishing.prepare(current_actor(), feedback_id, form.number, copy, confirmed)
    except Invalid as error:
        form.add_problems(error.problems)
        texts = desk_pictures.descriptions(rows)
        return _editor(feedback_id, form, rows, publishing.findings(feedback_id, copy, texts), 400)
    except Conflict as error:
        form.add_problems({"": str(error)})
        feedback = reading.open_item(current_actor(), feedback_id)
        form.version.data = feedback.version
        return _editor(feedback_id, form, desk_pictures.rows_as_sent(feedback), [], 409)
    flash("Đã lưu bản công khai. Bản này chưa hiện ra ngoài, còn chờ duyệt.")
    return redirect(url_for(".item", feedback_id=feedback_id), 303)


@blueprint.post(f"{ITEM}/cong-khai/duyet")
@needs("feedback.publish")
def publish(feedback_id: int) -> ResponseReturnValue:
    """Let the public copy out."""
    form = VerbForm()
    return do(
        feedback_id, form, "Đã công khai.",
        lambda: publishing.publish(current_actor(), feedback_id, form.number),
    )  # fmt: skip


@blueprint.post(f"{ITEM}/cong-khai/go")
@needs("feedback.publish")
def unpublish(feedback_id: int) -> ResponseReturnValue:
    """Take it off the site, or leave it off, and say why."""
    form = UnpublishForm()
    return do(
        feedback_id, form, "Không công khai nữa. Người gửi được báo lý do.",
        lambda: publishing.unpublish(
            current_actor(), feedback_id, form.number, typed(form.unpublish_note)
        ),
    )  # fmt: skip


@blueprint.get(f"{ITEM}/hinh/<int(max=2147483647):position>")
@needs("feedback.view")
def picture(feedback_id: int, position: int) -> Response:
    """A covered picture of the copy, before it is public too."""
    reading.allow(current_actor(), feedback_id, "feedback.view")
    return desk_pictures.send(public_pictures.at(db.session(), feedback_id, position), "no-store")


def _editor(
    feedback_id: int, form: CopyForm, rows: list[Row], doubts: list[Finding], status: int = 200
) -> Response:
    page = render_template(
        "feedback/desk_copy.html", form=form, feedback_id=feedback_id, rows=rows,
        own=[doubt for doubt in doubts if doubt.what == redaction.OWN],
        doubts=[doubt for doubt in doubts if doubt.what != redaction.OWN],
        confirmed=set(request.form.getlist("xac_nhan")),
        feedback=reading.open_item(current_actor(), feedback_id),
    )  # fmt: skip
    return make_response(page, status)
