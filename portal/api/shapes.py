"""What leaves through the API, field by field: nothing gets out by being added to a model."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal.articles.models import Article
from portal.core.settings import current_settings
from portal.directory.models import Hotline
from portal.feedback.models import Feedback
from portal.procedures.models import Channel, DossierCase, Fee, Procedure
from portal.site.found import Found

Json = dict[str, Any]


def procedure(one: Procedure) -> Json:
    """A procedure as lists show it."""
    return {
        "code": one.code,
        "name": one.name,
        "field": one.field.name,
        "url": _address(f"/thu-tuc/{one.code}"),
        "levels": list(one.levels),
        "status": one.status,
        "online_level": one.online_level,
    }


def procedure_in_full(one: Procedure) -> Json:
    """A procedure with its parts. A part that is not known is null or empty, never guessed."""
    decision = {"number": one.decision_number, "issuer": one.decision_issuer}
    source = {"name": one.source_name, "url": one.source_url}
    return {
        **procedure(one),
        "name_truncated": one.name_truncated,
        "kind": one.kind,
        "subjects": list(one.subjects),
        "agencies": list(one.agencies),
        "channels": [_channel(channel) for channel in one.channels],
        "steps": [{"title": step.title, "text": step.text} for step in one.steps],
        "cases": [_case(case) for case in one.cases],
        "results": [result.name for result in one.results],
        "legal_bases": [
            {"number": link.basis.number, "title": link.basis.title} for link in one.legal_links
        ],
        "conditions": one.conditions,
        "decision": {**decision, "issued_on": _iso(one.decision_issued_on)},
        "effective_from": _iso(one.effective_from),
        "effective_to": _iso(one.effective_to),
        "replaces": [old.old_code for old in one.old_codes],
        "source": {**source, "checked_on": _iso(one.checked_on)},
    }


def article(one: Article) -> Json:
    """A published article as lists show it."""
    return {
        "title": one.title,
        "summary": one.summary,
        "topic": one.topic.name if one.topic else None,
        "published_at": _iso(one.publish_at),
        "url": _address(f"/bai-viet/{one.slug}"),
    }


def hotline(one: Hotline) -> Json:
    """A hotline, with how far it may be trusted."""
    return {
        "name": one.name,
        "purposes": list(one.purposes),
        "phone": one.phone or None,
        "email": one.email or None,
        "hours": one.hours or None,
        "answered_by": one.answered_by or None,
        "certainty": one.certainty,
        "source": one.source or None,
        "checked_on": _iso(one.checked_on),
    }


def feedback(one: Feedback) -> Json:
    """The public copy of an answered item."""
    return {
        "id": one.public_id,
        "kind": one.kind,
        "subject": one.public_subject,
        "question": one.public_question,
        "answer": one.public_answer,
        "procedure": one.procedure_code,
        "published_at": _iso(one.published_at),
        "url": _address(f"/phan-anh/{one.public_id}"),
    }


def found(one: Found) -> Json:
    """A result of the search over everything."""
    url = _address(one.url)
    return {"kind": one.kind, "title": one.title, "summary": one.summary, "url": url}


def _channel(one: Channel) -> Json:
    return {
        "kind": one.kind,
        "case": one.case,
        "time": str(one.time.normalize()) if one.time is not None else None,
        "time_unit": one.time_unit,
        "fees": [_fee(fee) for fee in one.fees],
        "note": one.note,
    }


def _fee(one: Fee) -> Json:
    return {
        "amount": one.amount,
        "label": one.label,
        "basis": one.basis,
        "valid_from": _iso(one.valid_from),
        "valid_to": _iso(one.valid_to),
    }


def _case(one: DossierCase) -> Json:
    names = ("name", "originals", "copies", "template", "note")
    parts = [{name: getattr(part, name) for name in names} for part in one.components]
    return {"name": one.name, "components": parts}


def _address(path: str) -> str:
    return current_settings().address(path)


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None
