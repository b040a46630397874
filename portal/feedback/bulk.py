"""Feedback by the dozen: the single verbs judge each one."""

from __future__ import annotations

from collections.abc import Sequence

from portal.accounts.permissions import Actor
from portal.core.bulk import Outcome, Pick, each, numbers
from portal.feedback import handling


def assign(actor: Actor, picks: Sequence[Pick], unit_code: str) -> Outcome:
    """Give each to a unit; who had it in hand there is no longer named."""
    return each(
        picks, _names(picks),
        lambda pick: handling.assign(actor, pick.number, pick.version, unit_code=unit_code),
    )  # fmt: skip


def accept(actor: Actor, picks: Sequence[Pick]) -> Outcome:
    """Enter each into the register."""
    return each(
        picks, _names(picks), lambda pick: handling.accept(actor, pick.number, pick.version)
    )


def check(actor: Actor, picks: Sequence[Pick]) -> Outcome:
    """Let each go on that was held for a check."""
    return each(picks, _names(picks), lambda pick: handling.check(actor, pick.number, pick.version))


def _names(picks: Sequence[Pick]) -> dict[str, str]:
    """By number alone: a report must not show a citizen's words to who may not read them."""
    return {str(number): f"Phản ánh số {number}" for number in numbers(picks)}
