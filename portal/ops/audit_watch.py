"""The audit log under watch: anchors every few minutes, the whole chain every night."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import letters, links
from portal.accounts.models import User
from portal.core import audit_anchor, clock
from portal.core.db import db, write

log = logging.getLogger(__name__)
_APART = timedelta(hours=20)
_NIGHT = range(1, 5)  # hours of the agency's clock
_LATEST = timedelta(hours=48)  # a machine that sleeps at night is looked at by day


def anchor() -> None:
    """Anchor the end of the chain when the last anchor is some minutes old."""
    known = audit_anchor.anchors()
    age = clock.now() - known[-1].at if known else None
    if age is None or not timedelta() <= age < audit_anchor.EVERY:
        audit_anchor.drop(db.session())


def look_at_night() -> None:
    """Verify the chain once a night; administrators get a letter when something is wrong."""
    last = audit_anchor.last_look()
    age = clock.now() - last.at if last else _LATEST
    is_night = clock.to_local(clock.now()).hour in _NIGHT
    if timedelta() <= age < (_APART if is_night else _LATEST):
        return
    done = audit_anchor.look(db.session())
    log.info("audit.verified", extra={"entries": done.entries, "faults": len(done.faults)})
    if done.faults:
        log.error("audit.broken", extra={"faults": list(done.faults)})
        with write() as session:
            _tell(session, len(done.faults))


def _tell(session: Session, count: int) -> None:
    ids = links.active_administrators(session)
    for user in session.scalars(select(User).where(User.id.in_(ids))):
        letters.audit_broken(session, user, count)
