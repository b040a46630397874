"""Which procedures somebody should look at: not compared with the source for long, or changed by
an import that nobody looked at."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from portal.core import clock
from portal.core.settings import current_settings
from portal.procedures.models import Procedure, ProcedureVersion
from portal.procedures.terms import Origin


def old(today: date) -> ColumnElement[bool]:
    """The condition: not compared for longer than the limit of the settings."""
    limit = today - timedelta(days=current_settings().site.reminders.procedure_days)
    return or_(Procedure.checked_on.is_(None), Procedure.checked_on < limit)


def changed_by_import() -> ColumnElement[bool]:
    """The condition: an import changed it after somebody last looked at it. What an import
    brought in for the first time was looked at row by row when it was accepted."""
    return Procedure.id.in_(
        select(ProcedureVersion.procedure_id).where(
            ProcedureVersion.procedure_id == Procedure.id,
            ProcedureVersion.origin == Origin.IMPORT,
            ProcedureVersion.number > 1,
            ProcedureVersion.number > func.coalesce(Procedure.seen_version, 0),
        )
    )


def due(today: date) -> ColumnElement[bool]:
    """The condition: due for review, for whatever reason."""
    return or_(old(today), changed_by_import())


def due_today() -> ColumnElement[bool]:
    """The same, today."""
    return due(clock.today())
