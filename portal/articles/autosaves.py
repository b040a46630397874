"""Words while they are being written: kept every few seconds beside the article, for one person.

An autosave never touches the article, its revisions or the audit log. What was acknowledged is
afterwards in the article, in the autosave, or was written over by newer words of its writer.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, joinedload, load_only

from portal.accounts.permissions import Actor, require
from portal.articles import presence
from portal.articles.models import Article, ArticleRevision
from portal.articles.scope import visible_to
from portal.articles.states import STATE_NAMES, Verb, allows
from portal.articles.words_models import ArticleAutosave, Fields
from portal.core import clock
from portal.core.db import Json, as_json, db, write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.limits import limiter
from portal.core.text import clean_text

EVERY_FEW_SECONDS = "120/minute"
"""Of one person: four pages open, each sending every three seconds, and signs of life."""
LARGEST, MOST_FIELDS, MOST_CHOICES = 1_000_000, 60, 300
KEPT, DROPPED_KEPT, EMPTY_KEPT = timedelta(days=60), timedelta(days=7), timedelta(days=1)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """What is being written: an article, or by the token of its form one not created yet."""

    article_id: int | None = None
    token: str = ""

    @property
    def key(self) -> str:
        """Its name in the table and in the browser."""
        return str(self.article_id) if self.article_id else f"new:{self.token}"


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of a browser sends, for the how manieth time; which `version` of the article its
    form began from, and after which writing (its `mark`, "" when it knew of none)."""

    tab: str
    sequence: int
    version: int = 0
    after: str = ""

    @property
    def mark(self) -> str:
        """Names this writing."""
        return f"{self.tab}:{self.sequence}"


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer to a writer; `newer` and `closed` say why saving will need a choice."""

    saved_at: datetime
    mark: str
    newer: str = ""
    closed: str = ""
    others: Sequence[presence.Other] = ()


class WrittenElsewhere(Conflict):
    """Another page of the same person has newer words, written at `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__("Bạn đang viết bài này ở một thẻ khác của trình duyệt.")
        self.at = at


def is_token(text: str) -> bool:
    """Whether this can be the token of a form, or the name of a page."""
    return _TOKEN.fullmatch(text) is not None


def clean_fields(sent: object) -> Fields:
    """What a form held, as it can be stored. Raises `Invalid`, also when it is too much."""
    if not isinstance(sent, dict) or len(sent) > MOST_FIELDS:
        raise Invalid({"": "Không đọc được những gì vừa gửi."})
    fields: Fields = {}
    for name, value in sent.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise Invalid({"": "Không đọc được những gì vừa gửi."})
        fields[name] = _clean(value)
    if len(as_json(fields)) > LARGEST:
        raise Invalid({"": "Bài quá dài nên máy chủ không giữ nháp được."})
    return fields


def keep(actor: Actor, item: Item, page: Page, sent: object, *, take_over: bool = False) -> Kept:
    """Keep what is being written: the fields of the form, as they are.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `TooMany`, and `WrittenElsewhere` when another
    page of this person wrote meanwhile: it must not write over it, unless it was told to
    `take_over`; then the other's words are dropped, which can be taken back.
    """
    limiter().hit(EVERY_FEW_SECONDS, "article.autosave", str(actor.user_id))
    fields = clean_fields(sent)
    ready = Json(as_json(fields))
    with write() as session:
        article = _article(session, actor, item)
        row = find(session, actor, item)
        if row is None:
            row = ArticleAutosave(
                user_id=actor.user_id, item=item.key, article_id=item.article_id, tab=page.tab
            )
            session.add(row)
        elif not _may_follow(row, page):
            if row.tab == page.tab:  # an earlier word that comes late
                return _told(session, actor, article, row, page.version)
            if not take_over:
                raise WrittenElsewhere(row.saved_at)
            _drop(row)
        row.tab, row.sequence, row.base_version = page.tab, page.sequence, page.version
        row.fields, row.saved_at = ready, clock.now()  # type: ignore[assignment]
        session.flush()
        if article and not presence.is_fresh(session, actor, article.id, page.tab):
            presence.touch(session, actor, article.id, page.tab)
        return _told(session, actor, article, row, page.version)


def note_presence(
    actor: Actor, article_id: int, tab: str, *, leaving: bool = False
) -> Sequence[presence.Other]:
    """A page without new words is open (or closes); returns who else has the article open."""
    limiter().hit(EVERY_FEW_SECONDS, "article.autosave", str(actor.user_id))
    session = db.session()
    _article(session, actor, Item(article_id))
    if leaving:
        presence.leave(actor, article_id, tab)
        return ()
    presence.stay(session, actor, article_id, tab)
    return presence.others(db.session(), actor, article_id)


def refuse_strangers(actor: Actor, item: Item) -> None:
    """Raise `NotFound` or `NotAllowed` unless this person may write the item."""
    _article(db.session(), actor, item)


def find(session: Session, actor: Actor, item: Item) -> ArticleAutosave | None:
    """This person's own row of an item; nobody reaches another's."""
    return session.scalar(
        select(ArticleAutosave).where(
            ArticleAutosave.user_id == actor.user_id, ArticleAutosave.item == item.key
        )
    )


def begun(session: Session, actor: Actor) -> Sequence[ArticleAutosave]:
    """Articles that this person began and has not created yet, or dropped, the last first."""
    return session.scalars(
        select(ArticleAutosave)
        .where(
            ArticleAutosave.user_id == actor.user_id,
            ArticleAutosave.item.startswith("new:"),
            ArticleAutosave.fields.is_not(None) | ArticleAutosave.dropped.is_not(None),
        )
        .order_by(ArticleAutosave.saved_at.desc())
        .limit(5)
    ).all()


def close(session: Session, actor: Actor, item: Item, page: Page) -> None:
    """Inside the `write()` of a save: what `page` wrote is in the article now. Words that another
    page wrote after this one opened stay; the next opening offers them."""
    row = find(session, actor, item)
    if row is None:
        row = ArticleAutosave(
            user_id=actor.user_id, item=item.key, article_id=item.article_id, tab=page.tab
        )
        session.add(row)
    elif row.fields is not None and not _may_follow(row, page):
        return
    row.tab, row.sequence, row.base_version = page.tab, page.sequence, page.version
    row.fields, row.saved_at = None, clock.now()


def discard(actor: Actor, item: Item, mark: str) -> None:
    """Drop what was being written when the person saw `mark`; see `take_back`. Raises `Conflict`
    when more was written since."""
    with write() as session:
        _article(session, actor, item)
        row = find(session, actor, item)
        if row is None or row.fields is None:
            return
        if row.mark != mark:
            raise Conflict("Bản soạn dở vừa được viết thêm ở một thẻ khác. Bạn xem lại rồi chọn.")
        _drop(row)
        row.fields = None


def take_back(actor: Actor, item: Item) -> None:
    """The words that were dropped last become what is being written; what stood there is dropped
    in their place. Raises `Conflict` when there are none any more."""
    with write() as session:
        _article(session, actor, item)
        row = find(session, actor, item)
        if row is None or row.dropped is None:
            raise Conflict("Bản đã bỏ không còn nữa.")
        words, base = row.dropped["fields"], row.dropped["base_version"]
        row.dropped = row.dropped_at = None
        if row.fields is not None:
            _drop(row)
        row.fields, row.base_version, row.saved_at = words, base, clock.now()
        row.tab, row.sequence = secrets.token_urlsafe(12), 1  # a page of its own


def purge() -> None:
    """Forget what nobody came back for, and empty rows whose work is done."""
    moment = clock.now()
    empty = ArticleAutosave.fields.is_(None) & ArticleAutosave.dropped.is_(None)
    with write() as session:
        session.execute(
            update(ArticleAutosave)
            .where(ArticleAutosave.dropped_at < moment - DROPPED_KEPT)
            .values(dropped=None, dropped_at=None)
        )
        session.execute(
            delete(ArticleAutosave).where(
                or_(
                    ArticleAutosave.saved_at < moment - KEPT,
                    empty & (ArticleAutosave.saved_at < moment - EMPTY_KEPT),
                )
            )
        )
        presence.forget_old(session)


def _may_follow(row: ArticleAutosave, page: Page) -> bool:
    if row.tab == page.tab:
        return page.sequence > row.sequence
    return row.fields is None or page.after == row.mark


def _drop(row: ArticleAutosave) -> None:
    row.dropped = {"fields": row.fields, "base_version": row.base_version}
    row.dropped_at = clock.now()


def _article(session: Session, actor: Actor, item: Item) -> Article | None:
    if item.article_id is None:
        require(actor, "article.create")
        return None
    article = session.scalar(
        select(Article)
        .where(Article.id == item.article_id, visible_to(actor))
        .options(
            load_only(
                Article.version, Article.state, Article.author_id, Article.unit_code,
                Article.changed_at,
            ),
            joinedload(Article.text_by),
            joinedload(Article.pending).load_only(ArticleRevision.author_id)
            .joinedload(ArticleRevision.author),
        )
    )  # fmt: skip
    if article is None:
        raise NotFound(item.key)
    require(actor, "article.edit", article)
    return article


def _told(
    session: Session, actor: Actor, article: Article | None, row: ArticleAutosave, version: int
) -> Kept:
    if article is None:
        return Kept(row.saved_at, row.mark)
    state = article.standing
    return Kept(
        row.saved_at,
        row.mark,
        newer="" if article.version == version else changed_by(article),
        closed="" if allows(Verb.SAVE, state) else STATE_NAMES[state].lower(),
        others=presence.others(session, actor, article.id),
    )


def changed_by(article: Article) -> str:
    """Who has the last word in an article and when it changed, as a sentence begins."""
    writer = article.pending.author if article.pending else article.text_by
    name = writer.name if writer else "Người khác"
    return f"{name} đã sửa bài lúc {clock.format_moment(article.changed_at)}"


def _clean(value: object) -> str | list[str]:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list) and len(value) <= MOST_CHOICES:
        return [clean_text(one) for one in value if isinstance(one, str)]
    raise Invalid({"": "Không đọc được những gì vừa gửi."})
