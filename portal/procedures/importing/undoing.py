"""An import taken back: each procedure says again what it said before, unless it changed since."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import Session

from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.procedures import versions
from portal.procedures.import_models import (
    ImportState,
    ProcedureImport,
    ProcedureImportRow,
    RowOutcome,
)
from portal.procedures.mass_recording import Change, MassRecorder
from portal.procedures.models import (
    Announcement,
    AnnouncementChange,
    Procedure,
    ProcedureVersion,
)
from portal.procedures.recording import SEARCH_KIND
from portal.procedures.terms import Origin
from portal.search import feed

_BATCH = 250


@dataclass(slots=True)
class _Plan:
    restore: list[Change] = field(default_factory=list)
    remove: dict[str, int] = field(default_factory=dict)
    blocked: list[str] = field(default_factory=list)


def blocked(session: Session, import_id: int) -> int:
    """How many procedures of an import cannot be taken back: they were changed since."""
    query = (
        select(func.count())
        .select_from(ProcedureImportRow)
        .join(Procedure, Procedure.code == ProcedureImportRow.code)
        .where(
            ProcedureImportRow.import_id == import_id,
            ProcedureImportRow.outcome == RowOutcome.APPLIED.value,
            ProcedureImportRow.applied_version != Procedure.version,
        )
    )
    return session.scalar(query) or 0


def undo(import_id: int) -> int:
    """Take an import back in one transaction; returns how many procedures it touched. What was
    changed since stays and is marked; a procedure that the import brought goes again."""
    actor_id = db.session.get_one(ProcedureImport, import_id).acted_by_id
    plan = _plan(import_id)
    mass = MassRecorder(plan.restore, Origin.IMPORT, "Hoàn tác lần nhập từ tệp")
    with write() as session:
        row = session.get_one(ProcedureImport, import_id)
        done = mass.write(session)
        left = [*plan.blocked, *done.stale, *_remove(session, plan.remove)]
        _mark(session, import_id, left)
        _unannounce(session, row, left)
        row.state, row.claimed_at, row.undone_at = ImportState.UNDONE.value, None, clock.now()
        count = len(done.versions) + len(plan.remove) - (len(left) - len(plan.blocked))
        audit.record(
            session, AuditEvent.PROCEDURE_IMPORT_UNDONE, actor_id=actor_id,
            thing=("procedure_file", row.name[:80]),
            changes={"undone": (None, count), "blocked": (None, len(left))},
        )  # fmt: skip
    return count


def _plan(import_id: int) -> _Plan:
    former = and_(
        ProcedureVersion.procedure_id == Procedure.id,
        ProcedureVersion.number == ProcedureImportRow.base_version,
    )
    query = (
        select(ProcedureImportRow, Procedure.version, ProcedureVersion)
        .join(Procedure, Procedure.code == ProcedureImportRow.code)
        .outerjoin(ProcedureVersion, former)
        .where(
            ProcedureImportRow.import_id == import_id,
            ProcedureImportRow.outcome == RowOutcome.APPLIED.value,
            ProcedureImportRow.applied_version.is_not(None),
        )
        .order_by(ProcedureImportRow.position)
        .execution_options(yield_per=_BATCH)
    )
    plan = _Plan()
    for row, version, before in db.session.execute(query):
        if version != row.applied_version or (row.base_version and before is None):
            plan.blocked.append(row.code)
        elif row.base_version:
            plan.restore.append(Change(versions.facts_in(before), version))
        else:
            plan.remove[row.code] = version
    db.session.rollback()
    return plan


def _remove(session: Session, codes: dict[str, int]) -> list[str]:
    """Remove what the import brought; returns what had changed and stays."""
    stale = []
    wanted = list(codes)
    for start in range(0, len(wanted), _BATCH):
        some = select(Procedure.id, Procedure.code, Procedure.version).where(
            Procedure.code.in_(wanted[start : start + _BATCH])
        )
        rows = session.execute(some).all()
        stale += [row.code for row in rows if row.version != codes[row.code]]
        gone = [row for row in rows if row.version == codes[row.code]]
        session.execute(delete(Procedure).where(Procedure.id.in_([row.id for row in gone])))
        for row in gone:
            feed.changed(session, SEARCH_KIND, row.code)
    return stale


def _mark(session: Session, import_id: int, left: list[str]) -> None:
    applied = (RowOutcome.APPLIED.value, RowOutcome.WAITING.value)
    mine = update(ProcedureImportRow).where(
        ProcedureImportRow.import_id == import_id, ProcedureImportRow.outcome.in_(applied)
    )
    for start in range(0, len(left), _BATCH):
        some = mine.where(ProcedureImportRow.code.in_(left[start : start + _BATCH]))
        session.execute(some.values(outcome=RowOutcome.BLOCKED.value))
    session.execute(mine.values(outcome=RowOutcome.UNDONE.value))


def _unannounce(session: Session, row: ProcedureImport, left: list[str]) -> None:
    """Take the changes of the import out of its announcement, and that too when none is left."""
    if row.announcement_id is None:
        return
    mine = select(ProcedureImportRow.code).where(
        ProcedureImportRow.import_id == row.id,
        ProcedureImportRow.outcome == RowOutcome.UNDONE.value,
    )
    of_it = AnnouncementChange.announcement_id == row.announcement_id
    session.execute(delete(AnnouncementChange).where(of_it, AnnouncementChange.code.in_(mine)))
    if session.scalar(select(AnnouncementChange.id).where(of_it).limit(1)) is None:
        announcement = row.announcement_id
        row.announcement_id = None
        session.flush()
        session.execute(delete(Announcement).where(Announcement.id == announcement))
