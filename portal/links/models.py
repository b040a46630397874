"""Addresses outside, how they answered, and where they stand."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base


class LinkState(StrEnum):
    """What is known of an address. `UNCLEAR`: the other side refuses to be asked by a machine."""

    NEW = "new"
    GOOD = "good"
    FAILING = "failing"
    BROKEN = "broken"
    UNCLEAR = "unclear"


LINK_STATE_NAMES: dict[LinkState, str] = {
    LinkState.NEW: "chưa thử",
    LinkState.GOOD: "mở được",
    LinkState.FAILING: "đang theo dõi",
    LinkState.BROKEN: "hỏng",
    LinkState.UNCLEAR: "không thử được",
}


class ExternalLink(Base):
    """One address. `failures` counts days, one after the other, on which it did not answer;
    `asked` means that somebody wants it tried now, whatever the hour."""

    __tablename__ = "external_link"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'good', 'failing', 'broken', 'unclear')", name="state"),
        Index("ix_external_link_due", "due_on", "id"),
        Index("ix_external_link_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(1000), unique=True)
    host: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(20), default=LinkState.NEW.value)
    reason: Mapped[str] = mapped_column(String(300), default="")
    failures: Mapped[int] = mapped_column(default=0)
    failed_on: Mapped[date | None] = mapped_column(default=None)
    broken_on: Mapped[date | None] = mapped_column(default=None)
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    due_on: Mapped[date]
    asked: Mapped[bool] = mapped_column(default=False)
    moved_to: Mapped[str] = mapped_column(String(1000), default="")
    ignored_at: Mapped[datetime | None] = mapped_column(default=None)
    ignored_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    ignored_reason: Mapped[str] = mapped_column(String(500), default="")
    places: Mapped[list[LinkPlace]] = relationship(
        back_populates="link", cascade="all, delete-orphan", passive_deletes=True, lazy="raise",
        order_by="LinkPlace.id",
    )  # fmt: skip


class LinkPlace(Base):
    """Something of ours that leads to an address: `url` is where the desk mends it."""

    __tablename__ = "link_place"
    __table_args__ = (
        UniqueConstraint("link_id", "kind", "key"),
        Index("ix_link_place_unit", "unit_code", "link_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("external_link.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(String(300), default="")
    unit_code: Mapped[str | None] = mapped_column(String(80), default=None)
    link: Mapped[ExternalLink] = relationship(back_populates="places", lazy="raise")
