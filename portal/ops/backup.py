"""Backup and restore: one file with database, uploads and keys, made while the site serves.

The database is copied first, by SQLite's own backup; uploads after it. A row is committed only
when its file is durable and files are not deleted with their rows, so every row of the copy
finds its file in it. The list of erasures lies beside the backups, not in them: what was erased
after a backup is erased again after its restore.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.core import audit, clock, files
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import PortalError
from portal.core.locks import file_lock
from portal.core.settings import Settings
from portal.feedback import erasures

FORMAT = 1
DATABASE = "portal.sqlite3"
MANIFEST = "manifest.json"
STAMP = "last-backup.json"
PARTS = ("uploads", "keys")


class BackupError(PortalError):
    """The backup or restore cannot be done; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup file; `size` in bytes."""

    path: Path
    size: int
    files: int


def make(settings: Settings, directory: Path, *, keep: int = 0) -> Backup:
    """Write `cong-cchc-<time>.tar` into `directory`, readable by its owner alone.

    With `keep` > 0 only the newest `keep` backups stay there. Raises `BackupError` for a
    database that is not SQLite (use pg_dump there, see docs/operating.md).
    """
    if not settings.is_sqlite:
        raise BackupError("the database is not SQLite: back it up with pg_dump, see docs")
    directory.mkdir(parents=True, exist_ok=True)
    moment = clock.now()
    target = directory / f"cong-cchc-{moment:%Y%m%d-%H%M%S}.tar"
    draft = target.with_suffix(".part")
    with tempfile.TemporaryDirectory(dir=directory) as work:
        copy = Path(work) / DATABASE
        _copy_database(settings, copy)
        members = [(DATABASE, copy), *_other_files(settings)]
        count = _pack(draft, members, moment.isoformat())
    draft.replace(target)
    files.sync_directory(directory)
    erasures.copy_beside(settings.instance, directory)
    _note(settings, target)
    for old in sorted(directory.glob("cong-cchc-*.tar"))[: -keep or None] if keep else []:
        old.unlink()
    return Backup(target, target.stat().st_size, count)


def restore(settings: Settings, archive: Path, *, replace: bool = False) -> int:
    """Put a backup in place; returns the number of files restored.

    What was there is moved aside to `before-restore-<time>`, not deleted. Raises `BackupError`
    when the archive is damaged, the site is being served, or data is there and `replace` is
    not given. Migrations and the search index are the caller's next steps.
    """
    if not settings.is_sqlite:
        raise BackupError("the database is not SQLite: restore it with pg_restore, see docs")
    with not_serving(settings), tempfile.TemporaryDirectory(dir=settings.instance) as work:
        folder = Path(work)
        count = _unpack(archive, folder)
        _check_database(folder / DATABASE)
        if (settings.instance / DATABASE).exists() and not replace:
            raise BackupError("there is a database already; say --replace to move it aside")
        db.session.remove()
        db.engine.dispose()
        _swap(settings.instance, folder)
    erasures.merge(archive.parent / erasures.NAME, settings.instance)
    return count


def record(target: Path) -> None:
    """Note a finished backup in the audit log."""
    with write() as session:
        audit.record(session, AuditEvent.BACKUP_MADE, actor_id=None, thing=("backup", target.name))


def last_backup(settings: Settings) -> str:
    """ISO time of the last finished backup, empty when there was none."""
    try:
        return str(json.loads((settings.instance / STAMP).read_text("utf-8"))["at"])
    except (OSError, ValueError, KeyError):
        return ""


def announce_serving(settings: Settings) -> int:
    """Hold the mark that a worker serves, until the process ends; returns the descriptor."""
    descriptor = os.open(settings.instance / "serving.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


@contextmanager
def not_serving(settings: Settings) -> Iterator[None]:
    """Raises `BackupError` while any worker serves."""
    with file_lock(settings.instance / "serving.lock") as ours:
        if not ours:
            raise BackupError("the site is being served: stop it first")
        yield


def _copy_database(settings: Settings, copy: Path) -> None:
    source = sqlite3.connect(settings.instance / DATABASE)
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        source.close()
        target.close()
    _check_database(copy)


def _check_database(path: Path) -> None:
    if not path.exists():
        raise BackupError("the backup holds no database")
    connection = sqlite3.connect(path)
    try:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    finally:
        connection.close()
    if verdict != "ok":
        raise BackupError(f"the database copy is damaged: {verdict}")


def _other_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    for part in PARTS:
        for path in sorted((settings.instance / part).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield str(path.relative_to(settings.instance)), path


def _pack(draft: Path, members: list[tuple[str, Path]], moment: str) -> int:
    sums = {name: _sha256(path) for name, path in members}
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as tar:
        for name, path in members:
            tar.add(path, arcname=name, recursive=False)
        manifest = {"format": FORMAT, "at": moment, "sha256": sums}
        with tempfile.NamedTemporaryFile("w", dir=draft.parent, encoding="utf-8") as page:
            json.dump(manifest, page)
            page.flush()
            tar.add(page.name, arcname=MANIFEST)
        tar.close()
        raw.flush()
        os.fsync(raw.fileno())
    return len(members)


def _unpack(archive: Path, folder: Path) -> int:
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, tarfile.TarError) as error:
        raise BackupError(f"{archive.name} is not a whole backup: {error}") from None
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{archive.name} was made by another version of the portal")
    for name, expected in manifest["sha256"].items():
        path = folder / name
        if not path.is_file() or _sha256(path) != expected:
            raise BackupError(f"{archive.name} is damaged at {name}")
    return len(manifest["sha256"])


def _swap(instance: Path, folder: Path) -> None:
    aside = instance / f"before-restore-{clock.now():%Y%m%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    names = (
        DATABASE,
        f"{DATABASE}-wal",
        f"{DATABASE}-shm",
        "search",
        "content.sha256",
        "audit",
        *PARTS,
    )
    for name in names:
        if (instance / name).exists():
            (instance / name).rename(aside / name)
    for name in (*PARTS, DATABASE):
        if (folder / name).exists():
            shutil.move(str(folder / name), instance / name)
    if (instance / "keys").exists():
        (instance / "keys").chmod(0o700)
        for key in (instance / "keys").iterdir():
            key.chmod(0o600)
    files.sync_directory(instance)


def _note(settings: Settings, target: Path) -> None:
    page = json.dumps({"at": clock.now().isoformat(), "file": target.name})
    files.write_atomically(settings.instance / STAMP, page.encode())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
