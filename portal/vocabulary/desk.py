"""The desk of words: what people typed in vain, and the table of synonyms."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.tables import BOM, csv_line
from portal.core.text import clean_line
from portal.core.web.editing import Answer
from portal.core.web.pages import Page, paginate
from portal.core.web.requests import page_number
from portal.core.web.toasts import tell
from portal.search import service as search
from portal.search.models import SynonymRule
from portal.vocabulary import queries, service
from portal.vocabulary.forms import BOTH_WAYS, ONE_WAY, SynonymForm
from portal.vocabulary.queries import Trial

blueprint = desk_blueprint("vocabulary", "tim-kiem")
PAGE = 50


@blueprint.get("/")
@needs("wording.list")
def index() -> str:
    """Words that led nowhere."""
    handled = request.args.get("xem") == "da-xu-ly"
    page = paginate(db.session(), queries.gap_rows(handled), page_number(), PAGE)
    return render_template("vocabulary/gaps.html", page=page, handled=handled)


@blueprint.get("/xuat.csv")
@needs("wording.list")
def export() -> Response:
    """The same for a spreadsheet."""
    rows = db.session.scalars(queries.gap_rows(handled=False))
    lines = [BOM + csv_line(("tu", "so_lan", "chi_thay_gan_dung", "ngay_dau", "ngay_cuoi"))]
    lines += [
        csv_line((row.words, row.count, "có" if row.relaxed else "", row.first_on, row.last_on))
        for row in rows
    ]
    name = f"tu-chua-tim-thay-{clock.today():%Y-%m-%d}.csv"
    return _file("".join(lines), "text/csv", name)


@blueprint.post("/<int:gap_id>/da-xu-ly")
@needs("wording.edit")
def handle(gap_id: int) -> BaseResponse:
    """Somebody has dealt with these words."""
    gap = service.handle(current_actor(), gap_id)
    tell(f"Đã xử lý: “{gap.words}”.", undo=url_for(".reopen", gap_id=gap_id))
    return redirect(url_for(".index"), 303)


@blueprint.post("/<int:gap_id>/mo-lai")
@needs("wording.edit")
def reopen(gap_id: int) -> BaseResponse:
    """These words wait again."""
    gap = service.reopen(current_actor(), gap_id)
    flash(f"Đã đưa “{gap.words}” về danh sách chờ.")
    return redirect(url_for(".index"), 303)


@blueprint.get("/tu-dong-nghia/")
@needs("wording.list")
def synonyms() -> str:
    """The whole table, and a search to try."""
    text = clean_line(request.args.get("q", ""))[:200]
    tried = clean_line(request.args.get("thu", ""))[:200]
    number = page_number()
    lines = queries.lines(db.session(), text)
    return render_template(
        "vocabulary/synonyms.html",
        page=Page(lines[(number - 1) * PAGE : number * PAGE], number, PAGE, len(lines)),
        removed=queries.removed(db.session()),
        text=text,
        trial=queries.try_out(db.session(), tried) if tried else None,
    )


@blueprint.get("/tu-dong-nghia/xuat.txt")
@needs("wording.list")
def synonyms_file() -> Response:
    """The merged table in the format of `content/synonyms.txt`."""
    return _file(search.table().text(), "text/plain", "synonyms.txt")


@blueprint.route("/tu-dong-nghia/them", methods=["GET", "POST"])
@needs("wording.edit")
def add() -> Answer | BaseResponse:
    """A new line, for words that led nowhere perhaps."""
    words = clean_line(request.args.get("tu", ""))[:200]
    form = SynonymForm(said=words, trial=words, gap=request.args.get("muc", "")[:10])
    return _edit(form, None)


@blueprint.route("/tu-dong-nghia/<int:rule_id>", methods=["GET", "POST"])
@needs("wording.edit")
def edit(rule_id: int) -> Answer | BaseResponse:
    """Change a line of the desk."""
    rule = service.get(db.session(), rule_id)
    known = service.Wanted.of(rule.line)
    form = SynonymForm(
        said=known.said, meant=known.meant, version=str(rule.version), trial=known.said,
        direction=BOTH_WAYS if known.both_ways else ONE_WAY,
    )  # fmt: skip
    return _edit(form, rule)


def _edit(form: SynonymForm, rule: SynonymRule | None) -> Answer | BaseResponse:
    status, trial = 200, None
    if form.is_submitted():
        status = 400
        try:
            if form.validate():
                if "thu" in request.form:
                    status, trial = 200, _trial(form)
                else:
                    return _save(form, rule)
        except Invalid as error:
            form.add_problems(error.problems)
        except Conflict as error:
            form.add_problems({"": str(error)})
            form.version.data, form.version.raw_data = str(rule.version if rule else 0), None
            status = 409
    return render_template("vocabulary/synonym.html", form=form, rule=rule, trial=trial), status


def _trial(form: SynonymForm) -> Trial:
    words = form.trial.data or form.said.data.partition(",")[0]
    return queries.try_out(db.session(), words, form.wanted.line())


def _save(form: SynonymForm, rule: SynonymRule | None) -> BaseResponse:
    actor = current_actor()
    if rule is None:
        saved = service.add(actor, form.wanted, form.gap_id)
        undo = url_for(".remove", rule_id=saved.id)
        tell(f"Đã thêm: {saved.line}. Có tác dụng ngay khi tìm.", undo=undo)
    else:
        saved = service.change(actor, rule.id, form.opened_version, form.wanted)
        flash(f"Đã lưu: {saved.line}. Có tác dụng ngay khi tìm.")
    words = form.trial.data or service.Wanted.of(saved.line).said.partition(",")[0]
    return redirect(url_for(".synonyms", thu=words), 303)


@blueprint.post("/tu-dong-nghia/<int:rule_id>/go")
@needs("wording.edit")
def remove(rule_id: int) -> BaseResponse:
    """Take a line of the desk out, or let a hidden line of the file count again."""
    rule = service.remove(current_actor(), rule_id)
    done = "Dòng này của bảng gốc lại có tác dụng" if rule.hides else "Đã gỡ"
    tell(f"{done}: {rule.line}.", undo=url_for(".restore", rule_id=rule_id))
    return redirect(url_for(".synonyms"), 303)


@blueprint.post("/tu-dong-nghia/<int:rule_id>/khoi-phuc")
@needs("wording.edit")
def restore(rule_id: int) -> BaseResponse:
    """Put a line back."""
    rule = service.restore(current_actor(), rule_id)
    flash(f"Đã tắt: {rule.line}." if rule.hides else f"Đã đưa lại: {rule.line}.")
    return redirect(url_for(".synonyms"), 303)


@blueprint.post("/tu-dong-nghia/tat")
@needs("wording.edit")
def hide() -> BaseResponse:
    """Have a line of the file count no more."""
    rule = service.hide(current_actor(), request.form.get("line", ""))
    tell(f"Đã tắt: {rule.line}.", undo=url_for(".remove", rule_id=rule.id))
    return redirect(url_for(".synonyms"), 303)


def _file(text: str, kind: str, name: str) -> Response:
    response = Response(text, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
