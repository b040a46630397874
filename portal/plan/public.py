"""The plan and its progress, for everybody."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.core.errors import NotFound
from portal.plan import queries

blueprint = Blueprint("plan", __name__)


@blueprint.get("/ke-hoach/")
def current() -> str:
    """The current plan."""
    try:
        shown = queries.show_plan()
    except NotFound:
        return render_template("plan/none.html")
    return _page(shown)


@blueprint.get("/ke-hoach/<code>")
def plan(code: str) -> str:
    """One plan."""
    return _page(queries.show_plan(code))


def _page(shown: queries.PlanView) -> str:
    return render_template(
        "plan/plan.html", view=shown, plan=shown.plan, state_names=queries.STATE_NAMES
    )
