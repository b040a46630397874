"""Pages for who needs somebody to ask or to call."""

from __future__ import annotations

from flask import Blueprint

from portal.core.settings import current_settings
from portal.core.web import kiosk
from portal.core.web.sharing import Sharing
from portal.directory import queries, structured

blueprint = Blueprint("directory", __name__)


@blueprint.get("/duong-day-nong/")
@kiosk.screen
def hotlines() -> str:
    """Whom to call for what, leaders' contacts, units."""
    contacts = queries.contacts()
    agency = structured.agency(current_settings(), contacts.hotlines)
    return kiosk.render(
        "directory/hotlines.html", contacts=contacts, sharing=Sharing(things=[agency])
    )


@blueprint.get("/don-vi/<code>")
@kiosk.screen
def unit(code: str) -> str:
    """One unit: what it does and how to reach it."""
    found, contacts = queries.unit_page(code)
    sharing = structured.of_unit(current_settings(), found, contacts)
    return kiosk.render("directory/unit.html", unit=found, contacts=contacts, sharing=sharing)
