"""What the desk says over the agency's files: settings with their history, and banners."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class SettingsState(Base):
    """The settings that the desk set over `content/site.toml`, whole, as of one change.

    The row with the highest id counts; the others are the history. Rows are only ever added.
    `values` maps a key ("site.title") to its value, `changes` to [old, new] in words.
    """

    __tablename__ = "settings_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(300))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)


class BannerKind(StrEnum):
    """What a banner is for, the most urgent first: of several, the first is shown."""

    URGENT = "urgent"
    MAINTENANCE = "maintenance"
    NEWS = "news"


class Banner(Base):
    """A line above every public page, from one moment to another. Time alone switches it."""

    __tablename__ = "banner"
    __table_args__ = (
        CheckConstraint("kind IN ('urgent', 'maintenance', 'news')", name="kind"),
        CheckConstraint("starts_at < ends_at", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(300))
    link: Mapped[str] = mapped_column(String(300), default="")
    link_text: Mapped[str] = mapped_column(String(80), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(120))
