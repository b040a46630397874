"""Topics, articles and every version that an article had."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    or_,
)
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.accounts.models import User
from portal.articles.states import State
from portal.core import clock
from portal.core.db import Base, FromContent
from portal.core.html import RULES_VERSION
from portal.directory.models import Unit
from portal.media.models import MediaFile
from portal.plan.models import PlanTask


def _now() -> datetime:
    return clock.now()


class Kind(StrEnum):
    """What a reader may expect of an article."""

    NEWS = "news"
    FEATURE = "feature"
    GUIDE = "guide"
    EXPLAINER = "explainer"
    MODEL = "model"
    QUESTIONS = "questions"
    DOCUMENT = "document"


KIND_NAMES: dict[Kind, str] = {
    Kind.NEWS: "Tin",
    Kind.FEATURE: "Bài viết",
    Kind.GUIDE: "Hướng dẫn",
    Kind.EXPLAINER: "Giải thích",
    Kind.MODEL: "Gương điển hình, cách làm hay",
    Kind.QUESTIONS: "Hỏi đáp",
    Kind.DOCUMENT: "Giới thiệu văn bản",
}


class Way(StrEnum):
    """How an article leaves its readers."""

    NOTICE = "notice"
    MERGED = "merged"
    ERROR = "error"


WAY_NAMES: dict[Way, str] = {
    Way.NOTICE: "Gỡ, có thông báo và lý do",
    Way.MERGED: "Gộp vào trang khác",
    Way.ERROR: "Đăng nhầm",
}


class Topic(FromContent, Base):
    """A topic of the section; at most one level below another. `former` are slugs that it had."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int] = mapped_column(default=0)
    parent_slug: Mapped[str | None] = mapped_column(String(80), default=None)
    former: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    parent: Mapped[Topic | None] = relationship(
        primaryjoin=lambda: Topic.slug == foreign(Topic.parent_slug),
        remote_side=lambda: Topic.slug,
        viewonly=True,
        lazy="raise",
    )

    @property
    def url(self) -> str:
        """Its public address."""
        return f"/cai-cach-hanh-chinh/{self.slug}/"


article_task = Table(
    "article_task",
    Base.metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("plan_task_id", ForeignKey("plan_task.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_article_task_plan_task_id", "plan_task_id"),
)

article_inline = Table(  # files that stand in the body: pictures, linked documents
    "article_inline",
    Base.metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("media_id", ForeignKey("media_file.id"), primary_key=True),
    Index("ix_article_inline_media_id", "media_id"),
)

article_procedure = Table(  # codes of procedures that the text names; any code, known or not
    "article_procedure",
    Base.metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("code", String(8), primary_key=True),
    Index("ix_article_procedure_code", "code"),
)


class ArticleAttachment(Base):
    """A document or recording that an article offers."""

    __tablename__ = "article_attachment"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    media_id: Mapped[int] = mapped_column(ForeignKey("media_file.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    media: Mapped[MediaFile] = relationship(lazy="raise")


class Article(FromContent, Base):
    """An article as readers see it (or will). Its corrections wait in `pending`.

    `version` counts saves and verbs, for optimistic locking; `text_by_id` is who last changed
    what readers read, and may not be the one who publishes it (four eyes). `slug_fixed` is set
    with the first approval: from then on an address that changes leaves a redirect. From
    `withdraw_at` on it is withdrawn, whatever `state` says: ask `standing`.
    """

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'passed', 'approved', 'withdrawn')",
            name="state",
        ),
        CheckConstraint("state <> 'approved' OR publish_at IS NOT NULL", name="approved_has_hour"),
        CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name="withdrawn_has_hour"
        ),
        CheckConstraint("withdrawn_way IN ('notice', 'merged', 'error')", name="withdrawn_way"),
        CheckConstraint(
            "withdrawn_way <> 'merged' OR merged_into <> ''", name="merged_has_address"
        ),
        CheckConstraint(
            "withdraw_at IS NULL OR publish_at IS NULL OR withdraw_at > publish_at",
            name="shown_before_withdrawn",
        ),
        CheckConstraint(
            "kind IN ('news', 'feature', 'guide', 'explainer', 'model', 'questions', 'document')",
            name="kind",
        ),
        Index("ix_article_shown", "state", "publish_at"),
        Index("ix_article_topic", "topic_id", "state", "publish_at"),
        Index("ix_article_unit", "unit_code", "state"),
        Index("ix_article_changed", "changed_at"),
        Index("ix_article_withdraw_at", "withdraw_at"),
        Index("ix_article_review_on", "review_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    rules_version: Mapped[int] = mapped_column(default=RULES_VERSION)
    kind: Mapped[str] = mapped_column(String(30))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), default=None)
    unit_code: Mapped[str | None] = mapped_column(String(80), default=None)
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), index=True, default=None
    )
    cover_id: Mapped[int | None] = mapped_column(
        ForeignKey("media_file.id"), index=True, default=None
    )
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    pinned: Mapped[bool] = mapped_column(default=False)
    folded: Mapped[str] = mapped_column(String(750), default="")

    state: Mapped[str] = mapped_column(String(30), default=State.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    publish_at: Mapped[datetime | None] = mapped_column(default=None)
    text_changed_at: Mapped[datetime | None] = mapped_column(default=None)
    text_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    remark: Mapped[str] = mapped_column(Text, default="")
    withdraw_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_way: Mapped[str] = mapped_column(
        String(30), default=Way.NOTICE, server_default=Way.NOTICE.value
    )
    withdrawn_reason: Mapped[str] = mapped_column(String(500), default="")
    merged_into: Mapped[str] = mapped_column(String(200), default="", server_default="")
    review_on: Mapped[date | None] = mapped_column(default=None)
    review_told_on: Mapped[date | None] = mapped_column(default=None)
    slug_fixed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=_now)
    changed_at: Mapped[datetime] = mapped_column(default=_now)
    pending_id: Mapped[int | None] = mapped_column(
        ForeignKey("article_revision.id", use_alter=True), default=None
    )

    topic: Mapped[Topic | None] = relationship(lazy="raise")
    author: Mapped[User | None] = relationship(foreign_keys=[author_id], lazy="raise")
    text_by: Mapped[User | None] = relationship(foreign_keys=[text_by_id], lazy="raise")
    cover: Mapped[MediaFile | None] = relationship(lazy="raise")
    unit: Mapped[Unit | None] = relationship(
        primaryjoin=lambda: Unit.code == foreign(Article.unit_code),
        viewonly=True,
        lazy="raise",
    )
    attachments: Mapped[list[ArticleAttachment]] = relationship(
        cascade="all, delete-orphan", order_by=ArticleAttachment.position, lazy="raise"
    )
    inline_files: Mapped[list[MediaFile]] = relationship(secondary=article_inline, lazy="raise")
    tasks: Mapped[list[PlanTask]] = relationship(
        secondary=article_task, order_by=PlanTask.id, lazy="raise"
    )
    pending: Mapped[ArticleRevision | None] = relationship(
        foreign_keys=[pending_id], post_update=True, lazy="raise"
    )

    @property
    def url(self) -> str:
        """Its public address."""
        return f"/bai-viet/{self.slug}"

    @property
    def standing(self) -> State:
        """The state with what time has made of it."""
        over = self.withdraw_at is not None and self.withdraw_at <= clock.now()
        return State.WITHDRAWN if self.state == State.APPROVED and over else State(self.state)

    @property
    def gone_at(self) -> datetime | None:
        """Since when it is withdrawn; None while it is not."""
        if self.standing != State.WITHDRAWN:
            return None
        return self.withdrawn_at if self.state == State.WITHDRAWN else self.withdraw_at

    @property
    def is_visible(self) -> bool:
        """Whether readers see it at this moment."""
        return (
            self.standing == State.APPROVED
            and self.publish_at is not None
            and self.publish_at <= clock.now()
        )

    @property
    def is_scheduled(self) -> bool:
        """Approved for an hour that has not come."""
        return self.standing == State.APPROVED and not self.is_visible

    @property
    def was_visible(self) -> bool:
        """Withdrawn after readers had seen it: they are told so, not "no such page". What was
        published in error is gone as if it had never been."""
        gone = self.gone_at
        seen = gone is not None and self.publish_at is not None and self.publish_at <= gone
        return seen and self.withdrawn_way != Way.ERROR

    @property
    def modified_at(self) -> datetime | None:
        """When what readers see last changed in a way that matters to them."""
        if self.text_changed_at is None or self.publish_at is None:
            return self.publish_at
        return max(self.text_changed_at, self.publish_at)

    @property
    def corrected_on(self) -> datetime | None:
        """When the shown text was changed on a later day than it appeared, for the byline."""
        if self.text_changed_at is None or self.publish_at is None:
            return None
        later = clock.to_local(self.text_changed_at).date()
        return self.text_changed_at if later > clock.to_local(self.publish_at).date() else None


def visible() -> ColumnElement[bool]:
    """The condition "readers see it now", for any query of articles."""
    moment = clock.now()
    return and_(Article.state == State.APPROVED, Article.publish_at <= moment, _stays(moment))


def scheduled() -> ColumnElement[bool]:
    """The condition "readers will see it from a later hour on"."""
    moment = clock.now()
    return and_(Article.state == State.APPROVED, Article.publish_at > moment, _stays(moment))


def withdrawn() -> ColumnElement[bool]:
    """The condition "taken from its readers", by somebody or because its hour came."""
    over = and_(Article.state == State.APPROVED, Article.withdraw_at <= clock.now())
    return or_(Article.state == State.WITHDRAWN, over)


def _stays(moment: datetime) -> ColumnElement[bool]:
    return or_(Article.withdraw_at.is_(None), Article.withdraw_at > moment)


class ArticleRevision(Base):
    """A version of an article as somebody saved it, whole: text, and in `details` the rest.

    `text_by_id` is who wrote what readers read in it: not who only moved it to another topic.
    """

    __tablename__ = "article_revision"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    text_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    author: Mapped[User | None] = relationship(foreign_keys=[author_id], lazy="raise")


class ArticleSlug(Base):
    """An address that an article had: it leads to the present one for ever."""

    __tablename__ = "article_slug"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), index=True
    )
