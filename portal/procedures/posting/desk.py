"""The desk's page of posting: which sheets to replace where."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.core.db import db
from portal.core.web.bulk import nothing_picked, picks
from portal.procedures.posting import replacing

blueprint = desk_blueprint("posting", "niem-yet")
MOST = 100


@blueprint.get("/")
@needs("procedure.list")
def index() -> str:
    """Sheets to replace at one place, since a day."""
    place, since = _place(), _since()
    lines = replacing.to_replace(db.session(), place, since)
    return render_template(
        "procedures/posting/desk.html", places=replacing.places(), place=place, since=since,
        lines=lines[:MOST], total=len(lines), stale=sum(line.posted is not None for line in lines),
    )  # fmt: skip


@blueprint.post("/da-niem-yet")
@needs("procedure.edit")
def note() -> Response:
    """What was ticked hangs there now."""
    place = request.form.get("noi", "")
    back = url_for("posting_desk.index", noi=place)
    chosen = picks()
    if not chosen:
        return nothing_picked(back)
    count = replacing.note(current_actor(), place, chosen)
    flash(f"Đã ghi: {count} bản niêm yết được thay tại {place}.")
    return redirect(back, 303)


def _place() -> str:
    known = replacing.places()
    asked = request.args.get("noi", "")
    return asked if asked in known else known[0]


def _since() -> date | None:
    try:
        return date.fromisoformat(request.args.get("tu", ""))
    except ValueError:
        return None
