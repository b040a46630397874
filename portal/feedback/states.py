"""The life of a feedback: one table says which verb leads where."""

from __future__ import annotations

from enum import StrEnum

from portal.core.errors import Conflict


class State(StrEnum):
    """Where a feedback stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    REFUSED = "refused"


class Verb(StrEnum):
    """What can be done to a feedback."""

    CHECK = "check"
    CLASSIFY = "classify"
    ASSIGN = "assign"
    ANSWER = "answer"
    FORWARD = "forward"
    REFUSE = "refuse"
    PREPARE = "prepare"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"


OPEN = frozenset({State.RECEIVED, State.ASSIGNED})

TRANSITIONS: dict[Verb, dict[State, State]] = {
    Verb.CHECK: {s: s for s in OPEN},
    Verb.CLASSIFY: {s: s for s in OPEN},
    Verb.ASSIGN: dict.fromkeys(OPEN, State.ASSIGNED),
    Verb.ANSWER: dict.fromkeys(OPEN, State.ANSWERED),
    Verb.FORWARD: dict.fromkeys(OPEN, State.FORWARDED),
    Verb.REFUSE: dict.fromkeys(OPEN, State.REFUSED),
    Verb.PREPARE: {State.ANSWERED: State.ANSWERED},
    Verb.PUBLISH: {State.ANSWERED: State.ANSWERED},
    Verb.UNPUBLISH: {State.ANSWERED: State.ANSWERED},
}

# For officers and citizens alike.
LABELS: dict[State, str] = {
    State.RECEIVED: "Đã tiếp nhận",
    State.ASSIGNED: "Đang xử lý",
    State.ANSWERED: "Đã trả lời",
    State.FORWARDED: "Đã chuyển cơ quan khác",
    State.REFUSED: "Không tiếp nhận",
}


def can(state: State, verb: Verb) -> bool:
    """Whether `verb` exists in `state`."""
    return state in TRANSITIONS[verb]


def after(state: State, verb: Verb) -> State:
    """Where `verb` leads from `state`. Raises `Conflict` when it leads nowhere."""
    if not can(state, verb):
        raise Conflict(
            f"Phản ánh này đang ở trạng thái “{LABELS[state]}” nên không làm được việc vừa chọn."
        )
    return TRANSITIONS[verb][state]
