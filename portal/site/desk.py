"""The desk's first page: what waits for me, and where my rooms stand."""

from __future__ import annotations

from flask import render_template

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.core.db import db
from portal.site import samples
from portal.site import today as today_page

blueprint = desk_blueprint("site", "")


@blueprint.get("/")
@needs("desk.open")
def today() -> str:
    """What waits for the signed-in person."""
    shown = today_page.of(db.session(), current_actor())
    return render_template("site/today.html", shown=shown)


@blueprint.get("/giao-dien")
@needs("desk.open")
def components() -> str:
    """Every component in every state: the living part of the documentation."""
    return render_template("site/components.html", samples=samples, parts=samples.PARTS)
