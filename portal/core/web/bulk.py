"""Bulk actions on the wire: what was ticked in a list, and the answer when it was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.bulk import MOST, Outcome, Pick
from portal.core.web.toasts import tell

Answer = Response | str


def picks() -> list[Pick]:
    """The ticked rows, each once: `chon=<key>` or `chon=<key>@<version>`."""
    found: dict[str, Pick] = {}
    for value in request.form.getlist("chon"):
        key, _, version = value.partition("@")
        fits = version.isascii() and version.isdecimal() and len(version) < 10
        found.setdefault(key, Pick(key, int(version) if fits else 0))
    if len(found) > MOST:
        abort(400)
    return list(found.values())


def list_address(endpoint: str) -> str:
    """The list as the person saw it: the form carries the query of its address in `ve`."""
    pairs = parse_qsl(request.form.get("ve", ""))
    query = urlencode([(name, value) for name, value in pairs if name != "chon"])
    return f"{url_for(endpoint)}{'?' if query else ''}{query}"


def nothing_picked(back: str) -> Response:
    """The answer when no row was ticked."""
    flash("Bạn chưa chọn dòng nào. Đánh dấu ở đầu mỗi dòng rồi bấm lại.", "wait")
    return redirect(back, 303)


def answer(
    outcome: Outcome,
    said: Callable[[int], str],
    back: str,
    *,
    undo: str = "",
    undo_keys: Iterable[str] = (),
) -> Answer:
    """Back to the list with what `said` makes of the count when all was done; else a page that
    tells of each thing what became of it. `undo` takes `undo_keys` as ticked rows."""
    done = said(len(outcome.done))
    if outcome.refused:
        return render_template(
            "_components/bulk_report.html", outcome=outcome, said=done, back=back
        )
    fields = [("chon", key) for key in undo_keys]
    tell(done, undo=undo, fields=fields)
    return redirect(back, 303)
