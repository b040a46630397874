"""Pages for who needs somebody to ask or to call."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.settings import current_settings
from portal.core.web import kiosk
from portal.core.web.forms import csrf
from portal.core.web.requests import client_address
from portal.core.web.sharing import Sharing
from portal.directory import queries, reports, structured
from portal.directory.models import TROUBLE_NAMES, Hotline, Trouble

blueprint = Blueprint("directory", __name__)
VIEWS = {"": "Theo việc", "don-vi": "Đơn vị", "lanh-dao": "Lãnh đạo"}


@blueprint.get("/duong-day-nong/")
@kiosk.screen
def hotlines() -> str:
    """Whom to call: by need (`viec` for one alone), or `theo` unit or leader."""
    contacts = queries.contacts()
    view, purpose = request.args.get("theo", ""), request.args.get("viec", "")
    need = contacts.need(purpose) if purpose else None
    agency = structured.agency(current_settings(), contacts.hotlines)
    return kiosk.render(
        "directory/hotlines.html", contacts=contacts, need=need, views=VIEWS,
        view=view if view in VIEWS and not need else "", stamp=reports.stamp(),
        sharing=Sharing(things=[agency]),
    )  # fmt: skip


@blueprint.get("/don-vi/<code>")
@kiosk.screen
def unit(code: str) -> str:
    """One unit: what it does and how to reach it."""
    found, contacts = queries.unit_page(code)
    sharing = structured.of_unit(current_settings(), found, contacts)
    return kiosk.render(
        "directory/unit.html", unit=found, contacts=contacts, sharing=sharing,
        stamp=reports.stamp(),
    )  # fmt: skip


@blueprint.get("/duong-day-nong/<key>/bao-so")
def open_report(key: str) -> str:
    """What is wrong with the number? For those whose page was too old for the one button."""
    return _ask(_callable(key))


@blueprint.post("/duong-day-nong/<key>/bao-so")
@csrf.exempt  # type: ignore[untyped-decorator]  # readers have no session; see `reports.stamp`
def report(key: str) -> ResponseReturnValue:
    """The number cannot be reached: one tap, no word about the sender. A report that comes again
    with another reason changes the first one."""
    reason = request.form.get("ly_do", Trouble.DEAD.value)
    if not reports.is_stamp(request.form.get("csrf_token", "")) or reason not in list(Trouble):
        try:
            return _ask(_callable(key)), 400
        except NotFound:
            abort(400)
    # People do not see this field; programs that fill in everything do.
    if not request.form.get("trang_web"):
        reports.take(key, Trouble(reason), client_address())
    return redirect(url_for("directory.reported", key=key), 303)


@blueprint.get("/duong-day-nong/<key>/da-bao")
def reported(key: str) -> str:
    """Thanks, and buttons to say more exactly what was wrong."""
    return render_template(
        "directory/reported.html", hotline=_callable(key), stamp=reports.stamp(),
        reasons=TROUBLE_NAMES,
    )  # fmt: skip


def _ask(hotline: Hotline) -> str:
    return render_template(
        "directory/report.html", hotline=hotline, stamp=reports.stamp(), reasons=TROUBLE_NAMES
    )


def _callable(key: str) -> Hotline:
    hotline = queries.public_hotline(key)
    if not hotline.phone:
        raise NotFound(key)
    return hotline
