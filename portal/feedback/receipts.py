"""The page with the tracking code: for half an hour, in the browser that sent the form."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.settings import current_settings
from portal.feedback import codes, deadlines, submission
from portal.feedback.submission import Receipt

blueprint = Blueprint("feedback_receipt", __name__)
LIFE = timedelta(minutes=30)
_COOKIE = "feedback"


@blueprint.get("/phan-anh/bien-nhan")
def show() -> ResponseReturnValue:
    """The code and the day of the answer, to be kept by whatever means the citizen has."""
    receipt = _kept()
    page = render_template("feedback/receipt.html", receipt=receipt, **_told(receipt))
    return make_response(page, 200 if receipt else 404)


@blueprint.get("/phan-anh/bien-nhan.txt")
def as_text() -> ResponseReturnValue:
    """The same as a small file, for phones without a printer and browsers without scripts."""
    receipt = _kept()
    if receipt is None:
        raise NotFound("receipt")
    text = render_template("feedback/receipt.txt", receipt=receipt, **_told(receipt))
    # Old editors of texts on Windows know neither UTF-8 without its mark nor bare line feeds.
    response = Response("\ufeff" + text.replace("\n", "\r\n"), mimetype="text/plain")
    response.headers["Content-Disposition"] = "attachment; filename=bien-nhan.txt"
    return response


@blueprint.post("/phan-anh/bien-nhan")
def forget() -> ResponseReturnValue:
    """Take the receipt off this browser, for people at a shared computer."""
    drop()
    return redirect(url_for("feedback.index"), 303)


def drop() -> None:
    """Show the receipt on this browser no more."""
    session.pop(_COOKIE, None)


def keep(receipt: Receipt) -> None:
    """Let this browser, and only it, show the receipt for half an hour. The cookie holds no code,
    only what the code is computed from with the server's key."""
    session[_COOKIE] = [receipt.seed, int(clock.now().timestamp())]


def _told(receipt: Receipt | None) -> dict[str, object]:
    if receipt is None:
        return {}
    how = deadlines.explain(
        clock.to_local(receipt.received_at).date(), receipt.due_on, current_settings()
    )
    return {"code": codes.show(receipt.code), "spoken": codes.spoken(receipt.code), "how": how}


def _kept() -> Receipt | None:
    kept = session.get(_COOKIE)
    if not isinstance(kept, list) or len(kept) != 2:
        return None
    age = clock.now() - datetime.fromtimestamp(int(kept[1]), clock.LOCAL_ZONE)
    return submission.receipt(str(kept[0])) if age < LIFE else None
