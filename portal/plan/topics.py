"""Names of topics, lent by the room of articles above; the plan only knows their slugs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import renames
from portal.plan.models import PlanTask

TopicNames = Callable[[], Mapping[str, str]]


def lend(app: Flask, names: TopicNames) -> None:
    """Let the plan ask `names` for slug → name of all topics, in the order to show them."""
    app.extensions["topic_names"] = names


def register() -> None:
    """Let tasks keep their topics when those get new slugs."""
    renames.follow("topic", "plan", _follow)


def _follow(session: Session, old: str, new: str) -> None:
    for task in session.scalars(select(PlanTask)):
        if old in task.topics:
            task.topics = [new if slug == old else slug for slug in task.topics]


def topic_names() -> Mapping[str, str]:
    """Slug → name of all topics; empty while nobody lends them."""
    names: TopicNames | None = current_app.extensions.get("topic_names")
    return names() if names else {}
