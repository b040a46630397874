"""Saving a list's filters under a name, from the list itself."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import saved_views
from portal.accounts.access import DESK, current_actor, needs
from portal.accounts.list_views import UNFILTERED, address
from portal.accounts.models import DeskList
from portal.core.errors import Invalid
from portal.core.web.toasts import tell

blueprint = Blueprint("saved_views_desk", __name__, url_prefix=f"{DESK}/danh-sach")


@blueprint.post("/<which>")
@needs("account.own")
def save(which: str) -> Response:
    """Keep the filters of a list under a name."""
    if which not in list(DeskList):
        abort(404)
    chosen, query = DeskList(which), request.form.get("query", "")
    try:
        saved = saved_views.save(
            current_actor(), chosen, request.form.get("name", ""), query,
            is_default=request.form.get("first") == "1",
        )  # fmt: skip
    except Invalid as error:
        flash(str(error), "bad")
        return redirect(address(chosen, saved_views.canonical(chosen, parse_qsl(query))), 303)
    flash(f"Đã lưu danh sách “{saved.name}”.")
    return redirect(address(chosen, saved.query), 303)


@blueprint.post("/<int:view_id>/xoa")
@needs("account.own")
def remove(view_id: int) -> Response:
    """Forget a list, with a way back."""
    gone = saved_views.remove(current_actor(), view_id)
    fields = [("name", gone.name), ("query", gone.query), ("first", "1" if gone.is_default else "")]
    tell(
        f"Đã xóa danh sách “{gone.name}”.", undo=url_for(".save", which=gone.list_name),
        fields=fields,
    )  # fmt: skip
    return redirect(address(DeskList(gone.list_name), urlencode(UNFILTERED)), 303)


@blueprint.post("/<int:view_id>/mo-dau-tien")
@needs("account.own")
def make_default(view_id: int) -> Response:
    """Let a list be what its room opens with, or no longer."""
    on = request.form.get("on") == "1"
    view = saved_views.set_default(current_actor(), view_id, on=on)
    flash(
        f"Từ nay mục này mở với danh sách “{view.name}”."
        if on
        else f"Mục này không còn mở với danh sách “{view.name}”."
    )
    return redirect(address(DeskList(view.list_name), view.query), 303)
