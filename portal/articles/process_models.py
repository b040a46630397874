"""What the process leaves beside an article: urgent publications, notes of changes, remarks on
passages, links for outsiders."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.core.db import Base


class Outcome(StrEnum):
    """How a publication in urgency ended."""

    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class UrgentPublication(Base):
    """One person alone published an article, with a reason; another looks at it afterwards.

    `writer_id` is who wrote what was published: neither that person nor `by_id` may confirm it.
    """

    __tablename__ = "article_urgent"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("outcome IN ('confirmed', 'withdrawn')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_has_outcome"),
        Index("ix_article_urgent_open", "closed_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    writer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    reason: Mapped[str] = mapped_column(String(500))
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    outcome: Mapped[str | None] = mapped_column(String(30), default=None)
    by: Mapped[User] = relationship(foreign_keys=[by_id], lazy="raise")
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id], lazy="raise")


class ChangeNote(Base):
    """What readers are told about a correction that matters."""

    __tablename__ = "article_note"
    __table_args__ = (Index("ix_article_note_article_id", "article_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    text: Mapped[str] = mapped_column(String(300))


class Remark(Base):
    """What somebody wants changed, about a passage of the text (`quote`) or about all of it ("").

    `position` is the number of the passage when it was said, for quotes that occur twice. The next
    publication closes all remarks.
    """

    __tablename__ = "article_remark"
    __table_args__ = (Index("ix_article_remark_article_id", "article_id", "closed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    quote: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    by: Mapped[User] = relationship(foreign_keys=[by_id], lazy="raise")
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id], lazy="raise")


class PreviewLink(Base):
    """A link by which somebody without an account may read what is not published yet.

    Only `nonce` is stored: the address also carries its signature with a key of the installation.
    """

    __tablename__ = "article_preview"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), index=True
    )
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    by: Mapped[User] = relationship(foreign_keys=[by_id], lazy="raise")
