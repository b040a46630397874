"""Tables of what the agency adds to the nation's record, and of what a procedure said before."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base
from portal.procedures.facts import ProcessRow
from portal.procedures.terms import Origin, ProcessKind, TimeUnit
from portal.procedures.types import ProcessRows, one_of

if TYPE_CHECKING:
    from portal.procedures.models import Procedure


class ProcedureLocal(Base):
    """What the agency adds: its own shorter time with the decision that sets it, where and when
    it receives, an explanation in plain words. Imports of national data leave it alone."""

    __tablename__ = "procedure_local"
    __table_args__ = (one_of("time_unit", TimeUnit), CheckConstraint("time >= 0", name="time"))

    procedure_id: Mapped[int] = mapped_column(
        ForeignKey("procedure.id", ondelete="CASCADE"), primary_key=True
    )
    time: Mapped[Decimal | None] = mapped_column(Numeric(8, 2), default=None)
    time_unit: Mapped[str | None] = mapped_column(String(30), default=None)
    time_basis: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(Text, default="")
    place_hours: Mapped[str] = mapped_column(Text, default="")
    explanation: Mapped[str] = mapped_column(Text, default="")
    decision_number: Mapped[str] = mapped_column(String(120), default="")
    decision_issued_on: Mapped[date | None] = mapped_column(default=None)
    source_name: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(Text, default="")
    checked_on: Mapped[date | None] = mapped_column(default=None)


class ProcedureForm(Base):
    """A form to fill in: a file of ours (`file` is its public id in the media room) or an
    official address. `paper` names the paper of the dossier it belongs to."""

    __tablename__ = "procedure_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(
        ForeignKey("procedure.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    paper: Mapped[str] = mapped_column(Text, default="")
    file: Mapped[str] = mapped_column(String(32), default="", index=True)
    url: Mapped[str] = mapped_column(Text, default="")


class InternalProcess(Base):
    """How the agency itself goes about it, step by step (quy trình nội bộ, quy trình điện tử)."""

    __tablename__ = "internal_process"
    __table_args__ = (one_of("kind", ProcessKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(
        ForeignKey("procedure.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(Text, default="")
    decision_number: Mapped[str] = mapped_column(String(120), default="")
    decision_issued_on: Mapped[date | None] = mapped_column(default=None)
    source_name: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(Text, default="")
    checked_on: Mapped[date | None] = mapped_column(default=None)
    rows: Mapped[tuple[ProcessRow, ...]] = mapped_column(ProcessRows)


class ProcedureVersion(Base):
    """Everything a procedure said at one version, kept for ever. `facts` is read with
    `versions.facts_in`."""

    __tablename__ = "procedure_version"
    __table_args__ = (UniqueConstraint("procedure_id", "number"), one_of("origin", Origin))

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id", ondelete="CASCADE"))
    number: Mapped[int]
    recorded_at: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    procedure: Mapped[Procedure] = relationship(lazy="raise")
