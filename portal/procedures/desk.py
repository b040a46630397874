"""The desk of procedures: find what is missing, mend it, take in files."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.list_views import BuiltIn, list_views
from portal.accounts.models import DeskList
from portal.accounts.permissions import require
from portal.core import clock
from portal.core.certainty import is_stale
from portal.core.db import db
from portal.core.errors import Invalid, NotFound
from portal.core.text import clean_line
from portal.core.web.bulk import answer, list_address, nothing_picked, picks
from portal.core.web.editing import Answer, edit_page
from portal.core.web.pages import paginate
from portal.core.web.requests import page_number
from portal.directory.queries import unit_names
from portal.procedures import bulk, queries, service, uploads, wording
from portal.procedures.comparing import FACT_NAMES
from portal.procedures.forms import ImportForm, ProcedureForm, form_data
from portal.procedures.importing.importer import DECISION_NAMES, Decision
from portal.procedures.importing.notes import SEVERITY_NAMES
from portal.procedures.importing.tables import Unreadable
from portal.procedures.missing import GAPS
from portal.procedures.recording import load_with_parts

blueprint = desk_blueprint("procedures", "thu-tuc")
PAGE = 50


@blueprint.get("/")
@needs("procedure.list")
def index() -> str | Response:
    """All procedures, by words and by what is missing."""
    text = clean_line(request.args.get("q", ""))[:200]
    gap = request.args.get("thieu", "")
    field = request.args.get("linh_vuc", "")
    views = list_views(DeskList.PROCEDURES, [BuiltIn("Tất cả")])
    if views.start:
        return redirect(views.start, 303)
    query = queries.for_desk(text, GAPS.get(gap), field)
    return render_template(
        "procedures/desk/index.html",
        page=paginate(db.session(), query, page_number(), PAGE),
        views=views,
        text=text,
        gap=gap,
        field=field,
        fields=[(one.key, one.name) for one in queries.fields(db.session())],
        units=unit_names(),
        gaps=[(slug, one.name) for slug, one in GAPS.items()],
        missing_parts=wording.missing_parts,
        is_stale=is_stale,
        day=clock.today(),
    )


@blueprint.route("/<code>", methods=["GET", "POST"])
@needs("procedure.edit")
def edit(code: str) -> Answer:
    """Mend one procedure."""
    actor = current_actor()
    procedure = load_with_parts(db.session(), [code]).get(code)
    if procedure is None:
        raise NotFound(code)
    require(actor, service.EDIT, procedure)
    form = ProcedureForm(data=form_data(procedure))
    form.offer_units(unit_names())
    return edit_page(
        form, "procedures/desk/edit.html", record=procedure,
        done=f"Đã lưu thủ tục {code}.", back=url_for("procedures_desk.index"),
        save=lambda: service.edit(actor, code, form.opened_version, form.edits()),
    )  # fmt: skip


@blueprint.post("/<code>/da-kiem-tra")
@needs("procedure.edit")
def check(code: str) -> Response:
    """Somebody compared the procedure with its source today."""
    service.check_today(current_actor(), code)
    flash(f"Đã ghi: thủ tục {code} được đối chiếu với nguồn hôm nay.")
    return redirect(url_for("procedures_desk.edit", code=code), 303)


@blueprint.post("/hang-loat/da-kiem-tra")
@needs("procedure.edit")
def check_many() -> Response | str:
    """Somebody compared what was ticked with its source today."""
    chosen, back = picks(), list_address("procedures_desk.index")
    if not chosen:
        return nothing_picked(back)
    outcome = bulk.check_today(current_actor(), chosen)
    return answer(outcome, lambda n: f"Đã ghi: {n} thủ tục được đối chiếu hôm nay.", back)


@blueprint.route("/nhap", methods=["GET", "POST"])
@needs("procedure.import")
def upload() -> Answer:
    """Bring a file to try."""
    form = ImportForm()
    status = 200
    if form.is_submitted():
        status = 400
        try:
            if form.validate():
                file = form.file.data
                waiting = uploads.keep(current_actor().user_id, file.stream, file.filename)
                return redirect(url_for("procedures_desk.trial", token=waiting.token), 303)
        except Invalid as error:
            form.add_problems(error.problems)
    return render_template("procedures/desk/upload.html", form=form), status


@blueprint.get("/nhap/<token>")
@needs("procedure.import")
def trial(token: str) -> Answer:
    """What the file would do, row by row."""
    actor = current_actor()
    waiting = uploads.find(actor.user_id, token)
    try:
        outcome = service.try_file(actor, db.session(), waiting.path, waiting.name)
    except Unreadable as error:
        return _refused(waiting, error)
    return render_template(
        "procedures/desk/trial.html",
        waiting=waiting,
        outcome=outcome,
        counts=outcome.counts(),
        noted=outcome.notes.counts(),
        decisions=DECISION_NAMES,
        fact_names=FACT_NAMES,
        severities=SEVERITY_NAMES,
    ), 200


@blueprint.post("/nhap/<token>")
@needs("procedure.import")
def confirm(token: str) -> Answer:
    """Import the file that was tried."""
    actor = current_actor()
    waiting = uploads.find(actor.user_id, token)
    try:
        outcome = service.take_in_file(actor, waiting.path, waiting.name)
    except Unreadable as error:
        return _refused(waiting, error)
    uploads.forget(waiting)
    counts = outcome.counts()
    told = ", ".join(f"{DECISION_NAMES[decision]} {counts[decision]}" for decision in Decision)
    flash(f"Đã nhập tệp {waiting.name}: {told}.")
    return redirect(url_for("procedures_desk.index"), 303)


def _refused(waiting: uploads.Waiting, error: Unreadable) -> Answer:
    uploads.forget(waiting)
    form = ImportForm()
    form.add_problems({"file": f"{waiting.name}: {error}"})
    return render_template("procedures/desk/upload.html", form=form), 400
