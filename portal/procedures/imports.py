"""Use cases of imports: bring a file, say what its columns are, accept rows, apply, take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, require
from portal.core import files
from portal.core.db import write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.procedures.import_models import (
    Decision,
    ImportKind,
    ImportState,
    ProcedureImport,
    ProcedureImportRow,
    RowOutcome,
)
from portal.procedures.importing import applying, jobs, proposals
from portal.procedures.importing.columns import NAMES, Head
from portal.procedures.importing.decisions import About, packed_about
from portal.procedures.importing.readers import SUFFIXES, suffix_of

MAX_BYTES = 8 * 1024 * 1024
NEEDS = "procedure.import"
MOST_WAITING = 20


def bring(actor: Actor, stream: BinaryIO, name: str) -> str:
    """Keep an uploaded file and have it read; returns the token of its import. Raises `Invalid`
    on field `file`, `NotAllowed`."""
    require(actor, NEEDS)
    suffix = suffix_of(name)
    if not suffix:
        raise Invalid({"file": f"Chỉ nhận tệp {', '.join(SUFFIXES)}."})
    try:
        stored = files.store(stream, proposals.folder(), suffix[1:], limit=MAX_BYTES)
    except Invalid:
        megabytes = MAX_BYTES // (1024 * 1024)
        raise Invalid(
            {"file": f"Tệp lớn hơn {megabytes} MB. Nén lại thành .gz, hoặc nhờ quản trị viên "
             "nhập bằng dòng lệnh."}
        ) from None  # fmt: skip
    with write() as session:
        return proposals.create(session, stored.name, name, actor.user_id).token


def find(session: Session, token: str) -> ProcedureImport:
    """The import of this token. Raises `NotFound`."""
    row = session.scalar(select(ProcedureImport).filter_by(token=token))
    if row is None:
        raise NotFound(token)
    return row


def name_columns(actor: Actor, token: str, head: Head, facts: Mapping[str, str]) -> None:
    """Say what the columns of a table are; it is remembered, and the file is read anew. Raises
    `Invalid` on field `columns`, `Conflict` once the import is applied."""
    require(actor, NEEDS)
    chosen = {header: fact for header, fact in facts.items() if fact in NAMES}
    if {"code", "name"} - set(chosen.values()):
        raise Invalid({"columns": "Chọn một cột cho mã thủ tục và một cột cho tên thủ tục."})
    with write() as session:
        row = _open(session, token, ImportState.COLUMNS, ImportState.READY)
        proposals.remember(session, head, chosen, actor.user_id)
        jobs.begin(row, ImportState.READING, 0)


def accept(actor: Actor, token: str, shown: Sequence[int], ticked: Sequence[int]) -> None:
    """Keep which of the shown rows are ticked."""
    require(actor, NEEDS)
    with write() as session:
        row = _open(session, token, ImportState.READY)
        _tick(session, row.id, ticked, accepted=True)
        _tick(session, row.id, sorted(set(shown) - set(ticked)), accepted=False)


def accept_all(actor: Actor, token: str, decision: str, *, accepted: bool) -> int:
    """Tick or untick all rows of a kind; those with a reason to wait are only ever ticked one by
    one. Returns how many changed."""
    require(actor, NEEDS)
    with write() as session:
        row = _open(session, token, ImportState.READY)
        query = update(ProcedureImportRow).where(
            ProcedureImportRow.import_id == row.id,
            ProcedureImportRow.decision == decision,
            ProcedureImportRow.decision != Decision.GONE.value,
            ProcedureImportRow.accepted.is_not(accepted),
        )
        if accepted:
            query = query.where(ProcedureImportRow.reason == "")
        found: int = session.execute(query.values(accepted=accepted)).rowcount  # type: ignore[attr-defined]
        return found


def describe(actor: Actor, token: str, about: About) -> None:
    """Say which decision the file belongs to. Raises `Invalid`."""
    require(actor, NEEDS)
    problems = about.missing()
    if problems:
        raise Invalid(problems)
    with write() as session:
        row = _open(session, token, ImportState.READY)
        row.decision = packed_about(about)


def start_applying(actor: Actor, token: str) -> int:
    """Have what is ticked written; returns how many rows. Raises `Invalid` on field `rows`."""
    require(actor, NEEDS)
    with write() as session:
        row = _open(session, token, ImportState.READY)
        if row.kind == ImportKind.DECISION and not row.decision.get("effective_from"):
            raise Invalid({"rows": "Ghi thông tin quyết định trước khi nhập."})
        count = session.scalar(
            select(func.count()).select_from(applying.accepted_rows(row.id).subquery())
        )
        if not count:
            raise Invalid({"rows": "Bạn chưa chọn dòng nào để nhập."})
        row.acted_by_id = actor.user_id
        jobs.begin(row, ImportState.APPLYING, count)
        return count


def start_undoing(actor: Actor, token: str) -> None:
    """Have an applied import taken back."""
    require(actor, NEEDS)
    with write() as session:
        row = _open(session, token, ImportState.APPLIED)
        row.acted_by_id = actor.user_id
        jobs.begin(row, ImportState.UNDOING, 0)


def start_again(actor: Actor, token: str) -> None:
    """Have an interrupted job begun again from its start."""
    require(actor, NEEDS)
    with write() as session:
        row = _open(session, token, ImportState.INTERRUPTED)
        jobs.begin(row, ImportState(row.job or ImportState.READING.value), row.total)


def forget(actor: Actor, token: str) -> None:
    """Remove a proposal that was not applied, with its file."""
    require(actor, NEEDS)
    with write() as session:
        row = find(session, token)
        kept = (ImportState.APPLYING, ImportState.APPLIED, ImportState.UNDOING, ImportState.UNDONE)
        if row.state in kept:
            raise Conflict("Lần nhập này đã ghi vào dữ liệu nên được giữ lại. Bạn có thể hoàn tác.")
        file = row.file
        session.delete(row)
    if file:
        (proposals.folder() / file).unlink(missing_ok=True)


def _open(session: Session, token: str, *states: ImportState) -> ProcedureImport:
    row = find(session, token)
    if row.state not in states:
        raise Conflict("Lần nhập này đã chuyển sang bước khác. Bạn tải lại trang.")
    return row


def _tick(session: Session, import_id: int, ids: Sequence[int], *, accepted: bool) -> None:
    if ids:
        query = update(ProcedureImportRow).where(
            ProcedureImportRow.import_id == import_id,
            ProcedureImportRow.id.in_(ids),
            ProcedureImportRow.decision != Decision.GONE.value,
            ProcedureImportRow.outcome == RowOutcome.OPEN.value,
        )
        session.execute(query.values(accepted=accepted))
