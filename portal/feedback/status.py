"""What the holder of a code reads: where the feedback stands, why, by when, and what was said."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.core import clock
from portal.core.settings import current_settings
from portal.directory.queries import unit_names
from portal.feedback import contacts, deadlines, neighbours
from portal.feedback.handling import REFUSALS, Refusal
from portal.feedback.models import (
    EVENT_TEXTS,
    KIND_NAMES,
    Event,
    Feedback,
    FeedbackMessage,
    Kind,
    Said,
)
from portal.feedback.states import LABELS, OPEN, State

SAID_NAMES: dict[Said, str] = {
    Said.REQUEST: "Cơ quan đề nghị bạn bổ sung",
    Said.ADDITION: "Bạn bổ sung",
    Said.ANSWER: "Câu trả lời trước của cơ quan",
    Said.REOPENING: "Bạn đề nghị xem lại",
    Said.WITHDRAWAL: "Bạn rút nội dung",
}


def of(feedback: Feedback) -> dict[str, Any]:
    """Everything that the page of a followed feedback shows beside its own columns."""
    settings, state = current_settings(), State(feedback.state)
    units = unit_names()
    is_open = state in OPEN
    return {
        "state": state.value,
        "label": LABELS[state],
        "is_open": is_open,
        "unit": units.get(feedback.unit_code or "", ""),
        "about_unit": units.get(feedback.about_unit_code or "", feedback.about_unit_code),
        "how": deadlines.explain(_counted_from(feedback), feedback.due_on, settings),
        "days_left": deadlines.days_left(feedback.due_on, clock.today(), settings.calendar),
        "asked": _asked(feedback) if state is State.WAITING else None,
        "talk": [(SAID_NAMES[Said(m.said)], m) for m in _talk(feedback)],
        "events": [
            (EVENT_TEXTS[Event(event.event)], event.note, event.at)
            for event in reversed(feedback.events)
        ],
        "file_names": contacts.names_of(feedback.files),
        "refusal": REFUSALS[Refusal(feedback.refusal)] if feedback.refusal else "",
        "kind_name": KIND_NAMES[Kind(feedback.kind)],
        "procedure_name": neighbours.procedure_name(feedback.procedure_code),
    }


def _counted_from(feedback: Feedback) -> date:
    """The day from which the present term runs: after a reopening, that of the reopening."""
    if feedback.reopened_at is not None:
        return clock.to_local(feedback.reopened_at).date()
    return deadlines.received_on(feedback)


def _talk(feedback: Feedback) -> list[FeedbackMessage]:
    """The conversation without the answer that stands: that one is the letter above."""
    return [
        message
        for message in feedback.messages
        if message.said != Said.ANSWER.value or message.body != feedback.answer
    ]


def _asked(feedback: Feedback) -> FeedbackMessage | None:
    requests = [message for message in feedback.messages if message.said == Said.REQUEST.value]
    return requests[-1] if requests else None
