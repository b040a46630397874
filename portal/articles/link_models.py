"""What an article leads to, and the Word file that it was made of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base


def _now() -> datetime:
    return clock.now()


class ArticleReference(Base):
    """A link from an article's text to something of this portal. `kind`: article (key: its id),
    procedure (its code), page or topic (its slug), file (its public id)."""

    __tablename__ = "article_reference"
    __table_args__ = (Index("ix_article_reference_thing", "kind", "key"),)

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    key: Mapped[str] = mapped_column(String(90), primary_key=True)


class ArticleImport(Base):
    """The Word file of which an article was made, and what was changed on the way."""

    __tablename__ = "article_import"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    file_name: Mapped[str] = mapped_column(String(150))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(default=_now)
