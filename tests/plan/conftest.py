"""A plan whose tasks stand in every state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import write
from portal.directory.models import Unit
from portal.plan.models import Plan, PlanTask


@pytest.fixture
def plan(app: Flask) -> dict[int, int]:
    """The current plan; number of task → its id. Task 9 was removed, another plan has a task."""
    today = clock.today()
    day = timedelta(days=1)
    with app.app_context(), write() as session:
        session.add(Unit(code="cdc", name="Trung tâm Kiểm soát bệnh tật", kind="center"))
        made = Plan(
            code="2026", year=2026, title="Kế hoạch của năm", status="draft", goals=["Mục tiêu"],
            reporting=[{"period": "quarter", "rule": "Trước ngày 10", "due": ["03-09", "12-09"],
                        "source": "Mục III"}],
        )  # fmt: skip
        other = Plan(
            code="khac", year=2026, title="Kế hoạch khác", status="issued", goals=[], reporting=[]
        )
        session.add_all([made, other])
        session.flush()
        rows: list[dict[str, object]] = [
            {"number": 1, "title": "Việc có bài", "lead": "cdc", "due_on": today},
            {"number": 2, "title": "Việc chưa có bài", "lead": "Văn phòng UBND thành phố"},
            {"number": 3, "title": "Việc quá hạn", "due_on": today - day},
            {"number": 4, "title": "Việc sắp tới", "starts_on": today + day},
            {"number": 5, "title": "Việc đã xong", "due_on": today - day, "done_on": today - day,
             "result": "Đủ 100%"},
            {"number": 9, "title": "Việc đã bỏ", "removed_at": clock.now()},
        ]  # fmt: skip
        tasks = [PlanTask(plan_id=made.id, partners=[], topics=[], **row) for row in rows]
        tasks.append(
            PlanTask(plan_id=other.id, number=1, title="Việc khác", partners=[], topics=[])
        )
        session.add_all(tasks)
        session.flush()
        return {task.number: task.id for task in tasks[:-1]}
