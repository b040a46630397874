"""Hotlines by the dozen: the single verb judges each one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.permissions import Actor
from portal.core.bulk import Outcome, Pick, each
from portal.core.db import db
from portal.directory import service
from portal.directory.models import Hotline


def check_today(actor: Actor, picks: Sequence[Pick]) -> Outcome:
    """Note of each that somebody tried it today and that what is shown is right."""
    query = select(Hotline.key, Hotline.name).where(Hotline.key.in_([pick.key for pick in picks]))
    names = {row.key: row.name for row in db.session.execute(query)}
    return each(picks, names, lambda pick: service.check_today(actor, pick.key))
