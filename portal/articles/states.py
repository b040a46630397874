"""The life of an article: one table of verbs, who may, from where, to where.

    draft ──submit──▶ submitted ──pass──▶ passed ──publish──▶ approved ──withdraw──▶ withdrawn
      ▲                 │  ▲ └──────────publish─────────────▶│  │                        │
      │              return submit           ▲───unschedule──┘  └ (or when its hour comes)
      │                 ▼  │                                                             │
      │               returned                                                           │
      └───────────────────────────────────restore────────────────────────────────────────┘

The author writes, the unit editor reads and passes on, the publisher publishes. The unit's step
may be left out unless the site says `unit_editor_first`. `approved` shows from `publish_at` on and
until `withdraw_at`: time decides, no timer. Saving an approved article keeps a correction beside
the shown text until somebody publishes or discards it. One person alone may publish only in
urgency, with a reason, and somebody else confirms afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.core.errors import Conflict


class State(StrEnum):
    """Where an article stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PASSED = "passed"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What can be done with an article that exists."""

    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    PASS = "pass"  # noqa: S105 - a verb, not a secret
    PUBLISH = "publish"
    URGENT = "urgent"
    CONFIRM = "confirm"
    UNSCHEDULE = "unschedule"
    DISCARD = "discard"
    WITHDRAW = "withdraw"
    PLAN_WITHDRAWAL = "plan_withdrawal"
    KEEP = "keep"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Transition:
    """`permission` is looked up in the permission table, and so is `stricter` for the states that
    it names; `to` None leaves the state."""

    permission: str
    come_from: frozenset[State]
    to: State | None
    stricter: Mapping[State, str] = field(default_factory=dict)

    def permissions(self, state: State) -> tuple[str, ...]:
        """What a person must hold for an article in `state`."""
        more = self.stricter.get(state)
        return (self.permission, more) if more else (self.permission,)


def _row(permission: str, *come_from: State, to: State | None = None, **more: str) -> Transition:
    stricter = {State(name): other for name, other in more.items()}
    return Transition(permission, frozenset(come_from), to, stricter)


_S = State
_OPEN = (_S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.PASSED)
TRANSITIONS: dict[Verb, Transition] = {
    # What the unit's editor has read and passed on is no longer the author's to change.
    Verb.SAVE: _row("article.edit", *_OPEN, _S.APPROVED, passed="article.pass"),
    Verb.SUBMIT: _row("article.submit", _S.DRAFT, _S.RETURNED, to=_S.SUBMITTED),
    Verb.RETURN: _row("article.return", _S.SUBMITTED, _S.PASSED, to=_S.RETURNED),
    Verb.PASS: _row("article.pass", _S.DRAFT, _S.RETURNED, _S.SUBMITTED, to=_S.PASSED),
    Verb.PUBLISH: _row("article.publish", _S.SUBMITTED, _S.PASSED, _S.APPROVED, to=_S.APPROVED),
    Verb.URGENT: _row("article.urgent", *_OPEN, _S.APPROVED, to=_S.APPROVED),
    Verb.CONFIRM: _row("article.publish", _S.APPROVED),
    Verb.UNSCHEDULE: _row("article.publish", _S.APPROVED, to=_S.PASSED),
    Verb.DISCARD: _row("article.edit", _S.APPROVED),
    Verb.WITHDRAW: _row("article.withdraw", _S.APPROVED, to=_S.WITHDRAWN),
    Verb.PLAN_WITHDRAWAL: _row("article.withdraw", _S.APPROVED),
    Verb.KEEP: _row("article.withdraw", _S.APPROVED),
    Verb.RESTORE: _row("article.withdraw", _S.WITHDRAWN, to=_S.DRAFT),
}

STATE_NAMES: dict[State, str] = {
    State.DRAFT: "Bản nháp",
    State.SUBMITTED: "Chờ duyệt",
    State.RETURNED: "Trả lại để sửa",
    State.PASSED: "Chờ duyệt đăng",
    State.APPROVED: "Đã duyệt",
    State.WITHDRAWN: "Đã gỡ",
}
_DONE: dict[Verb, str] = {
    Verb.SAVE: "sửa",
    Verb.SUBMIT: "gửi duyệt",
    Verb.RETURN: "trả lại",
    Verb.PASS: "chuyển duyệt đăng",
    Verb.PUBLISH: "đăng",
    Verb.URGENT: "đăng khẩn",
    Verb.CONFIRM: "xác nhận",
    Verb.UNSCHEDULE: "hủy hẹn đăng",
    Verb.DISCARD: "bỏ bản sửa",
    Verb.WITHDRAW: "gỡ",
    Verb.PLAN_WITHDRAWAL: "hẹn gỡ",
    Verb.KEEP: "hủy hẹn gỡ",
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
