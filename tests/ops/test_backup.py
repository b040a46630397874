"""A backup made while serving comes back whole on an empty machine; a damaged one never."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import tarfile
import threading
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.core import audit
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.settings import current_settings, load_settings
from portal.ops import backup
from portal.ops.backup import BackupError
from tests.support.server import flask

pytestmark = pytest.mark.sqlite  # PostgreSQL is backed up by its own tools


@pytest.fixture
def archive(app: Flask, tmp_path: Path) -> Path:
    with app.app_context():
        uploads = current_settings().uploads
        uploads.mkdir()
        (uploads / "ab.pdf").write_bytes(b"noi dung")
        with write() as session:
            audit.record(session, AuditEvent.BACKUP_MADE, actor_id=None, thing=("x", 1))
        return backup.make(current_settings(), tmp_path / "backups").path


def test_restore_on_an_empty_machine(app: Flask, archive: Path, tmp_path: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    fresh = tmp_path / "fresh"
    done = flask(fresh, "restore", str(archive))
    assert done.returncode == 0, done.stderr
    assert (fresh / "uploads" / "ab.pdf").read_bytes() == b"noi dung"
    assert flask(fresh, "audit", "verify").returncode == 0
    again = create_app(load_settings({"PORTAL_INSTANCE": str(fresh)}))
    with again.app_context():
        events = [entry.event for entry in db.session.query(AuditEntry)]
        assert events == ["backup.made", "backup.restored"]
        assert current_settings().tracking_key == app.extensions["settings"].tracking_key
        db.session.remove()
        db.engine.dispose()
    refused = flask(fresh, "restore", str(archive))
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert flask(fresh, "restore", str(archive), "--replace").returncode == 0
    assert list(fresh.glob("before-restore-*/portal.sqlite3"))


@pytest.mark.parametrize("harm", ["cut", "flip", "missing", "junk"])
def test_damaged_backup_changes_nothing(
    app: Flask, archive: Path, tmp_path: Path, harm: str
) -> None:
    raw = bytearray(archive.read_bytes())
    if harm == "cut":
        raw = raw[: len(raw) // 2]
    elif harm == "flip":
        raw[len(raw) // 2] ^= 0xFF
    elif harm == "junk":
        raw = bytearray(b"junk" * 1000)
    if harm == "missing":
        with tarfile.open(archive) as tar:
            tar.extractall(tmp_path / "x", filter="data")
        (tmp_path / "x" / "uploads" / "ab.pdf").unlink()
        with tarfile.open(archive, "w") as tar:
            for path in sorted((tmp_path / "x").rglob("*")):
                tar.add(path, arcname=path.relative_to(tmp_path / "x"), recursive=False)
    else:
        archive.write_bytes(raw)
    with app.app_context(), pytest.raises(BackupError):
        before = current_settings().instance / "portal.sqlite3"
        stamp = before.stat().st_ino
        try:
            backup.restore(current_settings(), archive, replace=True)
        finally:
            assert before.stat().st_ino == stamp


def test_restore_refuses_while_serving(app: Flask, archive: Path) -> None:
    with app.app_context():
        descriptor = backup.announce_serving(current_settings())
        with pytest.raises(BackupError, match="served"):
            backup.restore(current_settings(), archive, replace=True)
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def test_backup_while_writing_is_consistent(app: Flask, tmp_path: Path) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        with app.app_context():
            while not stop.is_set():
                with write() as session:
                    audit.record(session, AuditEvent.BACKUP_MADE, actor_id=None, thing=("x", 1))
            db.session.remove()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        with app.app_context():
            made = [backup.make(current_settings(), tmp_path / f"b{n}") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    counts = []
    for number, one in enumerate(made):
        folder = tmp_path / f"out{number}"
        with tarfile.open(one.path) as tar:
            tar.extractall(folder, filter="data")
        connection = sqlite3.connect(folder / "portal.sqlite3")
        counts.append(connection.execute("SELECT count(*), max(id) FROM audit_entry").fetchone())
        connection.close()
    assert all(count == (last or 0) for count, last in counts)


def test_old_backups_rotate(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for number in range(4):
        (folder / f"cong-cchc-2020010{number}-000000.tar").write_bytes(b"")
    with app.app_context():
        made = backup.make(current_settings(), folder, keep=2)
        assert backup.last_backup(current_settings())
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["cong-cchc-20200103-000000.tar", made.path.name]


def test_check_tells_faults_and_recovers(app: Flask, instance: Path) -> None:
    assert flask(instance, "search", "rebuild").returncode == 0
    fine = flask(instance, "check")
    assert fine.returncode == 0, fine.stdout
    shutil.rmtree(instance / "search")
    broken = flask(instance, "check")
    assert broken.returncode == 1
    assert "FAULT index" in broken.stdout
