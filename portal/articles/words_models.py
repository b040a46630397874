"""Words that are being written: kept beside the article, never in its place; and who is at it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base

Fields = dict[str, str | list[str]]


class ArticleAutosave(Base):
    """What one person is writing of one article (or of one not created yet), every field of the
    form as typed, fit to be stored or not. One row per person and item, never a revision.

    `tab` and `sequence` say which page of a browser wrote last, and its how manieth word that
    was: an older page cannot write over a newer one. `base_version` is the article's version that
    the words began from. `fields` None: nothing is being written (it was saved, or discarded);
    the row stays for a while, so that what was sent before the saving and comes late finds it.
    `dropped` holds what the person discarded last, until it is purged: they may change their mind.
    """

    __tablename__ = "article_autosave"
    __table_args__ = (UniqueConstraint("user_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(60))
    article_id: Mapped[int | None] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), index=True, default=None
    )
    tab: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int] = mapped_column(default=0)
    base_version: Mapped[int] = mapped_column(default=0)
    fields: Mapped[Fields | None] = mapped_column(JSON(none_as_null=True), default=None)
    saved_at: Mapped[datetime] = mapped_column(index=True)
    dropped: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    dropped_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def mark(self) -> str:
        """Names the last writing: a page that shows these words may write after it."""
        return f"{self.tab}:{self.sequence}"


class ArticlePresence(Base):
    """That a person has the form of an article open; forgotten soon after the last sign of life."""

    __tablename__ = "article_presence"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    tab: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
