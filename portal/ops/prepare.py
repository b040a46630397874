"""From nothing to ready: schema, content, index, the first administrator's link."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import inspect, select

from portal.accounts.commands import FIRST_TEXT
from portal.accounts.links import ensure_first_administrator
from portal.core import audit, files
from portal.core.db import db, write
from portal.core.errors import SettingsError
from portal.core.settings import ROOT, Settings
from portal.feedback import erasing
from portal.ops import backup
from portal.ops.content import load_content
from portal.ops.error_pages import write_error_pages
from portal.search import service as search

STAMP = "content.sha256"


def migrate(settings: Settings, say: Callable[[str], None]) -> bool:
    """Bring the schema up to the code's; True when something was done.

    A database with data is backed up first (SQLite). Refuses, with `SettingsError`, a database
    whose schema is newer than the code.
    """
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    known = {script.revision for script in scripts.walk_revisions()}
    with db.engine.connect() as connection:
        current = set(MigrationContext.configure(connection).get_current_heads())
        has_data = inspect(connection).has_table("alembic_version")
    if current - known:
        raise SettingsError(f"the database is newer ({', '.join(current - known)}) than this code")
    if current == set(scripts.get_heads()):
        return False
    if has_data and current and settings.is_sqlite:
        made = backup.make(settings, settings.instance / "backups", keep=10)
        say(f"Đã sao lưu trước khi nâng cấp: {made.path}")
    upgrade()
    return True


def after_restore(settings: Settings, archive: Path, say: Callable[[str], None]) -> None:
    """Bring a restored database up to the code and make its index; noted in the audit log."""
    migrate(settings, say)
    if again := erasing.reapply():
        say(f"Đã xóa lại dữ liệu cá nhân của {again} phản ánh theo danh sách đã xóa.")
    search.rebuild()
    with write() as session:
        event = audit.AuditEvent.BACKUP_RESTORED
        audit.record(session, event, actor_id=None, thing=("backup", archive.name))


def index(say: Callable[[str], None]) -> None:
    """Make the search index when there is none that can be read, else apply what waits."""
    if search.status().readable:
        search.drain()
    else:
        say(f"Đã lập chỉ mục {search.rebuild()} mục.")


def content(settings: Settings, say: Callable[[str], None]) -> None:
    """Load `content/`, unless neither it nor the code has changed since the last time.

    Raises `SettingsError` when the files hold a fault.
    """
    stamp, current = settings.instance / STAMP, _fingerprint(settings)
    if stamp.exists() and stamp.read_text("ascii") == current and _was_loaded():
        return
    report = load_content(settings.content)
    for fault in report.faults:
        say(str(fault))
    if report.faults:
        raise SettingsError(f"{len(report.faults)} faults in {settings.content}; nothing loaded")
    if report.created or report.updated:
        say(f"Đã nạp nội dung: {report.created} mục mới, {report.updated} mục sửa.")
    files.write_atomically(stamp, current.encode("ascii"))


def _fingerprint(settings: Settings) -> str:
    """One hash over the content's files and the code that reads them."""
    hashed = hashlib.sha256(str(settings.content).encode())
    for path in sorted([*settings.content.rglob("*"), *(ROOT / "portal").rglob("*.py")]):
        if path.is_file():
            hashed.update(str(path).encode() + b"\0" + path.read_bytes())
    return hashed.hexdigest()


def _was_loaded() -> bool:
    """Whether this very database has content: the stamp may be older than the database."""
    event = audit.AuditEvent.CONTENT_LOADED.value
    query = select(audit.AuditEntry.id).where(audit.AuditEntry.event == event).limit(1)
    return db.session.scalar(query) is not None


def prepare(settings: Settings, say: Callable[[str], None]) -> None:
    """Everything that must be there before the site serves; harmless to run again."""
    migrate(settings, say)
    content(settings, say)
    index(say)
    write_error_pages(settings.instance / "error-pages")
    if link := ensure_first_administrator():
        say(f"{FIRST_TEXT}\n{link}")
