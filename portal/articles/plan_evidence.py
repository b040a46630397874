"""Articles as evidence that the plan's tasks are being done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from itertools import pairwise

from flask import Flask
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.articles.models import Article, article_task, visible
from portal.core import clock
from portal.plan import evidence
from portal.plan.evidence import Evidence, EvidenceLink, Monthly
from portal.plan.models import Counted
from portal.plan.periods import MONTHS

_LATEST = 3


def lend(app: Flask) -> None:
    """Let the plan of `app` count its articles."""
    evidence.lend(app, find, by_month)


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


def by_month(
    session: Session, task_ids: Collection[int], year: int
) -> Iterable[tuple[int, str, Monthly]]:
    """How many visible articles came out for each task in each month of `year`; one statement."""
    task = article_task.c.plan_task_id
    starts = [_begin(year, month) for month in range(1, MONTHS + 1)] + [_begin(year + 1, 1)]
    month_counts = [
        func.sum(case(((Article.publish_at >= first) & (Article.publish_at < last), 1), else_=0))
        for first, last in pairwise(starts)
    ]
    rows = session.execute(
        select(task, *month_counts)
        .join(Article, Article.id == article_task.c.article_id)
        .where(task.in_(task_ids), visible(), Article.publish_at >= starts[0])
        .group_by(task)
    )
    return [(row[0], Counted.ARTICLE.value, tuple(int(n) for n in row[1:])) for row in rows]


def _begin(year: int, month: int) -> datetime:
    return clock.from_local(datetime.combine(date(year, month, 1), time.min))
