"""Who has an article's form open. A courtesy, never a lock: a sign of life every half minute."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.accounts.permissions import Actor
from portal.articles.words_models import ArticlePresence
from portal.core import clock
from portal.core.db import db, insert_or_update, write

log = logging.getLogger(__name__)
FORGOTTEN = timedelta(seconds=80)
WRITTEN_EVERY = timedelta(seconds=20)
_CLOCK_SLACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else at the same article."""

    name: str
    since: datetime


def others(session: Session, actor: Actor, article_id: int) -> Sequence[Other]:
    """Who else has it open now, the longest first; one statement."""
    moment = clock.now()
    rows = session.execute(
        select(User.name, ArticlePresence.since)
        .join(User, User.id == ArticlePresence.user_id)
        .where(
            ArticlePresence.article_id == article_id,
            ArticlePresence.user_id != actor.user_id,
            ArticlePresence.seen_at.between(moment - FORGOTTEN, moment + _CLOCK_SLACK),
        )
        .order_by(ArticlePresence.since, User.id)
    )
    return [Other(name, since) for name, since in rows]


def touch(session: Session, actor: Actor, article_id: int, tab: str) -> None:
    """Inside `write()`: note a sign of life of a page; one statement."""
    moment = clock.now()
    alive = ArticlePresence.seen_at.between(moment - FORGOTTEN, moment)
    seen = {"tab": tab, "seen_at": moment}
    noted = insert_or_update(session.get_bind().dialect.name, ArticlePresence)
    session.execute(
        noted.values(article_id=article_id, user_id=actor.user_id, since=moment, **seen)
        .on_conflict_do_update(
            index_elements=[ArticlePresence.article_id, ArticlePresence.user_id],
            set_={**seen, "since": case((alive, ArticlePresence.since), else_=moment)},
        )
    )  # fmt: skip


def enter(actor: Actor, article_id: int, tab: str) -> None:
    """Note that the form was opened. A page that only shows must show also when nothing can be
    written, so that fault is logged and goes no further."""
    try:
        with write() as session:
            touch(session, actor, article_id, tab)
    except (SQLAlchemyError, OSError):
        db.session.rollback()
        log.warning("presence.not_noted", exc_info=True)


def stay(session: Session, actor: Actor, article_id: int, tab: str) -> None:
    """A sign of life between two writings; seldom a write."""
    if not is_fresh(session, actor, article_id, tab):
        with write() as writing:
            touch(writing, actor, article_id, tab)


def is_fresh(session: Session, actor: Actor, article_id: int, tab: str) -> bool:
    """Whether this page was noted a moment ago."""
    row = session.execute(
        select(ArticlePresence.tab, ArticlePresence.seen_at).where(
            ArticlePresence.article_id == article_id, ArticlePresence.user_id == actor.user_id
        )
    ).one_or_none()
    return row is not None and row.tab == tab and clock.now() - row.seen_at < WRITTEN_EVERY


def leave(actor: Actor, article_id: int, tab: str) -> None:
    """The page that noted itself last is closed."""
    with write() as session:
        session.execute(
            delete(ArticlePresence).where(
                ArticlePresence.article_id == article_id,
                ArticlePresence.user_id == actor.user_id,
                ArticlePresence.tab == tab,
            )
        )


def forget_old(session: Session) -> None:
    """Delete rows that say nothing any more, inside `write()`."""
    session.execute(
        delete(ArticlePresence).where(ArticlePresence.seen_at < clock.now() - timedelta(days=1))
    )
