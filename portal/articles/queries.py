"""What readers, the home page, feeds and the search ask of articles: only what they may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from portal.articles.models import (
    Article,
    ArticleAttachment,
    ArticleSlug,
    Topic,
    article_inline,
    article_procedure,
    visible,
)
from portal.articles.process_models import ChangeNote
from portal.core.db import db
from portal.core.web.pages import Page, paginate
from portal.media.models import MediaFile, MediaKind
from portal.plan.models import PlanTask

PAGE_SIZE = 12
_NEWEST = (Article.publish_at.desc(), Article.id.desc())


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic with the number of visible articles in it and below it."""

    topic: Topic
    count: int
    below: Sequence[TopicCount]


@dataclass(frozen=True, slots=True)
class Files:
    """What an article offers to take along, and the pictures that it may show."""

    attachments: Sequence[MediaFile]
    pictures: Sequence[MediaFile]


def listed() -> Select[Article]:
    """Visible articles as lists show them, newest first: with topic and cover, without body."""
    return (
        select(Article)
        .where(visible())
        .options(joinedload(Article.topic), joinedload(Article.cover), defer(Article.body))
        .order_by(*_NEWEST)
    )


def latest_visible(session: Session, limit: int) -> Sequence[Article]:
    """The newest visible articles, for lists; one statement."""
    return session.scalars(listed().limit(limit)).all()


def front(session: Session, limit: int) -> Sequence[Article]:
    """What the home page shows: up to two that are pinned, then the newest; one statement."""
    newest = select(Article.id).where(visible()).order_by(*_NEWEST).limit(limit)
    found = session.scalars(listed().where(or_(Article.pinned, Article.id.in_(newest)))).all()
    pinned = [article for article in found if article.pinned][:2]
    return [*pinned, *(article for article in found if article not in pinned)][:limit]


def pinned_visible(session: Session, limit: int = 3) -> Sequence[Article]:
    """The newest of those that the agency wants read first; one statement."""
    return session.scalars(listed().where(Article.pinned).limit(limit)).all()


def page_of_topics(session: Session, topics: Iterable[Topic], number: int) -> Page[Article]:
    """One page of the visible articles of some topics; two statements."""
    query = listed().where(Article.topic_id.in_([topic.id for topic in topics]))
    return paginate(session, query, number, PAGE_SIZE)


def page_without(session: Session, shown: Iterable[Article], number: int) -> Page[Article]:
    """One page of all visible articles but those that are shown above; two statements."""
    query = listed().where(Article.id.not_in([article.id for article in shown]))
    return paginate(session, query, number, PAGE_SIZE)


def by_keys(session: Session, keys: Iterable[str]) -> Mapping[str, Article]:
    """Visible articles by the keys of their search documents; one statement."""
    ids = [int(key) for key in keys if key.isdecimal()]
    found = session.scalars(listed().where(Article.id.in_(ids)))
    return {str(article.id): article for article in found}


def feed_items(session: Session, limit: int = 30) -> Sequence[Article]:
    """The newest visible articles with their bodies and units, for feeds; one statement."""
    query = select(Article).where(visible()).order_by(*_NEWEST).limit(limit)
    return session.scalars(query.options(joinedload(Article.topic), joinedload(Article.unit))).all()


def addresses(session: Session) -> Iterable[tuple[str, datetime]]:
    """Address and time of the last change of everything visible, for the sitemap."""
    query = select(Article.slug, Article.changed_at).where(visible()).order_by(Article.id)
    for slug, changed_at in session.execute(query):
        yield f"/bai-viet/{slug}", changed_at


def topics(session: Session) -> Sequence[Topic]:
    """All topics in their order; one statement."""
    return session.scalars(select(Topic).order_by(Topic.position, Topic.id)).all()


def topic_names() -> dict[str, str]:
    """Slug → name of all topics in their order; one statement."""
    query = select(Topic.slug, Topic.name).order_by(Topic.position, Topic.id)
    return {row.slug: row.name for row in db.session.execute(query)}


def counted_topics(session: Session) -> list[TopicCount]:
    """The tree of topics with their counts; one statement."""
    query = (
        select(Topic, func.count(Article.id))
        .outerjoin(Article, and_(Article.topic_id == Topic.id, visible()))
        .group_by(Topic.id)
        .order_by(Topic.position, Topic.id)
    )
    rows = session.execute(query).all()
    below: dict[str | None, list[TopicCount]] = {}
    for topic, count in rows:
        below.setdefault(topic.parent_slug, []).append(TopicCount(topic, count, ()))
    return [
        TopicCount(top.topic, top.count + sum(child.count for child in children), children)
        for top in below.get(None, [])
        for children in [below.get(top.topic.slug, [])]
    ]


def find_visible(session: Session, slug: str) -> Article | None:
    """The visible article at an address, with its tasks; two statements."""
    return session.scalar(
        select(Article)
        .where(Article.slug == slug, visible())
        .options(
            joinedload(Article.topic).joinedload(Topic.parent),
            joinedload(Article.unit),
            joinedload(Article.cover),
            selectinload(Article.tasks).joinedload(PlanTask.plan),
        )
    )


def files_of(session: Session, article: Article) -> Files:
    """Attachments and pictures of an article; one statement."""
    inline = select(article_inline.c.media_id).where(article_inline.c.article_id == article.id)
    mine = and_(
        ArticleAttachment.media_id == MediaFile.id, ArticleAttachment.article_id == article.id
    )
    rows = session.execute(
        select(MediaFile, ArticleAttachment.position)
        .outerjoin(ArticleAttachment, mine)
        .where(or_(ArticleAttachment.position.is_not(None), MediaFile.id.in_(inline)))
        .where(MediaFile.removed_at.is_(None))
        .order_by(ArticleAttachment.position)
    ).all()
    return Files(
        attachments=[media for media, position in rows if position is not None],
        pictures=[media for media, _ in rows if media.kind == MediaKind.IMAGE],
    )


def notes_of(session: Session, article: Article) -> Sequence[ChangeNote]:
    """What readers are told about corrections, the newest first; one statement, none for an
    article that was not corrected."""
    if article.modified_at == article.publish_at:
        return []
    return session.scalars(
        select(ChangeNote)
        .where(ChangeNote.article_id == article.id, ChangeNote.at >= article.publish_at)
        .order_by(ChangeNote.at.desc(), ChangeNote.id.desc())
    ).all()


def latest_notes(session: Session, articles: Iterable[Article]) -> Mapping[int, ChangeNote]:
    """The newest note of each article that was corrected; one statement at most."""
    ids = [one.id for one in articles if one.modified_at != one.publish_at]
    if not ids:
        return {}
    newest = (
        select(ChangeNote)
        .where(ChangeNote.article_id.in_(ids))
        .order_by(ChangeNote.at, ChangeNote.id)
    )
    return {note.article_id: note for note in session.scalars(newest)}


def related(session: Session, article: Article, limit: int = 4) -> Sequence[Article]:
    """The newest others of the same topic; one statement."""
    query = listed().where(Article.topic_id == article.topic_id, Article.id != article.id)
    return session.scalars(query.limit(limit)).all()


def about_procedure(session: Session, code: str, limit: int) -> Sequence[Article]:
    """The newest visible articles that name a procedure by its code; one statement."""
    named = select(article_procedure.c.article_id).where(article_procedure.c.code == code)
    return session.scalars(listed().where(Article.id.in_(named)).limit(limit)).all()


def find_withdrawn(session: Session, slug: str) -> Article | None:
    """The article at an address that readers could see once and may not now."""
    article = session.scalar(
        select(Article).where(Article.slug == slug).options(joinedload(Article.topic))
    )
    return article if article is not None and article.was_visible else None


def moved_to(session: Session, slug: str) -> str | None:
    """The slug that the article at a former address has now, if readers may know of it."""
    article = session.scalar(
        select(Article)
        .join(ArticleSlug, ArticleSlug.article_id == Article.id)
        .where(ArticleSlug.slug == slug)
    )
    if article is None or not (article.is_visible or article.was_visible):
        return None
    return article.slug


def trails(counted: Iterable[TopicCount]) -> Iterable[tuple[TopicCount, ...]]:
    """Every topic of a tree, each with the one above it first."""
    for top in counted:
        yield (top,)
        for child in top.below:
            yield top, child
