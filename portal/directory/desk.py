"""The directory's desk: keep numbers right, and say when they were last tried."""

from __future__ import annotations

from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.permissions import require
from portal.core.certainty import Certainty
from portal.core.db import db
from portal.core.web.editing import Answer, edit_page
from portal.directory import queries, service
from portal.directory.forms import HotlineForm, LeaderForm, UnitForm
from portal.directory.models import Hotline, Leader, Unit

blueprint = desk_blueprint("directory", "danh-ba")
R = TypeVar("R", Hotline, Unit, Leader)


@blueprint.get("/")
@needs("directory.list")
def index() -> str:
    """All lines, units and leaders."""
    hotlines = queries.all_hotlines()
    gone = request.args.get("da_go", "")
    return render_template(
        "directory/desk/index.html",
        hotlines=[h for h in hotlines if h.removed_at is None],
        removed=[h for h in hotlines if h.removed_at is not None],
        just_removed=next((h for h in hotlines if h.key == gone and h.removed_at), None),
        units=queries.all_units(),
        leaders=queries.all_leaders(),
    )


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


@blueprint.route("/duong-day-nong/<key>", methods=["GET", "POST"])
@needs("directory.edit")
def hotline(key: str) -> Answer:
    """Change a line."""
    found = _mine(queries.get_hotline(db.session(), key))
    form = HotlineForm(obj=found)
    form.offer_units(queries.unit_names())
    return edit_page(
        form, "directory/desk/hotline.html", done="Đã lưu đường dây.", back=_home(), record=found,
        save=lambda: service.edit_hotline(current_actor(), key, form.opened_version, form.values()),
    )  # fmt: skip


@blueprint.post("/duong-day-nong/<key>/da-kiem-tra")
@needs("directory.edit")
def check(key: str) -> Response:
    """Somebody tried the number today."""
    found = service.check_today(current_actor(), key)
    flash(f"Đã ghi: {found.name} được kiểm tra hôm nay.")
    return redirect(_home(), 303)


@blueprint.post("/duong-day-nong/<key>/go")
@needs("directory.edit")
def remove(key: str) -> Response:
    """Take a line off the public page."""
    service.remove_hotline(current_actor(), key)
    return redirect(url_for("directory_desk.index", da_go=key), 303)


@blueprint.post("/duong-day-nong/<key>/khoi-phuc")
@needs("directory.edit")
def restore(key: str) -> Response:
    """Put a line back."""
    found = service.restore_hotline(current_actor(), key)
    flash(f"Đã đưa lại: {found.name}.")
    return redirect(_home(), 303)


@blueprint.route("/don-vi/<code>", methods=["GET", "POST"])
@needs("directory.edit")
def unit(code: str) -> Answer:
    """Change a unit."""
    found = _mine(queries.get_unit(db.session(), code))
    form = UnitForm(obj=found)
    return edit_page(
        form, "directory/desk/unit.html", done="Đã lưu đơn vị.", back=_home(), record=found,
        save=lambda: service.edit_unit(current_actor(), code, form.opened_version, form.values()),
    )  # fmt: skip


@blueprint.route("/lanh-dao/<key>", methods=["GET", "POST"])
@needs("directory.edit")
def leader(key: str) -> Answer:
    """Change a leader's contact."""
    found = _mine(queries.get_leader(db.session(), key))
    form = LeaderForm(obj=found)
    form.offer_units(queries.unit_names())
    return edit_page(
        form, "directory/desk/leader.html", done="Đã lưu liên hệ.", back=_home(), record=found,
        save=lambda: service.edit_leader(current_actor(), key, form.opened_version, form.values()),
    )  # fmt: skip


def _home() -> str:
    return url_for("directory_desk.index")


def _mine(record: R) -> R:
    require(current_actor(), "directory.edit", record)
    return record
