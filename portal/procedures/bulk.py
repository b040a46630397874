"""Procedures by the dozen: the single verb judges each one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.permissions import Actor
from portal.core.bulk import Outcome, Pick, each
from portal.core.db import db
from portal.procedures import service
from portal.procedures.models import Procedure


def check_today(actor: Actor, picks: Sequence[Pick]) -> Outcome:
    """Note of each that it was compared with its source today."""
    query = select(Procedure.code, Procedure.name).where(
        Procedure.code.in_([pick.key for pick in picks])
    )
    names = {row.code: f"{row.code} {row.name}" for row in db.session.execute(query)}
    return each(picks, names, lambda pick: service.check_today(actor, pick.key))
