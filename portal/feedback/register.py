"""The register (sổ theo dõi): each feedback that was acted upon has a number of its year.

Numbers are counted in the transaction of the verb that needs one, so there are neither gaps nor
doubles: a verb that is refused gives its number back with everything else.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.feedback.models import Event, Feedback, FeedbackEvent, RegisterCounter


def enter(session: Session, feedback: Feedback, *, actor_id: int | None) -> None:
    """Give `feedback` the next number of this year, unless it has one.

    Inside the caller's `write()`, which lets one writer in at a time.
    """
    if feedback.register_number is not None:
        return
    moment = clock.now()
    year = clock.to_local(moment).year
    counter = session.get(RegisterCounter, year, with_for_update=True)
    if counter is None:
        counter = RegisterCounter(year=year, last=0)
        session.add(counter)
    counter.last += 1
    feedback.register_year, feedback.register_number = year, counter.last
    feedback.registered_at = moment
    told = FeedbackEvent(
        feedback_id=feedback.id, at=moment, event=Event.REGISTERED.value, actor_id=actor_id,
        note=f"số {label(feedback)}",
    )  # fmt: skip
    session.add(told)
    audit.record(
        session, AuditEvent.FEEDBACK_REGISTERED, actor_id=actor_id,
        thing=("feedback", feedback.id), changes={"register": (None, label(feedback))},
    )  # fmt: skip


def label(feedback: Feedback) -> str:
    """How the number is written: `12/2026`; empty while there is none."""
    if feedback.register_number is None:
        return ""
    return f"{feedback.register_number}/{feedback.register_year}"
