"""The desk of procedures: find what is missing, mend it."""

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
from portal.core.errors import NotFound
from portal.core.text import clean_line
from portal.core.web.bulk import answer, list_address, nothing_picked, picks
from portal.core.web.editing import Answer, edit_page
from portal.core.web.pages import paginate
from portal.core.web.requests import page_number
from portal.directory.queries import unit_names
from portal.procedures import bulk, queries, service, wording
from portal.procedures.completeness import check_of
from portal.procedures.forms import ProcedureForm, form_data
from portal.procedures.missing import GAPS
from portal.procedures.part_forms import PART_NAMES
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
    unit = request.args.get("don_vi", "")[:80]
    query = queries.for_desk(text, GAPS.get(gap), field, unit)
    return render_template(
        "procedures/desk/index.html",
        page=paginate(db.session(), query, page_number(), PAGE),
        views=views,
        text=text,
        gap=gap,
        field=field,
        unit=unit,
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
        form, "procedures/desk/edit.html", record=procedure, part_names=PART_NAMES,
        check=check_of(procedure, clock.today()),
        done=f"Đã lưu thủ tục {code}.", back=url_for("procedures_desk.index"),
        save=lambda: service.edit(actor, code, form.opened_version, form.edits()),
    )  # fmt: skip


@blueprint.post("/<code>/da-kiem-tra")
@needs("procedure.edit")
def check(code: str) -> Response:
    """Somebody compared the procedure with its source today."""
    service.check_today(current_actor(), code)
    flash(f"Đã ghi: thủ tục {code} được đối chiếu với nguồn hôm nay.")
    if "ve" in request.form:  # the button stood in the list
        return redirect(list_address("procedures_desk.index"), 303)
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
