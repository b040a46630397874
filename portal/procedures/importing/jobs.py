"""Imports off the request: one at a time on this machine, its state in the table.

Whoever carries the ticker starts a thread when an import is due; a lock file says that somebody is
at it. When its process dies the lock goes with it: what was read is read again, what was being
written had not been committed, and the import is begun anew. After the second death it is marked as
interrupted and waits for a person.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db, write
from portal.core.locks import file_lock
from portal.core.settings import current_settings
from portal.procedures.import_models import ImportState, ProcedureImport
from portal.procedures.importing import applying, proposals, undoing
from portal.procedures.importing.tables import Unreadable

log = logging.getLogger(__name__)
WORKING = (ImportState.READING, ImportState.APPLYING, ImportState.UNDOING)
_STEP = 500
_KEEP = timedelta(days=30)
Progress = Callable[[int], None]


def start_due() -> bool:
    """Start a thread for what is due, if there is something; for the ticker, returns at once."""
    try:
        due = _next() is not None
    finally:
        db.session.rollback()
    if due:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        threading.Thread(target=_run, args=(app,), name="imports", daemon=True).start()
    applying.due(clock.today())
    return due


def run_due(limit: int = 100) -> int:
    """Do what is due, unless another thread or process is at it; returns how many were done."""
    count = 0
    with alone() as ours:
        while ours and count < limit and (found := _next()) is not None:
            _work(*found)
            count += 1
    return count


def begin(row: ProcedureImport, state: ImportState, total: int) -> None:
    """Have a job done for an import; inside `write()`."""
    row.state, row.job, row.claimed_at = state.value, state.value, None
    row.done, row.total, row.message = 0, total, ""


def purge() -> int:
    """Remove proposals that nobody took up, and the files of what was applied long ago."""
    limit = clock.now() - _KEEP
    old = select(ProcedureImport).where(
        ProcedureImport.created_at < limit, ProcedureImport.file != ""
    )
    with write() as session:
        rows = session.scalars(old).all()
        names = [row.file for row in rows]
        for row in rows:
            if row.applied_at is None and row.state not in WORKING:
                session.delete(row)
            else:
                row.file = ""
    for name in names:
        (proposals.folder() / name).unlink(missing_ok=True)
    return len(names)


def _run(app: Flask) -> None:
    with app.app_context():
        try:
            run_due()
        except Exception:
            log.exception("import.failed")
        finally:
            db.session.remove()


def _next() -> tuple[int, str] | None:
    """The oldest import that is due."""
    query = (
        select(ProcedureImport.id, ProcedureImport.state)
        .where(ProcedureImport.state.in_([state.value for state in WORKING]))
        .order_by(ProcedureImport.id)
        .limit(1)
    )
    row = db.session.execute(query).first()
    return (row.id, row.state) if row else None


def _work(import_id: int, state: str) -> None:
    if not _claim(import_id):
        return
    try:
        _DO[ImportState(state)](import_id, _teller(import_id))
    except Unreadable as error:
        _end(import_id, ImportState.FAILED, str(error))
    except Exception:
        log.exception("import.failed", extra={"kind": state})
        db.session.rollback()
        _end(import_id, ImportState.INTERRUPTED, "Có lỗi khi xử lý. Chưa ghi gì.")


def _claim(import_id: int) -> bool:
    """Note that somebody is at it. A second claim without an end in between means that a process
    died; after that a person decides."""
    with write() as session:
        row = session.get_one(ProcedureImport, import_id)
        if row.claimed_at is not None and row.message:
            row.state, row.claimed_at = ImportState.INTERRUPTED.value, None
            row.message = "Máy chủ dừng giữa chừng hai lần. Chưa ghi gì."
            return False
        row.message = "Bắt đầu lại sau khi máy chủ dừng giữa chừng." if row.claimed_at else ""
        row.claimed_at, row.done = clock.now(), 0
    return True


def _end(import_id: int, state: ImportState, message: str) -> None:
    with write() as session:
        row = session.get_one(ProcedureImport, import_id)
        row.state, row.claimed_at, row.message = state.value, None, message


def _teller(import_id: int) -> Progress:
    """Keeps the number of rows done, now and then."""
    last = 0

    def tell(done: int) -> None:
        nonlocal last
        if done - last >= _STEP:
            last = done
            with write() as session:
                mine = update(ProcedureImport).where(ProcedureImport.id == import_id)
                session.execute(mine.values(done=done))

    return tell


def _make(import_id: int, _tell: Progress) -> None:
    row = db.session.get_one(ProcedureImport, import_id)
    path = proposals.folder() / row.file
    if not row.file or not path.is_file():
        raise Unreadable("Tệp không còn ở máy chủ. Hãy tải lên lại.")
    proposals.make(import_id, path)


def _apply(import_id: int, tell: Progress) -> None:
    applying.apply(import_id, tell)


def _undo(import_id: int, _tell: Progress) -> None:
    undoing.undo(import_id)


_DO: dict[ImportState, Callable[[int, Progress], None]] = {
    ImportState.READING: _make, ImportState.APPLYING: _apply, ImportState.UNDOING: _undo,
}  # fmt: skip


def alone(*, wait: bool = False) -> AbstractContextManager[bool]:
    """Be the only one on this machine that imports; False when somebody else is."""
    return file_lock(current_settings().instance / "imports.lock", wait=wait)
