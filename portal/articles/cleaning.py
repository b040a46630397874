"""Cleaning stored texts again, when the rules of `portal.core.html` have become stricter."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.articles import search
from portal.articles.models import Article, ArticleRevision
from portal.articles.references import link_references
from portal.core.db import db, write
from portal.core.html import RULES_VERSION, sanitise

MOST_AT_ONCE = 500


def clean_some() -> int:
    """The same a few hundred articles at a time, for the ticker."""
    return resanitise(MOST_AT_ONCE)


def resanitise(most: int | None = None) -> int:
    """Bring articles and their versions to today's rules, all or `most` of them, and note where
    they lead; returns how many were old.

    One short transaction an article: a text that somebody saves meanwhile is left to its saver.
    """
    old = select(Article.id).where(Article.rules_version != RULES_VERSION).order_by(Article.id)
    numbers = db.session.scalars(old.limit(most)).all()
    for number in numbers:
        _clean(number)
    return len(numbers)


def _clean(number: int) -> None:
    article = db.session.get_one(Article, number)
    version, body = article.version, sanitise(article.body)
    query = select(ArticleRevision.id, ArticleRevision.body)
    rows = db.session.execute(query.where(ArticleRevision.article_id == number)).all()
    cleaned = {row.id: clean for row in rows if (clean := sanitise(row.body)) != row.body}
    with write() as session:
        article = session.get_one(Article, number, with_for_update=True)
        if article.version != version:
            return
        article.body, article.rules_version = body, RULES_VERSION
        for revision_id, clean in cleaned.items():
            session.execute(
                update(ArticleRevision).where(ArticleRevision.id == revision_id).values(body=clean)
            )
        link_references(session, article)
        search.note_change(session, article)
