"""Which articles use a file of the library: as cover, in the body, as attachment."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from portal.articles.models import Article, ArticleAttachment, article_inline
from portal.media import usage
from portal.media.usage import Use


def register() -> None:
    """Lend the library how articles use it."""
    usage.register("articles", find)


def find(session: Session, media_id: int) -> Iterable[Use]:
    """Articles that use a file, with whether readers see them now; one statement."""
    attached = select(ArticleAttachment.article_id).where(ArticleAttachment.media_id == media_id)
    inline = select(article_inline.c.article_id).where(article_inline.c.media_id == media_id)
    query = (
        select(Article)
        .where(or_(Article.cover_id == media_id, Article.id.in_(attached), Article.id.in_(inline)))
        .options(defer(Article.body))
        .order_by(Article.id)
    )
    return [
        Use(article.title, f"/ban-lam-viec/bai-viet/{article.id}", article.is_visible)
        for article in session.scalars(query)
    ]
