"""From a file to the database: read and judge everything first, then write all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from portal.core import audit
from portal.core.db import write
from portal.core.settings import current_settings
from portal.core.text import clean_line, fold
from portal.procedures.comparing import differing, facts_of, merged
from portal.procedures.facts import ProcedureFacts
from portal.procedures.importing.mapping import facts_of_row
from portal.procedures.importing.notes import Notes
from portal.procedures.importing.readers import read_rows
from portal.procedures.importing.tables import Reading
from portal.procedures.models import Procedure
from portal.procedures.recording import Recorder, load_with_parts
from portal.procedures.terms import Origin

_BATCH = 250

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""


class Decision(StrEnum):
    """What an import does with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"


DECISION_NAMES = {
    Decision.NEW: "thêm mới",
    Decision.CHANGED: "cập nhật",
    Decision.UNCHANGED: "không đổi",
    Decision.KEPT: "giữ bản cán bộ đã sửa",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would happen with one row; `differences` names the facts that would change."""

    row: int
    code: str
    name: str
    decision: Decision
    differences: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What an import found and, when `applied`, did."""

    proposals: list[Proposal] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    applied: bool = False

    def counts(self) -> Counter[Decision]:
        """How many rows of each decision."""
        return Counter(proposal.decision for proposal in self.proposals)


@dataclass(frozen=True, slots=True)
class _Read:
    row: int
    facts: ProcedureFacts


def propose(session: Session, path: Path, name: str, progress: Progress | None = None) -> Outcome:
    """What importing `path` (called `name` by its owner) would do; writes nothing.

    Raises `Unreadable` when the file as a whole cannot be used.
    """
    outcome = Outcome()
    found = _read(path, outcome.notes)
    for batch in _batches(found):
        existing = load_with_parts(session, (item.facts.code for item in batch))
        for item in batch:
            proposal, _ = _judge(item, existing.get(item.facts.code), name)
            outcome.proposals.append(proposal)
        session.rollback()
        _tell(progress, outcome, found)
    return outcome


def apply(path: Path, name: str, actor_id: int | None, progress: Progress | None = None) -> Outcome:
    """Import `path` in one transaction; who may is the caller's business.

    Everything is judged anew against the database of this moment. What an editor has changed is
    kept and reported. Raises `Unreadable`, and then nothing was written.
    """
    outcome = Outcome(applied=True)
    found = _read(path, outcome.notes)
    with write() as session:
        recorder = Recorder(session, Origin.IMPORT, f"Tệp {clean_line(name)[:80]}")
        for batch in _batches(found):
            existing = load_with_parts(session, (item.facts.code for item in batch))
            for item in batch:
                procedure = existing.get(item.facts.code)
                proposal, facts = _judge(item, procedure, name)
                if proposal.decision in (Decision.NEW, Decision.CHANGED):
                    recorder.record(procedure, facts)
                outcome.proposals.append(proposal)
            session.flush()
            _tell(progress, outcome, found)
        _note(session, outcome, name, actor_id)
    return outcome


def _read(path: Path, notes: Notes) -> list[_Read]:
    """All usable rows, each code once."""
    own = current_settings().site.agency.name
    found: list[_Read] = []
    rows_of: dict[str, int] = {}
    names: dict[str, tuple[str, int]] = {}
    for row in read_rows(path, Reading(notes=notes)):
        facts = facts_of_row(row, notes, own)
        if facts is None:
            continue
        if facts.code in rows_of:
            notes.skipped(f"trùng mã với dòng {rows_of[facts.code]}")
            continue
        rows_of[facts.code] = row.number
        _same_name(facts, row.number, names, notes)
        found.append(_Read(row.number, facts))
    return found


def _same_name(
    facts: ProcedureFacts, row: int, names: dict[str, tuple[str, int]], notes: Notes
) -> None:
    code, first = names.setdefault(fold(facts.name), (facts.code, row))
    if code != facts.code:
        notes.doubtful(f"trùng tên với mã {code} ở dòng {first}")


def _judge(item: _Read, procedure: Procedure | None, file: str) -> tuple[Proposal, ProcedureFacts]:
    """The decision on one row, and what the record would say. A cell that the file leaves empty
    never erases what is kept, and a file without a source takes no other source's place."""
    facts = item.facts
    if procedure is None:
        facts = replace(facts, source_name=facts.source_name or f"Tệp {clean_line(file)}")
        return Proposal(item.row, facts.code, facts.name, Decision.NEW), facts
    old = facts_of(procedure)
    new = merged(old, facts)
    differences = tuple(differing(old, new))
    if not differences:
        decision = Decision.UNCHANGED
    elif procedure.edited_at is not None:
        decision = Decision.KEPT
    else:
        decision = Decision.CHANGED
    return Proposal(item.row, facts.code, facts.name, decision, differences), new


def _note(session: Session, outcome: Outcome, name: str, actor_id: int | None) -> None:
    counts = outcome.counts()
    if not counts[Decision.NEW] and not counts[Decision.CHANGED]:
        return
    audit.record(
        session, audit.AuditEvent.PROCEDURE_IMPORTED, actor_id=actor_id,
        thing=("procedure_file", clean_line(name)[:80]),
        changes={decision.value: (None, counts[decision]) for decision in Decision},
    )  # fmt: skip


def _batches(found: Sequence[_Read]) -> Iterator[list[_Read]]:
    rest = iter(found)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _tell(progress: Progress | None, outcome: Outcome, found: Sequence[_Read]) -> None:
    if progress is not None:
        progress(len(outcome.proposals), len(found))
