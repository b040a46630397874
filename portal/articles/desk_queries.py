"""What the desk asks of articles: lists, one with its surroundings, its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from portal.accounts.permissions import Actor, Role, may
from portal.articles import review
from portal.articles.models import Article, ArticleRevision, Topic, scheduled, visible, withdrawn
from portal.articles.process_models import UrgentPublication
from portal.articles.scope import of_units, visible_to
from portal.articles.states import State
from portal.articles.words_models import ArticleAutosave
from portal.core.errors import NotFound
from portal.core.settings import current_settings
from portal.core.text import fold
from portal.media.models import MediaFile
from portal.plan.models import PlanTask

PAGE_SIZE = 25
_MOST_WORDS = 6


class View(StrEnum):
    """A saved view of the list, by its name in the address."""

    WAITING = "cho-toi"
    MINE = "cua-toi"
    UNIT = "don-vi"
    SCHEDULED = "hen-dang"
    URGENT = "dang-khan"
    REVIEW = "den-han"
    SHOWN = "da-dang"
    WITHDRAWN = "da-go"
    ALL = "tat-ca"


VIEW_NAMES: dict[View, str] = {
    View.WAITING: "Chờ tôi",
    View.MINE: "Của tôi",
    View.UNIT: "Đơn vị",
    View.SCHEDULED: "Hẹn đăng",
    View.URGENT: "Đăng khẩn",
    View.REVIEW: "Đến hạn xem lại",
    View.SHOWN: "Đã đăng",
    View.WITHDRAWN: "Đã gỡ",
    View.ALL: "Tất cả",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person looks for in the list."""

    view: View
    words: str = ""
    topic: str = ""
    kind: str = ""


def listed(actor: Actor, wanted: Filter) -> Select[Article]:
    """The articles of one view that this person may know of, last changed first."""
    query = (
        select(Article)
        .where(visible_to(actor), _of_view(actor, wanted.view))
        .options(
            joinedload(Article.topic),
            joinedload(Article.unit),
            joinedload(Article.author),
            defer(Article.body),
        )
        .order_by(Article.changed_at.desc(), Article.id.desc())
    )
    if wanted.topic:
        query = query.join(Article.topic).where(Topic.slug == wanted.topic)
    if wanted.kind:
        query = query.where(Article.kind == wanted.kind)
    for word in fold(wanted.words).split()[:_MOST_WORDS]:
        query = query.where(Article.folded.contains(word, autoescape=True))
    return query


def waiting(actor: Actor) -> ColumnElement[bool]:
    """Articles on which this person should act: returned ones of their own; for a unit's editor
    what its authors submitted; for who may publish what waits for that, with corrections, and what
    another published in urgency. Nobody is asked to read their own words."""
    parts = [and_(Article.state == State.RETURNED, Article.author_id == actor.user_id)]
    not_own = or_(Article.text_by_id.is_(None), Article.text_by_id != actor.user_id)
    if units := {g.unit_code for g in actor.grants if g.role == Role.UNIT_EDITOR}:
        theirs = true() if None in units else Article.unit_code.in_(sorted(map(str, units)))
        parts.append(and_(Article.state == State.SUBMITTED, theirs, not_own))
    if may(actor, "article.publish"):
        parts += [and_(awaits_publisher(), not_own), Article.pending_id.is_not(None)]
        parts.append(and_(visible(), Article.id.in_(_urgent(actor))))
    return or_(*parts)


def awaits_publisher() -> ColumnElement[bool]:
    """The condition "a publisher is the next who acts"."""
    submitted = Article.state == State.SUBMITTED
    if current_settings().site.publishing.unit_editor_first:
        submitted = and_(submitted, Article.unit_code.is_(None))
    return or_(submitted, Article.state == State.PASSED)


def _urgent(besides: Actor | None = None) -> Select[int]:
    """Ids of articles whose publication in urgency nobody has confirmed."""
    query = select(UrgentPublication.article_id).where(UrgentPublication.closed_at.is_(None))
    if besides is None:
        return query
    writer = UrgentPublication.writer_id
    return query.where(
        UrgentPublication.by_id != besides.user_id,
        or_(writer.is_(None), writer != besides.user_id),
    )


def find(session: Session, actor: Actor, article_id: int) -> Article:
    """An article with everything its desk pages show; four statements. Raises `NotFound`."""
    query = _known_to(actor, article_id).options(
        joinedload(Article.topic).joinedload(Topic.parent),
        joinedload(Article.unit),
        joinedload(Article.author),
        joinedload(Article.text_by),
        joinedload(Article.cover),
        selectinload(Article.inline_files),
    )
    return _one(session, query, article_id)


def urgencies(session: Session, article: Article) -> Sequence[UrgentPublication]:
    """Publications in urgency that nobody has confirmed, with who did them; one statement."""
    query = select(UrgentPublication).where(
        UrgentPublication.article_id == article.id, UrgentPublication.closed_at.is_(None)
    )
    return session.scalars(query.options(joinedload(UrgentPublication.by))).all()


def find_to_edit(session: Session, actor: Actor, article_id: int) -> Article:
    """An article as its form shows it; three statements. Raises `NotFound`."""
    return _one(session, _known_to(actor, article_id), article_id)


def find_with_words(
    session: Session, actor: Actor, article_id: int
) -> tuple[Article, ArticleAutosave | None]:
    """As `find_to_edit`, with what this person left unsaved of it; three statements."""
    query = _known_to(actor, article_id)
    words = and_(ArticleAutosave.article_id == Article.id, ArticleAutosave.user_id == actor.user_id)
    row = session.execute(
        query.outerjoin(ArticleAutosave, words).add_columns(ArticleAutosave)
    ).one_or_none()
    if row is None:
        raise NotFound(f"article {article_id}")
    return row[0], row[1]


def _known_to(actor: Actor, article_id: int) -> Select[Article]:
    return (
        select(Article)
        .where(Article.id == article_id, visible_to(actor))
        .options(
            joinedload(Article.pending).joinedload(ArticleRevision.author),
            joinedload(Article.text_by),
            selectinload(Article.attachments),
            selectinload(Article.tasks).joinedload(PlanTask.plan),
        )
    )


def _one(session: Session, query: Select[Article], article_id: int) -> Article:
    article = session.scalar(query)
    if article is None:
        raise NotFound(f"article {article_id}")
    return article


def revisions(session: Session, article: Article) -> Sequence[ArticleRevision]:
    """Every version of an article without its text, newest first; one statement."""
    return session.scalars(
        select(ArticleRevision)
        .where(ArticleRevision.article_id == article.id)
        .options(joinedload(ArticleRevision.author), defer(ArticleRevision.body))
        .order_by(ArticleRevision.number.desc())
    ).all()


def revision(session: Session, article: Article, number: int) -> ArticleRevision:
    """One version of an article. Raises `NotFound`."""
    found = session.scalar(
        select(ArticleRevision)
        .where(ArticleRevision.article_id == article.id, ArticleRevision.number == number)
        .options(joinedload(ArticleRevision.author))
    )
    if found is None:
        raise NotFound(f"revision {number}")
    return found


def revision_before(session: Session, revision: ArticleRevision) -> ArticleRevision | None:
    """The version that was saved before this one, None for the first; one statement."""
    return session.scalar(
        select(ArticleRevision)
        .where(
            ArticleRevision.article_id == revision.article_id,
            ArticleRevision.number < revision.number,
        )
        .order_by(ArticleRevision.number.desc())
        .limit(1)
    )


def media_of(session: Session, ids: Sequence[int]) -> Sequence[MediaFile]:
    """Files by their ids, in the order given; one statement at most."""
    if not ids:
        return []
    rows = {m.id: m for m in session.scalars(select(MediaFile).where(MediaFile.id.in_(ids)))}
    return [rows[number] for number in ids if number in rows]


def files_to_offer(
    session: Session, chosen: Sequence[int], newest: Sequence[Select[Any]]
) -> Sequence[MediaFile]:
    """The chosen files in their order, then what the queries of ids found; one statement."""
    wanted = [MediaFile.id.in_(chosen), *(MediaFile.id.in_(query) for query in newest)]
    rows = session.scalars(
        select(MediaFile)
        .where(or_(*wanted))
        .order_by(MediaFile.created_at.desc(), MediaFile.id.desc())
    ).all()
    known = {media.id: media for media in rows}
    first = [known.pop(number) for number in chosen if number in known]
    return [*first, *known.values()]


def inline_files_of(session: Session, public_ids: set[str]) -> Sequence[MediaFile]:
    """Files by their public ids; one statement at most."""
    if not public_ids:
        return []
    return session.scalars(select(MediaFile).where(MediaFile.public_id.in_(public_ids))).all()


def _of_view(actor: Actor, view: View) -> ColumnElement[bool]:
    conditions: dict[View, ColumnElement[bool]] = {
        View.WAITING: waiting(actor),
        View.MINE: or_(Article.author_id == actor.user_id, Article.text_by_id == actor.user_id),
        View.UNIT: of_units(actor),
        View.SCHEDULED: scheduled(),
        View.URGENT: and_(visible(), Article.id.in_(_urgent())),
        View.REVIEW: review.due(),
        View.SHOWN: visible(),
        View.WITHDRAWN: withdrawn(),
        View.ALL: true(),
    }
    return conditions[view]
