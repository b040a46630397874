"""Feedback in the hands of somebody who leaves, and giving it to a colleague. No text is read."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from portal.accounts.models import User
from portal.accounts.permissions import Actor
from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.errors import Invalid
from portal.feedback import letters
from portal.feedback.handling import officer
from portal.feedback.models import Feedback
from portal.feedback.states import OPEN


def open_of(session: Session, user_id: int) -> Sequence[Feedback]:
    """What this person has to answer, the most urgent first: numbers and deadlines only."""
    query = (
        select(Feedback)
        .where(Feedback.assignee_id == user_id, Feedback.state.in_([s.value for s in OPEN]))
        .options(load_only(
            Feedback.due_on, Feedback.state, Feedback.assignee_id, Feedback.unit_code,
            Feedback.version,
        ))
        .order_by(Feedback.due_on, Feedback.id)
    )  # fmt: skip
    return session.scalars(query).all()


def hand_over(session: Session, actor: Actor, items: Sequence[Feedback], to: User) -> int:
    """Give `to` those of the items that they may handle; returns how many.

    Inside the caller's `write()`, who has asked for the permission.
    """
    done = 0
    for feedback in items:
        try:
            officer(session, to.id, feedback.unit_code or "")
        except Invalid:
            continue
        before, feedback.assignee_id = feedback.assignee_id, to.id
        feedback.version += 1
        done += 1
        audit.record(
            session, AuditEvent.FEEDBACK_ASSIGNED, actor_id=actor.user_id,
            thing=("feedback", feedback.id), changes={"assignee_id": (before, to.id)},
        )  # fmt: skip
        letters.assigned(session, feedback, to)
    return done
