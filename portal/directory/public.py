"""Pages for who needs somebody to ask or to call."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.core.settings import current_settings
from portal.core.web.sharing import Sharing
from portal.directory import queries, structured

blueprint = Blueprint("directory", __name__)


@blueprint.get("/duong-day-nong/")
def hotlines() -> str:
    """Whom to call for what, leaders' contacts, units."""
    contacts = queries.contacts()
    agency = structured.agency(current_settings(), contacts.hotlines)
    return render_template(
        "directory/hotlines.html", contacts=contacts, sharing=Sharing(things=[agency])
    )


@blueprint.get("/don-vi/<code>")
def unit(code: str) -> str:
    """One unit: what it does and how to reach it."""
    found, contacts = queries.unit_page(code)
    sharing = structured.of_unit(current_settings(), found, contacts)
    return render_template("directory/unit.html", unit=found, contacts=contacts, sharing=sharing)
