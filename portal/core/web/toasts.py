"""Telling what was just done, with the way back where there is one."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash


def tell(
    text: str, *, undo: str = "", label: str = "Hoàn tác", fields: Iterable[tuple[str, str]] = ()
) -> None:
    """Show `text` on the next page. `undo` is the address that takes the deed back when `fields`
    are posted to it; the message travels in the session's cookie, so a few dozen fields at most.
    """
    if not undo:
        flash(text)
        return
    way_back = {"address": undo, "label": label, "fields": [list(pair) for pair in fields]}
    flash({"text": text, "undo": way_back})  # type: ignore[arg-type]  # any JSON travels
