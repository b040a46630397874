"""Pages for who needs somebody to ask or to call."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.directory import queries

blueprint = Blueprint("directory", __name__)


@blueprint.get("/duong-day-nong/")
def hotlines() -> str:
    """Whom to call for what, leaders' contacts, units."""
    return render_template("directory/hotlines.html", contacts=queries.contacts())


@blueprint.get("/don-vi/<code>")
def unit(code: str) -> str:
    """One unit: what it does and how to reach it."""
    found, contacts = queries.unit_page(code)
    return render_template("directory/unit.html", unit=found, contacts=contacts)
