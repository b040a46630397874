"""Files of the library by the dozen: the single verbs judge each one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select

from portal.accounts.permissions import Actor
from portal.core.bulk import Outcome, Pick, each, numbers
from portal.core.db import db
from portal.media import service
from portal.media.models import MediaFile


def remove(actor: Actor, picks: Sequence[Pick]) -> Outcome:
    """Take each out of the library; `restore` brings them back for 30 days."""
    return _each(actor, picks, service.remove)


def restore(actor: Actor, picks: Sequence[Pick]) -> Outcome:
    """Bring each back."""
    return _each(actor, picks, service.restore)


def _each(actor: Actor, picks: Sequence[Pick], verb: Callable[[Actor, int], None]) -> Outcome:
    query = select(MediaFile.id, MediaFile.title).where(MediaFile.id.in_(numbers(picks)))
    names = {str(row.id): row.title for row in db.session.execute(query)}
    return each(picks, names, lambda pick: verb(actor, pick.number))
