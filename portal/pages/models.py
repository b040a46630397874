"""Standing pages."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, FromContent, Removable


class Page(FromContent, Removable, Base):
    """One page; `former` are slugs that it had.

    `body` is sanitised HTML, made from Markdown when it was loaded."""

    __tablename__ = "page"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    updated_on: Mapped[date | None] = mapped_column(default=None)
    footer: Mapped[bool] = mapped_column(default=False)
    former: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    sort_order: Mapped[int] = mapped_column(default=0)


class KeptNotice(Base):
    """A version of the privacy notice as people agreed to it. Never changed, never deleted."""

    __tablename__ = "privacy_notice"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]
