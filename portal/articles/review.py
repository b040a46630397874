"""When a published article has to be read again, and who is reminded of it."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, defer

from portal.accounts.models import RoleGrant, User
from portal.accounts.permissions import Actor, Role, require
from portal.articles import letters
from portal.articles.case import find
from portal.articles.models import Article, visible
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid
from portal.core.settings import current_settings

USUAL_MONTHS, MOST_YEARS, MOST_TOLD = 12, 5, 200


def due() -> ColumnElement[bool]:
    """The condition "readers see it, and its day of review has come"."""
    return and_(visible(), Article.review_on <= clock.today())


def set_first_day(article: Article) -> None:
    """With its first publication an article gets the day that its kind has by default."""
    months = current_settings().site.publishing.review_months.get(article.kind)
    if article.review_on is None and months and article.publish_at is not None:
        article.review_on = later(clock.to_local(article.publish_at).date(), months)


def set_day(actor: Actor, article_id: int, day: date | None) -> None:
    """Choose when an article has to be read again; None for never."""
    today = clock.today()
    if day is not None and not today < day <= later(today, 12 * MOST_YEARS):
        raise Invalid({"review_on": f"Chọn ngày xem lại sau hôm nay, trong {MOST_YEARS} năm tới."})
    with write() as session:
        article = find(session, actor, article_id).article
        require(actor, "article.review", article)
        _move(session, actor, article, day, AuditEvent.ARTICLE_CHANGED)


def still_right(actor: Actor, article_id: int) -> date:
    """Somebody read the article again and nothing has to change; returns the next day.

    The version of the article stays: who is writing a correction is not disturbed.
    """
    with write() as session:
        article = find(session, actor, article_id).article
        require(actor, "article.review", article)
        if not article.is_visible:
            raise Conflict("Bài không hiện với người đọc nên không cần xem lại.")
        months = current_settings().site.publishing.review_months.get(article.kind, USUAL_MONTHS)
        day = later(clock.today(), months)
        _move(session, actor, article, day, AuditEvent.ARTICLE_REVIEWED)
        return day


def tell() -> int:
    """Write once to who keeps an article when its day has come; returns the number of letters."""
    told = Article.review_told_on.is_(None) | (Article.review_told_on != Article.review_on)
    query = (
        select(Article).where(due(), told).options(defer(Article.body)).order_by(Article.id)
        .limit(MOST_TOLD)
    )  # fmt: skip
    if db.session.scalar(query.with_only_columns(Article.id).limit(1)) is None:
        return 0
    with write() as session:
        waiting: dict[int, tuple[User, list[Article]]] = {}
        for article in session.scalars(query):
            article.review_told_on = article.review_on
            for user in _keepers(session, article):
                waiting.setdefault(user.id, (user, []))[1].append(article)
        for user, articles in waiting.values():
            letters.review_due(session, user, articles)
        return len(waiting)


def later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _keepers(session: Session, article: Article) -> list[User]:
    """The editors of its unit, else its author, else who publishes."""
    active = select(User).join(RoleGrant, RoleGrant.user_id == User.id).where(
        User.disabled_at.is_(None)
    )  # fmt: skip
    editors = active.where(
        RoleGrant.role == Role.UNIT_EDITOR, RoleGrant.unit_code == article.unit_code
    )
    for query in (
        editors, active.where(User.id == article.author_id),
        active.where(RoleGrant.role == Role.PUBLISHER),
    ):  # fmt: skip
        if found := list(session.scalars(query.distinct().order_by(User.id))):
            return found
    return []


def _move(
    session: Session, actor: Actor, article: Article, day: date | None, event: AuditEvent
) -> None:
    before, article.review_on = article.review_on, day
    audit.record(
        session, event, actor_id=actor.user_id, thing=("article", article.id),
        changes={"review_on": (before, day)},
    )  # fmt: skip
