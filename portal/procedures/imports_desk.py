"""The desk of imports: bring a file, look at its proposal row by row, apply it, take it back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.access import DESK, current_actor, needs
from portal.core.db import db
from portal.core.diff import compare
from portal.core.errors import Invalid, NotFound
from portal.core.tables import BOM, safe_cell
from portal.core.text import clean_line
from portal.core.web.pages import paginate
from portal.core.web.requests import page_number
from portal.procedures import import_queries, imports
from portal.procedures.comparing import FACT_NAMES
from portal.procedures.import_forms import COLUMN_CHOICES, AboutForm, ImportForm
from portal.procedures.import_models import (
    Decision,
    ImportState,
    ProcedureImport,
    RowOutcome,
)
from portal.procedures.importing import jobs, undoing
from portal.procedures.importing.columns import Head
from portal.procedures.importing.decisions import about_in
from portal.procedures.importing.importer import DECISION_NAMES
from portal.procedures.importing.notes import SEVERITY_NAMES, Severity
from portal.procedures.importing.wording import fact_words

blueprint = Blueprint("imports_desk", __name__, url_prefix=f"{DESK}/thu-tuc/nhap")
PAGE = 50
Answer = str | BaseResponse | tuple[str, int]
OUTCOMES = {
    RowOutcome.OPEN: "",
    RowOutcome.APPLIED: "đã ghi",
    RowOutcome.STALE: "không ghi: có người vừa sửa",
    RowOutcome.WAITING: "chờ ngày có hiệu lực",
    RowOutcome.UNDONE: "đã hoàn tác",
    RowOutcome.BLOCKED: "không hoàn tác: đã có người sửa",
}
STATES = {
    ImportState.READING: "Đang đọc tệp",
    ImportState.COLUMNS: "Chờ ghép cột",
    ImportState.READY: "Chờ bạn duyệt",
    ImportState.APPLYING: "Đang ghi",
    ImportState.APPLIED: "Đã nhập",
    ImportState.UNDOING: "Đang hoàn tác",
    ImportState.UNDONE: "Đã hoàn tác",
    ImportState.INTERRUPTED: "Bị gián đoạn",
    ImportState.FAILED: "Không đọc được",
}


@blueprint.route("", methods=["GET", "POST"])
@needs("procedure.import")
def upload() -> Answer:
    """Bring a file to try; imports of before."""
    form = ImportForm()
    status = 200
    if form.is_submitted():
        status = 400
        try:
            if form.validate():
                file = form.file.data
                token = imports.bring(current_actor(), file.stream, file.filename)
                return redirect(url_for("imports_desk.show", token=token), 303)
        except Invalid as error:
            form.add_problems(error.problems)
    rows = import_queries.recent(db.session())
    return render_template(
        "procedures/desk/imports/upload.html", form=form, rows=rows, states=STATES
    ), status


@blueprint.get("/<token>")
@needs("procedure.import")
def show(token: str) -> Answer:
    """Where an import is: its progress, its columns, its proposal or what became of it."""
    row = imports.find(db.session(), token)
    if row.state in jobs.WORKING:
        return render_template("procedures/desk/imports/progress.html", row=row, states=STATES)
    if row.state == ImportState.COLUMNS:
        return redirect(url_for("imports_desk.columns", token=token), 303)
    if row.state in (ImportState.INTERRUPTED, ImportState.FAILED):
        return render_template("procedures/desk/imports/stopped.html", row=row, states=STATES)
    return _proposal(row)


@blueprint.get("/<token>/tien-do")
@needs("procedure.import")
def progress(token: str) -> Response:
    """How far a job is, for the page that watches it."""
    row = imports.find(db.session(), token)
    return jsonify(state=row.state, done=row.done, total=row.total)


@blueprint.route("/<token>/cot", methods=["GET", "POST"])
@needs("procedure.import")
def columns(token: str) -> Answer:
    """Say which column holds what."""
    row = imports.find(db.session(), token)
    heads = [Head(**{**head, "headers": tuple(head["headers"])}) for head in row.heads]
    if not heads:
        raise NotFound(token)
    number = request.values.get("bang", "0")
    place = int(number) if number.isdecimal() and int(number) < len(heads) else 0
    head, problem = heads[place], ""
    chosen = dict(head.facts)
    if request.method == "POST":
        chosen = {name: request.form.get(f"cot-{i}", "") for i, name in enumerate(head.headers)}
        try:
            imports.name_columns(current_actor(), token, head, chosen)
            return redirect(url_for("imports_desk.show", token=token), 303)
        except Invalid as error:
            problem = error.problems["columns"]
    return render_template(
        "procedures/desk/imports/columns.html", row=row, head=head, chosen=chosen, place=place,
        heads=heads, choices=COLUMN_CHOICES, problem=problem,
    ), 400 if problem else 200  # fmt: skip


@blueprint.get("/<token>/dong/<int:row_id>")
@needs("procedure.import")
def line(token: str, row_id: int) -> str:
    """One row: each fact as it is and as it would be, side by side."""
    row = imports.find(db.session(), token)
    pair = import_queries.pair(db.session(), row, row_id)
    names = pair.line.differences or [name for name in FACT_NAMES if fact_words(pair.after, name)]
    parts = [
        (FACT_NAMES[name], compare(fact_words(pair.before, name), fact_words(pair.after, name)))
        for name in names
        if name in FACT_NAMES
    ]
    return render_template(
        "procedures/desk/imports/line.html", row=row, line=pair.line, parts=parts,
        notes=import_queries.notes_of(db.session(), row.id, pair.line), names=DECISION_NAMES,
        severities=SEVERITY_NAMES, is_new=pair.before is None, outcomes=OUTCOMES,
    )  # fmt: skip


@blueprint.post("/<token>/chon")
@needs("procedure.import")
def pick(token: str) -> BaseResponse:
    """Keep what is ticked on this page, or tick a whole kind."""
    actor = current_actor()
    shown, ticked = (
        [int(x) for x in request.form.getlist(name)[:500] if x.isdecimal() and len(x) < 16]
        for name in ("hien", "chon")
    )
    imports.accept(actor, token, shown, ticked)
    for name, accepted in (("tat-ca", True), ("khong", False)):
        if (kind := request.form.get(name, "")) in DECISION_NAMES:
            count = imports.accept_all(actor, token, kind, accepted=accepted)
            done = "chọn thêm" if accepted else "bỏ chọn"
            flash(f"Đã {done} {count} dòng loại “{DECISION_NAMES[Decision(kind)]}”.")
    if request.form.get("viec") == "ghi":
        return apply(token)
    query = request.form.get("ve", "")[:500]
    return redirect(f"{url_for('imports_desk.show', token=token)}?{query}".rstrip("?"), 303)


@blueprint.post("/<token>/ghi")
@needs("procedure.import")
def apply(token: str) -> BaseResponse:
    """Write what is ticked."""
    try:
        imports.start_applying(current_actor(), token)
    except Invalid as error:
        flash(" ".join(error.problems.values()), "wait")
    return redirect(url_for("imports_desk.show", token=token), 303)


@blueprint.post("/<token>/quyet-dinh")
@needs("procedure.import")
def describe(token: str) -> Answer:
    """Say which decision the tables belong to."""
    row = imports.find(db.session(), token)
    form = AboutForm()
    try:
        if form.validate():
            imports.describe(current_actor(), token, form.about())
            flash("Đã lưu thông tin quyết định.")
            return redirect(url_for("imports_desk.show", token=token), 303)
    except Invalid as error:
        form.add_problems(error.problems)
    return _proposal(row, form), 400


@blueprint.post("/<token>/hoan-tac")
@needs("procedure.import")
def undo(token: str) -> BaseResponse:
    """Take an applied import back."""
    imports.start_undoing(current_actor(), token)
    return redirect(url_for("imports_desk.show", token=token), 303)


@blueprint.post("/<token>/lai")
@needs("procedure.import")
def again(token: str) -> BaseResponse:
    """Begin an interrupted job again."""
    imports.start_again(current_actor(), token)
    return redirect(url_for("imports_desk.show", token=token), 303)


@blueprint.post("/<token>/bo")
@needs("procedure.import")
def forget(token: str) -> BaseResponse:
    """Throw a proposal away."""
    imports.forget(current_actor(), token)
    flash("Đã bỏ tệp. Chưa có gì được ghi vào dữ liệu.")
    return redirect(url_for("imports_desk.upload"), 303)


@blueprint.get("/<token>/ghi-chu.csv")
@needs("procedure.import")
def report(token: str) -> Response:
    """Every finding with its row, for a spreadsheet."""
    row = imports.find(db.session(), token)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["Trang tính", "Dòng", "Mã", "Loại", "Cột", "Thấy gì", "Đã làm gì"])
    for note in import_queries.all_notes(db.session(), row.id):
        severity = SEVERITY_NAMES[Severity(note.severity)]
        cells = (note.sheet, note.row or "", note.code, severity, note.column_name, note.found,
                 note.message)  # fmt: skip
        writer.writerow([safe_cell(cell) for cell in cells])
    headers = {"Content-Disposition": f'attachment; filename="ghi-chu-{row.id}.csv"'}
    return Response(BOM + buffer.getvalue(), mimetype="text/csv", headers=headers)


def _proposal(row: ProcedureImport, form: AboutForm | None = None) -> str:
    session = db.session()
    wanted = _filters()
    counts = import_queries.counts(session, row.id)
    applied = row.state in (ImportState.APPLIED, ImportState.UNDONE)
    return render_template(
        "procedures/desk/imports/proposal.html",
        row=row,
        form=form or AboutForm(data=vars_of(row)),
        page=paginate(session, import_queries.rows(row.id, wanted), page_number(), PAGE),
        wanted=wanted,
        counts=counts,
        picked=sum(one.accepted for one in counts.values()),
        noted=import_queries.noted(session, row.id),
        places=import_queries.places(session, row.id),
        blocked=undoing.blocked(session, row.id) if row.state == ImportState.APPLIED else 0,
        names=DECISION_NAMES,
        fact_names=FACT_NAMES,
        severities=SEVERITY_NAMES,
        outcomes=OUTCOMES,
        states=STATES,
        applied=applied,
        pairs=lambda values: [(one, one) for one in values],
    )


def vars_of(row: ProcedureImport) -> dict[str, Any]:
    """What the form of the decision begins with."""
    about = about_in(row.decision)
    return {name: getattr(about, name) for name in about.__dataclass_fields__}


def _filters() -> Mapping[str, str]:
    names = ("q", "loai", "bo", "co-quan", "chu-y")
    return {name: clean_line(request.args.get(name, ""))[:300] for name in names}
