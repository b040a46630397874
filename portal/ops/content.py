"""Loading `content/`: all rooms read first, and only a content without fault is applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.articles import loading as articles
from portal.core import audit
from portal.core.content import Entry, Fault, Report
from portal.core.db import db, write
from portal.core.errors import SettingsError
from portal.core.site_config import SiteConfig, load_site_config
from portal.core.work_calendar import read_work_calendar
from portal.directory import loading as directory
from portal.pages import loading as pages
from portal.pages import notices
from portal.pages.notices import NoticeRewritten
from portal.plan import loading as plan
from portal.procedures import loading as procedures
from portal.procedures.models import Procedure


@dataclass(frozen=True, slots=True)
class Loader:
    """A room's part: `read` checks its files without a database, `apply` brings what it read
    into the database inside the one `write()` of the load."""

    read: Callable[[Path, Report], Any]
    apply: Callable[[Session, Any, Report], Any]


# In the order of applying: who is pointed to comes before who points.
LOADERS = (
    Loader(directory.read, directory.apply),
    Loader(plan.read, plan.apply),
    Loader(procedures.read, procedures.apply),
    Loader(pages.read, pages.apply),
    Loader(articles.read, articles.apply),
)
# The kinds of names whose mentions must lead somewhere; see `portal.core.content.Names`.
NAMED = ("unit", "plan", "task", "topic", "procedure")


def load_content(root: Path) -> Report:
    """Bring the files of `root` into the database, in one transaction.

    Changes nothing when the report holds a fault, and nothing when nothing changed. What the
    desk edited since the last load stays as the desk has it (`report.kept`).
    """
    report = Report()
    site = _read_site(root, report)
    read_work_calendar(root, report)  # for its faults: the settings keep what it says
    plans = [(loader, loader.read(root, report)) for loader in LOADERS]
    if not report.faults:  # an entry that could not be read would seem to be missing elsewhere
        report.faults += report.names.missing(NAMED, _imported())
    if report.faults:
        report.faults.sort()
        return report
    try:
        with write() as session:
            for loader, found in plans:
                loader.apply(session, found, report)
            if site:
                notices.keep(session, site.feedback.privacy_notice_version)
            if report.created or report.updated or report.removed:
                _note(session, root, report)
    except NoticeRewritten as error:
        report.created = report.updated = report.removed = 0  # all of it was taken back
        report.faults.append(Fault(f"pages/{notices.SLUG}.md", 0, str(error)))
    return report


def _imported() -> set[tuple[str, str]]:
    """Names that no file defines: procedures also come by `flask procedures import`."""
    return {("procedure", code) for code in db.session.scalars(select(Procedure.code))}


def _note(session: Session, root: Path, report: Report) -> None:
    counts = {"created": report.created, "updated": report.updated, "removed": report.removed}
    audit.record(
        session, audit.AuditEvent.CONTENT_LOADED, actor_id=None, thing=("content", root.name),
        changes={**{key: (None, count) for key, count in counts.items()},
                 "kept": (None, len(report.kept))},
    )  # fmt: skip


def _read_site(root: Path, report: Report) -> SiteConfig | None:
    """`site.toml` is read by the settings; here only what it points to is looked at."""
    path = root / "site.toml"
    try:
        site = load_site_config(path)
    except (SettingsError, OSError) as error:
        message = str(error).removeprefix(f"{path}: ")
        report.faults.append(Fault("site.toml", 0, message))
        return None
    entry = _places(path)
    if site.site.current_plan:
        report.names.mention("plan", site.site.current_plan, entry, "current_plan")
    for code in site.home.popular_procedures:
        report.names.mention("procedure", code, entry, "popular_procedures")
    return site


def _places(path: Path) -> Entry:
    """Where each entry of a TOML file stands, for faults about what it says."""
    entry = Entry()
    entry.path, entry.line, entry.lines = path.name, 0, {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        entry.lines.setdefault(line.partition("=")[0].strip(), number)
    return entry
