"""The board of one unit, and all units beside one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.boards import figures, ideas, tasks
from portal.boards.figures import Figures
from portal.boards.ideas import Idea
from portal.boards.lights import Light, place, worst
from portal.boards.tasks import Part, TaskLine
from portal.core.errors import NotFound
from portal.core.settings import current_settings
from portal.directory.models import Unit
from portal.plan.deadlines import Deadline, deadlines
from portal.plan.queries import TaskState


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board of one unit. `mine` are its tasks, those that it leads first;
    `quiet` tells that it leads an open task and has not posted for longer than the limit."""

    unit: Unit
    today: date
    mine: Sequence[tuple[TaskLine, Part]]
    figures: Figures
    ideas: Sequence[Idea]
    reports: Sequence[Deadline]
    light: Light
    quiet: bool


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit in the table of all units; its tasks are those that it leads."""

    code: str
    name: str
    light: Light
    tasks: Sequence[TaskLine]
    figures: Figures
    quiet_days: int | None

    def count(self, *states: TaskState) -> int:
        """How many of its tasks are in one of `states`."""
        return sum(line.state in states for line in self.tasks)

    @property
    def soon(self) -> int:
        """How many of its open tasks have their day near."""
        near = tasks.soon_days()
        return sum(
            line.is_open and line.days_left is not None and 0 <= line.days_left <= near
            for line in self.tasks
        )


@dataclass(frozen=True, slots=True)
class Overview:
    """All units, the most urgent first, and the tasks of the agency's own plan."""

    today: date
    units: Sequence[UnitRow]
    tasks: Sequence[TaskLine]
    names: Mapping[str, str]

    def count(self, light: Light) -> int:
        """How many units have this light."""
        return sum(row.light is light for row in self.units)

    def tasks_in(self, *states: TaskState) -> int:
        """How many tasks of the plan are in one of `states`."""
        return sum(line.state in states for line in self.tasks)


def get_unit(session: Session, code: str) -> Unit:
    """A unit that is in work. Raises `NotFound`."""
    unit = session.scalar(select(Unit).where(Unit.code == code, Unit.removed_at.is_(None)))
    if unit is None:
        raise NotFound(code)
    return unit


def of_unit(session: Session, unit: Unit, today: date) -> Board:
    """The board of a unit; eight statements."""
    names = [name for name in (unit.name, unit.short_name) if name]
    parts = [
        (line, part)
        for line in tasks.lines(session, today)
        if (part := tasks.part_of(line, unit.code, names))
    ]
    mine = sorted(parts, key=lambda pair: (list(Part).index(pair[1]), place(pair[0].light)))
    counted = figures.of_units(session, today).get(unit.code, Figures())
    led = [line for line, part in mine if part is Part.LEAD]
    quiet = is_quiet(counted, today, leads=any(line.is_open for line in led))
    return Board(
        unit, today, mine, counted, ideas.for_unit(session, unit.code, mine, today),
        _reports(mine, today), _light(led, counted, today), quiet,
    )  # fmt: skip


def overview(session: Session, today: date) -> Overview:
    """All units; five statements, however many units there are."""
    lines = tasks.lines(session, today)
    counted = figures.of_units(session, today)
    query = select(Unit.code, Unit.name).where(Unit.removed_at.is_(None))
    names = {row.code: row.name for row in session.execute(query.order_by(Unit.sort_order))}
    rows = []
    for code, name in names.items():
        led = [line for line in lines if line.task.lead == code]
        own = counted.get(code, Figures())
        light = _light(led, own, today)
        rows.append(UnitRow(code, name, light, led, own, own.quiet_days(today)))
    rows.sort(key=lambda row: (place(row.light), not row.tasks))
    return Overview(today, rows, tasks.own_plan(lines), names)


def is_quiet(counted: Figures, today: date, *, leads: bool) -> bool:
    """Whether a unit should have posted: it leads an open task, and was silent too long."""
    days = counted.quiet_days(today)
    return leads and (days is None or days > current_settings().site.reminders.quiet_days)


def _light(led: Sequence[TaskLine], counted: Figures, today: date) -> Light:
    """The light of a unit: that of its worst task; silence and neglected facts make it amber."""
    quiet = is_quiet(counted, today, leads=any(line.is_open for line in led))
    neglected = quiet or counted.hotlines or counted.procedures or counted.links
    return worst([*(line.light for line in led), *([Light.AMBER] if neglected else [])])


def _reports(mine: Sequence[tuple[TaskLine, Part]], today: date) -> list[Deadline]:
    plans = {line.task.plan.code: line.task.plan for line, _ in mine}
    own = plans.get(current_settings().site.site.current_plan)
    return deadlines(own.reporting, today, current_settings().calendar) if own else []
