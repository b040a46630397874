"""What lies open with one person, over all rooms, and giving it to somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import User
from portal.accounts.permissions import Actor, require
from portal.accounts.queries import Status
from portal.articles import handover as articles
from portal.articles.models import Article
from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound
from portal.feedback import handover as feedback
from portal.feedback.models import Feedback


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Unfinished articles, and feedback that waits for this person."""

    articles: Sequence[Article]
    feedback: Sequence[Feedback]

    @property
    def count(self) -> int:
        """How many things in all."""
        return len(self.articles) + len(self.feedback)


def open_of(session: Session, user_id: int) -> OpenWork:
    """What lies open with this person."""
    return OpenWork(articles.open_of(session, user_id), feedback.open_of(session, user_id))


def colleagues(user_id: int) -> dict[str, str]:
    """Id (as text) → name of everybody else who can sign in."""
    rows = queries.list_accounts(status=Status.ACTIVE)
    return {str(row.user.id): row.user.name for row in rows if row.user.id != user_id}


def hand_over(actor: Actor, user_id: int, to_id: int) -> tuple[int, int]:
    """Give everything open to another person, as far as their roles reach.

    Returns (given, left). Raises `NotFound`, `Invalid` on `to`.
    """
    require(actor, "user.manage")
    with write() as session:
        leaving, to = session.get(User, user_id), session.get(User, to_id)
        if leaving is None:
            raise NotFound(f"account {user_id}")
        if to is None or to.disabled_at or to.id == user_id:
            raise Invalid({"to": "Chọn một người khác đang làm việc trên cổng."})
        work = open_of(session, user_id)
        given = articles.hand_over(session, actor, work.articles, to)
        given += feedback.hand_over(session, actor, work.feedback, to)
        if given:
            audit.record(
                session, AuditEvent.USER_WORK_HANDED_OVER, actor_id=actor.user_id,
                thing=("user", user_id), changes={"to": (None, to.id), "given": (None, given)},
            )  # fmt: skip
    return given, work.count - given


def person(user_id: int) -> User:
    """The account. Raises `NotFound`."""
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFound(f"account {user_id}")
    return found
