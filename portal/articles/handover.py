"""Articles that somebody who leaves has not finished, and giving them to a colleague."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, load_only

from portal.accounts.models import User
from portal.accounts.permissions import Actor, may
from portal.articles import letters
from portal.articles.models import Article
from portal.articles.states import State
from portal.core import audit
from portal.core.audit import AuditEvent

UNFINISHED = (State.DRAFT, State.SUBMITTED, State.RETURNED)


def open_of(session: Session, user_id: int) -> Sequence[Article]:
    """What this person still has to finish; titles and states only."""
    states = [state.value for state in UNFINISHED]
    query = (
        select(Article)
        .where(
            Article.author_id == user_id,
            or_(Article.state.in_(states), Article.pending_id.is_not(None)),
        )
        .options(load_only(
            Article.title, Article.state, Article.author_id, Article.unit_code,
            Article.publish_at, Article.pending_id,
        ))
        .order_by(Article.changed_at.desc())
    )  # fmt: skip
    return session.scalars(query).all()


def hand_over(session: Session, actor: Actor, articles: Sequence[Article], to: User) -> int:
    """Make `to` the author of those of the articles that they may edit then; returns how many.

    Inside the caller's `write()`, who has asked for the permission. The text stays as it is, and
    who wrote it last may still not publish it.
    """
    done = 0
    for article in articles:
        before, article.author_id = article.author_id, to.id
        if not may(to.actor, "article.edit", article):
            article.author_id = before
            continue
        done += 1
        audit.record(
            session, AuditEvent.ARTICLE_CHANGED, actor_id=actor.user_id,
            thing=("article", article.id), changes={"author_id": (before, to.id)},
        )  # fmt: skip
        letters.handed_over(session, to, article)
    return done
