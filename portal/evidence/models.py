"""Pieces of evidence, and which tasks and topics they serve."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.core import clock
from portal.core.db import Base, Removable
from portal.media.models import MediaFile
from portal.plan.models import PlanTask


class EvidenceKind(StrEnum):
    """What was done: something kept in the library, something held, something issued."""

    FILE = "file"
    EVENT = "event"
    DOCUMENT = "document"


KIND_NAMES: dict[EvidenceKind, str] = {
    EvidenceKind.FILE: "Tệp tư liệu",
    EvidenceKind.EVENT: "Sự kiện",
    EvidenceKind.DOCUMENT: "Văn bản, bài ở nơi khác",
}


def _now() -> datetime:
    return clock.now()


class EvidenceTask(Base):
    """A piece of evidence serves a task."""

    __tablename__ = "evidence_task"

    evidence_id: Mapped[int] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True
    )
    plan_task_id: Mapped[int] = mapped_column(
        ForeignKey("plan_task.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class EvidenceTopic(Base):
    """A piece of evidence serves a topic."""

    __tablename__ = "evidence_topic"

    evidence_id: Mapped[int] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True
    )
    topic_slug: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)


class EvidenceRecord(Removable, Base):
    """One piece of evidence. `day` is when it was held, issued or made; readers of the public
    plan see its title and link only when it `is_public`."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("kind IN ('file', 'event', 'document')", name="kind"),
        CheckConstraint("participants >= 0", name="participants"),
        Index("ix_evidence_unit", "unit_code", "day"),
        Index("ix_evidence_day", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    day: Mapped[date]
    number: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[str] = mapped_column(String(300), default="")
    participants: Mapped[int | None] = mapped_column(default=None)
    url: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    unit_code: Mapped[str | None] = mapped_column(String(80), default=None)
    media_id: Mapped[int | None] = mapped_column(
        ForeignKey("media_file.id"), index=True, default=None
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), index=True, default=None
    )
    created_at: Mapped[datetime] = mapped_column(default=_now)
    version: Mapped[int] = mapped_column(default=1)
    media: Mapped[MediaFile | None] = relationship(lazy="raise")
    author: Mapped[User | None] = relationship(lazy="raise")
    tasks: Mapped[list[PlanTask]] = relationship(
        secondary="evidence_task", order_by=PlanTask.id, lazy="raise"
    )
    topics: Mapped[list[EvidenceTopic]] = relationship(
        cascade="all, delete-orphan", order_by=EvidenceTopic.topic_slug, lazy="raise"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy

    @property
    def topic_slugs(self) -> list[str]:
        """Slugs of the topics that it serves, in order."""
        return [one.topic_slug for one in self.topics]

    @property
    def task_ids(self) -> list[int]:
        """Ids of the tasks that it serves, in order."""
        return sorted(task.id for task in self.tasks)
