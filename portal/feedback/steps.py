"""What every verb of an officer begins and ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, may, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.settings import current_settings
from portal.feedback import deadlines, register, states
from portal.feedback.deadlines import Pause
from portal.feedback.models import (
    MAX_ANSWER,
    Event,
    Feedback,
    FeedbackEvent,
    FeedbackMessage,
    FeedbackNote,
    Said,
)
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

# Everything that was decided stands in the register.
_REGISTERING = frozenset({
    Verb.ACCEPT, Verb.ASSIGN, Verb.ASK, Verb.EXTEND, Verb.DRAFT, Verb.SUBMIT, Verb.ANSWER,
    Verb.FORWARD, Verb.REFUSE, Verb.RELEASE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A feedback that a verb has moved on, inside its `write()` block."""

    session: Session
    actor: Actor
    feedback: Feedback
    before: State
    due_before: date

    def tell(self, event: Event, note: str = "") -> None:
        """Add a line to the timeline that the citizen reads."""
        line = FeedbackEvent(
            feedback_id=self.feedback.id, at=clock.now(), event=event.value,
            actor_id=self.actor.user_id, note=note,
        )  # fmt: skip
        self.session.add(line)

    def say(self, said: Said, text: str) -> None:
        """Add to the conversation with the citizen; nothing said is ever replaced."""
        message = FeedbackMessage(
            feedback_id=self.feedback.id, at=clock.now(), said=said.value,
            author_id=self.actor.user_id, body=text,
        )  # fmt: skip
        self.session.add(message)

    def note(self, text: str, author_id: int | None = None) -> None:
        """Keep a text for colleagues alone."""
        note = FeedbackNote(
            feedback_id=self.feedback.id, at=clock.now(), body=text,
            author_id=self.actor.user_id if author_id is None else author_id,
        )  # fmt: skip
        self.session.add(note)

    @property
    def due_change(self) -> dict[str, tuple[object, object]]:
        """For the audit: how the due day moved, if it did."""
        before, after = self.due_before, self.feedback.due_on
        return {"due_on": (str(before), str(after))} if before != after else {}

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
    states.after(State(feedback.state), verb)
    if feedback.version != version:
        raise Conflict(CHANGED)
    if verb in _REGISTERING:
        register.enter(session, feedback, actor_id=actor.user_id)
    due_before = feedback.due_on
    return Step(session, actor, feedback, move(feedback, verb), due_before)


def move(feedback: Feedback, verb: Verb) -> State:
    """Lead `feedback` where `verb` leads, for officers and citizens alike; returns the state
    before. Whatever ends the waiting for a citizen sets the clock going."""
    before = State(feedback.state)
    after = states.after(before, verb)
    feedback.state = after.value
    feedback.version += 1
    if before is State.WAITING and after is not State.WAITING:
        feedback.due_on = due_if_resumed(feedback)
        feedback.paused_on = feedback.days_left = None
        feedback.warned = 0
    return before


def due_if_resumed(feedback: Feedback) -> date:
    """The due day if the clock of a feedback went on today; that of now while it runs."""
    if feedback.paused_on is None:
        return feedback.due_on
    paused = Pause(feedback.paused_on, feedback.days_left or 0)
    return deadlines.resume(feedback.due_on, paused, clock.today(), current_settings().calendar)


def check_text(field: str, text: str, empty: str) -> None:
    """Raise `Invalid` for `field` when `text` is empty (with those words) or too long."""
    if not text:
        raise Invalid({field: empty})
    if len(text) > MAX_ANSWER:
        raise Invalid({field: f"Văn bản dài quá {MAX_ANSWER} ký tự. Bạn rút ngắn lại."})
