"""Changing the plan at the desk."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.plan.models import Plan, PlanTask
from portal.plan.queries import get_task

TASK_FIELDS = (
    "title", "lead", "partners", "period", "starts_on", "due_on", "product", "target",
    "unit_of_target", "target_period", "counted", "topics", "note", "done_on", "result",
)  # fmt: skip
RESULT_FIELDS = ("note", "done_on", "result")
EDIT, REPORT = "plan.edit", "plan.report"


def add_task(actor: Actor, plan_code: str, values: Mapping[str, Any]) -> PlanTask:
    """Add a task at the end of a plan. Raises `Invalid`, `NotAllowed`, `NotFound`."""
    with write() as session:
        require(actor, EDIT)
        plan = session.scalar(select(Plan).where(Plan.code == plan_code))
        if plan is None:
            raise NotFound(plan_code)
        wanted = {name: values[name] for name in TASK_FIELDS if name in values}
        empty = dict.fromkeys(("starts_on", "due_on", "done_on", "result", "title"))
        _check(empty | wanted)
        last = session.scalar(select(func.max(PlanTask.number)).where(PlanTask.plan_id == plan.id))
        task = PlanTask(
            **{"partners": [], "topics": []} | wanted, plan=plan, number=(last or 0) + 1,
            edited_at=clock.now(),
        )  # fmt: skip
        session.add(task)
        changes = {name: (None, value) for name, value in wanted.items() if value}
        _log(session, actor, task, AuditEvent.PLAN_TASK_ADDED, changes)
        return task


def remove_task(actor: Actor, task_id: int) -> PlanTask:
    """Take a task out of the plan; what serves it stays attached, in case it comes back."""
    return _set_removed(actor, task_id, removed=True)


def restore_task(actor: Actor, task_id: int) -> PlanTask:
    """Put a task back into its plan."""
    return _set_removed(actor, task_id, removed=False)


def record_result(actor: Actor, task_id: int, version: int, values: Mapping[str, Any]) -> PlanTask:
    """Say how far a task is: what its unit may, without touching what the plan asks for."""
    return _edit(actor, REPORT, task_id, version, _only(values, RESULT_FIELDS))


def edit_task(actor: Actor, task_id: int, version: int, values: Mapping[str, Any]) -> PlanTask:
    """Change a task as it was at `version`. Raises `Invalid`, `NotAllowed`, and `Conflict` when
    somebody else changed it meanwhile."""
    return _edit(actor, EDIT, task_id, version, _only(values, TASK_FIELDS))


def _edit(
    actor: Actor, permission: str, task_id: int, version: int, wanted: dict[str, Any]
) -> PlanTask:
    with write() as session:
        task = get_task(session, task_id)
        require(actor, permission, task)
        if task.version != version:
            raise Conflict("Có người vừa sửa nhiệm vụ này sau khi bạn mở. Bạn xem lại rồi lưu lại.")
        _check({name: getattr(task, name) for name in TASK_FIELDS} | wanted)
        before = {name: getattr(task, name) for name in wanted}
        changes = audit.differences(before, wanted)
        if not changes:
            return task
        for name, value in wanted.items():
            setattr(task, name, value)
        _log(session, actor, task, AuditEvent.PLAN_TASK_CHANGED, changes)
        return task


def _set_removed(actor: Actor, task_id: int, *, removed: bool) -> PlanTask:
    with write() as session:
        task = get_task(session, task_id, removed=True)
        require(actor, EDIT, task)
        if (task.removed_at is not None) != removed:
            task.removed_at = clock.now() if removed else None
            event = AuditEvent.PLAN_TASK_REMOVED if removed else AuditEvent.PLAN_TASK_RESTORED
            _log(session, actor, task, event, {})
        return task


def _log(
    session: Session, actor: Actor, task: PlanTask, event: AuditEvent,
    changes: Mapping[str, tuple[object, object]],
) -> None:  # fmt: skip
    """What every verb does last: from now on the desk owns the task, not the file."""
    task.edited_at = clock.now()
    session.flush()
    audit.record(
        session, event, actor_id=actor.user_id, thing=("plan_task", task.name), changes=changes
    )


def _only(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _check(values: Mapping[str, Any]) -> None:
    problems = {}
    if not values["title"]:
        problems["title"] = "Nhập nội dung nhiệm vụ."
    if values["starts_on"] and values["due_on"] and values["due_on"] < values["starts_on"]:
        problems["due_on"] = "Hạn đang sớm hơn ngày bắt đầu. Bạn sửa một trong hai ngày."
    if values["done_on"] and values["done_on"] > clock.today():
        problems["done_on"] = "Ngày hoàn thành chưa tới. Chọn hôm nay hoặc một ngày đã qua."
    if values["done_on"] and not values["result"]:
        problems["result"] = "Ghi kết quả khi đã hoàn thành: số liệu, văn bản hoặc sản phẩm."
    if problems:
        raise Invalid(problems)
