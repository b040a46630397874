"""What is counted for every unit at once: posts, and facts of theirs that nobody looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from portal.articles.models import Article, visible
from portal.core import clock
from portal.core.db import UTCDateTime
from portal.directory import upkeep as directory
from portal.directory.models import Hotline
from portal.links.models import ExternalLink, LinkPlace, LinkState
from portal.plan.periods import quarter_of
from portal.procedures import upkeep as procedures
from portal.procedures.models import Procedure


@dataclass(slots=True)
class Figures:
    """The figures of one unit; `last_post` is the day of its newest visible article."""

    last_post: date | None = None
    posts: int = 0
    hotlines: int = 0
    procedures: int = 0
    links: int = 0

    def quiet_days(self, today: date) -> int | None:
        """Days since the last post; None when there was never one."""
        return (today - self.last_post).days if self.last_post else None


def of_units(session: Session, today: date) -> Mapping[str, Figures]:
    """The figures of every unit that has any; one statement."""
    found: dict[str, Figures] = defaultdict(Figures)
    for what, unit, count, last in session.execute(_query(today)).all():
        figures = found[unit or ""]
        setattr(figures, what, count or 0)
        if last is not None:
            figures.last_post = clock.to_local(last).date()
    return found


def _query(today: date) -> Select[Any]:
    begin = clock.from_local(datetime.combine(quarter_of(today).first, time.min))
    in_quarter = func.sum(case((Article.publish_at >= begin, 1), else_=0))
    newest = func.max(Article.publish_at)
    posts = (
        select(
            literal("posts").label("what"), Article.unit_code.label("unit"),
            in_quarter.label("number"), newest.label("last"),
        )
        .where(visible())
        .group_by(Article.unit_code)
    )  # fmt: skip
    broken = (
        select(
            literal("links"), LinkPlace.unit_code,
            func.count(func.distinct(LinkPlace.link_id)), null(),
        )
        .join(ExternalLink, ExternalLink.id == LinkPlace.link_id)
        .where(ExternalLink.state == LinkState.BROKEN, ExternalLink.ignored_at.is_(None))
        .group_by(LinkPlace.unit_code)
    )  # fmt: skip
    every = union_all(
        posts,
        _counted("hotlines", Hotline.unit_code, Hotline.id, directory.due(today)),
        _counted("procedures", Procedure.unit_code, Procedure.id, procedures.due(today)),
        broken,
    ).subquery()
    last = type_coerce(every.c.last, UTCDateTime())
    return select(every.c.what, every.c.unit, every.c.number, last)


def _counted(what: str, unit: Any, number: Any, due: ColumnElement[bool]) -> Any:
    counted = select(literal(what), unit, func.count(number), null())
    return counted.where(due).group_by(unit)
