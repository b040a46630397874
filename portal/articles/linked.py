"""What links to an article, shown before it leaves its readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.articles.models import Article, ArticleSlug, visible

MOST = 50


@dataclass(frozen=True, slots=True)
class Linking:
    """A published article whose text leads here."""

    id: int
    title: str


def to_article(session: Session, article: Article) -> Sequence[Linking]:
    """Published articles that link to one, by any address that it has or had; two statements."""
    former = session.scalars(select(ArticleSlug.slug).where(ArticleSlug.article_id == article.id))
    addresses = [f"/bai-viet/{slug}" for slug in (article.slug, *former)]
    ends = ('"', "#", "?")
    holds = [Article.body.contains(a + end, autoescape=True) for a in addresses for end in ends]
    query = (
        select(Article.id, Article.title)
        .where(visible(), Article.id != article.id, or_(*holds))
        .order_by(Article.title)
        .limit(MOST)
    )
    return [Linking(*row) for row in session.execute(query)]
