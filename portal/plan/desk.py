"""The plan's desk: tasks, their state and what serves them."""

from __future__ import annotations

from flask import render_template, request, url_for

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.units import unit_names
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.web.editing import Answer, edit_page
from portal.plan import queries, service
from portal.plan.forms import TaskForm

blueprint = desk_blueprint("plan", "ke-hoach")


@blueprint.get("/")
@needs("plan.list")
def index() -> str:
    """The tasks of one plan."""
    try:
        view = queries.show_plan(request.args.get("ke_hoach") or None)
    except NotFound:
        if request.args.get("ke_hoach"):
            raise
        view = None
    return render_template("plan/desk/index.html", view=view, state_names=queries.STATE_NAMES)


@blueprint.route("/nhiem-vu/<int(max=2147483647):task_id>", methods=["GET", "POST"])
@needs("plan.edit")
def task(task_id: int) -> Answer:
    """Change a task, or record its result."""
    found = queries.get_task(db.session(), task_id)
    form = TaskForm(obj=found)
    form.offer_leads(dict(unit_names()), found.lead)
    actor = current_actor()
    return edit_page(
        form, "plan/desk/task.html", done="Đã lưu nhiệm vụ.", record=found,
        back=url_for("plan_desk.index", ke_hoach=found.plan.code),
        save=lambda: service.edit_task(actor, task_id, form.opened_version, form.values()),
    )  # fmt: skip
