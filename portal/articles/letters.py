"""Letters about articles. They leave with the change that causes them, or not at all."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.accounts.models import RoleGrant, User
from portal.accounts.permissions import Actor, Role
from portal.articles.models import Article
from portal.core import clock, mail
from portal.core.settings import current_settings


def submitted(session: Session, actor: Actor, article: Article) -> None:
    """Tell everybody who may publish that an article waits."""
    for user in session.scalars(_publishers()):
        if user.id != actor.user_id:
            text = f"{actor.name} gửi duyệt bài “{article.title}”."
            _send(session, user, f"Chờ duyệt: {article.title}", text, article)


def returned(session: Session, actor: Actor, article: Article) -> None:
    """Tell the author what to mend."""
    text = f"{actor.name} trả lại bài “{article.title}” để sửa, kèm nhận xét:\n\n{article.remark}"
    _to_author(session, actor, article, f"Cần sửa: {article.title}", text)


def published(session: Session, actor: Actor, article: Article) -> None:
    """Tell the author that readers see the article, or from when they will."""
    assert article.publish_at is not None
    when = (
        f"sẽ đăng lúc {clock.format_moment(article.publish_at)}"
        if article.is_scheduled
        else f"đã đăng tại {current_settings().address(article.url)}"
    )
    text = f"{actor.name} đã duyệt bài “{article.title}”. Bài {when}."
    _to_author(session, actor, article, f"Đã duyệt: {article.title}", text)


def withdrawn(session: Session, actor: Actor, article: Article) -> None:
    """Tell the author that the article is gone, and why."""
    text = f"{actor.name} đã gỡ bài “{article.title}”. Lý do: {article.withdrawn_reason}"
    _to_author(session, actor, article, f"Đã gỡ: {article.title}", text)


def _publishers() -> Select[User]:
    return (
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == Role.PUBLISHER, User.disabled_at.is_(None))
        .distinct()
        .order_by(User.id)
    )


def _to_author(session: Session, actor: Actor, article: Article, subject: str, text: str) -> None:
    if article.author_id is None or article.author_id == actor.user_id:
        return
    author = session.get_one(User, article.author_id)
    if author.disabled_at is None:
        _send(session, author, subject, text, article)


def _send(session: Session, user: User, subject: str, text: str, article: Article) -> None:
    settings = current_settings()
    address = settings.address(f"/ban-lam-viec/bai-viet/{article.id}")
    place = f"{settings.site.site.title}, {settings.site.agency.short_name}"
    body = (
        f"Kính gửi {user.name},\n\n{text}\n\nXem bài tại bàn làm việc: {address}\n\n{place}\n"
        "(Thư gửi tự động, bạn không cần trả lời.)\n"
    )
    mail.enqueue(session, user.email, subject, body)
