"""The directory's desk: keep numbers right, and say when they were last tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.permissions import Actor, require
from portal.core import clock
from portal.core.certainty import Certainty
from portal.core.db import db
from portal.core.web.bulk import answer, list_address, nothing_picked, picks
from portal.core.web.editing import Answer, edit_page
from portal.core.web.toasts import tell
from portal.directory import bulk, queries, reported, service, upkeep
from portal.directory.forms import ContactForm, HotlineForm, LeaderForm, UnitForm

blueprint = desk_blueprint("directory", "danh-ba")


@dataclass(frozen=True, slots=True)
class Editor:
    """How one kind of contact is edited."""

    form: type[ContactForm]
    template: str
    find: Callable[[Session, str], object]
    save: Callable[[Actor, str, int, Mapping[str, Any]], object]
    done: str


EDITORS = {
    "duong-day-nong": Editor(
        HotlineForm, "directory/desk/hotline.html",
        queries.get_hotline, service.edit_hotline, "Đã lưu đường dây.",
    ),
    "don-vi": Editor(
        UnitForm, "directory/desk/unit.html",
        queries.get_unit, service.edit_unit, "Đã lưu đơn vị.",
    ),
    "lanh-dao": Editor(
        LeaderForm, "directory/desk/leader.html",
        queries.get_leader, service.edit_leader, "Đã lưu liên hệ.",
    ),
}  # fmt: skip


@blueprint.get("/")
@needs("directory.list")
def index() -> str:
    """All lines, units and leaders."""
    hotlines = queries.all_hotlines()
    return render_template(
        "directory/desk/index.html",
        hotlines=[h for h in hotlines if h.removed_at is None],
        removed=[h for h in hotlines if h.removed_at is not None],
        reports=reported.of(db.session()),
        units=queries.all_units(),
        leaders=queries.all_leaders(),
    )


@blueprint.get("/can-kiem-tra")
@needs("directory.list")
def due() -> str:
    """Lines that nobody tried for longer than the limit, of one unit or of all."""
    unit = request.args.get("don_vi", "")[:80]
    return render_template(
        "directory/desk/due.html", unit=unit, units=queries.unit_names(),
        hotlines=upkeep.list_due(db.session(), clock.today(), unit),
        reports=reported.of(db.session()),
    )  # fmt: skip


@blueprint.route("/duong-day-nong/them", methods=["GET", "POST"])
@needs("directory.edit")
def create() -> Answer:
    """A new line."""
    form = HotlineForm(certainty=Certainty.UNVERIFIED.value)
    form.offer_units(queries.unit_names())
    return edit_page(
        form, "directory/desk/hotline.html", done="Đã thêm đường dây.", back=_home(), record=None,
        save=lambda: service.create_hotline(current_actor(), form.values()),
    )  # fmt: skip


@blueprint.route(
    "/<any('duong-day-nong', 'don-vi', 'lanh-dao'):folder>/<key>", methods=["GET", "POST"]
)
@needs("directory.edit")
def edit(folder: str, key: str) -> Answer:
    """Change a line, a unit or a leader's contact."""
    actor, editor = current_actor(), EDITORS[folder]
    record = editor.find(db.session(), key)
    require(actor, "directory.edit", record)
    form = editor.form(obj=record)
    form.offer_units(queries.unit_names())
    return edit_page(
        form, editor.template, done=editor.done, back=_home(), record=record,
        save=lambda: editor.save(actor, key, form.opened_version, form.values()),
    )  # fmt: skip


@blueprint.post("/duong-day-nong/<key>/da-kiem-tra")
@needs("directory.edit")
def check(key: str) -> Response:
    """Somebody tried the number today."""
    found = service.check_today(current_actor(), key)
    flash(f"Đã ghi: {found.name} được kiểm tra hôm nay.")
    return redirect(_back(), 303)


@blueprint.post("/hang-loat/da-kiem-tra")
@needs("directory.edit")
def check_many() -> Response | str:
    """Somebody tried the ticked lines today."""
    chosen = picks()
    if not chosen:
        return nothing_picked(_back())
    outcome = bulk.check_today(current_actor(), chosen)
    return answer(outcome, lambda n: f"Đã ghi: {n} đường dây được kiểm tra hôm nay.", _back())


@blueprint.post("/duong-day-nong/<key>/go")
@needs("directory.edit")
def remove(key: str) -> Response:
    """Take a line off the public page."""
    found = service.remove_hotline(current_actor(), key)
    tell(
        f"Đã gỡ: {found.name}. Người dân không còn thấy đường dây này.",
        undo=url_for("directory_desk.restore", key=key),
    )
    return redirect(_home(), 303)


@blueprint.post("/duong-day-nong/<key>/khoi-phuc")
@needs("directory.edit")
def restore(key: str) -> Response:
    """Put a line back."""
    found = service.restore_hotline(current_actor(), key)
    flash(f"Đã đưa lại: {found.name}.")
    return redirect(_home(), 303)


def _home() -> str:
    return url_for("directory_desk.index")


def _back() -> str:
    """The list in which the button stood: of all lines, or of those to try."""
    from_due = request.args.get("tu") == "can-kiem-tra"
    return list_address("directory_desk.due") if from_due else _home()
