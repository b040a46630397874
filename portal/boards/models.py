"""Reminders that people got, and how they want to get them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class NoticeKind(StrEnum):
    """What a reminder is about."""

    DUE = "due"
    LATE = "late"
    MISSED = "missed"
    QUIET = "quiet"
    HOTLINES = "hotlines"
    PROCEDURES = "procedures"
    LINKS = "links"


class Mode(StrEnum):
    """How a person wants reminders of a kind. `DESK`: on the desk only, without letters."""

    OFF = "off"
    DESK = "desk"
    NOW = "now"
    WEEKLY = "weekly"


class LetterState(StrEnum):
    """Whether a reminder still has to go out by letter."""

    NONE = "none"
    NOW = "now"
    WEEKLY = "weekly"
    SENT = "sent"


def _one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    values = ", ".join(f"'{kind.value}'" for kind in kinds)
    return CheckConstraint(f"{column} IN ({values})", name=column)


class Notice(Base):
    """One reminder to one person. `event` names what happened, made of facts alone: whenever and
    however often it is worked out, it is the same, so nobody is told twice. `closed_at` is when
    the person put it away, `over_at` when its cause was gone."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("user_id", "event"),
        _one_of("kind", NoticeKind),
        _one_of("letter", LetterState),
        Index("ix_notice_open", "user_id", "closed_at", "over_at"),
        Index("ix_notice_letter", "letter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(String(20))
    event: Mapped[str] = mapped_column(String(200))
    unit_code: Mapped[str | None] = mapped_column(String(80), default=None)
    text: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    over_at: Mapped[datetime | None] = mapped_column(default=None)
    letter: Mapped[str] = mapped_column(String(10))


class NoticeReader(Base):
    """How one person wants reminders: kind → mode in `choices`, the rest as for their role."""

    __tablename__ = "notice_reader"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest_on: Mapped[date | None] = mapped_column(default=None)
