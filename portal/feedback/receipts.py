"""The page with the tracking code: for half an hour, in the browser that sent the form."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
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
    status = 200 if receipt else 404
    code = codes.show(receipt.code) if receipt else ""
    how = receipt and deadlines.explain(
        clock.to_local(receipt.received_at).date(), receipt.due_on, current_settings()
    )
    page = render_template("feedback/receipt.html", receipt=receipt, code=code, how=how)
    return make_response(page, status)


@blueprint.post("/phan-anh/bien-nhan")
def forget() -> ResponseReturnValue:
    """Take the receipt off this browser, for people at a shared computer."""
    session.pop(_COOKIE, None)
    return redirect(url_for("feedback.index"), 303)


def keep(receipt: Receipt) -> None:
    """Let this browser, and only it, show the receipt for half an hour. The cookie holds no code,
    only what the code is computed from with the server's key."""
    session[_COOKIE] = [receipt.seed, int(clock.now().timestamp())]


def _kept() -> Receipt | None:
    kept = session.get(_COOKIE)
    if not isinstance(kept, list) or len(kept) != 2:
        return None
    age = clock.now() - datetime.fromtimestamp(int(kept[1]), clock.LOCAL_ZONE)
    return submission.receipt(str(kept[0])) if age < LIFE else None
