"""One entry of a content file as facts; whatever is wrong is told with its line."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from portal.core.certainty import Certainty
from portal.core.content import Entry, Report, check
from portal.core.content_fields import Fields
from portal.procedures.codes import CANONICAL
from portal.procedures.facts import (
    AnnouncementFacts,
    CaseFacts,
    ChangeFacts,
    ChannelFacts,
    ComponentFacts,
    FeeFacts,
    FieldFacts,
    LegalFacts,
    ProcedureFacts,
    Step,
    unique,
)
from portal.procedures.terms import (
    ChangeKind,
    ChannelKind,
    Kind,
    Level,
    OnlineLevel,
    Status,
    TimeUnit,
)

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
LONGEST = 60_000
MAX_AMOUNT = 10**12
_REQUIRED = ("code", "name", "levels", "status", "source")
_OPTIONAL = (
    "name_truncated", "kind", "effective_from", "effective_to", "online_level", "subjects",
    "agencies", "keywords", "results", "summary", "conditions", "steps", "channels", "cases",
    "legal_bases", "decision", "replaces", "unit",
)  # fmt: skip


class Reader(Fields):
    """`Fields` for entries that hold further entries."""

    def __init__(self, entry: Entry, report: Report) -> None:
        super().__init__(entry, report)
        self._faults_before = len(report.faults)

    @property
    def ok(self) -> bool:
        """Whether no fault was reported since this entry was opened."""
        return len(self.report.faults) == self._faults_before

    def shape(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> bool:
        """Whether exactly these keys stand there."""
        return check(self.entry, required=required, optional=optional, report=self.report)

    def decimal(self, key: str) -> Decimal | None:
        """A number of days or hours, half days as '2.5' or '2,5'."""
        value = self.entry.get(key)
        if value is None:
            return None
        try:
            number = Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or not 0 <= number < 100_000 or number != round(number, 2):
            self.fault(key, f"is not a number of days or hours: {str(value)[:40]!r}")
            return None
        return number

    def choice(self, key: str, kind: type[E]) -> E | None:
        """One value of a closed vocabulary, None when it is not said."""
        if self.entry.get(key) is None:
            return None
        return self.one_of(key, kind, next(iter(kind)))

    def choices(self, key: str, kind: type[E]) -> tuple[E, ...]:
        """Several values of a closed vocabulary."""
        found = []
        for value in unique(self.texts(key)):
            if value in set(kind):
                found.append(kind(value))
            else:
                self.fault(key, f"holds none of {', '.join(kind)}: {value[:40]!r}")
        return tuple(found)

    def part(self, key: str) -> Reader | None:
        """A mapping within this one, None when it is missing or is something else."""
        value = self.entry.get(key)
        if value is None or isinstance(value, Entry):
            return None if value is None else Reader(value, self.report)
        self.fault(key, "is not a mapping")
        return None

    def each(self, key: str, read: Callable[[Reader], T | None]) -> tuple[T, ...]:
        """The mappings of a list, each read by `read`."""
        values: Any = self.entry.get(key)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(x, Entry) for x in values):
            self.fault(key, "is not a list of mappings")
            return ()
        parts = (read(Reader(value, self.report)) for value in values)
        return tuple(part for part in parts if part is not None)


def read_field(reader: Reader) -> FieldFacts | None:
    """The `field` block at the head of a file."""
    if not reader.shape(("key", "name", "order"), ("code",)):
        return None
    facts = FieldFacts(
        key=reader.slug("key", 90), name=reader.text("name", 300), code=reader.text("code", 30),
        position=reader.whole("order"),
    )  # fmt: skip
    return facts if reader.ok else None


def read_procedure(reader: Reader, field: FieldFacts) -> ProcedureFacts | None:
    """One procedure of a file, or None after a fault."""
    if not reader.shape(_REQUIRED, _OPTIONAL):
        return None
    decision, source = _read_decision(reader), reader.part("source")
    if source is None or not source.shape(("name",), ("url", "checked_on")):
        return None
    effective_from, effective_to = reader.day("effective_from"), reader.day("effective_to")
    if effective_from and effective_to and effective_to < effective_from:
        reader.fault("effective_to", "is before 'effective_from'")
    facts = ProcedureFacts(
        code=_code(reader, "code"),
        name=reader.text("name"),
        name_truncated=reader.flag("name_truncated"),
        field=field,
        levels=reader.choices("levels", Level),
        kind=reader.choice("kind", Kind),
        status=reader.choice("status", Status),
        effective_from=effective_from,
        effective_to=effective_to,
        online_level=reader.choice("online_level", OnlineLevel),
        subjects=unique(reader.texts("subjects")),
        agencies=unique(reader.texts("agencies")),
        keywords=unique(reader.texts("keywords")),
        results=unique(reader.texts("results")),
        summary=reader.text("summary", LONGEST),
        conditions=reader.text("conditions", LONGEST),
        steps=reader.each("steps", _read_step),
        channels=reader.each("channels", _read_channel),
        cases=reader.each("cases", _read_case),
        legal_bases=reader.each("legal_bases", _read_legal),
        replaces=_codes(reader, "replaces"),
        decision_number=decision.text("number", 120) if decision else "",
        decision_issued_on=decision.day("issued_on") if decision else None,
        decision_issuer=decision.text("issuer", 300) if decision else "",
        source_name=source.text("name"),
        source_url=_address(source),
        checked_on=source.day("checked_on"),
        unit_code=_unit(reader),
    )
    if facts.code:
        reader.report.names.define("procedure", facts.code, reader.entry, "code", reader.report)
    return facts if reader.ok else None


def read_announcement(reader: Reader) -> AnnouncementFacts | None:
    """One decision with its changes, or None after a fault."""
    if not reader.shape(("decision", "changes")):
        return None
    decision = reader.part("decision")
    if decision is None or not decision.shape(
        ("number", "issuer"), ("issued_on", "title", "source", "certainty")
    ):
        return None
    facts = AnnouncementFacts(
        number=decision.text("number", 120),
        issuer=decision.text("issuer", 300),
        issued_on=decision.day("issued_on"),
        title=decision.text("title"),
        source=decision.text("source"),
        certainty=decision.choice("certainty", Certainty) or "",
        changes=reader.each("changes", _read_change),
    )
    return facts if reader.ok else None


def _read_change(reader: Reader) -> ChangeFacts | None:
    if not reader.shape(("code", "kind"), ("effective_from", "note")):
        return None
    kind = reader.choice("kind", ChangeKind)
    if kind is None:
        return None
    return ChangeFacts(
        code=_code(reader, "code"), kind=kind,
        effective_from=reader.day("effective_from"), note=reader.text("note"),
    )  # fmt: skip


def _read_decision(reader: Reader) -> Reader | None:
    decision = reader.part("decision")
    if decision is not None:
        decision.shape(("number",), ("issued_on", "issuer"))
    return decision


def _read_step(reader: Reader) -> Step | None:
    reader.shape(("text",), ("title",))
    return Step(reader.text("title"), reader.text("text", LONGEST))


def _read_channel(reader: Reader) -> ChannelFacts | None:
    if not reader.shape(("kind",), ("time", "unit", "case", "note", "fees")):
        return None
    kind, time, unit = (
        reader.choice("kind", ChannelKind), reader.decimal("time"), reader.choice("unit", TimeUnit)
    )  # fmt: skip
    if (time is None) != (unit is None):
        reader.fault("unit" if time is None else "time", "stands alone: a time needs its unit")
    if kind is None:
        return None
    return ChannelFacts(
        kind=kind, time=time, unit=unit, case=reader.text("case"), note=reader.text("note"),
        fees=reader.each("fees", _read_fee),
    )  # fmt: skip


def _read_fee(reader: Reader) -> FeeFacts | None:
    reader.shape((), ("amount", "label", "basis", "valid_from", "valid_to"))
    begin, end = reader.day("valid_from"), reader.day("valid_to")
    if begin and end and end < begin:
        reader.fault("valid_to", "is before 'valid_from'")
    fee = FeeFacts(
        amount=reader.optional_whole("amount", high=MAX_AMOUNT), label=reader.text("label"),
        basis=reader.text("basis"), valid_from=begin, valid_to=end,
    )  # fmt: skip
    if fee.amount is None and not fee.label:
        reader.fault("basis", "stands alone: a fee needs an 'amount' or a 'label'")
    return fee


def _read_case(reader: Reader) -> CaseFacts | None:
    reader.shape(("components",), ("name",))
    components = reader.each("components", _read_component)
    return CaseFacts(name=reader.text("name"), components=components)


def _read_component(reader: Reader) -> ComponentFacts | None:
    reader.shape(("name",), ("originals", "copies", "template", "note"))
    return ComponentFacts(
        name=reader.text("name"), originals=reader.whole("originals"),
        copies=reader.whole("copies"), template=reader.text("template"),
        note=reader.text("note"),
    )  # fmt: skip


def _read_legal(reader: Reader) -> LegalFacts | None:
    reader.shape(("number",), ("title", "issued_on", "issuer"))
    return LegalFacts(
        number=reader.text("number", 200), title=reader.text("title"),
        issued_on=reader.day("issued_on"), issuer=reader.text("issuer", 300),
    )  # fmt: skip


def _code(reader: Reader, key: str) -> str:
    value = reader.text(key, 20)
    if value and not CANONICAL.fullmatch(value):
        reader.fault(key, f"is not a code like '1.012289': {value!r}")
    return value


def _codes(reader: Reader, key: str) -> tuple[str, ...]:
    values = unique(reader.texts(key, 20))
    for value in values:
        if not CANONICAL.fullmatch(value):
            reader.fault(key, f"holds no code like '1.012289': {value!r}")
    return values


def _address(source: Reader) -> str:
    value = source.text("url", 2000)
    if value and not value.startswith(("https://", "http://")):
        source.fault("url", f"is not an address like https://…: {value[:60]!r}")
    return value


def _unit(reader: Reader) -> str | None:
    code = reader.slug("unit")
    if code:
        reader.report.names.mention("unit", code, reader.entry, "unit")
    return code or None
