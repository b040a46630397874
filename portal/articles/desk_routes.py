"""The whole desk of articles: importing this module hangs every view on its blueprint."""

from __future__ import annotations

from portal.articles import (
    desk_bulk,
    desk_calendar,
    desk_editor,
    desk_from_word,
    desk_history,
    desk_links,
    desk_process,
    desk_verbs,
    desk_withdraw,
    desk_words,
)
from portal.articles.desk import blueprint

__all__ = [
    "blueprint",
    "desk_bulk",
    "desk_calendar",
    "desk_editor",
    "desk_from_word",
    "desk_history",
    "desk_links",
    "desk_process",
    "desk_verbs",
    "desk_withdraw",
    "desk_words",
]
