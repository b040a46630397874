"""Whether a printed sheet still tells the truth: what changed since the version that it carries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.procedures import versions
from portal.procedures.comparing import FACT_NAMES, differing
from portal.procedures.models import Procedure, ProcedureVersion

# What a sheet prints. That somebody compared a record with its source makes no sheet stale.
POSTED = frozenset(
    ["name", "field", "levels", "status", "effective_from", "effective_to", "subjects", "agencies",
     "competent", "authorised", "coordinating", "receiving_place", "results", "conditions",
     "dossier_sets", "steps", "channels", "cases", "legal_bases", "decision_number",
     "decision_issued_on", "decision_issuer", "local", "forms"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaleSheet:
    """A sheet that should be replaced. `changed` names what differs, empty when that version was
    not kept; `kept` says whether it can be read."""

    printed: int
    now: int
    changed: tuple[str, ...]
    kept: bool


def sheet(session: Session, procedure: Procedure, printed: str) -> StaleSheet | None:
    """What to tell who scanned a sheet of version `printed`; None when the sheet is still right,
    or the number is none of ours. At most one statement."""
    if not printed.isascii() or not printed.isdecimal() or len(printed) > 6:
        return None
    number = int(printed)
    if not 0 < number < procedure.version:
        return None
    query = select(ProcedureVersion).where(
        ProcedureVersion.procedure_id == procedure.id,
        ProcedureVersion.number.in_([number, procedure.version]),
    )
    kept = {row.number: row for row in session.scalars(query)}
    if len(kept) < 2:
        return StaleSheet(number, procedure.version, (), number in kept)
    changed = posted_changes(kept[number], kept[procedure.version])
    return StaleSheet(number, procedure.version, changed, kept=True) if changed else None


def posted_changes(old: ProcedureVersion, new: ProcedureVersion) -> tuple[str, ...]:
    """Names of what a sheet prints and what is not the same in two kept versions."""
    names = differing(versions.facts_in(old), versions.facts_in(new))
    return tuple(FACT_NAMES[name] for name in names if name in POSTED)
