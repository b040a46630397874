"""One article in the hands of one person, inside one write transaction: what all verbs share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.accounts.permissions import Actor, require
from portal.articles import states
from portal.articles.models import Article
from portal.articles.scope import visible_to
from portal.articles.states import TRANSITIONS, State, Verb
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, NotFound

OUTDATED = "Bài đã được người khác sửa hoặc duyệt sau khi bạn mở. Bạn xem bản mới rồi làm tiếp."
Changes = Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Case:
    """An article that somebody works on; `session` is the transaction."""

    session: Session
    actor: Actor
    article: Article

    def move(self, verb: Verb, event: AuditEvent, changes: Changes | None = None) -> None:
        """Bring the article to the state that `verb` leads to, and settle."""
        target = TRANSITIONS[verb].to
        assert target is not None
        before, self.article.state = self.article.state, target.value
        self.settle(event, {"state": (before, target.value), **(changes or {})})

    def settle(self, event: AuditEvent, changes: Changes) -> None:
        """What every verb ends with: a new version of the record, an entry in the audit log."""
        article, moment = self.article, clock.now()
        article.version += 1
        article.changed_at = article.edited_at = moment
        self.session.flush()
        audit.record(
            self.session, event, actor_id=self.actor.user_id, thing=("article", article.id),
            changes=changes,
        )  # fmt: skip


def open_for(session: Session, actor: Actor, article_id: int, version: int, verb: Verb) -> Case:
    """The article, if this person may do this with it, in this state, having seen this version.

    Raises `NotFound`, `NotAllowed` or `Conflict`, in this order.
    """
    case = find(session, actor, article_id)
    _catch_up(case.article)
    state = State(case.article.state)
    for permission in TRANSITIONS[verb].permissions(state):
        require(actor, permission, case.article)
    states.check(verb, state)
    refuse_outdated(case.article, version)
    return case


def find(session: Session, actor: Actor, article_id: int) -> Case:
    """The article, locked, if this person may know of it; else `NotFound`."""
    article = session.scalar(
        select(Article)
        .where(Article.id == article_id, visible_to(actor))
        .options(
            selectinload(Article.attachments),
            selectinload(Article.tasks),
            selectinload(Article.inline_files),
            joinedload(Article.pending),
        )
        .with_for_update(of=Article)
    )
    if article is None:
        raise NotFound(f"article {article_id}")
    return Case(session, actor, article)


def _catch_up(article: Article) -> None:
    """Write down what time has decided, before somebody builds on it."""
    if article.gone_at is not None and article.state == State.APPROVED:
        article.state, article.withdrawn_at = State.WITHDRAWN.value, article.gone_at
        article.pending = None


def refuse_outdated(article: Article, version: int) -> None:
    """Raise `Conflict` when somebody changed the article since `version` was seen."""
    if article.version != version:
        raise Conflict(OUTDATED)
