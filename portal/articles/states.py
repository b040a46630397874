"""The life of an article: one table of verbs, who may, from where, to where.

    draft ──submit──▶ submitted ──publish──▶ approved ──withdraw──▶ withdrawn
      ▲                   │  ▲                                          │
      │                return submit                                    │
      │                   ▼  │                                          │
      │                 returned                                        │
      └──────────────────────────────restore─────────────────────────────┘

`approved` shows from `publish_at` on: time decides, no timer. Saving an approved article keeps a
correction beside the shown text until somebody publishes or discards it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.core.errors import Conflict


class State(StrEnum):
    """Where an article stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What can be done with an article that exists."""

    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    DISCARD = "discard"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Transition:
    """`permission` is looked up in the permission table; `to` None leaves the state."""

    permission: str
    come_from: frozenset[State]
    to: State | None


def _row(permission: str, *come_from: State, to: State | None = None) -> Transition:
    return Transition(permission, frozenset(come_from), to)


_S = State
TRANSITIONS: dict[Verb, Transition] = {
    Verb.SAVE: _row("article.edit", _S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.APPROVED),
    Verb.SUBMIT: _row("article.submit", _S.DRAFT, _S.RETURNED, to=_S.SUBMITTED),
    Verb.RETURN: _row("article.return", _S.SUBMITTED, to=_S.RETURNED),
    Verb.PUBLISH: _row("article.publish", _S.SUBMITTED, _S.APPROVED, to=_S.APPROVED),
    Verb.DISCARD: _row("article.edit", _S.APPROVED),
    Verb.WITHDRAW: _row("article.withdraw", _S.APPROVED, to=_S.WITHDRAWN),
    Verb.RESTORE: _row("article.withdraw", _S.WITHDRAWN, to=_S.DRAFT),
}

STATE_NAMES: dict[State, str] = {
    State.DRAFT: "Bản nháp",
    State.SUBMITTED: "Chờ duyệt",
    State.RETURNED: "Trả lại để sửa",
    State.APPROVED: "Đã duyệt",
    State.WITHDRAWN: "Đã gỡ",
}
_DONE: dict[Verb, str] = {
    Verb.SAVE: "sửa",
    Verb.SUBMIT: "gửi duyệt",
    Verb.RETURN: "trả lại",
    Verb.PUBLISH: "đăng",
    Verb.DISCARD: "bỏ bản sửa",
    Verb.WITHDRAW: "gỡ",
    Verb.RESTORE: "khôi phục",
}


def allows(verb: Verb, state: State) -> bool:
    """Whether `verb` may follow `state`."""
    return state in TRANSITIONS[verb].come_from


def check(verb: Verb, state: State) -> None:
    """Raise `Conflict` when `verb` cannot follow `state`: somebody was faster."""
    if not allows(verb, state):
        name = STATE_NAMES[state].lower()
        raise Conflict(f"Bài đang ở trạng thái “{name}” nên không {_DONE[verb]} được.")
