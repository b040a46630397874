"""What shows that a task is being done. It belongs to rooms above (articles, later files and
events), so they lend it here; the plan only knows its tasks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Flask, current_app
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class EvidenceLink:
    """One public thing that serves a task."""

    title: str
    address: str
    day: date


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many public things serve a task, and the newest few of them."""

    count: int = 0
    latest: tuple[EvidenceLink, ...] = ()


Source = Callable[[Session, Collection[int]], Mapping[int, Evidence]]
"""For ids of tasks, what the public may see that serves them; tasks without any are left out.
One or two statements for all tasks together."""

_LATEST = 3


def lend(app: Flask, source: Source) -> None:
    """Let the plan ask `source` for evidence; several rooms may lend theirs."""
    app.extensions.setdefault("plan_evidence", []).append(source)


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
