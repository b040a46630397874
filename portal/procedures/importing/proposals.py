"""A file's proposal as rows in the database: made in small steps, shown only when whole."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.db import db, write
from portal.core.settings import current_settings
from portal.core.text import clean_line, fold
from portal.procedures import versions
from portal.procedures.facts import FieldFacts, ProcedureFacts
from portal.procedures.import_models import (
    Decision,
    ImportKind,
    ImportMapping,
    ImportState,
    ProcedureImport,
    ProcedureImportNote,
    ProcedureImportRow,
)
from portal.procedures.importing import decisions
from portal.procedures.importing.columns import Head, Vocabulary
from portal.procedures.importing.judging import Proposal, gone, judged
from portal.procedures.importing.notes import Note, Notes
from portal.procedures.importing.tables import Reading, UnknownColumns, Unreadable
from portal.procedures.models import Procedure, ProcedureField
from portal.procedures.terms import Status

Progress = Callable[[int], None]
_NOTES_AT_ONCE = 500


@dataclass(slots=True)
class _Place:
    """Where in the list of rows we are, and which codes and fields the file has named."""

    position: int
    codes: set[str]
    fields: set[str]
    announced: bool = False


def folder() -> Path:
    """Where files wait."""
    return current_settings().instance / "imports"


def create(session: Session, file: str, name: str, actor_id: int | None) -> ProcedureImport:
    """Note a stored file as an import that is to be read; inside `write()`."""
    row = ProcedureImport(
        token=secrets.token_hex(16), name=clean_line(name)[:150], file=file,
        state=ImportState.READING.value, job=ImportState.READING.value, heads=[], decision={},
        created_at=clock.now(), created_by_id=actor_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def remembered(session: Session) -> dict[str, Mapping[str, str]]:
    """What people said of columns: fingerprint → header → fact."""
    return {row.fingerprint: row.facts for row in session.scalars(select(ImportMapping))}


def remember(session: Session, head: Head, facts: Mapping[str, str], actor_id: int | None) -> None:
    """Keep what the columns of a table mean; inside `write()`."""
    row = session.scalar(select(ImportMapping).filter_by(fingerprint=head.fingerprint))
    if row is None:
        row = ImportMapping(fingerprint=head.fingerprint)
        session.add(row)
    row.facts, row.made_at, row.made_by_id = dict(facts), clock.now(), actor_id


def make(import_id: int, path: Path, progress: Progress | None = None) -> None:
    """Read the file of an import and write its proposal; the import ends READY, or COLUMNS when
    a person must say what its columns are. May be run again after it was interrupted.

    Raises `Unreadable` when the file as a whole cannot be used; then there is no proposal.
    """
    row = db.session.get_one(ProcedureImport, import_id)
    name = row.name
    reading = Reading(Vocabulary(remembered(db.session())))
    _clear(import_id)
    place = _Place(0, set(), set())
    try:
        for batch in judged(db.session(), path, name, reading, progress):
            _keep(import_id, batch, place)
    except UnknownColumns:
        _clear(import_id)
        _settle(import_id, reading, ImportState.COLUMNS)
        return
    except Unreadable:
        _clear(import_id)
        raise
    if not place.announced:
        _keep(import_id, list(_gone(place)), place)
    _keep_notes(import_id, reading.notes)
    _settle(import_id, reading, ImportState.READY)


def _clear(import_id: int) -> None:
    with write() as session:
        for model in (ProcedureImportRow, ProcedureImportNote):
            session.execute(delete(model).where(model.import_id == import_id))


def _settle(import_id: int, reading: Reading, state: ImportState) -> None:
    heads = [asdict(head) for head in reading.vocabulary.seen]
    with write() as session:
        row = session.get_one(ProcedureImport, import_id)
        row.state, row.heads, row.claimed_at, row.message = state.value, heads, None, ""
        row.total = row.done
        if row.kind == ImportKind.DECISION:
            row.decision = {**decisions.told(reading.title), **row.decision}


def _keep(import_id: int, batch: list[Proposal], place: _Place) -> None:
    rows = []
    for one in batch:
        place.position += 1
        place.codes.add(one.code)
        if one.facts.field and one.decision != Decision.GONE:
            place.fields.add(fold(one.facts.field.name))
        rows.append(_row(import_id, place.position, one))
    if rows:
        with write() as session:
            session.execute(insert(ProcedureImportRow), rows)
            values: dict[str, Any] = {"done": place.position, "claimed_at": clock.now()}
            if any(one.change for one in batch):
                place.announced = True
                values["kind"] = ImportKind.DECISION.value
            session.execute(
                update(ProcedureImport).where(ProcedureImport.id == import_id).values(values)
            )


def _row(import_id: int, position: int, one: Proposal) -> dict[str, Any]:
    facts = one.facts
    return {
        "import_id": import_id,
        "position": position,
        "row": one.row,
        "sheet": one.sheet[:200],
        "code": facts.code,
        "name": facts.name,
        "folded": f"{facts.code} {fold(facts.name)}",
        "field_name": facts.field.name if facts.field else "",
        "ministry": one.ministry,
        "agency": facts.agencies[0][:300] if facts.agencies else "",
        "decision": one.decision.value,
        "reason": one.reason,
        "accepted": one.accepted,
        "differences": list(one.differences),
        "facts": {} if one.decision == Decision.GONE else versions.packed(facts),
        "change": decisions.packed_change(one.change),
        "base_version": one.version,
    }


def _gone(place: _Place) -> Iterator[Proposal]:
    """What is kept in force in the fields of the file, and the file does not list: only shown."""
    if len(place.fields) > decisions.MOST_FIELDS:
        return
    fields = {row.id: row for row in db.session.scalars(select(ProcedureField))}
    wanted = [id_ for id_, row in fields.items() if fold(row.name) in place.fields]
    query = (
        select(Procedure.code, Procedure.name, Procedure.version, Procedure.field_id)
        .where(Procedure.field_id.in_(wanted), Procedure.status == Status.IN_FORCE.value)
        .where(Procedure.effective_to.is_(None))
        .order_by(Procedure.code)
    )
    for row in db.session.execute(query).all():
        if row.code not in place.codes:
            field = FieldFacts(key=fields[row.field_id].key, name=fields[row.field_id].name)
            yield gone(ProcedureFacts(code=row.code, name=row.name, field=field), row.version)


def _keep_notes(import_id: int, notes: Notes) -> None:
    for start in range(0, len(notes.found), _NOTES_AT_ONCE):
        some = notes.found[start : start + _NOTES_AT_ONCE]
        with write() as session:
            session.execute(insert(ProcedureImportNote), [_note(import_id, one) for one in some])


def _note(import_id: int, note: Note) -> dict[str, Any]:
    return {
        "import_id": import_id,
        "row": note.row,
        "sheet": note.sheet[:200],
        "code": note.code,
        "severity": note.severity.value,
        "column_name": note.column,
        "found": note.found,
        "message": note.message,
    }
