"""The desk of outside addresses: which do not open, where they stand, what to do."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.permissions import Actor, Grant, Role
from portal.accounts.units import unit_names
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.core.web.bulk import list_address
from portal.core.web.pages import paginate
from portal.core.web.requests import page_number
from portal.links import service
from portal.links.models import LINK_STATE_NAMES, ExternalLink, LinkPlace, LinkState

blueprint = desk_blueprint("links", "lien-ket")
LINK = "/<int(max=2147483647):link_id>"
PAGE = 50
_VIEWS = {
    "hong": ("Hỏng", ExternalLink.state == LinkState.BROKEN),
    "theo-doi": ("Đang theo dõi", ExternalLink.state == LinkState.FAILING),
    "da-doi": ("Đã đổi địa chỉ", ExternalLink.moved_to != ""),
    "khong-thu-duoc": ("Không thử được", ExternalLink.state == LinkState.UNCLEAR),
    "tat-ca": ("Tất cả", true()),
    "bo-qua": ("Đã bỏ qua", ExternalLink.ignored_at.is_not(None)),
}
_WHOLE = (Role.PUBLISHER, Role.AUDITOR, Role.ADMINISTRATOR)


@blueprint.get("/")
@needs("link.list")
def index() -> str:
    """Addresses outside, by how they answered and by the unit whose pages hold them."""
    view, unit = request.args.get("xem", "hong"), request.args.get("don_vi", "")[:80]
    view = view if view in _VIEWS else "hong"
    query = _listed(current_actor(), view, unit)
    return render_template(
        "links/index.html", page=paginate(db.session(), query, page_number(), PAGE), view=view,
        views={key: name for key, (name, _) in _VIEWS.items()}, unit=unit, units=unit_names(),
        state_names=LINK_STATE_NAMES, switched_on=current_settings().check_links,
        days=service.DAYS_TO_BREAK,
    )  # fmt: skip


@blueprint.post(LINK + "/thu-lai")
@needs("link.edit")
def ask(link_id: int) -> Response:
    """Try an address again, soon."""
    service.ask(current_actor(), link_id)
    flash("Cổng sẽ thử lại liên kết này trong ít phút. Bạn mở lại trang để xem kết quả.")
    return redirect(list_address("links_desk.index"), 303)


@blueprint.post(LINK + "/bo-qua")
@needs("link.edit")
def ignore(link_id: int) -> Response:
    """Stop reporting an address, with a reason."""
    try:
        service.ignore(current_actor(), link_id, clean_line(request.form.get("reason", "")))
    except Invalid as error:
        flash(" ".join(error.problems.values()), "wait")
    else:
        flash("Đã bỏ qua liên kết này. Bạn tìm lại được ở mục “Đã bỏ qua”.")
    return redirect(list_address("links_desk.index"), 303)


@blueprint.post(LINK + "/theo-doi")
@needs("link.edit")
def watch(link_id: int) -> Response:
    """Report an address again."""
    service.watch(current_actor(), link_id)
    flash("Liên kết được theo dõi lại.")
    return redirect(url_for("links_desk.index", xem="bo-qua"), 303)


def _listed(actor: Actor, view: str, unit: str) -> Select[ExternalLink]:
    query = select(ExternalLink).where(_VIEWS[view][1])
    if view != "bo-qua":
        query = query.where(ExternalLink.ignored_at.is_(None))
    mine = [_scope(actor), *([LinkPlace.unit_code == unit] if unit else [])]
    query = query.where(ExternalLink.id.in_(select(LinkPlace.link_id).where(*mine)))
    order = (ExternalLink.broken_on.asc().nulls_last(), ExternalLink.host, ExternalLink.id)
    return query.options(selectinload(ExternalLink.places)).order_by(*order)


def _scope(actor: Actor) -> ColumnElement[bool]:
    """Places that this person may know of: editors of a unit see those of their unit."""
    whole = any(grant.role in _WHOLE for grant in actor.grants)
    if whole or Grant(Role.UNIT_EDITOR) in actor.grants:
        return true()
    return LinkPlace.unit_code.in_(sorted(actor.units))
