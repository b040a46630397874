"""The parts of a procedure and of a decision, read from content files."""

from __future__ import annotations

from typing import Any

from portal.procedures.facts import (
    CaseFacts,
    ChangeFacts,
    ChannelFacts,
    ComponentFacts,
    FeeFacts,
    FormFacts,
    LegalFacts,
    LocalFacts,
    ProcessFacts,
    ProcessRow,
    Step,
)
from portal.procedures.reader import LONGEST, Reader
from portal.procedures.terms import (
    ChangeKind,
    ChannelKind,
    FeeKind,
    LegalState,
    ProcessKind,
    TimeUnit,
)

MAX_AMOUNT = 10**12


def read_change(reader: Reader) -> ChangeFacts | None:
    if not reader.shape(
        ("code", "kind"), ("name", "field", "effective_from", "replacement", "place", "note")
    ):
        return None
    kind = reader.choice("kind", ChangeKind)
    if kind is None:
        return None
    return ChangeFacts(
        code=reader.code("code"), kind=kind, name=reader.text("name"),
        field_name=reader.text("field"), effective_from=reader.day("effective_from"),
        replacement=reader.code("replacement"), place=reader.text("place", 120),
        note=reader.text("note"),
    )  # fmt: skip


def read_step(reader: Reader) -> Step | None:
    reader.shape(("text",), ("title",))
    return Step(reader.text("title"), reader.text("text", LONGEST))


def read_channel(reader: Reader) -> ChannelFacts | None:
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
        fees=reader.each("fees", read_fee),
    )  # fmt: skip


def read_fee(reader: Reader) -> FeeFacts | None:
    reader.shape((), ("kind", "amount", "label", "basis", "valid_from", "valid_to"))
    begin, end = reader.day("valid_from"), reader.day("valid_to")
    if begin and end and end < begin:
        reader.fault("valid_to", "is before 'valid_from'")
    fee = FeeFacts(
        kind=reader.choice("kind", FeeKind),
        amount=reader.optional_whole("amount", high=MAX_AMOUNT), label=reader.text("label"),
        basis=reader.text("basis"), valid_from=begin, valid_to=end,
    )  # fmt: skip
    if fee.amount is None and not fee.label:
        reader.fault("basis", "stands alone: a fee needs an 'amount' or a 'label'")
    return fee


def read_case(reader: Reader) -> CaseFacts | None:
    reader.shape(("components",), ("name",))
    components = reader.each("components", read_component)
    return CaseFacts(name=reader.text("name"), components=components)


def read_component(reader: Reader) -> ComponentFacts | None:
    reader.shape(("name",), ("code", "required", "originals", "copies", "template", "note"))
    return ComponentFacts(
        name=reader.text("name"), code=reader.text("code", 60),
        required=reader.yes_or_no("required") is not False, originals=reader.whole("originals"),
        copies=reader.whole("copies"), template=reader.text("template"),
        note=reader.text("note"),
    )  # fmt: skip


def read_legal(reader: Reader) -> LegalFacts | None:
    reader.shape(
        ("number",),
        ("title", "issued_on", "issuer", "effective_from", "state", "url", "source", "checked_on"),
    )
    return LegalFacts(
        number=reader.text("number", 200), title=reader.text("title"),
        issued_on=reader.day("issued_on"), issuer=reader.text("issuer", 300),
        effective_from=reader.day("effective_from"), state=reader.choice("state", LegalState),
        url=reader.address("url"), source_url=reader.address("source"),
        checked_on=reader.day("checked_on"),
    )  # fmt: skip


def read_local(reader: Reader) -> LocalFacts | None:
    """What the agency adds, under `local`."""
    local = reader.part("local")
    if local is None or not local.shape(
        ("source",),
        ("time", "unit", "time_basis", "place", "place_hours", "explanation", "decision"),
    ):
        return None
    time, unit = local.decimal("time"), local.choice("unit", TimeUnit)
    if (time is None) != (unit is None):
        local.fault("unit" if time is None else "time", "stands alone: a time needs its unit")
    return LocalFacts(
        time=time, unit=unit, time_basis=local.text("time_basis"), place=local.text("place"),
        place_hours=local.text("place_hours"), explanation=local.text("explanation", LONGEST),
        **_provenance(local),
    )  # fmt: skip


def read_form(reader: Reader) -> FormFacts | None:
    """A form with the official address it is found at; files of ours are added at the desk."""
    if not reader.shape(("name", "url"), ("paper",)):
        return None
    return FormFacts(
        name=reader.text("name"), paper=reader.text("paper"), url=reader.address("url")
    )


def read_process(reader: Reader) -> ProcessFacts | None:
    """An internal process with its rows."""
    if not reader.shape(("kind", "rows", "source"), ("title", "decision")):
        return None
    kind = reader.choice("kind", ProcessKind)
    if kind is None:
        return None
    rows = reader.each("rows", _read_row)
    return ProcessFacts(kind=kind, title=reader.text("title"), rows=rows, **_provenance(reader))


def _read_row(reader: Reader) -> ProcessRow:
    reader.shape(("task",), ("doer", "hours", "output", "form"))
    return ProcessRow(
        task=reader.text("task"), doer=reader.text("doer"), hours=reader.decimal("hours"),
        output=reader.text("output"), form=reader.text("form"),
    )  # fmt: skip


def _provenance(reader: Reader) -> dict[str, Any]:
    """`decision` (number, issued_on) and `source` (name, url, checked_on) of a part."""
    decision, source = reader.part("decision"), reader.part("source")
    if decision is not None:
        decision.shape(("number",), ("issued_on",))
    if source is not None:
        source.shape(("name",), ("url", "checked_on"))
    return {
        "decision_number": decision.text("number", 120) if decision else "",
        "decision_issued_on": decision.day("issued_on") if decision else None,
        "source_name": source.text("name") if source else "",
        "source_url": source.address("url") if source else "",
        "checked_on": source.day("checked_on") if source else None,
    }
