"""The whole desk of feedback: importing this module hangs every view on its blueprint."""

from __future__ import annotations

from portal.feedback import (
    desk_answers,
    desk_bulk,
    desk_entry,
    desk_erasure,
    desk_inbox,
    desk_publish,
    desk_restricted,
    desk_verbs,
)
from portal.feedback.desk import blueprint

__all__ = [
    "blueprint", "desk_answers", "desk_bulk", "desk_entry", "desk_erasure", "desk_inbox",
    "desk_publish", "desk_restricted", "desk_verbs",
]  # fmt: skip
