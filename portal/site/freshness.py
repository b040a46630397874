"""When anything that the public reads last changed: the foot of every page says it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.articles.models import Article, visible
from portal.core.db import db
from portal.directory.models import Hotline
from portal.feedback.models import Feedback
from portal.pages.models import Page
from portal.procedures.models import Procedure

LOOK_EVERY = 300.0  # seconds; the foot may be that much behind


@dataclass(slots=True)
class _Known:
    at: datetime | None = None
    until: float = 0.0


def lend(app: Flask) -> None:
    """Let templates ask `last_change()`."""
    app.extensions["freshness"] = _Known()
    app.jinja_env.globals["last_change"] = last_change


def last_change(monotonic: Callable[[], float] = time.monotonic) -> datetime | None:
    """The moment (UTC) of the newest public change; None when nothing is public yet or the
    database does not answer, for the foot stands on error pages too."""
    known: _Known = current_app.extensions["freshness"]
    if monotonic() >= known.until:
        try:
            known.at = _look(db.session())
        except SQLAlchemyError:
            db.session.rollback()
        known.until = monotonic() + LOOK_EVERY
    return known.at


def _look(session: Session) -> datetime | None:
    newest: list[ScalarSelect[Any]] = [
        select(func.max(Procedure.updated_at)).scalar_subquery(),
        select(func.max(Article.publish_at)).where(visible()).scalar_subquery(),
        select(func.max(Article.text_changed_at)).where(visible()).scalar_subquery(),
        select(func.max(Feedback.published_at)).scalar_subquery(),
        select(func.max(Hotline.edited_at)).scalar_subquery(),
        select(func.max(Page.edited_at)).scalar_subquery(),
    ]
    moments = session.execute(select(*newest)).one()
    return max((at for at in moments if at is not None), default=None)
