"""Addresses of articles: made from the title, kept for ever once readers may know them."""

from __future__ import annotations

from itertools import count

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.articles.models import Article, ArticleSlug
from portal.core.content_fields import SLUG
from portal.core.errors import Invalid
from portal.core.text import slugify

LIMIT = 120
_STEM = 100
_LOCK = 0x534C5547  # of giving out addresses, on PostgreSQL


def free_slug(session: Session, title: str, own_id: int | None = None) -> str:
    """An address from a title that no other article has or had."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    stem = slugify(title, limit=_STEM) or "bai-viet"
    taken = _taken(session, stem, own_id)
    if stem not in taken:
        return stem
    return next(slug for n in count(2) if (slug := f"{stem}-{n}") not in taken)


def change_slug(session: Session, article: Article, slug: str) -> None:
    """Give an article another address; the former one leads on if readers may know it.

    Raises `Invalid` on field `slug`.
    """
    if len(slug) > LIMIT or not SLUG.fullmatch(slug):
        said = "Địa chỉ chỉ gồm chữ thường không dấu, chữ số, gạch nối, ví dụ “mo-nha-thuoc”."
        raise Invalid({"slug": said})
    if slug in _taken(session, slug, article.id):
        raise Invalid({"slug": "Địa chỉ này đang hoặc đã là của bài khác. Chọn địa chỉ khác."})
    own = session.get(ArticleSlug, slug)
    if own is not None:
        session.delete(own)
    if article.slug_fixed:
        session.add(ArticleSlug(slug=article.slug, article_id=article.id))
    article.slug = slug
    session.flush()


def _taken(session: Session, stem: str, own_id: int | None) -> set[str]:
    """Addresses beginning with `stem` that others have or had, and own present one aside."""
    now = select(Article.slug).where(Article.slug.startswith(stem, autoescape=True))
    former = select(ArticleSlug.slug).where(ArticleSlug.slug.startswith(stem, autoescape=True))
    if own_id is not None:
        now = now.where(Article.id != own_id)
        former = former.where(ArticleSlug.article_id != own_id)
    return {*session.scalars(now), *session.scalars(former)}
