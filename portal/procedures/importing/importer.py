"""A file from the command line: the same steps as at the desk, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.db import db, write
from portal.core.settings import current_settings
from portal.procedures import versions
from portal.procedures.import_models import (
    Decision,
    ImportKind,
    ImportState,
    ProcedureImport,
    ProcedureImportNote,
    ProcedureImportRow,
    RowOutcome,
)
from portal.procedures.importing import applying, jobs, proposals
from portal.procedures.importing.columns import Head, Vocabulary
from portal.procedures.importing.decisions import About, about_in, packed_about
from portal.procedures.importing.judging import Proposal, judged
from portal.procedures.importing.marks import firm_reasons
from portal.procedures.importing.notes import Note, Notes, Severity
from portal.procedures.importing.tables import Reading, UnknownColumns, Unreadable

Progress = Callable[[int], None]
"""Called with the number of rows done."""

DECISION_NAMES = {
    Decision.NEW: "thêm mới",
    Decision.CHANGED: "cập nhật",
    Decision.KEPT: "cán bộ đã sửa",
    Decision.ENDED: "hết hiệu lực",
    Decision.UNCHANGED: "không đổi",
    Decision.GONE: "tệp không còn nêu",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row; `taken` when it is written (or would be), else `reason` may say
    why it waits."""

    row: int
    sheet: str
    code: str
    name: str
    decision: Decision
    differences: tuple[str, ...]
    reason: str
    taken: bool
    outcome: RowOutcome = RowOutcome.OPEN


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person adds to a file: take `everything`, also what has a reason to wait; the
    decision that it belongs to, as far as its title does not say."""

    everything: bool = False
    about: About = field(default_factory=About)


@dataclass(slots=True)
class Outcome:
    """What an import found and, when `applied`, did. `token` names it at the desk."""

    proposals: list[Line] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    applied: bool = False
    token: str = ""

    def counts(self) -> Counter[Decision]:
        """How many rows of each decision."""
        return Counter(one.decision for one in self.proposals)


def propose(session: Session, path: Path, name: str, progress: Progress | None = None) -> Outcome:
    """What importing `path` (called `name` by its owner) would do; writes nothing.

    Raises `Unreadable` when the file as a whole cannot be used.
    """
    outcome = Outcome()
    reading = Reading(Vocabulary(proposals.remembered(session)), outcome.notes)
    for batch in judged(session, path, name, reading, progress):
        outcome.proposals += [
            Line(one.row, one.sheet, one.code, one.name, one.decision, one.differences,
                 one.reason, one.accepted or _is_taken(one))
            for one in batch
        ]  # fmt: skip
    return outcome


def _is_taken(one: Proposal) -> bool:
    """As `_tick` judges a row that waits."""
    own = current_settings().site.agency.name
    writes = one.decision in (Decision.NEW, Decision.CHANGED)
    return writes and not any(firm_reasons(one.facts, own))


def apply(
    path: Path,
    name: str,
    actor_id: int | None,
    progress: Progress | None = None,
    wishes: Wishes | None = None,
) -> Outcome:
    """Import `path`: all that is ticked from the start, in one transaction. Who may is the
    caller's business. It can be taken back at the desk.

    Raises `Unreadable`, and then nothing was written.
    """
    with jobs.alone(wait=True):
        with write() as session:
            row = proposals.create(session, "", name, actor_id)
            row.acted_by_id = actor_id
            import_id, token = row.id, row.token
        try:
            proposals.make(import_id, path, progress)
            _ready(import_id, wishes or Wishes())
            applying.apply(import_id, progress)
        except BaseException:
            db.session.rollback()
            with write() as session:
                session.delete(session.get_one(ProcedureImport, import_id))
            raise
        return _outcome(import_id, token)


def _ready(import_id: int, wishes: Wishes) -> None:
    """What a person does at the desk between proposal and writing."""
    row = db.session.get_one(ProcedureImport, import_id)
    if row.state == ImportState.COLUMNS:
        raise UnknownColumns(Head(**row.heads[-1]))
    with write() as session:
        row = session.get_one(ProcedureImport, import_id)
        if row.kind == ImportKind.DECISION:
            row.decision = {**row.decision, **packed_about(wishes.about)}
            if missing := about_in(row.decision).missing():
                raise Unreadable(" ".join(missing.values()))
        _tick(session, import_id, everything=wishes.everything)


def _tick(session: Session, import_id: int, *, everything: bool) -> None:
    """Who imports from the command line sees no rows to tick: all are taken but those that surely
    are another place's or nobody's, and these too when they are asked for."""
    own = current_settings().site.agency.name
    waiting = select(ProcedureImportRow).where(
        ProcedureImportRow.import_id == import_id,
        ProcedureImportRow.reason != "",
        ProcedureImportRow.decision.in_([Decision.NEW.value, Decision.CHANGED.value]),
    )
    for row in session.scalars(waiting):
        row.accepted = everything or not any(firm_reasons(versions.unpacked(row.facts), own))


def _outcome(import_id: int, token: str) -> Outcome:
    rows = select(ProcedureImportRow).filter_by(import_id=import_id)
    notes = select(ProcedureImportNote).filter_by(import_id=import_id)
    outcome = Outcome(applied=True, token=token)
    for row in db.session.scalars(rows.order_by(ProcedureImportRow.position)):
        outcome.proposals.append(
            Line(row.row, row.sheet, row.code, row.name, Decision(row.decision),
                 tuple(row.differences), row.reason, row.accepted, RowOutcome(row.outcome))
        )  # fmt: skip
    for one in db.session.scalars(notes.order_by(ProcedureImportNote.id)):
        outcome.notes.found.append(
            Note(one.row, Severity(one.severity), one.message, one.code, one.sheet,
                 one.column_name, one.found)
        )  # fmt: skip
    db.session.rollback()
    return outcome
