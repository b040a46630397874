"""From accepted rows to procedures: everything is prepared first, then written in one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, selectinload

from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.text import clean_line
from portal.procedures import versions
from portal.procedures.comparing import same
from portal.procedures.facts import AnnouncementFacts, ChangeFacts, ProcedureFacts
from portal.procedures.import_models import (
    Decision,
    ImportKind,
    ImportState,
    ProcedureImport,
    ProcedureImportRow,
    RowOutcome,
)
from portal.procedures.importing.decisions import About, about_in, change_in, outcome_of
from portal.procedures.importing.judging import Kept, kept
from portal.procedures.mass_recording import Change, MassRecorder, Written
from portal.procedures.models import Announcement
from portal.procedures.recording import record_announcement
from portal.procedures.terms import ChangeKind, Origin

Progress = Callable[[int], None]
_BATCH = 250
WRITES = (Decision.NEW, Decision.CHANGED, Decision.KEPT, Decision.ENDED)
"""Decisions that touch a procedure when their row is accepted."""


@dataclass(slots=True)
class _Plan:
    """What accepted rows come to, before anything is written."""

    changes: list[Change] = field(default_factory=list)
    announced: list[ChangeFacts] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    successors: dict[str, list[str]] = field(default_factory=dict)


def apply(import_id: int, progress: Progress | None = None) -> Written:
    """Write what was accepted of an import, all in one transaction. Rows whose procedure somebody
    changed after the proposal was made are left alone and marked. May be run again after it was
    interrupted: nothing had been written."""
    row = db.session.get_one(ProcedureImport, import_id)
    name, actor_id, about = row.name, row.acted_by_id, about_in(row.decision)
    announces = row.kind == ImportKind.DECISION
    plan = _plan(import_id, about, clock.today(), progress)
    origin = Origin.DECISION if announces else Origin.IMPORT
    reason = f"Quyết định {about.number}" if about.number else f"Tệp {name}"
    mass = MassRecorder(plan.changes, origin, reason)
    with write() as session:
        row = session.get_one(ProcedureImport, import_id)
        done = mass.write(session)
        _mark(session, import_id, done.stale, plan.waiting)
        if announces:
            row.announcement_id = _announce(session, about, plan.announced, name)
        row.state, row.claimed_at, row.applied_at = ImportState.APPLIED.value, None, clock.now()
        if done.versions or plan.announced:
            _note(session, row, actor_id, plan, done)
    return done


def due(today: date) -> int:
    """Write the rows of decisions that come into force on or before `today`; returns how many."""
    query = (
        select(ProcedureImportRow, ProcedureImport.decision)
        .join(ProcedureImport, ProcedureImport.id == ProcedureImportRow.import_id)
        .where(ProcedureImportRow.outcome == RowOutcome.WAITING.value)
        .order_by(ProcedureImportRow.id)
    )
    ready: list[tuple[int, Change]] = []
    for row, decision in db.session.execute(query).all():
        about, change = about_in(decision), change_in(row.change)
        begins = (change.effective_from if change else None) or about.effective_from
        now = kept(db.session(), [row.code]).get(row.code)
        if change is None or begins is None or begins > today or now is None:
            continue
        facts = outcome_of(now.facts, versions.unpacked(row.facts), change, about)
        if facts is not None:
            ready.append((row.id, Change(facts, now.version)))
    db.session.rollback()
    if not ready:
        return 0
    mass = MassRecorder([one for _, one in ready], Origin.DECISION, "Đến ngày có hiệu lực")
    with write() as session:
        done = mass.write(session)
        for id_, written in ready:
            version = done.versions.get(written.facts.code)
            if version:
                one = session.get_one(ProcedureImportRow, id_)
                one.outcome, one.applied_version = RowOutcome.APPLIED.value, version
                one.base_version = written.version
    return len(done.versions)


def _plan(import_id: int, about: About, today: date, progress: Progress | None) -> _Plan:
    plan = _Plan()
    done = 0
    for rows in _accepted(import_id):
        announced = [row.code for row in rows if row.change]
        existing = kept(db.session(), announced) if announced else {}
        for row in rows:
            _take(plan, row, existing, about, today)
        db.session.rollback()
        done += len(rows)
        if progress is not None:
            progress(done)
    _add_successors(plan)
    return plan


def _take(
    plan: _Plan, row: ProcedureImportRow, existing: dict[str, Kept], about: About, today: date
) -> None:
    said, change = versions.unpacked(row.facts), change_in(row.change)
    if change is None:
        plan.changes.append(Change(said, row.base_version))
        return
    now = existing.get(row.code)
    begins = change.effective_from or about.effective_from
    plan.announced.append(replace(change, effective_from=begins))
    if change.replacement:
        plan.successors.setdefault(change.replacement, []).append(row.code)
    if change.kind is ChangeKind.AMENDED and now and begins and begins > today:
        plan.waiting.append(row.code)
        return
    if row.decision == Decision.UNCHANGED:
        return
    facts = outcome_of(now.facts if now else None, said, change, about)
    if facts is not None:
        plan.changes.append(Change(facts, row.base_version))


def _add_successors(plan: _Plan) -> None:
    """Let old codes lead to what takes their place."""
    if not plan.successors:
        return
    places = {change.facts.code: i for i, change in enumerate(plan.changes)}
    others = kept(db.session(), [code for code in plan.successors if code not in places])
    db.session.rollback()
    for code, old in plan.successors.items():
        if code in places:
            change = plan.changes[places[code]]
            plan.changes[places[code]] = replace(change, facts=_leading(change.facts, old))
        elif code in others:
            one = others[code]
            plan.changes.append(Change(_leading(one.facts, old), one.version))


def _leading(facts: ProcedureFacts, old: Sequence[str]) -> ProcedureFacts:
    return replace(facts, replaces=tuple(dict.fromkeys((*facts.replaces, *old))))


def accepted_rows(import_id: int) -> Select[Any]:
    """Rows that applying writes."""
    return select(ProcedureImportRow).where(
        ProcedureImportRow.import_id == import_id,
        ProcedureImportRow.accepted.is_(True),
        ProcedureImportRow.outcome == RowOutcome.OPEN.value,
        ProcedureImportRow.decision != Decision.GONE.value,
    )


def _accepted(import_id: int) -> Iterator[list[ProcedureImportRow]]:
    query = accepted_rows(import_id).order_by(ProcedureImportRow.position).limit(_BATCH)
    last = 0
    while rows := db.session.scalars(query.where(ProcedureImportRow.position > last)).all():
        last = rows[-1].position
        yield list(rows)


def _mark(session: Session, import_id: int, stale: Sequence[str], waiting: Sequence[str]) -> None:
    mine = update(ProcedureImportRow).where(ProcedureImportRow.import_id == import_id)
    taken = mine.where(
        ProcedureImportRow.accepted.is_(True),
        ProcedureImportRow.outcome == RowOutcome.OPEN.value,
        ProcedureImportRow.decision != Decision.GONE.value,
    )
    written = taken.where(ProcedureImportRow.decision.in_([one.value for one in WRITES]))
    session.execute(written.values(applied_version=ProcedureImportRow.base_version + 1))
    session.execute(taken.values(outcome=RowOutcome.APPLIED.value))
    for codes, outcome in ((stale, RowOutcome.STALE), (waiting, RowOutcome.WAITING)):
        for start in range(0, len(codes), _BATCH):
            some = mine.where(ProcedureImportRow.code.in_(codes[start : start + _BATCH]))
            session.execute(some.values(outcome=outcome.value, applied_version=None))


def _announce(session: Session, about: About, changes: Sequence[ChangeFacts], name: str) -> int:
    """The decision with its changes, beside those that an earlier file of it brought."""
    query = select(Announcement).filter_by(number=about.number, issuer=about.issuer)
    row = session.scalar(query.options(selectinload(Announcement.changes)))
    old = [
        ChangeFacts(kind=ChangeKind(one.kind), **same(ChangeFacts, one, but=("kind",)))
        for one in (row.changes if row else ())
    ]
    new = {change.code for change in changes}
    facts = AnnouncementFacts(
        number=about.number, issuer=about.issuer, issued_on=about.issued_on,
        published_on=row.published_on if row else None, title=about.title,
        url=about.url or (row.url if row else ""), source=f"Tệp {clean_line(name)}",
        certainty=row.certainty if row else "",
        changes=(*(one for one in old if one.code not in new), *changes),
    )  # fmt: skip
    made = record_announcement(session, row, facts)
    made.edited_at = clock.now()
    session.flush()
    return made.id


def _note(
    session: Session, row: ProcedureImport, actor_id: int | None, plan: _Plan, done: Written
) -> None:
    new = sum(1 for one in plan.changes if not one.version)
    audit.record(
        session, AuditEvent.PROCEDURE_IMPORTED, actor_id=actor_id,
        thing=("procedure_file", row.name[:80]),
        changes={"new": (None, new), "written": (None, len(done.versions)),
                 "stale": (None, len(done.stale)), "announced": (None, len(plan.announced))},
    )  # fmt: skip
