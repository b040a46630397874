"""Who gets letters. An e-mail address is personal data: it stands here and nowhere else, for this
purpose alone, and goes when its owner says so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class Subscriber(Base):
    """One address. Until `confirmed_at` is set nothing but the question whether it is theirs is
    sent there, and after a week without an answer the row goes.

    `fields` are keys of fields, none for all; `asked_fields` what they become when the newest link
    is confirmed. `key` stands in links that end it, `confirm_hash` is of the link that begins it.
    Decisions with an id up to `seen_id` were told or are none of the reader's.
    """

    __tablename__ = "subscriber"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    key: Mapped[str] = mapped_column(String(43), unique=True)
    fields: Mapped[list[Any]] = mapped_column(JSON)
    asked_fields: Mapped[list[Any]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True, default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(index=True, default=None)
    consent_version: Mapped[str] = mapped_column(String(40), default="")
    seen_id: Mapped[int] = mapped_column(default=0)
    last_letter_on: Mapped[date | None] = mapped_column(default=None)
