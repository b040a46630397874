"""The desk of a procedure's parts: what the agency adds, papers, forms, documents, internal
processes; its former versions, and the legal documents that many procedures share."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import DESK, current_actor, needs
from portal.accounts.permissions import require
from portal.core.db import db
from portal.core.errors import Conflict, NotFound
from portal.core.web.editing import Answer, edit_page
from portal.media import queries as media
from portal.media.models import MediaKind
from portal.procedures import history, legal, service, wording
from portal.procedures.basis_form import BasisForm
from portal.procedures.comparing import facts_of
from portal.procedures.models import LegalBasis, Procedure
from portal.procedures.part_form import PartForm
from portal.procedures.part_forms import MOST_ROWS, PART_NAMES, PARTS
from portal.procedures.recording import load_with_parts
from portal.procedures.service import basis_mark

blueprint = Blueprint(
    "procedure_parts_desk", "portal.procedures.desk", url_prefix=f"{DESK}/thu-tuc"
)
LISTS = {"mau-don": "forms", "quy-trinh": "processes", "ho-so": "cases"}


@blueprint.route("/<code>/phan/<part>", methods=["GET", "POST"])
@needs("procedure.edit")
def edit(code: str, part: str) -> Answer:
    """Mend one part of a procedure. “Thêm một khung” adds a row and saves nothing."""
    actor, kind = current_actor(), PARTS.get(part)
    if kind is None:
        raise NotFound(part)
    procedure = _found(code)
    require(actor, service.EDIT, procedure)
    form = _form(kind, part, procedure)
    shown = {
        "record": _Record(procedure, form), "procedure": procedure, "part": part,
        "rows": LISTS.get(part, ""), "part_names": PART_NAMES, "words": wording,
    }  # fmt: skip
    if "them" in request.form:
        return render_template("procedures/desk/part.html", form=form, clashes=[], **shown), 200
    return edit_page(
        form, "procedures/desk/part.html", **shown,
        done=f"Đã lưu {kind.TITLE[0].lower()}{kind.TITLE[1:]} của thủ tục {code}.",
        back=url_for("procedures_desk.edit", code=code),
        save=lambda: service.change_parts(actor, code, form.opened_version, form.changes),
    )  # fmt: skip


@blueprint.get("/<code>/lich-su")
@needs("procedure.edit")
def versions(code: str) -> str:
    """All versions, to look at and to restore, and whether the procedure is whole."""
    procedure = _found(code)
    require(current_actor(), service.EDIT, procedure)
    return render_template(
        "procedures/desk/history.html",
        procedure=procedure,
        entries=history.entries(db.session(), procedure),
        part_names=PART_NAMES,
    )


@blueprint.post("/<code>/lich-su/<int(max=2147483647):number>/khoi-phuc")
@needs("procedure.edit")
def restore(code: str, number: int) -> Response:
    """Say again what a former version said; the present one stays among the versions."""
    opened = request.form.get("version", "")
    version = int(opened) if opened.isdecimal() and len(opened) < 10 else 0
    try:
        service.restore(current_actor(), code, version, number)
        flash(f"Đã khôi phục bản số {number}. Bản trước đó vẫn còn trong lịch sử.")
    except Conflict as conflict:
        flash(str(conflict))
    return redirect(url_for(".versions", code=code), 303)


@blueprint.route("/can-cu/<slug>", methods=["GET", "POST"])
@needs("procedure.edit")
def basis(slug: str) -> Answer:
    """What is known of a legal document, for all procedures that rest on it."""
    actor, found = current_actor(), legal.find(db.session(), slug)
    if found is None:
        raise NotFound(slug)
    require(actor, service.EDIT, service.EVERYWHERE)
    record = _BasisRecord(found)
    form = BasisForm(data={**BasisForm.stored(found), "version": record.version})
    return edit_page(
        form, "procedures/desk/basis.html", record=record, basis=found,
        done=f"Đã lưu văn bản {found.number}.",
        back=url_for("procedure_records.basis", slug=slug),
        save=lambda: service.edit_basis(actor, slug, form.opened_version, form.values()),
    )  # fmt: skip


class _Record:
    """A procedure as its form for a part sees it, for telling what others stored meanwhile."""

    def __init__(self, procedure: Procedure, form: PartForm) -> None:
        self.version = procedure.version
        self.stored = form.stored(facts_of(procedure))


class _BasisRecord:
    """A legal document with a number that stands for its version."""

    def __init__(self, row: LegalBasis) -> None:
        self.version = basis_mark(row)
        for name, value in BasisForm.stored(row).items():
            setattr(self, name, value)


def _form(kind: type[PartForm], part: str, procedure: Procedure) -> PartForm:
    """The form, with an empty row at the end of its list when it is opened or one is asked for."""
    data = {**kind.stored(facts_of(procedure)), "version": procedure.version}
    form = kind(data=data)
    if part in LISTS and (request.method == "GET" or "them" in request.form):
        rows = form[LISTS[part]]
        if len(rows) < MOST_ROWS:
            rows.append_entry({})
    if part == "mau-don":
        form.offer(_choices(procedure))
    return form


def _choices(procedure: Procedure) -> dict[str, dict[str, str]]:
    papers = [part.name for case in procedure.cases for part in case.components]
    recent = media.recent(db.session(), [MediaKind.DOCUMENT], 200)
    files = {file.public_id: f"{file.title} (.{file.extension})" for file in recent}
    files |= {form.file: form.name for form in procedure.forms if form.file not in {"", *files}}
    return {"papers": {name: name[:120] for name in papers}, "files": files}


def _found(code: str) -> Procedure:
    procedure = load_with_parts(db.session(), [code]).get(code)
    if procedure is None:
        raise NotFound(code)
    return procedure
