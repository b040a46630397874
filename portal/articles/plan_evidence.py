"""Articles as evidence that the plan's tasks are being done."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.articles.models import Article, article_task, visible
from portal.core import clock
from portal.plan import evidence
from portal.plan.evidence import Evidence, EvidenceLink

_LATEST = 3


def lend(app: Flask) -> None:
    """Let the plan of `app` count its articles."""
    evidence.lend(app, find)


def find(session: Session, task_ids: Collection[int]) -> Mapping[int, Evidence]:
    """How many visible articles serve each task, and the newest of them; one statement."""
    task = article_task.c.plan_task_id
    place = func.row_number().over(
        partition_by=task, order_by=(Article.publish_at.desc(), Article.id.desc())
    )
    ranked = (
        select(
            task.label("task_id"),
            Article.title,
            Article.slug,
            Article.publish_at,
            place.label("place"),
            func.count().over(partition_by=task).label("total"),
        )
        .join(Article, Article.id == article_task.c.article_id)
        .where(task.in_(task_ids), visible())
        .subquery()
    )
    rows = session.execute(
        select(ranked).where(ranked.c.place <= _LATEST).order_by(ranked.c.task_id, ranked.c.place)
    )
    found: dict[int, Evidence] = {}
    for row in rows:
        link = EvidenceLink(
            row.title, f"/bai-viet/{row.slug}", clock.to_local(row.publish_at).date()
        )
        earlier = found.get(row.task_id, Evidence())
        found[row.task_id] = Evidence(row.total, (*earlier.latest, link))
    return found
