"""How a procedure came to say what it says: its kept versions, each with what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.procedures.comparing import same
from portal.procedures.facts import LegalFacts, ProcedureFacts
from portal.procedures.models import (
    LegalBasis,
    LegalLink,
    Procedure,
    ProcedureField,
    ProcedureOldCode,
    ProcedureVersion,
)
from portal.procedures.recording_parts import fill
from portal.procedures.telling import Change, changes_between
from portal.procedures.terms import LegalState, Origin
from portal.procedures.versions import facts_in, of_procedure

ORIGINS: dict[Origin, str] = {
    Origin.CONTENT: "Nạp từ bộ nội dung của cổng",
    Origin.IMPORT: "Nhập từ dữ liệu quốc gia",
    Origin.DESK: "Cán bộ cập nhật",
    Origin.DECISION: "Theo quyết định công bố",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One version: when and from where, and what it changed. `until` is when the next one came."""

    number: int
    recorded_at: datetime
    until: datetime | None
    origin: str
    reason: str
    changes: Sequence[Change]
    is_first: bool


def entries(session: Session, procedure: Procedure) -> list[Entry]:
    """All kept versions, newest first; one statement."""
    kept = of_procedure(session, procedure)
    facts = [facts_in(version) for version in kept]
    older: list[ProcedureFacts | None] = [*facts[1:], None]
    later: list[ProcedureVersion | None] = [None, *kept[:-1]]
    return [
        Entry(
            number=version.number,
            recorded_at=version.recorded_at,
            until=following.recorded_at if following else None,
            origin=ORIGINS[Origin(version.origin)],
            reason=version.reason,
            changes=changes_between(before, now) if before else (),
            is_first=before is None,
        )
        for version, now, before, following in zip(kept, facts, older, later, strict=True)
    ]


def as_it_was(session: Session, version: ProcedureVersion) -> Procedure:
    """A procedure that says what `version` said, for showing: it belongs to no session and must
    never be added to one. One statement, for the addresses of its legal documents."""
    facts = facts_in(version)
    procedure = Procedure(code=facts.code, version=version.number, updated_at=version.recorded_at)
    fill(procedure, facts)
    if facts.field:
        procedure.field = ProcedureField(key=facts.field.key, name=facts.field.name)
    numbers = [legal.number for legal in facts.legal_bases]
    slugs = dict(
        session.execute(
            select(LegalBasis.number, LegalBasis.slug).where(LegalBasis.number.in_(numbers))
        ).all()
    )
    procedure.legal_links = [
        LegalLink(position=i, basis=_basis(legal, slugs.get(legal.number, "")))
        for i, legal in enumerate(facts.legal_bases)
    ]
    procedure.old_codes = [ProcedureOldCode(old_code=code) for code in facts.replaces]
    return procedure


def _basis(facts: LegalFacts, slug: str) -> LegalBasis:
    state = (facts.state or LegalState.UNKNOWN).value
    return LegalBasis(slug=slug, state=state, **same(LegalFacts, facts, but=("state",)))
