"""Plans as pages show them: tasks with their state, counted from dates and evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.accounts.units import unit_names
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.settings import current_settings
from portal.plan.deadlines import Deadline, deadlines
from portal.plan.evidence import Evidence, gather
from portal.plan.models import Plan, PlanTask


class TaskState(StrEnum):
    """Where a task stands, told by dates and what was recorded."""

    DONE = "done"
    LATE = "late"
    COMING = "coming"
    RUNNING = "running"
    IDLE = "idle"


STATE_NAMES: dict[TaskState, str] = {
    TaskState.DONE: "đã xong",
    TaskState.LATE: "quá hạn",
    TaskState.COMING: "chưa đến kỳ",
    TaskState.RUNNING: "đang làm",
    TaskState.IDLE: "chưa có kết quả",
}


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with what pages say of it."""

    task: PlanTask
    lead: str
    lead_unit: str
    state: TaskState
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with its tasks, the next reports, and the other plans."""

    plan: Plan
    tasks: list[TaskView]
    reports: list[Deadline]
    others: list[Plan]

    def count(self, *states: str) -> int:
        """How many tasks are in one of `states`."""
        return sum(view.state in states for view in self.tasks)


def show_plan(code: str | None = None) -> PlanView:
    """The plan with `code`; without one the current plan of the settings, else the newest.
    Four statements and those of the evidence. Raises `NotFound`."""
    session = db.session()
    plans = list(session.scalars(select(Plan).order_by(Plan.year.desc(), Plan.id)))
    wanted = code or current_settings().site.site.current_plan
    chosen = next((plan for plan in plans if plan.code == wanted), None)
    if chosen is None and code is None and plans:
        chosen = plans[0]
    if chosen is None:
        raise NotFound(code)
    tasks = session.scalars(
        select(PlanTask)
        .where(PlanTask.plan_id == chosen.id, PlanTask.removed_at.is_(None))
        .order_by(PlanTask.number)
    ).all()
    reports = deadlines(chosen.reporting, clock.today(), current_settings().calendar)
    others = [plan for plan in plans if plan is not chosen]
    return PlanView(chosen, _views(session, tasks), reports, others)


def all_plans() -> Sequence[Plan]:
    """Every plan, the newest year first."""
    return db.session.scalars(select(Plan).order_by(Plan.year.desc(), Plan.id)).all()


def get_task(session: Session, task_id: int, *, removed: bool = False) -> PlanTask:
    """A task with its plan; one taken out only when `removed` says so. Raises `NotFound`."""
    query = select(PlanTask).options(joinedload(PlanTask.plan)).where(PlanTask.id == task_id)
    task = session.scalar(query)
    if task is None or (task.removed_at is not None and not removed):
        raise NotFound(str(task_id))
    return task


def removed_tasks(session: Session, plan_id: int) -> Sequence[PlanTask]:
    """Tasks that were taken out of a plan; one statement."""
    return session.scalars(
        select(PlanTask)
        .where(PlanTask.plan_id == plan_id, PlanTask.removed_at.is_not(None))
        .order_by(PlanTask.number)
    ).all()


def tasks_of_year(session: Session, year: int) -> Sequence[PlanTask]:
    """The tasks of all plans of a year, each with its plan, the agency's own plan first; one
    statement."""
    tasks = session.scalars(
        select(PlanTask)
        .join(PlanTask.plan)
        .options(contains_eager(PlanTask.plan))
        .where(Plan.year == year, PlanTask.removed_at.is_(None))
        .order_by(Plan.id, PlanTask.number)
    ).all()
    own = current_settings().site.site.current_plan
    return sorted(tasks, key=lambda task: task.plan.code != own)


def task_choices(session: Session) -> list[tuple[int, str]]:
    """(id, "title of the plan, number. title of the task") for lists to choose from."""
    rows = session.scalars(
        select(PlanTask)
        .join(PlanTask.plan)
        .options(joinedload(PlanTask.plan))
        .where(PlanTask.removed_at.is_(None))
        .order_by(Plan.year.desc(), Plan.id, PlanTask.number)
    )
    return [(task.id, f"{task.name}. {task.title}") for task in rows]


def find_tasks(session: Session, names: Collection[str]) -> dict[str, PlanTask]:
    """Tasks by `<plan code>/<number>`; names of no task are left out."""
    rows = session.scalars(select(PlanTask).join(PlanTask.plan).options(joinedload(PlanTask.plan)))
    return {task.name: task for task in rows if task.name in set(names)}


def state_of(task: PlanTask, evidence: Evidence, today: date) -> TaskState:
    """Where a task stands on `today`."""
    if task.done_on is not None:
        return TaskState.DONE
    if task.due_on is not None and task.due_on < today:
        return TaskState.LATE
    if task.starts_on is not None and task.starts_on > today:
        return TaskState.COMING
    return TaskState.RUNNING if evidence.count else TaskState.IDLE


def _views(session: Session, tasks: Sequence[PlanTask]) -> list[TaskView]:
    names: Mapping[str, str] = unit_names()
    evidence = gather(session, [task.id for task in tasks])
    today = clock.today()
    return [
        TaskView(
            task,
            names.get(task.lead, task.lead),
            task.lead if task.lead in names else "",
            state_of(task, evidence[task.id], today),
            evidence[task.id],
        )
        for task in tasks
    ]
