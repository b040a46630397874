"""Which hotlines somebody should try again, by the limit of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.core.settings import current_settings
from portal.directory.models import Hotline


def due(today: date) -> ColumnElement[bool]:
    """The condition: shown to the public, and not tried for longer than the limit."""
    limit = today - timedelta(days=current_settings().site.reminders.hotline_days)
    old = or_(Hotline.checked_on.is_(None), Hotline.checked_on < limit)
    return and_(Hotline.removed_at.is_(None), old)


def list_due(session: Session, today: date, unit: str) -> Sequence[Hotline]:
    """The lines to try again, longest untried first, of one unit or ("") of all; one statement."""
    query = select(Hotline).where(due(today)).options(joinedload(Hotline.unit))
    if unit:
        query = query.where(Hotline.unit_code == unit)
    oldest = Hotline.checked_on.asc().nulls_first()
    return session.scalars(query.order_by(oldest, Hotline.sort_order, Hotline.id)).all()
