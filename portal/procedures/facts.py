"""What a source says of a procedure, before it is a row: the one shape that the content files
and every import format are brought into. Empty means that the source does not say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from portal.core.content import digest
from portal.procedures.terms import (
    ChangeKind,
    ChannelKind,
    Kind,
    Level,
    OnlineLevel,
    Status,
    TimeUnit,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way; `title` may be empty."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFacts:
    key: str
    name: str
    code: str = ""
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeFacts:
    """`amount` in đồng; None when the source gives words only (they are in `label`)."""

    amount: int | None = None
    label: str = ""
    basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    kind: ChannelKind
    time: Decimal | None = None
    unit: TimeUnit | None = None
    case: str = ""
    note: str = ""
    fees: tuple[FeeFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentFacts:
    name: str
    originals: int = 0
    copies: int = 0
    template: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    name: str = ""
    components: tuple[ComponentFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalFacts:
    number: str
    title: str = ""
    issued_on: date | None = None
    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureFacts:
    """Everything that a source says of one procedure."""

    code: str
    name: str
    name_truncated: bool = False
    field: FieldFacts | None = None
    levels: tuple[Level, ...] = ()
    kind: Kind | None = None
    status: Status | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    online_level: OnlineLevel | None = None
    subjects: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    summary: str = ""
    conditions: str = ""
    steps: tuple[Step, ...] = ()
    channels: tuple[ChannelFacts, ...] = ()
    cases: tuple[CaseFacts, ...] = ()
    legal_bases: tuple[LegalFacts, ...] = ()
    replaces: tuple[str, ...] = ()
    decision_number: str = ""
    decision_issued_on: date | None = None
    decision_issuer: str = ""
    source_name: str = ""
    source_url: str = ""
    checked_on: date | None = None
    unit_code: str | None = None

    def digest(self) -> str:
        """Equal for equal facts."""
        return digest(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """One line of an announced decision."""

    code: str
    kind: ChangeKind
    effective_from: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementFacts:
    """A decision that announces procedures."""

    number: str
    issuer: str
    issued_on: date | None = None
    title: str = ""
    source: str = ""
    certainty: str = ""
    changes: tuple[ChangeFacts, ...] = ()

    def digest(self) -> str:
        """Equal for equal facts."""
        return digest(asdict(self))


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Non-empty values in their order, each once."""
    return tuple(dict.fromkeys(value for value in values if value))
