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
    FeeKind,
    Kind,
    LegalState,
    Level,
    OnlineLevel,
    ProcessKind,
    Status,
    TimeUnit,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way; `title` may be empty."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one receives in the end; `code` as the nation numbers it, often empty."""

    name: str
    code: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One row of an internal process; `hours` are working hours, None when not said."""

    task: str
    doer: str = ""
    hours: Decimal | None = None
    output: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFacts:
    key: str
    name: str
    code: str = ""
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeFacts:
    """`amount` in đồng; None when the source gives words only (they are in `label`)."""

    kind: FeeKind | None = None
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
    code: str = ""
    required: bool = True
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
    effective_from: date | None = None
    state: LegalState | None = None
    url: str = ""
    source_url: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFacts:
    """What the agency adds to the nation's record; see `ProcedureLocal`."""

    time: Decimal | None = None
    unit: TimeUnit | None = None
    time_basis: str = ""
    place: str = ""
    place_hours: str = ""
    explanation: str = ""
    decision_number: str = ""
    decision_issued_on: date | None = None
    source_name: str = ""
    source_url: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFacts:
    """A form to fill in: `file` is a public id of the media room, `url` an official address."""

    name: str
    paper: str = ""
    file: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessFacts:
    """How the agency itself goes about it, and which decision says so."""

    kind: ProcessKind
    title: str = ""
    decision_number: str = ""
    decision_issued_on: date | None = None
    source_name: str = ""
    source_url: str = ""
    checked_on: date | None = None
    rows: tuple[ProcessRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureFacts:
    """Everything that a source says of one procedure. `local`, `forms` and `processes` are the
    agency's own: national sources leave them empty, and so they stay."""

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
    competent: tuple[str, ...] = ()
    authorised: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    receiving_place: str = ""
    keywords: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    summary: str = ""
    conditions: str = ""
    note: str = ""
    dossier_sets: int | None = None
    online_reason: str = ""
    non_territorial: bool | None = None
    postal: bool | None = None
    apply_url: str = ""
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
    source_id: str = ""
    checked_on: date | None = None
    unit_code: str | None = None
    local: LocalFacts | None = None
    forms: tuple[FormFacts, ...] = ()
    processes: tuple[ProcessFacts, ...] = ()

    def digest(self) -> str:
        """Equal for equal facts."""
        return digest(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """One line of an announced decision."""

    code: str
    kind: ChangeKind
    name: str = ""
    field_name: str = ""
    effective_from: date | None = None
    replacement: str = ""
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementFacts:
    """A decision that announces procedures."""

    number: str
    issuer: str
    issued_on: date | None = None
    published_on: date | None = None
    title: str = ""
    url: str = ""
    source: str = ""
    certainty: str = ""
    changes: tuple[ChangeFacts, ...] = ()

    def digest(self) -> str:
        """Equal for equal facts."""
        return digest(asdict(self))


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Non-empty values in their order, each once."""
    return tuple(dict.fromkeys(value for value in values if value))
