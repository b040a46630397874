"""What staff see of subscribers: how many there are."""

from __future__ import annotations

from flask import render_template

from portal.accounts.access import desk_blueprint, needs
from portal.core.db import db
from portal.subscriptions import service

blueprint = desk_blueprint("subscriptions", "nhan-thu")


@blueprint.get("/")
@needs("procedure.list")
def index() -> str:
    """Counts, no address."""
    confirmed, waiting = service.counts(db.session())
    return render_template("subscriptions/desk.html", confirmed=confirmed, waiting=waiting)
