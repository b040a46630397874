"""The plan's desk: tasks, their state and what serves them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.permissions import may, require
from portal.accounts.units import unit_names
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.web.editing import Answer, edit_page
from portal.core.web.toasts import tell
from portal.plan import queries, service
from portal.plan.forms import ResultForm, TaskForm
from portal.plan.models import PlanTask
from portal.plan.topics import topic_names

blueprint = desk_blueprint("plan", "ke-hoach")
TASK = "/nhiem-vu/<int(max=2147483647):task_id>"


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
    removed = queries.removed_tasks(db.session(), view.plan.id) if view else ()
    return render_template(
        "plan/desk/index.html", view=view, removed=removed, state_names=queries.STATE_NAMES
    )


@blueprint.route("/nhiem-vu/them", methods=["GET", "POST"])
@needs("plan.edit")
def add() -> Answer:
    """A new task of a plan."""
    try:
        plan = queries.show_plan(request.args.get("ke_hoach") or None).plan
    except NotFound:
        return redirect(url_for("plan_desk.index"), 303)
    form, actor = TaskForm(), current_actor()
    form.offer_leads(dict(unit_names()), "")
    form.offer_topics(topic_names())
    return edit_page(
        form, "plan/desk/task.html", done="Đã thêm nhiệm vụ.", record=None, plan=plan, whole=True,
        back=url_for("plan_desk.index", ke_hoach=plan.code),
        save=lambda: service.add_task(actor, plan.code, form.values()),
    )  # fmt: skip


@blueprint.route(TASK, methods=["GET", "POST"])
@needs("plan.report")
def task(task_id: int) -> Answer:
    """Change a task, or record its result."""
    found, actor = queries.get_task(db.session(), task_id), current_actor()
    require(actor, service.REPORT, found)
    whole = may(actor, service.EDIT, found)
    form = _whole_form(found) if whole else ResultForm(obj=found)
    save = service.edit_task if whole else service.record_result
    return edit_page(
        form, "plan/desk/task.html", done="Đã lưu nhiệm vụ.", record=found, plan=found.plan,
        whole=whole, back=url_for("plan_desk.index", ke_hoach=found.plan.code),
        save=lambda: save(actor, task_id, form.opened_version, form.values()),
    )  # fmt: skip


@blueprint.post(TASK + "/bo")
@needs("plan.edit")
def remove(task_id: int) -> Response:
    """Take a task out of its plan."""
    found = service.remove_task(current_actor(), task_id)
    undo = url_for("plan_desk.restore", task_id=task_id)
    tell(f"Đã bỏ nhiệm vụ {found.number} khỏi kế hoạch.", undo=undo)
    return redirect(url_for("plan_desk.index", ke_hoach=found.plan.code), 303)


@blueprint.post(TASK + "/khoi-phuc")
@needs("plan.edit")
def restore(task_id: int) -> Response:
    """Put a task back."""
    found = service.restore_task(current_actor(), task_id)
    flash(f"Đã đưa lại nhiệm vụ {found.number}.")
    return redirect(url_for("plan_desk.index", ke_hoach=found.plan.code), 303)


def _whole_form(found: PlanTask) -> TaskForm:
    form = TaskForm(obj=found)
    form.offer_leads(dict(unit_names()), found.lead)
    form.offer_topics(topic_names())
    return form
