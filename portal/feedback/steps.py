"""What every verb of an officer begins and ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, may, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, NotFound
from portal.feedback import states
from portal.feedback.models import Event, Feedback, FeedbackEvent
from portal.feedback.states import State, Verb

CHANGED = (
    "Có người vừa sửa phản ánh này. Nội dung bạn viết vẫn còn trên trang; bạn xem lại rồi bấm"
    " lần nữa."
)
# Verbs of citizens are not here: who has the code may.
PERMISSIONS: dict[Verb, str] = {
    Verb.CHECK: "feedback.assign",
    Verb.ACCEPT: "feedback.assign",
    Verb.CLASSIFY: "feedback.assign",
    Verb.ASSIGN: "feedback.assign",
    Verb.NOTE: "feedback.view",
    Verb.ASK: "feedback.answer",
    Verb.RESUME: "feedback.answer",
    Verb.EXTEND: "feedback.answer",
    Verb.DRAFT: "feedback.answer",
    Verb.SUBMIT: "feedback.answer",
    Verb.RETURN: "feedback.approve",
    Verb.ANSWER: "feedback.answer",
    Verb.FORWARD: "feedback.answer",
    Verb.REFUSE: "feedback.answer",
    Verb.RESTRICT: "feedback.restrict",
    Verb.RELEASE: "feedback.restricted",
    Verb.SETTLE: "feedback.restricted",
    Verb.PREPARE: "feedback.publish",
    Verb.PUBLISH: "feedback.publish",
    Verb.UNPUBLISH: "feedback.publish",
    Verb.ERASE: "feedback.erase",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A feedback that a verb has moved on, inside its `write()` block."""

    session: Session
    actor: Actor
    feedback: Feedback
    before: State

    def tell(self, event: Event, note: str = "") -> None:
        """Add a line to the timeline that the citizen reads."""
        line = FeedbackEvent(
            feedback_id=self.feedback.id, at=clock.now(), event=event.value,
            actor_id=self.actor.user_id, note=note,
        )  # fmt: skip
        self.session.add(line)

    def record(
        self, event: AuditEvent, changes: Mapping[str, tuple[object, object]] | None = None
    ) -> None:
        """Audit the step: change of state and `changes`, which hold nobody's words or data."""
        after = self.feedback.state
        moved = {"state": (self.before.value, after)} if self.before.value != after else {}
        audit.record(
            self.session, event, actor_id=self.actor.user_id,
            thing=("feedback", self.feedback.id), changes={**moved, **(changes or {})},
        )  # fmt: skip


def take(session: Session, actor: Actor, feedback_id: int, version: int, verb: Verb) -> Step:
    """The feedback a verb is about, moved to its next state.

    Raises `NotFound` when the actor may not know it, `NotAllowed`, or `Conflict` when it
    changed since `version` or its state has no such verb.
    """
    feedback = session.get(Feedback, feedback_id, with_for_update=True)
    if feedback is None or not may(actor, "feedback.view", feedback):
        raise NotFound("feedback")
    require(actor, PERMISSIONS[verb], feedback)
    before = State(feedback.state)
    after = states.after(before, verb)
    if feedback.version != version:
        raise Conflict(CHANGED)
    feedback.state = after.value
    feedback.version += 1
    return Step(session, actor, feedback, before)
