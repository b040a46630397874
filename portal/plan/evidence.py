"""What shows that a task is being done. It belongs to rooms above (articles, files, events), so
they lend it here; the plan only knows its tasks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Flask, current_app
from sqlalchemy.orm import Session

from portal.plan.models import Counted, PlanTask
from portal.plan.periods import MONTHS

Monthly = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EvidenceLink:
    """One thing that serves a task. Without an address there is nothing to open."""

    title: str
    address: str
    day: date


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many things serve a task, and the newest few of those that the public may see."""

    count: int = 0
    latest: tuple[EvidenceLink, ...] = ()


Source = Callable[[Session, Collection[int]], Mapping[int, Evidence]]
"""For ids of tasks, what serves them; tasks without any are left out. One or two statements for
all tasks together."""
Counter = Callable[[Session, Collection[int], int], Iterable[tuple[int, str, Monthly]]]
"""For ids of tasks and a year: (task, kind, count in each of the twelve months); one statement.
The kind is a value of `Counted`."""

_LATEST = 3


def lend(app: Flask, source: Source, counter: Counter | None = None) -> None:
    """Let the plan ask `source` for evidence, and `counter` how much of it came when; several
    rooms may lend theirs."""
    app.extensions.setdefault("plan_evidence", []).append(source)
    if counter:
        app.extensions.setdefault("plan_evidence_counters", []).append(counter)


def gather(session: Session, task_ids: Collection[int]) -> dict[int, Evidence]:
    """The evidence of every task of `task_ids`, from all rooms that lend some."""
    found = dict.fromkeys(task_ids, Evidence())
    if not found:
        return found
    for source in current_app.extensions.get("plan_evidence", []):
        for task_id, more in source(session, task_ids).items():
            links = sorted(
                (*found[task_id].latest, *more.latest), key=lambda x: x.day, reverse=True
            )
            found[task_id] = Evidence(found[task_id].count + more.count, tuple(links[:_LATEST]))
    return found


@dataclass(frozen=True, slots=True)
class Months:
    """How much evidence came in each month of one year, by task and kind."""

    counts: Mapping[tuple[int, str], Monthly]

    def of(self, task: PlanTask) -> Monthly:
        """What counts towards the target of `task`."""
        if task.counted in (Counted.ALL, Counted.BY_HAND):
            return self.all_of(task.id)
        return self.counts.get((task.id, task.counted), (0,) * MONTHS)

    def all_of(self, task_id: int) -> Monthly:
        """Everything that serves a task, of whatever kind."""
        mine = [months for (task, _), months in self.counts.items() if task == task_id]
        return tuple(sum(month) for month in zip(*mine, strict=True)) if mine else (0,) * MONTHS


def monthly(session: Session, task_ids: Collection[int], year: int) -> Months:
    """How much evidence the tasks have in each month of `year`; one statement for each room."""
    counts: dict[tuple[int, str], Monthly] = {}
    for counter in current_app.extensions.get("plan_evidence_counters", []) if task_ids else ():
        for task_id, kind, months in counter(session, task_ids, year):
            before = counts.get((task_id, kind), (0,) * MONTHS)
            counts[task_id, kind] = tuple(a + b for a, b in zip(before, months, strict=True))
    return Months(counts)
