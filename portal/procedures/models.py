"""Tables of the room. Collections are never loaded by accident: queries name what they need."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, FromContent
from portal.procedures.announced_models import Announcement, AnnouncementChange
from portal.procedures.facts import Result, Step
from portal.procedures.local_models import (
    InternalProcess,
    ProcedureForm,
    ProcedureLocal,
    ProcedureVersion,
)
from portal.procedures.terms import (
    ChannelKind,
    FeeKind,
    Kind,
    LegalState,
    OnlineLevel,
    State,
    Status,
    TimeUnit,
)
from portal.procedures.types import Results, Steps, Texts, one_of

__all__ = [
    "Announcement", "AnnouncementChange", "Channel", "DossierCase", "DossierComponent", "Fee",
    "InternalProcess", "LegalBasis", "LegalLink", "Procedure", "ProcedureField", "ProcedureForm",
    "ProcedureLocal", "ProcedureOldCode", "ProcedureVersion",
]  # fmt: skip


class ProcedureField(Base):
    """A field (lĩnh vực). `key` stands in addresses."""

    __tablename__ = "procedure_field"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(90), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    code: Mapped[str] = mapped_column(String(30), default="")
    position: Mapped[int] = mapped_column(default=1000, index=True)


class Procedure(FromContent, Base):
    """One procedure as the national database names it, with what the agency adds.

    `seen_version` is the version that a person last looked at, at the desk."""

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
    competent: Mapped[tuple[str, ...]] = mapped_column(Texts)
    authorised: Mapped[tuple[str, ...]] = mapped_column(Texts)
    coordinating: Mapped[tuple[str, ...]] = mapped_column(Texts)
    receiving_place: Mapped[str] = mapped_column(Text, default="")
    keywords: Mapped[tuple[str, ...]] = mapped_column(Texts)
    results: Mapped[tuple[Result, ...]] = mapped_column(Results)
    summary: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    dossier_sets: Mapped[int | None] = mapped_column(default=None)
    online_reason: Mapped[str] = mapped_column(Text, default="")
    non_territorial: Mapped[bool | None] = mapped_column(default=None)
    postal: Mapped[bool | None] = mapped_column(default=None)
    apply_url: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[str] = mapped_column(String(60), default="")
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
    seen_version: Mapped[int | None] = mapped_column(default=None)

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
    local: Mapped[ProcedureLocal | None] = relationship(
        cascade="all, delete-orphan", lazy="raise", passive_deletes=True
    )
    forms: Mapped[list[ProcedureForm]] = relationship(
        order_by="ProcedureForm.position", cascade="all, delete-orphan", lazy="raise",
        passive_deletes=True,
    )  # fmt: skip
    processes: Mapped[list[InternalProcess]] = relationship(
        order_by="InternalProcess.position", cascade="all, delete-orphan", lazy="raise",
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
    """What one pays in a channel. `amount` in đồng, None where only words are known; `label` names
    the tier it is for."""

    __tablename__ = "procedure_fee"
    __table_args__ = (
        one_of("kind", FeeKind),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("valid_to >= valid_from", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(
        ForeignKey("procedure_channel.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[str | None] = mapped_column(String(30), default=None)
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
    code: Mapped[str] = mapped_column(String(60), default="")
    required: Mapped[bool] = mapped_column(default=True)
    originals: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=0)
    template: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")


class LegalBasis(Base):
    """A legal document, shared by all procedures that rest on it. `slug` stands in addresses;
    `checked_on` is the day on which its `state` was looked up at `source_url`."""

    __tablename__ = "legal_basis"
    __table_args__ = (one_of("state", LegalState),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(220), unique=True)
    number: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(Text, default="")
    issued_on: Mapped[date | None] = mapped_column(default=None)
    issuer: Mapped[str] = mapped_column(String(300), default="")
    effective_from: Mapped[date | None] = mapped_column(default=None)
    state: Mapped[str] = mapped_column(String(30), default=LegalState.UNKNOWN.value)
    url: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(Text, default="")
    checked_on: Mapped[date | None] = mapped_column(default=None)


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
