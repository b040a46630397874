"""The life of a feedback: one table says which verb leads where."""

from __future__ import annotations

from enum import StrEnum

from portal.core.errors import Conflict


class State(StrEnum):
    """Where a feedback stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    WAITING = "waiting"
    APPROVAL = "approval"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RESTRICTED = "restricted"


class Verb(StrEnum):
    """What can be done to a feedback: by officers first, by its sender after them."""

    CHECK = "check"
    ACCEPT = "accept"
    CLASSIFY = "classify"
    ASSIGN = "assign"
    NOTE = "note"
    ASK = "ask"
    RESUME = "resume"
    EXTEND = "extend"
    DRAFT = "draft"
    SUBMIT = "submit"
    RETURN = "return"
    ANSWER = "answer"
    FORWARD = "forward"
    REFUSE = "refuse"
    RESTRICT = "restrict"
    RELEASE = "release"
    SETTLE = "settle"
    PREPARE = "prepare"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    ERASE = "erase"

    ADD = "add"
    WITHDRAW = "withdraw"
    RATE = "rate"
    REOPEN = "reopen"
    ASK_ERASURE = "ask_erasure"


_S = State
OPEN = frozenset({_S.RECEIVED, _S.ACCEPTED, _S.ASSIGNED, _S.WAITING, _S.APPROVAL})
CLOSED = frozenset(State) - OPEN - {_S.RESTRICTED}
# Nobody has asked the citizen for anything and no answer lies with a superior.
_IN_HAND = (_S.RECEIVED, _S.ACCEPTED, _S.ASSIGNED)


def _stay(*states: State) -> dict[State, State]:
    return {state: state for state in states}


TRANSITIONS: dict[Verb, dict[State, State]] = {
    Verb.CHECK: _stay(*OPEN),
    Verb.ACCEPT: {_S.RECEIVED: _S.ACCEPTED},
    Verb.CLASSIFY: _stay(*OPEN),
    # An answer that waited for approval was another unit's: it is drafted anew.
    Verb.ASSIGN: dict.fromkeys((*_IN_HAND, _S.APPROVAL), _S.ASSIGNED) | _stay(_S.WAITING),
    Verb.NOTE: _stay(*State),
    Verb.ASK: dict.fromkeys(_IN_HAND, _S.WAITING),
    Verb.RESUME: {_S.WAITING: _S.ASSIGNED},
    Verb.EXTEND: _stay(*_IN_HAND, _S.APPROVAL),
    Verb.DRAFT: dict.fromkeys(_IN_HAND, _S.ASSIGNED) | _stay(_S.WAITING),
    Verb.SUBMIT: dict.fromkeys(_IN_HAND, _S.APPROVAL),
    Verb.RETURN: {_S.APPROVAL: _S.ASSIGNED},
    Verb.ANSWER: dict.fromkeys((*_IN_HAND, _S.APPROVAL), _S.ANSWERED),
    Verb.FORWARD: dict.fromkeys((*_IN_HAND, _S.WAITING), _S.FORWARDED),
    Verb.REFUSE: dict.fromkeys((*_IN_HAND, _S.WAITING), _S.REFUSED),
    Verb.RESTRICT: dict.fromkeys((*OPEN, _S.ANSWERED, _S.FORWARDED, _S.REFUSED), _S.RESTRICTED),
    Verb.RELEASE: {_S.RESTRICTED: _S.ACCEPTED},
    Verb.SETTLE: _stay(_S.RESTRICTED),
    Verb.PREPARE: _stay(_S.ANSWERED),
    Verb.PUBLISH: _stay(_S.ANSWERED),
    Verb.UNPUBLISH: _stay(_S.ANSWERED),
    Verb.ERASE: _stay(*State),
    Verb.ADD: _stay(*_IN_HAND, _S.APPROVAL, _S.RESTRICTED) | {_S.WAITING: _S.ASSIGNED},
    Verb.WITHDRAW: dict.fromkeys(OPEN, _S.WITHDRAWN),
    Verb.RATE: _stay(_S.ANSWERED),
    Verb.REOPEN: {_S.ANSWERED: _S.ASSIGNED},
    Verb.ASK_ERASURE: _stay(*State),
}

# For officers and citizens alike.
LABELS: dict[State, str] = {
    State.RECEIVED: "Đã tiếp nhận",
    State.ACCEPTED: "Đã vào sổ",
    State.ASSIGNED: "Đang xử lý",
    State.WAITING: "Chờ người gửi bổ sung",
    State.APPROVAL: "Chờ duyệt trả lời",
    State.ANSWERED: "Đã trả lời",
    State.FORWARDED: "Đã chuyển cơ quan khác",
    State.REFUSED: "Không tiếp nhận",
    State.WITHDRAWN: "Người gửi đã rút",
    State.RESTRICTED: "Theo đường tiếp nhận được giữ bí mật",
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
