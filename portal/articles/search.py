"""What the search knows of an article: nothing before readers may see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.articles.models import KIND_NAMES, Article, ArticleAttachment, Kind, visible
from portal.articles.states import State
from portal.core import clock
from portal.core.html import plain_text
from portal.search import feed
from portal.search.engine import SearchDocument

KIND = "article"


def register() -> None:
    """Lend the search how articles are found."""
    feed.registry.register(KIND, build, keys)


def note_change(session: Session, article: Article) -> None:
    """Have the index follow `article` after this transaction, and again when an hour comes."""
    feed.changed(session, KIND, str(article.id))
    hours = (article.publish_at, article.withdraw_at) if article.standing == State.APPROVED else ()
    for hour in hours:
        if hour is not None and hour > clock.now():
            feed.changed(session, KIND, str(article.id), due_at=hour)


def build(session: Session, key: str) -> SearchDocument | None:
    """The document of an article, None while readers may not see it."""
    article = session.scalar(
        select(Article)
        .where(Article.id == int(key), visible())
        .options(
            joinedload(Article.topic), joinedload(Article.unit),
            selectinload(Article.attachments).joinedload(ArticleAttachment.media),
        )
    )  # fmt: skip
    if article is None:
        return None
    topic, unit = article.topic, article.unit
    return SearchDocument(
        kind=KIND,
        key=key,
        title=article.title,
        keywords=[
            article.summary,
            KIND_NAMES[Kind(article.kind)],
            *([topic.name] if topic else []),
            *([unit.name] if unit else []),
        ],
        body=plain_text(article.body) + _words_of_files(article),
        facets={
            "topic": topic.slug if topic else "",
            "article_kind": article.kind,
            "unit": article.unit_code or "",
        },
        url=article.url,
        updated_at=_shown_since(article),
    )


def _words_of_files(article: Article) -> str:
    """What its recordings say and its scans are about."""
    files = [attachment.media for attachment in article.attachments]
    words = [f"{file.transcript}\n{file.abstract}" for file in files if file.removed_at is None]
    return "".join(f"\n{found.strip()}" for found in words if found.strip())


def keys(session: Session) -> Iterable[str]:
    """Keys of everything that readers may see now."""
    return [str(number) for number in session.scalars(select(Article.id).where(visible()))]


def _shown_since(article: Article) -> datetime:
    return article.publish_at or clock.now()
