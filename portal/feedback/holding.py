"""Who has shown the code of a feedback, and what all their steps begin and end with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.errors import NotFound
from portal.feedback import codes
from portal.feedback.models import Event, Feedback, FeedbackEvent, FeedbackMessage, Said
from portal.feedback.states import State, Verb
from portal.feedback.steps import move


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has shown the code of one feedback. `proof` ends with the code: after an
    erasure nobody holds it any more."""

    feedback_id: int
    proof: str


def holder_of(feedback: Feedback) -> Holder:
    """The holder of the code by which `feedback` was just found."""
    return Holder(feedback.id, _proof(feedback))


def is_held(feedback: Feedback, holder: Holder) -> bool:
    """Whether `holder` has shown the code of this feedback, and it still opens it."""
    known = feedback.id == holder.feedback_id and feedback.erased_at is None
    return codes.same(_proof(feedback), holder.proof) and known


@dataclass(frozen=True, slots=True)
class Move:
    """A feedback that its sender has moved on, inside a `write()` block."""

    session: Session
    feedback: Feedback
    before: State

    def tell(self, event: Event, note: str = "") -> None:
        """Add a line to the timeline."""
        self.session.add(FeedbackEvent(
            feedback_id=self.feedback.id, at=clock.now(), event=event.value, note=note
        ))  # fmt: skip

    def say(self, said: Said, body: str) -> None:
        """Add what the sender says to the conversation."""
        self.session.add(FeedbackMessage(
            feedback_id=self.feedback.id, at=clock.now(), said=said.value, body=body
        ))  # fmt: skip

    def record(
        self, event: AuditEvent, changes: Mapping[str, tuple[object, object]] | None = None
    ) -> None:
        """Audit the step, by nobody's name and without a word of what was said."""
        after = self.feedback.state
        moved = {"state": (self.before.value, after)} if self.before.value != after else {}
        audit.record(
            self.session, event, actor_id=None, thing=("feedback", self.feedback.id),
            changes={**moved, **(changes or {})},
        )  # fmt: skip


def held(session: Session, holder: Holder) -> Feedback:
    """The feedback of `holder`, locked. Raises `NotFound` when the code opens it no more."""
    feedback = session.get(Feedback, holder.feedback_id, with_for_update=True)
    if feedback is None or not is_held(feedback, holder):
        raise NotFound("feedback")
    return feedback


def move_on(session: Session, feedback: Feedback, verb: Verb) -> Move:
    """Let `verb` lead `feedback` to its next state. Raises `Conflict` when it leads nowhere."""
    return Move(session, feedback, move(feedback, verb))


def _proof(feedback: Feedback) -> str:
    return hashlib.sha256(f"holder {feedback.id} {feedback.code_hmac}".encode()).hexdigest()
