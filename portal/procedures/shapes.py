"""A procedure as it leaves the portal for machines, field by field: nothing gets out by being
added to a model. `portal/api/schemas.py` describes the same shapes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from portal.core.settings import Settings
from portal.procedures.models import (
    Announcement,
    Channel,
    DossierCase,
    Fee,
    InternalProcess,
    LegalBasis,
    Procedure,
    ProcedureLocal,
)

Json = dict[str, Any]


def listed(one: Procedure, settings: Settings) -> Json:
    """A procedure as lists show it."""
    return {
        "code": one.code,
        "name": one.name,
        "field": one.field.name,
        "url": settings.address(f"/thu-tuc/{one.code}"),
        "levels": list(one.levels),
        "status": one.status,
        "online_level": one.online_level,
    }


def in_full(one: Procedure, day: date, settings: Settings) -> Json:
    """A procedure with its parts on `day`. What is not known is null or empty, never guessed."""
    return {
        **listed(one, settings),
        "name_truncated": one.name_truncated,
        "kind": one.kind,
        "state": one.state_on(day).value,
        "effective_from": _iso(one.effective_from),
        "effective_to": _iso(one.effective_to),
        "summary": one.summary,
        "subjects": list(one.subjects),
        "agencies": list(one.agencies),
        "competent": list(one.competent),
        "authorised": list(one.authorised),
        "coordinating": list(one.coordinating),
        "receiving_place": one.receiving_place,
        "non_territorial": one.non_territorial,
        "postal": one.postal,
        "apply_url": one.apply_url or None,
        "online_reason": one.online_reason,
        "channels": [_channel(channel) for channel in one.channels],
        "steps": [{"title": step.title, "text": step.text} for step in one.steps],
        "dossier_sets": one.dossier_sets,
        "cases": [_case(case) for case in one.cases],
        "forms": [
            {"name": form.name, "paper": form.paper, "url": form.url or None} for form in one.forms
        ],
        "results": [{"name": result.name, "code": result.code} for result in one.results],
        "legal_bases": [
            {"number": link.basis.number, "title": link.basis.title, "state": link.basis.state}
            for link in one.legal_links
        ],
        "conditions": one.conditions,
        "note": one.note,
        "decision": _decision(one),
        "replaces": [old.old_code for old in one.old_codes],
        "unit": one.unit_code,
        "local": _local(one.local) if one.local else None,
        "processes": [_process(process) for process in one.processes],
        "source": {**_source(one), "id": one.source_id or None},
        "version": one.version,
        "updated_at": one.updated_at.isoformat(timespec="seconds"),
    }


def announcement(one: Announcement, settings: Settings) -> Json:
    """A decision with all that it changes."""
    return {
        "number": one.number,
        "issuer": one.issuer,
        "issued_on": _iso(one.issued_on),
        "published_on": _iso(one.published_on),
        "title": one.title,
        "url": one.url or None,
        "changes": [
            {
                "code": change.code,
                "kind": change.kind,
                "effective_from": _iso(change.effective_from),
                "replacement": change.replacement or None,
                "note": change.note,
                "url": settings.address(f"/thu-tuc/{change.code}") if change.procedure else None,
            }
            for change in one.changes
        ],
        "source": one.source or None,
        "certainty": one.certainty or None,
    }


def legal_basis(one: LegalBasis, codes: list[str]) -> Json:
    """A legal document and the procedures that rest on it."""
    return {
        "number": one.number,
        "title": one.title,
        "issued_on": _iso(one.issued_on),
        "issuer": one.issuer,
        "effective_from": _iso(one.effective_from),
        "state": one.state,
        "url": one.url or None,
        "source": one.source_url or None,
        "checked_on": _iso(one.checked_on),
        "procedures": codes,
    }


def _channel(one: Channel) -> Json:
    return {
        "kind": one.kind,
        "case": one.case,
        "time": _number(one.time),
        "time_unit": one.time_unit,
        "fees": [_fee(fee) for fee in one.fees],
        "note": one.note,
    }


def _fee(one: Fee) -> Json:
    return {
        "kind": one.kind,
        "amount": one.amount,
        "label": one.label,
        "basis": one.basis,
        "valid_from": _iso(one.valid_from),
        "valid_to": _iso(one.valid_to),
    }


def _case(one: DossierCase) -> Json:
    names = ("name", "code", "required", "originals", "copies", "template", "note")
    parts = [{name: getattr(part, name) for name in names} for part in one.components]
    return {"name": one.name, "components": parts}


def _local(one: ProcedureLocal) -> Json:
    return {
        "time": _number(one.time),
        "time_unit": one.time_unit,
        "time_basis": one.time_basis,
        "place": one.place,
        "place_hours": one.place_hours,
        "explanation": one.explanation,
        "decision": _decision(one),
        "source": _source(one),
    }


def _process(one: InternalProcess) -> Json:
    return {
        "kind": one.kind,
        "title": one.title,
        "rows": [
            {
                "task": row.task, "doer": row.doer, "hours": _number(row.hours),
                "output": row.output, "form": row.form,
            }
            for row in one.rows
        ],
        "decision": _decision(one),
        "source": _source(one),
    }  # fmt: skip


def _decision(one: Procedure | ProcedureLocal | InternalProcess) -> Json:
    issuer = one.decision_issuer if isinstance(one, Procedure) else ""
    issued_on = _iso(one.decision_issued_on)
    return {"number": one.decision_number, "issuer": issuer, "issued_on": issued_on}


def _source(one: Procedure | ProcedureLocal | InternalProcess) -> Json:
    url, checked_on = one.source_url or None, _iso(one.checked_on)
    return {"name": one.source_name, "url": url, "checked_on": checked_on}


def _number(value: Decimal | None) -> float | None:
    """Days and hours have at most two decimals: a JSON number holds them."""
    return None if value is None else float(value)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
