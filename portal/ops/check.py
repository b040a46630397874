"""Is the installation sound? One line a part, for operators and for /readyz."""

from __future__ import annotations

import shutil
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from portal.core import mail
from portal.core.db import db, write
from portal.core.settings import ROOT, Settings
from portal.feedback import attachments
from portal.feedback.models import FeedbackFile, FeedbackPublicFile
from portal.media import storage as media
from portal.ops import backup
from portal.search import service as search

LEAST_FREE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one part; `detail` is for operators, never for outsiders."""

    part: str
    ok: bool
    detail: str


def check(settings: Settings) -> list[Finding]:
    """Look at every part of the installation. Never raises: a fault is a finding."""
    parts: list[tuple[str, Callable[[Settings], str]]] = [
        ("settings", lambda s: f"base address {s.base_url}, content {s.content}"),
        ("database", database),
        ("migrations", migrations),
        ("index", index),
        ("uploads", uploads),
        ("disk", disk),
        ("mail", letters),
        ("backup", lambda s: backup.last_backup(s) or "no backup yet"),
    ]
    return [_try(part, look, settings) for part, look in parts]


def ready(settings: Settings) -> bool:
    """Whether this process can serve: database writable, disk not full, index readable."""
    looks = (("database", database), ("disk", disk), ("index", index))
    return all(_try(part, look, settings).ok for part, look in looks)


def database(_settings: Settings) -> str:
    """A write that is rolled back."""
    try:
        with write() as session:
            session.execute(text("CREATE TEMPORARY TABLE IF NOT EXISTS readiness (x INTEGER)"))
            session.execute(text("INSERT INTO readiness VALUES (1)"))
            raise _UndoError
    except _UndoError:
        return f"{db.engine.dialect.name}, writable"


def migrations(_settings: Settings) -> str:
    """The database's schema is the code's."""
    heads = set(ScriptDirectory(str(ROOT / "migrations")).get_heads())
    with db.engine.connect() as connection:
        current = set(MigrationContext.configure(connection).get_current_heads())
    if current != heads:
        raise RuntimeError(f"database at {sorted(current)}, code at {sorted(heads)}")
    return f"at {', '.join(sorted(heads))}"


def index(_settings: Settings) -> str:
    """The search index opens."""
    state = search.status()
    if not state.readable:
        raise RuntimeError("the index cannot be read; run: flask --app wsgi search rebuild")
    return f"{state.documents} documents, {state.pending} changes pending"


def uploads(settings: Settings) -> str:
    """The folder is writable and holds every file that a row names."""
    settings.uploads.mkdir(mode=0o750, parents=True, exist_ok=True)
    probe = settings.uploads / ".probe"
    probe.write_bytes(b"")
    probe.unlink()
    missing, orphans = _compare_files()
    if missing:
        raise RuntimeError(f"{len(missing)} files of rows are missing, first {missing[0]}")
    return f"writable, {len(orphans)} files without a row"


def _compare_files() -> tuple[list[str], list[str]]:
    """(missing, orphans) over the library, what citizens attached, pictures of copies."""
    session = db.session()
    orphans, missing = media.findings(session)
    for table, folder in (
        (FeedbackFile, attachments.kept_folder()),
        (FeedbackPublicFile, attachments.public_folder()),
    ):
        wanted = set(session.scalars(select(table.stored_name)))
        there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        missing, orphans = missing + sorted(wanted - there), orphans + sorted(there - wanted)
    return missing, orphans


def disk(settings: Settings) -> str:
    """At least a twentieth of the disk is free."""
    usage = shutil.disk_usage(settings.instance)
    share = usage.free / usage.total
    if share < LEAST_FREE_SHARE:
        raise RuntimeError(f"only {share:.0%} of the disk is free")
    return f"{share:.0%} free"


def letters(settings: Settings) -> str:
    """The mail server answers (for smtp), and how many letters wait."""
    waiting = mail.pending_count(db.session())
    url = urlsplit(settings.mail_url)
    if url.scheme != "file":
        kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
        with kind(url.hostname or "localhost", url.port or 0, timeout=5) as server:
            server.noop()
    return f"{url.scheme}, {waiting} letters waiting"


class _UndoError(Exception):
    """Carries a probe out of its transaction."""


def _try(part: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(part, True, look(settings))
    except Exception as error:  # whatever is wrong is what the operator asks for
        db.session.rollback()
        return Finding(part, False, str(error).splitlines()[0] if str(error) else repr(error))
