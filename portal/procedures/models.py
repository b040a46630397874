"""Tables of the room. Collections are never loaded by accident: queries name what they need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from portal.core.db import Base, FromContent
from portal.procedures.facts import Step
from portal.procedures.terms import (
    ChangeKind,
    ChannelKind,
    Kind,
    OnlineLevel,
    State,
    Status,
    TimeUnit,
)


class Texts(TypeDecorator[tuple[str, ...]]):
    """An ordered list of short texts that is only ever replaced as a whole."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, _dialect: Dialect) -> Any:
        return list(value or ())

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> tuple[str, ...]:
        return tuple(value or ())


class Steps(TypeDecorator[tuple[Step, ...]]):
    """The steps of a procedure: never asked for without it, so they live in its row."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[Step] | None, _dialect: Dialect) -> Any:
        return [[step.title, step.text] for step in value or ()]

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> tuple[Step, ...]:
        return tuple(Step(title, text) for title, text in value or ())


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """The database's own word on a closed vocabulary."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class ProcedureField(Base):
    """A field (lĩnh vực). `key` stands in addresses."""

    __tablename__ = "procedure_field"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(90), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    code: Mapped[str] = mapped_column(String(30), default="")
    position: Mapped[int] = mapped_column(default=1000, index=True)


class Procedure(FromContent, Base):
    """One procedure as the national database names it, with what the agency adds."""

    __tablename__ = "procedure"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("status", Status),
        one_of("online_level", OnlineLevel),
        CheckConstraint("effective_to >= effective_from", name="effective_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(Text)
    name_folded: Mapped[str] = mapped_column(Text)
    name_truncated: Mapped[bool] = mapped_column(default=False)
    field_id: Mapped[int] = mapped_column(ForeignKey("procedure_field.id"), index=True)
    levels: Mapped[tuple[str, ...]] = mapped_column(Texts)
    kind: Mapped[str] = mapped_column(String(30), default=Kind.STANDARD.value)
    status: Mapped[str] = mapped_column(String(30), default=Status.IN_FORCE.value, index=True)
    effective_from: Mapped[date | None] = mapped_column(default=None)
    effective_to: Mapped[date | None] = mapped_column(default=None)
    online_level: Mapped[str | None] = mapped_column(String(30), default=None)
    subjects: Mapped[tuple[str, ...]] = mapped_column(Texts)
    agencies: Mapped[tuple[str, ...]] = mapped_column(Texts)
    keywords: Mapped[tuple[str, ...]] = mapped_column(Texts)
    results: Mapped[tuple[str, ...]] = mapped_column(Texts)
    summary: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    steps: Mapped[tuple[Step, ...]] = mapped_column(Steps)
    decision_number: Mapped[str] = mapped_column(String(120), default="")
    decision_issued_on: Mapped[date | None] = mapped_column(default=None)
    decision_issuer: Mapped[str] = mapped_column(String(300), default="")
    source_name: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(Text, default="")
    checked_on: Mapped[date | None] = mapped_column(default=None)
    unit_code: Mapped[str | None] = mapped_column(String(80), default=None, index=True)
    updated_at: Mapped[datetime] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)

    field: Mapped[ProcedureField] = relationship(lazy="raise")
    channels: Mapped[list[Channel]] = relationship(
        order_by="Channel.position", cascade="all, delete-orphan", lazy="raise",
        passive_deletes=True,
    )  # fmt: skip
    cases: Mapped[list[DossierCase]] = relationship(
        order_by="DossierCase.position", cascade="all, delete-orphan", lazy="raise",
        passive_deletes=True,
    )  # fmt: skip
    legal_links: Mapped[list[LegalLink]] = relationship(
        order_by="LegalLink.position", cascade="all, delete-orphan", lazy="raise",
        passive_deletes=True,
    )  # fmt: skip
    old_codes: Mapped[list[ProcedureOldCode]] = relationship(
        back_populates="procedure", order_by="ProcedureOldCode.old_code",
        cascade="all, delete-orphan", lazy="raise", passive_deletes=True,
    )  # fmt: skip
    successions: Mapped[list[ProcedureOldCode]] = relationship(
        primaryjoin="foreign(ProcedureOldCode.old_code) == Procedure.code",
        viewonly=True, lazy="raise", order_by="ProcedureOldCode.id",
    )  # fmt: skip
    changes: Mapped[list[AnnouncementChange]] = relationship(
        primaryjoin="foreign(AnnouncementChange.code) == Procedure.code",
        viewonly=True, lazy="raise", order_by="AnnouncementChange.id.desc()",
    )  # fmt: skip

    def state_on(self, day: date) -> State:
        """What holds on `day`: dates decide where they are known, else the recorded status."""
        if self.effective_from and day < self.effective_from:
            return State.UPCOMING
        if self.effective_to and day >= self.effective_to:
            return State.ENDED
        return State.ENDED if self.status == Status.ABOLISHED else State.IN_FORCE

    def next_turn(self, day: date) -> date | None:
        """The next day after `day` on which `state_on` may change by itself."""
        turns = [turn for turn in (self.effective_from, self.effective_to) if turn and turn > day]
        return min(turns, default=None)


class ProcedureOldCode(Base):
    """A former code that now leads to `procedure`. One old code may have gone into several."""

    __tablename__ = "procedure_old_code"
    __table_args__ = (UniqueConstraint("old_code", "procedure_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    old_code: Mapped[str] = mapped_column(String(8), index=True)
    procedure_id: Mapped[int] = mapped_column(
        ForeignKey("procedure.id", ondelete="CASCADE"), index=True
    )
    procedure: Mapped[Procedure] = relationship(back_populates="old_codes", lazy="raise")


class Channel(Base):
    """A way to hand in the dossier, with its own time and fees; several per way are cases.

    `time` keeps half days; None means that the source does not say."""

    __tablename__ = "procedure_channel"
    __table_args__ = (
        one_of("kind", ChannelKind),
        one_of("time_unit", TimeUnit),
        CheckConstraint("time >= 0", name="time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(
        ForeignKey("procedure.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    time: Mapped[Decimal | None] = mapped_column(Numeric(8, 2), default=None)
    time_unit: Mapped[str | None] = mapped_column(String(30), default=None)
    case: Mapped[str] = mapped_column("case_name", Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    fees: Mapped[list[Fee]] = relationship(
        order_by="Fee.position", cascade="all, delete-orphan", lazy="raise", passive_deletes=True
    )


class Fee(Base):
    """What one pays in a channel. `amount` in đồng, None where only words are known."""

    __tablename__ = "procedure_fee"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("valid_to >= valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(
        ForeignKey("procedure_channel.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    amount: Mapped[int | None] = mapped_column(BigInteger, default=None)
    label: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)

    def holds_on(self, day: date) -> bool:
        """Whether this amount is the one to pay on `day`."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


class DossierCase(Base):
    """A case with its own list of papers; most procedures have one without a name."""

    __tablename__ = "dossier_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(
        ForeignKey("procedure.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text, default="")
    components: Mapped[list[DossierComponent]] = relationship(
        order_by="DossierComponent.position", cascade="all, delete-orphan", lazy="raise",
        passive_deletes=True,
    )  # fmt: skip


class DossierComponent(Base):
    """One paper of a dossier. No originals and no copies means that it is shown or is a note."""

    __tablename__ = "dossier_component"
    __table_args__ = (CheckConstraint("originals >= 0 AND copies >= 0", name="counts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(
        ForeignKey("dossier_case.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    originals: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=0)
    template: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")


class LegalBasis(Base):
    """A legal document, shared by all procedures that rest on it."""

    __tablename__ = "legal_basis"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(Text, default="")
    issued_on: Mapped[date | None] = mapped_column(default=None)
    issuer: Mapped[str] = mapped_column(String(300), default="")


class LegalLink(Base):
    """One procedure rests on one document, in this place of its list."""

    __tablename__ = "procedure_legal_basis"

    procedure_id: Mapped[int] = mapped_column(
        ForeignKey("procedure.id", ondelete="CASCADE"), primary_key=True
    )
    legal_basis_id: Mapped[int] = mapped_column(
        ForeignKey("legal_basis.id"), primary_key=True, index=True
    )
    position: Mapped[int]
    basis: Mapped[LegalBasis] = relationship(lazy="raise")


class Announcement(FromContent, Base):
    """A decision that announces new, amended, replaced or abolished procedures."""

    __tablename__ = "announcement"
    __table_args__ = (UniqueConstraint("number", "issuer"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(300))
    issued_on: Mapped[date | None] = mapped_column(default=None, index=True)
    title: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    certainty: Mapped[str] = mapped_column(String(30), default="")
    changes: Mapped[list[AnnouncementChange]] = relationship(
        back_populates="announcement", order_by="AnnouncementChange.position",
        cascade="all, delete-orphan", lazy="raise", passive_deletes=True,
    )  # fmt: skip


class AnnouncementChange(Base):
    """What a decision does to one procedure. The code may be of one that is not kept here."""

    __tablename__ = "announcement_change"
    __table_args__ = (one_of("kind", ChangeKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(
        ForeignKey("announcement.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(8), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    effective_from: Mapped[date | None] = mapped_column(default=None)
    note: Mapped[str] = mapped_column(Text, default="")
    announcement: Mapped[Announcement] = relationship(back_populates="changes", lazy="raise")
    procedure: Mapped[Procedure | None] = relationship(
        primaryjoin="foreign(AnnouncementChange.code) == Procedure.code",
        viewonly=True, lazy="raise",
    )  # fmt: skip
