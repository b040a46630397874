"""Which sheets must be replaced at a place, and noting that it was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.bulk import Pick
from portal.core.db import write
from portal.core.errors import NotFound
from portal.core.settings import current_settings
from portal.procedures.models import Procedure, ProcedureVersion
from portal.procedures.posting.lists import to_be_posted
from portal.procedures.posting.models import PostedSheet
from portal.procedures.posting.stale import posted_changes


@dataclass(frozen=True, slots=True)
class Line:
    """A sheet that is missing or out of date. `posted` is None when none was noted; `changed` names
    what is printed there and is no longer so."""

    code: str
    name: str
    version: int
    posted: int | None
    posted_on: date | None
    changed: tuple[str, ...]


def places() -> tuple[str, ...]:
    """Where sheets hang, as site.toml says; the agency itself when it says nothing."""
    site = current_settings().site
    return site.posting.places or (site.agency.name,)


def to_replace(session: Session, place: str, since: date | None = None) -> list[Line]:
    """What is to be put up at `place`: first sheets that changed, then those never noted; with
    `since` only procedures that changed from that day on. Two statements."""
    query = (
        select(Procedure, PostedSheet)
        .outerjoin(
            PostedSheet,
            (PostedSheet.procedure_id == Procedure.id) & (PostedSheet.place == place),
        )
        .where(to_be_posted(clock.today()))
        .order_by(Procedure.code)
    )
    rows = [
        (procedure, sheet)
        for procedure, sheet in session.execute(query)
        if (sheet is None or sheet.version < procedure.version)
        and (since is None or clock.to_local(procedure.updated_at).date() >= since)
    ]
    kept = _versions(session, [procedure.id for procedure, sheet in rows if sheet])
    lines = []
    for procedure, sheet in rows:
        if sheet is None:
            lines.append(Line(procedure.code, procedure.name, procedure.version, None, None, ()))
            continue
        old = kept.get((procedure.id, sheet.version))
        new = kept.get((procedure.id, procedure.version))
        changed = posted_changes(old, new) if old and new else ("không rõ phần nào",)
        if changed:
            lines.append(
                Line(
                    procedure.code, procedure.name, procedure.version, sheet.version,
                    sheet.posted_on, changed,
                )
            )  # fmt: skip
    return sorted(lines, key=lambda line: (line.posted is None, line.code))


def note(actor: Actor, place: str, picks: Sequence[Pick]) -> int:
    """Note that sheets of these versions hang at `place` now. Raises `NotAllowed`, `NotFound`."""
    if place not in places():
        raise NotFound(place)
    versions = {pick.key: pick.version for pick in picks}
    with write() as session:
        found = session.scalars(select(Procedure).where(Procedure.code.in_(versions))).all()
        for procedure in found:
            require(actor, "procedure.edit", procedure)
            version = min(versions[procedure.code] or procedure.version, procedure.version)
            _put(session, actor, place, procedure, version)
    return len(found)


def _put(session: Session, actor: Actor, place: str, procedure: Procedure, version: int) -> None:
    row = session.scalar(
        select(PostedSheet).where(
            PostedSheet.procedure_id == procedure.id, PostedSheet.place == place
        )
    )
    before = row.version if row else None
    if row is None:
        row = PostedSheet(procedure_id=procedure.id, place=place)
        session.add(row)
    row.version, row.posted_on = version, clock.today()
    audit.record(
        session, AuditEvent.PROCEDURE_POSTED, actor_id=actor.user_id,
        thing=("procedure", procedure.code),
        changes={"posted_version": (before, version), "place": (None, place)},
    )  # fmt: skip


def _versions(session: Session, ids: Sequence[int]) -> dict[tuple[int, int], ProcedureVersion]:
    query = select(ProcedureVersion).where(ProcedureVersion.procedure_id.in_(ids))
    found = session.scalars(query) if ids else ()
    return {(row.procedure_id, row.number): row for row in found}
