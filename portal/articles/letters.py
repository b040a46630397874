"""Letters about articles. They leave with the change that causes them, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.accounts.models import RoleGrant, User
from portal.accounts.permissions import Actor, Role
from portal.articles.models import Article
from portal.core import clock, mail
from portal.core.settings import current_settings

_DESK = "/ban-lam-viec/bai-viet/"


def submitted(session: Session, actor: Actor, article: Article) -> None:
    """Tell who has to read it next: the unit's editors where they come first, else publishers."""
    first = current_settings().site.publishing.unit_editor_first and article.unit_code
    readers = list(session.scalars(_editors(article))) if first else []
    for user in readers or session.scalars(_publishers()):
        if user.id != actor.user_id:
            text = f"{actor.name} gửi duyệt bài “{article.title}”."
            _send(session, user, f"Chờ duyệt: {article.title}", text, _page(article))


def passed(session: Session, actor: Actor, article: Article) -> None:
    """Tell everybody who may publish that the unit has read an article."""
    text = f"{actor.name} đã đọc và chuyển duyệt đăng bài “{article.title}”."
    _to_publishers(session, actor, article, f"Chờ duyệt đăng: {article.title}", text)


def returned(session: Session, actor: Actor, article: Article, said: str) -> None:
    """Tell the author what to mend; `said` are remarks on passages."""
    text = f"{actor.name} trả lại bài “{article.title}” để sửa, kèm nhận xét:"
    parts = [text, article.remark, said]
    _to_author(
        session, actor, article, f"Cần sửa: {article.title}", "\n\n".join(filter(None, parts))
    )


def published(session: Session, actor: Actor, article: Article) -> None:
    """Tell the author that readers see the article, or from when and until when they will."""
    assert article.publish_at is not None
    when = (
        f"sẽ đăng lúc {clock.format_moment(article.publish_at)}"
        if article.is_scheduled
        else f"đã đăng tại {current_settings().address(article.url)}"
    )
    if article.withdraw_at is not None:
        when += f" và tự gỡ lúc {clock.format_moment(article.withdraw_at)}"
    text = f"{actor.name} đã duyệt bài “{article.title}”. Bài {when}."
    _to_author(session, actor, article, f"Đã duyệt: {article.title}", text)


def published_urgently(session: Session, actor: Actor, article: Article, reason: str) -> None:
    """Ask the other publishers to look at what one of them published alone."""
    text = (
        f"{actor.name} một mình đăng khẩn bài “{article.title}”. Lý do: {reason}\n\n"
        "Một người duyệt khác cần đọc và xác nhận, hoặc gỡ bài."
    )
    _to_publishers(session, actor, article, f"Đăng khẩn, chờ xem lại: {article.title}", text)


def urgency_overdue(session: Session, article: Article, by_id: int, due_at: datetime) -> None:
    """Remind everybody but the one who published that nobody has confirmed it in time."""
    text = (
        f"Bài “{article.title}” được đăng khẩn và phải có người thứ hai xem lại trước "
        f"{clock.format_moment(due_at)}, nhưng đến nay chưa ai xác nhận."
    )
    for user in session.scalars(_publishers()):
        if user.id != by_id:
            _send(session, user, f"Quá hạn xem lại: {article.title}", text, _page(article))


def review_due(session: Session, user: User, articles: Sequence[Article]) -> None:
    """Tell who keeps articles that their day of review has come, in one letter."""
    titles = "\n".join(f"- {article.title}" for article in articles)
    text = (
        "Những bài sau đến hạn xem lại. Bạn đọc lại từng bài: còn đúng thì bấm “Đã xem lại, còn "
        f"đúng”, không thì sửa hoặc gỡ.\n\n{titles}"
    )
    subject = f"{len(articles)} bài đến hạn xem lại"
    _send(session, user, subject, text, f"{_DESK}?xem=den-han")


def withdrawn(session: Session, actor: Actor, article: Article) -> None:
    """Tell the author that the article is gone, and why."""
    text = f"{actor.name} đã gỡ bài “{article.title}”. Lý do: {article.withdrawn_reason}"
    _to_author(session, actor, article, f"Đã gỡ: {article.title}", text)


def handed_over(session: Session, to: User, article: Article) -> None:
    """Tell a colleague that an unfinished article is theirs now."""
    text = f"Quản trị viên vừa bàn giao cho bạn bài viết đang làm dở: {article.title}."
    _send(session, to, "Bạn nhận bàn giao một bài viết", text, _page(article))


def _publishers() -> Select[User]:
    return (
        select(User)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == Role.PUBLISHER, User.disabled_at.is_(None))
        .distinct()
        .order_by(User.id)
    )


def _editors(article: Article) -> Select[User]:
    grant = (RoleGrant.role == Role.UNIT_EDITOR, RoleGrant.unit_code == article.unit_code)
    query = select(User).join(RoleGrant, RoleGrant.user_id == User.id)
    return query.where(*grant, User.disabled_at.is_(None)).distinct().order_by(User.id)


def _to_publishers(
    session: Session, actor: Actor, article: Article, subject: str, text: str
) -> None:
    for user in session.scalars(_publishers()):
        if user.id != actor.user_id:
            _send(session, user, subject, text, _page(article))


def _to_author(session: Session, actor: Actor, article: Article, subject: str, text: str) -> None:
    if article.author_id is None or article.author_id == actor.user_id:
        return
    author = session.get_one(User, article.author_id)
    if author.disabled_at is None:
        _send(session, author, subject, text, _page(article))


def _page(article: Article) -> str:
    return f"{_DESK}{article.id}"


def _send(session: Session, user: User, subject: str, text: str, path: str) -> None:
    settings = current_settings()
    address = settings.address(path)
    place = f"{settings.site.site.title}, {settings.site.agency.short_name}"
    body = (
        f"Kính gửi {user.name},\n\n{text}\n\nXem tại bàn làm việc: {address}\n\n{place}\n"
        "(Thư gửi tự động, bạn không cần trả lời.)\n"
    )
    mail.enqueue(session, user.email, subject, body)
