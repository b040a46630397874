"""Rows read back as facts, so that what is kept can be compared with what a source says."""

from __future__ import annotations

from dataclasses import replace

from portal.procedures.facts import (
    CaseFacts,
    ChannelFacts,
    ComponentFacts,
    FeeFacts,
    FieldFacts,
    LegalFacts,
    ProcedureFacts,
)
from portal.procedures.models import Channel, DossierCase, LegalBasis, Procedure
from portal.procedures.terms import ChannelKind, Kind, Level, OnlineLevel, Status, TimeUnit

PLAIN = (
    "code", "name", "name_truncated", "effective_from", "effective_to", "subjects", "agencies",
    "keywords", "results", "summary", "conditions", "steps", "decision_number",
    "decision_issued_on", "decision_issuer", "source_name", "source_url", "checked_on", "unit_code",
)  # fmt: skip
"""Facts whose column has the same name and type."""
FACT_NAMES = {
    "name": "tên", "name_truncated": "tên rút gọn", "field": "lĩnh vực", "levels": "cấp",
    "kind": "loại", "status": "hiệu lực", "effective_from": "hiệu lực từ",
    "effective_to": "hết hiệu lực từ", "online_level": "mức độ trực tuyến",
    "subjects": "đối tượng", "agencies": "cơ quan", "keywords": "từ khóa", "results": "kết quả",
    "summary": "tóm tắt", "conditions": "điều kiện", "steps": "các bước",
    "channels": "cách nộp, thời hạn, phí", "cases": "hồ sơ", "legal_bases": "căn cứ pháp lý",
    "replaces": "mã cũ", "decision_number": "số quyết định",
    "decision_issued_on": "ngày quyết định", "decision_issuer": "cơ quan quyết định",
    "source_name": "nguồn", "source_url": "địa chỉ nguồn", "checked_on": "ngày đối chiếu",
    "unit_code": "đơn vị phụ trách",
}  # fmt: skip
"""What a reader calls each fact that may differ."""


def facts_of(procedure: Procedure) -> ProcedureFacts:
    """What the rows say, for comparing. The procedure must be loaded with `WITH_PARTS`."""
    return ProcedureFacts(
        **{name: getattr(procedure, name) for name in PLAIN},
        field=FieldFacts(key=procedure.field.key, name=procedure.field.name),
        levels=tuple(Level(level) for level in procedure.levels),
        kind=Kind(procedure.kind),
        status=Status(procedure.status),
        online_level=OnlineLevel(procedure.online_level) if procedure.online_level else None,
        channels=tuple(_channel_facts(channel) for channel in procedure.channels),
        cases=tuple(_case_facts(case) for case in procedure.cases),
        legal_bases=tuple(_legal_facts(link.basis) for link in procedure.legal_links),
        replaces=tuple(old.old_code for old in procedure.old_codes),
    )


def merged(old: ProcedureFacts, new: ProcedureFacts) -> ProcedureFacts:
    """`old` with everything that `new` says; what `new` leaves empty stays."""
    said = {
        name: value
        for name in ProcedureFacts.__dataclass_fields__
        if (value := getattr(new, name)) not in (None, "", ())
    }
    # A shortened name never replaces a whole one, a whole one is never marked shortened.
    if new.name_truncated and not old.name_truncated:
        said["name"] = old.name
    said["name_truncated"] = new.name_truncated and old.name_truncated
    return replace(old, **said)


def differing(old: ProcedureFacts, new: ProcedureFacts) -> list[str]:
    """Names of the facts that differ. Titles of shared documents and names of fields are not the
    procedure's own and do not count."""
    return [
        name
        for name in ProcedureFacts.__dataclass_fields__
        if _comparable(name, getattr(old, name)) != _comparable(name, getattr(new, name))
    ]


def _comparable(name: str, value: object) -> object:
    if name == "legal_bases" and isinstance(value, tuple):
        return list(dict.fromkeys(legal.number for legal in value))
    if name == "replaces" and isinstance(value, tuple):
        return set(value)
    if isinstance(value, FieldFacts):
        return value.key
    return value


def _channel_facts(row: Channel) -> ChannelFacts:
    return ChannelFacts(
        kind=ChannelKind(row.kind), time=row.time,
        unit=TimeUnit(row.time_unit) if row.time_unit else None, case=row.case, note=row.note,
        fees=tuple(
            FeeFacts(
                amount=fee.amount, label=fee.label, basis=fee.basis,
                valid_from=fee.valid_from, valid_to=fee.valid_to,
            )
            for fee in row.fees
        ),
    )  # fmt: skip


def _case_facts(row: DossierCase) -> CaseFacts:
    return CaseFacts(
        name=row.name,
        components=tuple(
            ComponentFacts(
                name=part.name, originals=part.originals, copies=part.copies,
                template=part.template, note=part.note,
            )
            for part in row.components
        ),
    )  # fmt: skip


def _legal_facts(row: LegalBasis) -> LegalFacts:
    return LegalFacts(
        number=row.number, title=row.title, issued_on=row.issued_on, issuer=row.issuer
    )
