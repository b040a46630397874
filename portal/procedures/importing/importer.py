"""A file from the command line: the same steps as at the desk, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.db import db, write
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
from portal.procedures.importing.judging import judged
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
                 one.reason, one.accepted)
            for one in batch
        ]  # fmt: skip
    return outcome


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
        if wishes.everything:
            mine = update(ProcedureImportRow).where(
                ProcedureImportRow.import_id == import_id,
                ProcedureImportRow.decision.in_([Decision.NEW.value, Decision.CHANGED.value]),
            )
            session.execute(mine.values(accepted=True))


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
