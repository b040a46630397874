"""Changing the plan at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.accounts.permissions import Actor, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid
from portal.plan.models import PlanTask
from portal.plan.queries import get_task

TASK_FIELDS = (
    "title", "lead", "partners", "period", "starts_on", "due_on", "product", "target",
    "unit_of_target", "note", "done_on", "result",
)  # fmt: skip


def edit_task(actor: Actor, task_id: int, version: int, values: Mapping[str, Any]) -> PlanTask:
    """Change a task as it was at `version`. Raises `Invalid`, `NotAllowed`, and `Conflict` when
    somebody else changed it meanwhile."""
    with write() as session:
        task = get_task(session, task_id)
        require(actor, "plan.edit", task)
        if task.version != version:
            raise Conflict("Có người vừa sửa nhiệm vụ này sau khi bạn mở. Bạn xem lại rồi lưu lại.")
        wanted = {name: values[name] for name in TASK_FIELDS if name in values}
        _check({name: getattr(task, name) for name in TASK_FIELDS} | wanted)
        before = {name: getattr(task, name) for name in wanted}
        changes = audit.differences(before, wanted)
        if not changes:
            return task
        for name, value in wanted.items():
            setattr(task, name, value)
        task.edited_at = clock.now()
        session.flush()
        audit.record(
            session, AuditEvent.PLAN_TASK_CHANGED, actor_id=actor.user_id,
            thing=("plan_task", task.name), changes=changes,
        )  # fmt: skip
        return task


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
