"""What is planned, day by day: articles that come and go, days of review, deadlines of the plan."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from portal.accounts.permissions import Actor
from portal.articles.models import Article
from portal.articles.scope import visible_to
from portal.articles.states import State
from portal.core import clock
from portal.plan.models import PlanTask


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing on one day; `hour` "" for what takes the whole day."""

    day: date
    hour: str
    what: str
    title: str
    url: str


def weeks(first: date) -> list[list[date]]:
    """The days of a month in whole weeks, Monday first."""
    return Calendar().monthdatescalendar(first.year, first.month)


def planned(session: Session, actor: Actor, days: Sequence[date]) -> dict[date, list[Planned]]:
    """What lies on these days (in order, without gaps) that the person may know of; two
    statements."""
    found: dict[date, list[Planned]] = {day: [] for day in days}
    events = [*_articles(session, actor, days), *_deadlines(session, days)]
    for event in sorted(events, key=lambda one: (one.day, one.hour, one.title)):
        if event.day in found:
            found[event.day].append(event)
    return found


def _articles(session: Session, actor: Actor, days: Sequence[date]) -> Iterable[Planned]:
    start, end = _midnight(days[0]), _midnight(days[-1] + timedelta(days=1))
    query = select(Article).where(
        visible_to(actor), Article.state == State.APPROVED,
        or_(
            Article.publish_at.between(start, end), Article.withdraw_at.between(start, end),
            Article.review_on.between(days[0], days[-1]),
        ),
    )  # fmt: skip
    for article in session.scalars(query.options(defer(Article.body))):
        url = f"/ban-lam-viec/bai-viet/{article.id}"
        name = "Tự đăng" if article.is_scheduled else "Đã đăng"
        for what, hour in ((name, article.publish_at), ("Tự gỡ", article.withdraw_at)):
            if hour is not None:
                local = clock.to_local(hour)
                yield Planned(local.date(), f"{local:%H:%M}", what, article.title, url)
        if article.review_on is not None and article.standing == State.APPROVED:
            yield Planned(article.review_on, "", "Xem lại", article.title, url)


def _deadlines(session: Session, days: Sequence[date]) -> Iterable[Planned]:
    query = select(PlanTask).where(PlanTask.due_on.between(days[0], days[-1]))
    for task in session.scalars(query):
        if task.due_on is not None:
            url = f"/ban-lam-viec/ke-hoach/{task.id}"
            yield Planned(task.due_on, "", "Hạn kế hoạch", task.title, url)


def _midnight(day: date) -> datetime:
    return clock.from_local(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - a wall clock
