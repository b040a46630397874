"""What the pages of imports read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.core.text import fold
from portal.procedures import versions
from portal.procedures.facts import ProcedureFacts
from portal.procedures.import_models import (
    ProcedureImport,
    ProcedureImportNote,
    ProcedureImportRow,
)
from portal.procedures.importing.decisions import about_in, change_in, outcome_of
from portal.procedures.importing.judging import kept
from portal.procedures.models import Procedure, ProcedureVersion

_MOST_PLACES = 60


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of a kind: all of them, those that are ticked, those with a reason to wait."""

    all: int
    accepted: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A row with what is kept (None: nothing yet) and what would be."""

    line: ProcedureImportRow
    before: ProcedureFacts | None
    after: ProcedureFacts | None


def recent(session: Session, most: int = 30) -> Sequence[ProcedureImport]:
    """The newest imports."""
    query = select(ProcedureImport).order_by(ProcedureImport.id.desc()).limit(most)
    return session.scalars(query).all()


def rows(import_id: int, wanted: Mapping[str, str]) -> Select[ProcedureImportRow]:
    """The rows that filters leave, as the file has them."""
    row = ProcedureImportRow
    query = select(row).where(row.import_id == import_id).order_by(row.position)
    for word in fold(wanted.get("q", "")).split()[:16]:
        query = query.where(row.folded.contains(word, autoescape=True))
    for name, column in (("loai", row.decision), ("bo", row.ministry), ("co-quan", row.agency)):
        if wanted.get(name):
            query = query.where(column == wanted[name])
    if wanted.get("chu-y") == "cho":
        query = query.where(row.reason != "")
    elif wanted.get("chu-y") == "chon":
        query = query.where(row.accepted.is_(True))
    elif wanted.get("chu-y") == "chua":
        query = query.where(row.accepted.is_(False))
    return query


def counts(session: Session, import_id: int) -> dict[str, Count]:
    """How many rows of each kind."""
    row = ProcedureImportRow
    query = (
        select(
            row.decision, func.count(), func.sum(case((row.accepted, 1), else_=0)),
            func.sum(case((row.reason != "", 1), else_=0)),
        )
        .where(row.import_id == import_id)
        .group_by(row.decision)
    )  # fmt: skip
    return {one[0]: Count(one[1], one[2] or 0, one[3] or 0) for one in session.execute(query)}


def noted(session: Session, import_id: int) -> dict[str, int]:
    """How many findings of each kind."""
    note = ProcedureImportNote
    query = select(note.severity, func.count()).where(note.import_id == import_id)
    return {one[0]: one[1] for one in session.execute(query.group_by(note.severity))}


def places(session: Session, import_id: int) -> dict[str, list[str]]:
    """Ministries and agencies to filter by, the commonest first."""
    found = {}
    for name, column in (("bo", ProcedureImportRow.ministry),
                         ("co-quan", ProcedureImportRow.agency)):  # fmt: skip
        query = (
            select(column)
            .where(ProcedureImportRow.import_id == import_id, column != "")
            .group_by(column)
            .order_by(func.count().desc(), column)
            .limit(_MOST_PLACES)
        )
        found[name] = list(session.scalars(query))
    return found


def pair(session: Session, row: ProcedureImport, row_id: int) -> Pair:
    """A row with both sides. Once it is applied, what it was judged against is the old side.
    Raises `NotFound`."""
    line = session.scalar(select(ProcedureImportRow).filter_by(id=row_id, import_id=row.id))
    if line is None:
        raise NotFound(row_id)
    before = _judged_against(session, line)
    said = versions.unpacked(line.facts) if line.facts else None
    change = change_in(line.change)
    if change is not None and said is not None:
        return Pair(line, before, outcome_of(before, said, change, about_in(row.decision)))
    return Pair(line, before, said)


def _judged_against(session: Session, line: ProcedureImportRow) -> ProcedureFacts | None:
    if not line.base_version:
        return None
    version = session.scalar(
        select(ProcedureVersion)
        .join(Procedure)
        .where(Procedure.code == line.code, ProcedureVersion.number == line.base_version)
    )
    if version is not None:
        return versions.facts_in(version)
    now = kept(session, [line.code]).get(line.code)
    return now.facts if now else None


def notes_of(
    session: Session, import_id: int, line: ProcedureImportRow
) -> Sequence[ProcedureImportNote]:
    """The findings in one row."""
    query = select(ProcedureImportNote).filter_by(
        import_id=import_id, row=line.row, sheet=line.sheet
    )
    return session.scalars(query.order_by(ProcedureImportNote.id)).all()


def all_notes(session: Session, import_id: int) -> Sequence[ProcedureImportNote]:
    """All findings from top to bottom."""
    query = select(ProcedureImportNote).filter_by(import_id=import_id)
    order = (ProcedureImportNote.sheet, ProcedureImportNote.row, ProcedureImportNote.id)
    return session.scalars(query.order_by(*order)).all()
