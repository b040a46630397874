"""Tasks of the year as boards show them: days left, targets of each period, a light."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.boards.lights import Light
from portal.core.settings import current_settings
from portal.core.text import fold
from portal.plan import evidence
from portal.plan.evidence import Evidence
from portal.plan.models import PlanTask
from portal.plan.periods import Progress, Standing, current, last_missed, progress
from portal.plan.queries import TaskState, state_of, tasks_of_year


class Part(StrEnum):
    """What a unit has to do with a task."""

    LEAD = "lead"
    PARTNER = "partner"
    EVERYBODY = "everybody"


PART_NAMES: dict[Part, str] = {
    Part.LEAD: "chủ trì",
    Part.PARTNER: "phối hợp",
    Part.EVERYBODY: "phối hợp cùng mọi phòng, đơn vị",
}
_ALL_UNITS = ("cac phong", "cac don vi", "tat ca cac", "cac co quan, don vi")


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task on a day. `days_left` is negative when its day is over."""

    task: PlanTask
    state: TaskState
    light: Light
    count: int
    days_left: int | None
    progress: Sequence[Progress]
    now: Progress | None
    missed: Progress | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state is not TaskState.DONE


def lines(session: Session, today: date) -> list[TaskLine]:
    """All tasks of the plans of this year; two statements and one for each room that lends
    evidence."""
    tasks = tasks_of_year(session, today.year)
    months = evidence.monthly(session, [task.id for task in tasks], today.year)
    return [_line(task, months, today) for task in tasks]


def soon_days() -> int:
    """From how many days before its day a task is told to be near."""
    return max(current_settings().site.reminders.due_days, default=0)


def own_plan(all_lines: Iterable[TaskLine]) -> list[TaskLine]:
    """The tasks of the agency's own plan alone."""
    own = current_settings().site.site.current_plan
    return [line for line in all_lines if line.task.plan.code == own]


def part_of(line: TaskLine, unit_code: str, names: Iterable[str]) -> Part | None:
    """What a unit, known by its code and `names`, has to do with a task."""
    if line.task.lead == unit_code:
        return Part.LEAD
    known = {unit_code, *(fold(name) for name in names)}
    partners = [fold(partner) for partner in line.task.partners]
    if any(partner in known for partner in (*partners, *line.task.partners)):
        return Part.PARTNER
    if line.task.plan.code != current_settings().site.site.current_plan:
        return None
    everybody = any(partner.startswith(_ALL_UNITS) for partner in partners)
    return Part.EVERYBODY if everybody else None


def _line(task: PlanTask, months: evidence.Months, today: date) -> TaskLine:
    count = sum(months.all_of(task.id))
    state = state_of(task, Evidence(count), today)
    steps = progress(task, today.year, months.of(task), today)
    missed = last_missed(steps, today) if state is not TaskState.DONE else None
    days_left = (task.due_on - today).days if task.due_on else None
    return TaskLine(
        task, state, _light(state, days_left, missed, steps), count, days_left, steps,
        current(steps, today), missed,
    )  # fmt: skip


def _light(
    state: TaskState, days_left: int | None, missed: Progress | None, steps: Sequence[Progress]
) -> Light:
    if state is TaskState.DONE:
        return Light.GREEN
    if state is TaskState.LATE or missed:
        return Light.RED
    if state is TaskState.COMING:
        return Light.GREY
    met = bool(steps) and all(one.standing is Standing.MET for one in steps)
    near = days_left is not None and days_left <= soon_days() and not met
    return Light.AMBER if state is TaskState.IDLE or near else Light.GREEN
