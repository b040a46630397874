"""One entry of a content file as facts; whatever is wrong is told with its line."""

from __future__ import annotations

from portal.core.certainty import Certainty
from portal.procedures.facts import (
    AnnouncementFacts,
    FieldFacts,
    ProcedureFacts,
    Result,
    unique,
)
from portal.procedures.reader import LONGEST, Reader
from portal.procedures.reading_parts import (
    read_case,
    read_change,
    read_channel,
    read_form,
    read_legal,
    read_local,
    read_process,
    read_step,
)
from portal.procedures.terms import Kind, Level, OnlineLevel, Status

_REQUIRED = ("code", "name", "levels", "status", "source")
_OPTIONAL = (
    "name_truncated", "kind", "effective_from", "effective_to", "online_level", "subjects",
    "agencies", "competent", "authorised", "coordinating", "receiving_place", "keywords",
    "results", "summary", "conditions", "note", "dossier_sets", "online_reason",
    "non_territorial", "postal", "apply_url", "steps", "channels", "cases", "legal_bases",
    "decision", "replaces", "unit", "local", "forms", "processes",
)  # fmt: skip


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
    if source is None or not source.shape(("name",), ("url", "id", "checked_on")):
        return None
    effective_from, effective_to = reader.day("effective_from"), reader.day("effective_to")
    if effective_from and effective_to and effective_to < effective_from:
        reader.fault("effective_to", "is before 'effective_from'")
    facts = ProcedureFacts(
        code=reader.code("code"),
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
        competent=unique(reader.texts("competent")),
        authorised=unique(reader.texts("authorised")),
        coordinating=unique(reader.texts("coordinating")),
        receiving_place=reader.text("receiving_place"),
        keywords=unique(reader.texts("keywords")),
        results=tuple(Result(name) for name in unique(reader.texts("results"))),
        summary=reader.text("summary", LONGEST),
        conditions=reader.text("conditions", LONGEST),
        note=reader.text("note", LONGEST),
        dossier_sets=reader.optional_whole("dossier_sets", high=99),
        online_reason=reader.text("online_reason"),
        non_territorial=reader.yes_or_no("non_territorial"),
        postal=reader.yes_or_no("postal"),
        apply_url=reader.address("apply_url"),
        steps=reader.each("steps", read_step),
        channels=reader.each("channels", read_channel),
        cases=reader.each("cases", read_case),
        legal_bases=reader.each("legal_bases", read_legal),
        replaces=reader.codes("replaces"),
        decision_number=decision.text("number", 120) if decision else "",
        decision_issued_on=decision.day("issued_on") if decision else None,
        decision_issuer=decision.text("issuer", 300) if decision else "",
        source_name=source.text("name"),
        source_url=source.address("url"),
        source_id=source.text("id", 60),
        checked_on=source.day("checked_on"),
        unit_code=_unit(reader),
        local=read_local(reader),
        forms=reader.each("forms", read_form),
        processes=reader.each("processes", read_process),
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
        ("number", "issuer"), ("issued_on", "published_on", "title", "url", "source", "certainty")
    ):
        return None
    facts = AnnouncementFacts(
        number=decision.text("number", 120),
        issuer=decision.text("issuer", 300),
        issued_on=decision.day("issued_on"),
        published_on=decision.day("published_on"),
        title=decision.text("title"),
        url=decision.address("url"),
        source=decision.text("source"),
        certainty=decision.choice("certainty", Certainty) or "",
        changes=reader.each("changes", read_change),
    )
    return facts if reader.ok else None


def _read_decision(reader: Reader) -> Reader | None:
    decision = reader.part("decision")
    if decision is not None:
        decision.shape(("number",), ("issued_on", "issuer"))
    return decision


def _unit(reader: Reader) -> str | None:
    code = reader.slug("unit")
    if code:
        reader.report.names.mention("unit", code, reader.entry, "unit")
    return code or None
