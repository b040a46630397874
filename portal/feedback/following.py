"""The half hour in which a browser that has shown a code need not show it again.

A cookie of its own carries a signed proof, never the code: only to the pages under
`/phan-anh`, unreadable for scripts, sent from no other site, gone with the browser, and 30 minutes
after the last step. It ends with the code itself: after an erasure it opens nothing.
"""

from __future__ import annotations

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from portal.core.db import db
from portal.core.settings import current_settings
from portal.feedback import holding, signing
from portal.feedback.holding import Holder
from portal.feedback.models import Feedback

_PATH = "/phan-anh"


def current() -> Feedback | None:
    """The feedback that this browser follows, with timeline, files and conversation."""
    holder = signing.read_holder(request.cookies.get(_cookie(), ""))
    return of_holder(holder) if holder else None


def of_holder(holder: Holder) -> Feedback | None:
    """The feedback of a holder as it stands now; None when the code opens it no more."""
    feedback = db.session.scalar(
        select(Feedback)
        .where(Feedback.id == holder.feedback_id)
        .options(
            selectinload(Feedback.events),
            selectinload(Feedback.files),
            selectinload(Feedback.messages),
        )
        .execution_options(populate_existing=True)
    )
    return feedback if feedback and holding.is_held(feedback, holder) else None


def remember(response: Response, holder: Holder) -> None:
    """Let this browser follow what `holder` holds, for half an hour from now."""
    response.set_cookie(
        _cookie(), signing.sign_holder(holder), path=_PATH, httponly=True, samesite="Strict",
        secure=current_settings().https,
    )  # fmt: skip


def forget(response: Response) -> None:
    """Make this browser follow nothing."""
    response.delete_cookie(
        _cookie(), path=_PATH, httponly=True, samesite="Strict", secure=current_settings().https
    )


def _cookie() -> str:
    return "__Secure-theo-doi" if current_settings().https else "theo-doi"
