"""Which articles use a file of the library: as cover, in the body, as attachment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, or_, select, union_all
from sqlalchemy.orm import Session, defer

from portal.articles.models import Article, ArticleAttachment, article_inline
from portal.articles.search import note_change
from portal.media import usage
from portal.media.usage import Use


def register() -> None:
    """Lend the library how articles use it."""
    usage.register("articles", find, used=_used, listener=_note)


def find(session: Session, media_id: int) -> Iterable[Use]:
    """Articles that use a file, with whether readers see them now; one statement."""
    query = _using(media_id).options(defer(Article.body)).order_by(Article.id)
    return [
        Use(article.title, f"/ban-lam-viec/bai-viet/{article.id}", article.is_visible)
        for article in session.scalars(query)
    ]


def _using(media_id: int) -> Select[Article]:
    attached = select(ArticleAttachment.article_id).where(ArticleAttachment.media_id == media_id)
    inline = select(article_inline.c.article_id).where(article_inline.c.media_id == media_id)
    here = or_(Article.cover_id == media_id, Article.id.in_(attached), Article.id.in_(inline))
    return select(Article).where(here)


def _used() -> Select[Any]:
    """Ids of all files that articles use."""
    covers = select(Article.cover_id).where(Article.cover_id.is_not(None))
    attached = select(ArticleAttachment.media_id)
    inline = select(article_inline.c.media_id)
    return select(union_all(covers, attached, inline).subquery().c[0])


def _note(session: Session, media_id: int) -> None:
    """Transcripts and abstracts of attachments are found with their articles."""
    for article in session.scalars(_using(media_id).options(defer(Article.body))):
        note_change(session, article)
