"""Tables of the decisions that announce procedures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, FromContent
from portal.procedures.terms import ChangeKind
from portal.procedures.types import one_of

if TYPE_CHECKING:
    from portal.procedures.models import Procedure


class Announcement(FromContent, Base):
    """A decision that announces new, amended, replaced or abolished procedures.

    It is signed on `issued_on`, put on the web on `published_on`; each change says for itself
    from when it holds. `slug` stands in addresses.
    """

    __tablename__ = "announcement"
    __table_args__ = (UniqueConstraint("number", "issuer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    number: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(300))
    issued_on: Mapped[date | None] = mapped_column(default=None, index=True)
    published_on: Mapped[date | None] = mapped_column(default=None)
    title: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(Text, default="")
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media_file.id"), index=True)
    source: Mapped[str] = mapped_column(Text, default="")
    certainty: Mapped[str] = mapped_column(String(30), default="")
    changes: Mapped[list[AnnouncementChange]] = relationship(
        back_populates="announcement", order_by="AnnouncementChange.position",
        cascade="all, delete-orphan", lazy="raise", passive_deletes=True,
    )  # fmt: skip


class AnnouncementChange(Base):
    """What a decision does to one procedure. The code may be of one that is not kept here:
    then `name` and `field_name` are what the decision itself prints.

    `replacement` is the code that takes its place, `place` where in the decision it stands.
    """

    __tablename__ = "announcement_change"
    __table_args__ = (one_of("kind", ChangeKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(
        ForeignKey("announcement.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(8), index=True)
    name: Mapped[str] = mapped_column(Text, default="")
    field_name: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(30))
    effective_from: Mapped[date | None] = mapped_column(default=None)
    replacement: Mapped[str] = mapped_column(String(8), default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    announcement: Mapped[Announcement] = relationship(back_populates="changes", lazy="raise")
    procedure: Mapped[Procedure | None] = relationship(
        primaryjoin="foreign(AnnouncementChange.code) == Procedure.code",
        viewonly=True, lazy="raise",
    )  # fmt: skip
