"""Rows read back as facts, so that what is kept can be compared with what a source says."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from portal.procedures.facts import (
    CaseFacts,
    ChannelFacts,
    ComponentFacts,
    FeeFacts,
    FieldFacts,
    FormFacts,
    LegalFacts,
    LocalFacts,
    ProcedureFacts,
    ProcessFacts,
)
from portal.procedures.models import (
    Channel,
    DossierCase,
    Fee,
    InternalProcess,
    LegalBasis,
    Procedure,
    ProcedureLocal,
)
from portal.procedures.terms import (
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

PLAIN = (
    "code", "name", "name_truncated", "effective_from", "effective_to", "subjects", "agencies",
    "competent", "authorised", "coordinating", "receiving_place", "keywords", "results", "summary",
    "conditions", "note", "dossier_sets", "online_reason", "non_territorial", "postal", "apply_url",
    "steps", "decision_number", "decision_issued_on", "decision_issuer", "source_name",
    "source_url", "source_id", "checked_on", "unit_code",
)  # fmt: skip
"""Facts whose column has the same name and type."""
FACT_NAMES = {
    "name": "tên", "name_truncated": "tên rút gọn", "field": "lĩnh vực", "levels": "cấp",
    "kind": "loại", "status": "hiệu lực", "effective_from": "hiệu lực từ",
    "effective_to": "hết hiệu lực từ", "online_level": "mức độ trực tuyến",
    "subjects": "đối tượng", "agencies": "cơ quan thực hiện", "competent": "cơ quan có thẩm quyền",
    "authorised": "cơ quan được ủy quyền", "coordinating": "cơ quan phối hợp",
    "receiving_place": "nơi tiếp nhận", "keywords": "từ khóa", "results": "kết quả",
    "summary": "tóm tắt", "conditions": "điều kiện", "note": "ghi chú",
    "dossier_sets": "số bộ hồ sơ", "online_reason": "lý do chưa toàn trình",
    "non_territorial": "phi địa giới", "postal": "nhận qua bưu chính",
    "apply_url": "địa chỉ nộp trực tuyến", "steps": "các bước",
    "channels": "cách nộp, thời hạn, phí", "cases": "hồ sơ", "legal_bases": "căn cứ pháp lý",
    "replaces": "mã cũ", "decision_number": "số quyết định",
    "decision_issued_on": "ngày quyết định", "decision_issuer": "cơ quan quyết định",
    "source_name": "nguồn", "source_url": "địa chỉ nguồn", "source_id": "mã ở nguồn",
    "checked_on": "ngày đối chiếu", "unit_code": "đơn vị phụ trách",
    "local": "phần của địa phương", "forms": "mẫu đơn, tờ khai",
    "processes": "quy trình giải quyết",
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
        legal_bases=tuple(legal_facts(link.basis) for link in procedure.legal_links),
        replaces=tuple(old.old_code for old in procedure.old_codes),
        local=_local_facts(procedure.local) if procedure.local else None,
        forms=tuple(FormFacts(**same(FormFacts, form)) for form in procedure.forms),
        processes=tuple(_process_facts(process) for process in procedure.processes),
    )


def same(facts: type, row: object, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """The attributes of `row` (or of other facts) that `facts` has by the same name."""
    return {item.name: getattr(row, item.name) for item in fields(facts) if item.name not in but}


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
        fees=tuple(_fee_facts(fee) for fee in row.fees),
    )  # fmt: skip


def _fee_facts(row: Fee) -> FeeFacts:
    kind = FeeKind(row.kind) if row.kind else None
    return FeeFacts(kind=kind, **same(FeeFacts, row, but=("kind",)))


def _case_facts(row: DossierCase) -> CaseFacts:
    components = (ComponentFacts(**same(ComponentFacts, part)) for part in row.components)
    return CaseFacts(name=row.name, components=tuple(components))


def _local_facts(row: ProcedureLocal) -> LocalFacts:
    unit = TimeUnit(row.time_unit) if row.time_unit else None
    return LocalFacts(unit=unit, **same(LocalFacts, row, but=("unit",)))


def _process_facts(row: InternalProcess) -> ProcessFacts:
    return ProcessFacts(kind=ProcessKind(row.kind), **same(ProcessFacts, row, but=("kind",)))


def legal_facts(row: LegalBasis) -> LegalFacts:
    """A shared document as facts."""
    state = None if row.state == LegalState.UNKNOWN else LegalState(row.state)
    return LegalFacts(state=state, **same(LegalFacts, row, but=("state",)))
