"""The inbox: piles, filters, order."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.accounts.access import current_actor, needs
from portal.accounts.list_views import BuiltIn, list_views
from portal.accounts.models import DeskList
from portal.accounts.permissions import Actor, may
from portal.core import clock
from portal.core.db import db
from portal.core.settings import current_settings
from portal.core.web.requests import page_number
from portal.directory.queries import unit_names
from portal.feedback import deadlines, narrowing, queries
from portal.feedback.desk import blueprint
from portal.feedback.models import CHANNEL_NAMES, KIND_NAMES, Feedback
from portal.feedback.queries import TRAY_NAMES, Tray
from portal.feedback.states import OPEN


@blueprint.get("/")
@needs("feedback.list")
def inbox() -> ResponseReturnValue:
    """One pile of the inbox, with how much lies in the others."""
    actor, session = current_actor(), db.session()
    trays = queries.trays_of(actor)
    try:
        tray = Tray(request.args.get("khay", trays[0].value if trays else Tray.NEW.value))
        asked = narrowing.read(request.args)
    except (ValueError, OverflowError):
        abort(400)
    counts = queries.tray_counts(session, actor)
    views = list_views(
        DeskList.FEEDBACK,
        [BuiltIn(TRAY_NAMES[one], (("khay", one.value),), counts[one]) for one in trays],
    )
    if views.start:
        return redirect(views.start, 303)
    page = queries.inbox(session, actor, tray, asked, page_number())
    readable = {item.id for item in page.items if may(actor, "feedback.view", item)}
    return render_template(
        "feedback/inbox.html", page=page, tray=tray, asked=asked, readable=readable,
        views=views, trays=TRAY_NAMES, kind_names=KIND_NAMES, channel_names=CHANNEL_NAMES,
        sort_names=narrowing.SORT_NAMES, pickable=_pickable(actor, page.items),
        open_states=OPEN, units=unit_names(), days_left=_days_left,
        people=queries.names_of(session, {item.assignee_id for item in page.items}),
    )  # fmt: skip


def _pickable(actor: Actor, items: Sequence[Feedback]) -> set[int]:
    return {i.id for i in items if i.state in OPEN and may(actor, "feedback.assign", i)}


def _days_left(item: Feedback) -> int:
    """Working days until the answer is due; below 0 by how many it is late."""
    if item.paused_on is not None:
        return item.days_left or 0
    return deadlines.days_left(item.due_on, clock.today(), current_settings().calendar)
