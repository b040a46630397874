"""`content/procedures/*.yaml` and `content/announcements.yaml` into the database.

Two phases, as everywhere: `read` validates without touching the database, `apply` writes inside
the transaction of the whole content load.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.core.content import Entry, Fault, Report, entries, read_yaml
from portal.procedures.facts import AnnouncementFacts, ProcedureFacts
from portal.procedures.models import Announcement, Procedure
from portal.procedures.reader import Reader
from portal.procedures.reading import read_announcement, read_field, read_procedure
from portal.procedures.recording import (
    Recorder,
    draw_consequences,
    keep_first_versions,
    load_with_parts,
    record_announcement,
)
from portal.procedures.terms import Origin


@dataclass
class Plan:
    """What the files say, checked."""

    procedures: list[ProcedureFacts] = field(default_factory=list)
    announcements: list[AnnouncementFacts] = field(default_factory=list)


def read(root: Path, report: Report) -> Plan:
    """Read and check all files of the room below `root`; faults go to `report`."""
    plan = Plan()
    fields: dict[str, Entry] = {}
    for path in sorted((root / "procedures").glob("*.yaml")):
        plan.procedures += _read_file(path, root, report, fields)
    path = root / "announcements.yaml"
    if path.exists():
        plan.announcements = _read_announcements(path, root, report)
    return plan


def apply(session: Session, plan: Plan, report: Report) -> None:
    """Write what changed since the last load; what the desk has edited since stays as it is."""
    keep_first_versions(session)
    recorder = Recorder(session, Origin.CONTENT)
    changed = _changed(session, plan.procedures, report)
    existing = load_with_parts(session, (facts.code for facts in changed))
    for facts in changed:
        row = recorder.record(existing.get(facts.code), facts)
        row.content_digest = facts.digest()
        _count(report, new=facts.code not in existing)
    _apply_announcements(session, plan.announcements, report)
    session.flush()
    draw_consequences(session)


def _read_file(
    path: Path, root: Path, report: Report, fields: dict[str, Entry]
) -> list[ProcedureFacts]:
    faults = len(report.faults)
    top = read_yaml(path, root, report)
    if not isinstance(top, Entry):
        if len(report.faults) == faults:
            name = str(path.relative_to(root))
            report.faults.append(Fault(name, 1, "'field' and 'procedures' were expected"))
        return []
    reader = Reader(top, report)
    head = reader.part("field") if reader.shape(("field", "procedures")) else None
    field_facts = read_field(head) if head else None
    if head is None or field_facts is None:
        return []
    _refuse_twice(head.entry, "key", fields, report)
    listed = entries(top["procedures"], path, root, report)
    read_all = (read_procedure(Reader(entry, report), field_facts) for entry in listed)
    return [facts for facts in read_all if facts is not None]


def _read_announcements(path: Path, root: Path, report: Report) -> list[AnnouncementFacts]:
    found: list[AnnouncementFacts] = []
    numbers: dict[str, Entry] = {}
    for entry in entries(read_yaml(path, root, report), path, root, report):
        facts = read_announcement(Reader(entry, report))
        if facts is not None:
            _refuse_twice(entry["decision"], "number", numbers, report)
            found.append(facts)
    return found


def _refuse_twice(entry: Entry, key: str, seen: dict[str, Entry], report: Report) -> None:
    first = seen.setdefault(str(entry[key]), entry)
    if first is not entry:
        place = f"{first.path}:{first.lines.get(key, first.line)}"
        report.faults.append(entry.fault(f"{key} {entry[key]!r} stands already in {place}", key))


def _changed(
    session: Session, procedures: list[ProcedureFacts], report: Report
) -> list[ProcedureFacts]:
    """What must be written: not what is unchanged in the files, nor what the desk has edited."""
    query = select(Procedure.code, Procedure.content_digest, Procedure.edited_at)
    known = {code: (digest, edited) for code, digest, edited in session.execute(query)}
    changed = []
    for facts in procedures:
        digest, edited_at = known.get(facts.code, (None, None))
        if digest == facts.digest():
            report.unchanged += 1
        elif edited_at is not None:
            report.kept.append(f"procedure {facts.code}")
        else:
            changed.append(facts)
    return changed


def _apply_announcements(
    session: Session, announcements: list[AnnouncementFacts], report: Report
) -> None:
    query = select(Announcement).options(selectinload(Announcement.changes))
    known = {(row.number, row.issuer): row for row in session.scalars(query)}
    for facts in announcements:
        row = known.get((facts.number, facts.issuer))
        if row is not None and row.content_digest == facts.digest():
            report.unchanged += 1
        elif row is not None and row.edited_at is not None:
            report.kept.append(f"announcement {facts.number}")
        else:
            written = record_announcement(session, row, facts)
            written.content_digest = facts.digest()
            _count(report, new=row is None)


def _count(report: Report, *, new: bool) -> None:
    if new:
        report.created += 1
    else:
        report.updated += 1
