"""Which hotlines somebody should try again: untried for too long, or reported by citizens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.core.settings import current_settings
from portal.directory.models import Hotline, HotlineReport


def due(today: date) -> ColumnElement[bool]:
    """The condition: shown to the public, and reported by somebody or not tried for longer than
    the limit."""
    limit = today - timedelta(days=current_settings().site.reminders.hotline_days)
    old = or_(Hotline.checked_on.is_(None), Hotline.checked_on < limit)
    return and_(Hotline.removed_at.is_(None), or_(old, reported()))


def reported() -> ColumnElement[bool]:
    """The condition: a citizen could not reach it, and nobody has looked since."""
    return exists().where(HotlineReport.hotline_id == Hotline.id, HotlineReport.closed_at.is_(None))


def list_due(session: Session, today: date, unit: str) -> Sequence[Hotline]:
    """The lines to try again, of one unit or ("") of all: reported ones first, then the longest
    untried; one statement."""
    query = select(Hotline).where(due(today)).options(joinedload(Hotline.unit))
    if unit:
        query = query.where(Hotline.unit_code == unit)
    first = case((reported(), 0), else_=1)
    oldest = Hotline.checked_on.asc().nulls_first()
    return session.scalars(query.order_by(first, oldest, Hotline.sort_order, Hotline.id)).all()
