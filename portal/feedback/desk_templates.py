"""The desk of answer templates: a list, a form, a way back for what was removed."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.permissions import may
from portal.core.db import db
from portal.core.web.editing import Answer, VersionedForm, edit_page
from portal.core.web.forms import LineField, TextField, at_most, required
from portal.core.web.toasts import tell
from portal.directory.queries import unit_names
from portal.feedback import answer_templates as service
from portal.feedback.answer_starts import STARTS
from portal.feedback.answer_templates import MAX_NAME, MAX_TEMPLATE, Wanted
from portal.feedback.models import KIND_NAMES, Kind
from portal.feedback.placeholders import KNOWN, braced

blueprint = desk_blueprint("answer_templates", "phan-anh/mau")
ITEM = "/<int(max=2147483647):template_id>"


class TemplateForm(VersionedForm):
    """A template: for which kind, of which unit, and its words."""

    name = LineField("Tên mẫu", [required("Nhập tên mẫu."), at_most(MAX_NAME, "Tên mẫu")])
    kind = SelectField(
        "Dùng cho loại",
        choices={"": "Mọi loại"} | {kind.value: name for kind, name in KIND_NAMES.items()},
        validate_choice=False,
    )
    unit_code = SelectField("Của đơn vị", validate_choice=False)
    body = TextField("Lời mẫu", [required("Nhập lời mẫu."), at_most(MAX_TEMPLATE, "Lời mẫu")])

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        return Wanted(
            self.name.data, self.kind.data or None, self.unit_code.data or None, self.body.data
        )

    def offer(self) -> None:
        """Fill the list of units with those this person may write for."""
        names, actor = {"": "Cả cơ quan", **unit_names()}, current_actor()
        self.unit_code.choices = {
            code: name
            for code, name in names.items()
            if may(actor, service.EDIT, Wanted("", None, code or None, ""))
        }


@blueprint.get("/")
@needs("feedback.template")
def index() -> str:
    """All templates, of one kind perhaps."""
    asked = request.args.get("loai", "")
    kind = Kind(asked) if asked in set(Kind) else None
    rows, actor = service.every(db.session(), kind), current_actor()
    return render_template(
        "feedback/templates.html", kind=kind, kind_names=KIND_NAMES, units=unit_names(),
        rows=[row for row in rows if row.removed_at is None], starts=STARTS,
        removed=[row for row in rows if row.removed_at is not None],
        editable={row.id for row in rows if may(actor, service.EDIT, row)},
    )  # fmt: skip


@blueprint.route("/them", methods=["GET", "POST"])
@needs("feedback.template")
def add() -> Answer:
    """A new template; `bat_dau` names a ready text to begin with."""
    start = STARTS.get(request.args.get("bat_dau", ""))
    form = TemplateForm(obj=start)
    form.offer()
    return _edit(form, lambda: service.add(current_actor(), form.wanted), None)


@blueprint.route(ITEM, methods=["GET", "POST"])
@needs("feedback.template")
def edit(template_id: int) -> Answer:
    """Change a template."""
    template = service.get(db.session(), current_actor(), template_id)
    form = TemplateForm(obj=template)
    form.offer()

    def save() -> None:
        service.change(current_actor(), template_id, form.opened_version, form.wanted)

    return _edit(form, save, template)


@blueprint.post(f"{ITEM}/go")
@needs("feedback.template")
def remove(template_id: int) -> Response:
    """Offer it no more."""
    name = service.remove(current_actor(), template_id)
    tell(f"Đã gỡ mẫu “{name}”.", undo=url_for(".restore", template_id=template_id))
    return redirect(url_for(".index"), 303)


@blueprint.post(f"{ITEM}/khoi-phuc")
@needs("feedback.template")
def restore(template_id: int) -> Response:
    """Offer it again."""
    flash(f"Đã đưa lại mẫu “{service.restore(current_actor(), template_id)}”.")
    return redirect(url_for(".index"), 303)


def _edit(form: TemplateForm, save: Callable[[], object], record: object) -> Answer:
    return edit_page(
        form, "feedback/template.html", save=save, done="Đã lưu mẫu trả lời.",
        back=url_for(".index"), record=record,
        places=[(braced((name,)), said) for name, said in KNOWN.items()],
    )  # fmt: skip
