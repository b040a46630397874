"""Use cases of the desk: mend a procedure, note that it was checked."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, NotFound
from portal.procedures import versions
from portal.procedures.comparing import differing, facts_of, legal_facts
from portal.procedures.facts import ChannelFacts, ProcedureFacts, Result
from portal.procedures.models import LegalBasis, Procedure
from portal.procedures.recording import LEGAL_KIND, Recorder, load_with_parts
from portal.procedures.terms import OnlineLevel, Origin
from portal.search import feed

EDIT = "procedure.edit"
_LONGEST_IN_LOG = 300


@dataclass(frozen=True, slots=True)
class _Everywhere:
    """Something that belongs to no unit."""

    unit_code: None = None


EVERYWHERE = _Everywhere()
"""Stands for what many procedures share: who may mend it may mend any of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """What an editor may change. Name, code and field come from the nation's database."""

    summary: str
    online_level: OnlineLevel | None
    results: tuple[str, ...]
    conditions: str
    keywords: tuple[str, ...]
    unit_code: str | None
    checked_on: date | None
    channels: tuple[ChannelFacts, ...]


def edit(actor: Actor, code: str, version: int, edits: Edits) -> Procedure:
    """Change a procedure as it was at `version`.

    Raises `Conflict` when somebody else changed it meanwhile, `NotAllowed`, `NotFound`. Saving
    without a change changes nothing, not even the version.
    """
    with write() as session:
        procedure = _open(session, actor, code, version)
        before = facts_of(procedure)
        changes = {item.name: getattr(edits, item.name) for item in fields(edits)}
        codes = {result.name: result.code for result in before.results}
        changes["results"] = tuple(Result(name, codes.get(name, "")) for name in edits.results)
        return _change(session, actor, procedure, replace(before, **changes))


def change_parts(
    actor: Actor, code: str, version: int, make: Callable[[ProcedureFacts], Mapping[str, Any]]
) -> Procedure:
    """Change parts of a procedure as it was at `version`: `make` is given what it says and
    returns the facts to replace. Raises as `edit` does."""
    with write() as session:
        procedure = _open(session, actor, code, version)
        before = facts_of(procedure)
        return _change(session, actor, procedure, replace(before, **make(before)))


def restore(actor: Actor, code: str, version: int, number: int) -> Procedure:
    """Let a procedure, now at `version`, say again what it said at version `number`. Who is in
    charge stays. Raises as `edit` does."""
    with write() as session:
        procedure = _open(session, actor, code, version)
        kept = versions.numbered(session, procedure, number)
        if kept is None:
            raise NotFound(f"{code}/{number}")
        after = replace(versions.facts_in(kept), unit_code=procedure.unit_code)
        reason = f"Khôi phục bản số {number}"
        return _change(session, actor, procedure, after, reason)


def edit_basis(actor: Actor, slug: str, mark: int, changes: Mapping[str, Any]) -> LegalBasis:
    """Say of a legal document what holds, as it was at `mark` (`basis_mark`). It is shared by
    many procedures, so only who may mend all of them may do it."""
    with write() as session:
        row = session.scalar(select(LegalBasis).where(LegalBasis.slug == slug).with_for_update())
        if row is None:
            raise NotFound(slug)
        require(actor, EDIT, EVERYWHERE)
        if basis_mark(row) != mark:
            raise Conflict(
                "Có người vừa sửa văn bản này sau khi bạn mở. Bạn xem lại rồi lưu lần nữa."
            )
        told = {k: (getattr(row, k), v) for k, v in changes.items() if getattr(row, k) != v}
        for name, (_, value) in told.items():
            setattr(row, name, value)
        if told:
            feed.changed(session, LEGAL_KIND, slug)
            audit.record(
                session, AuditEvent.PROCEDURE_CHANGED, actor_id=actor.user_id,
                thing=("legal_basis", slug),
                changes={k: (_short(old), _short(new)) for k, (old, new) in told.items()},
            )  # fmt: skip
        return row


def basis_mark(basis: LegalBasis) -> int:
    """A number that changes with every fact of a legal document: it has no version of its own."""
    facts = legal_facts(basis)
    return zlib.crc32(repr(facts).encode()) % 1_000_000_000


def check_today(actor: Actor, code: str) -> Procedure:
    """Note that the actor compared the procedure with its source today and found it right."""
    with write() as session:
        procedure = _open(session, actor, code)
        before = facts_of(procedure)
        after = replace(before, checked_on=clock.today())
        _change(session, actor, procedure, after)
        procedure.seen_version = procedure.version
        return procedure


def _open(session: Session, actor: Actor, code: str, version: int | None = None) -> Procedure:
    """The procedure with its parts, its row held until the transaction ends; at `version`, when
    one is given."""
    session.execute(select(Procedure.id).where(Procedure.code == code).with_for_update())
    procedure = load_with_parts(session, [code]).get(code)
    if procedure is None:
        raise NotFound(code)
    require(actor, EDIT, procedure)
    if version is not None and procedure.version != version:
        raise Conflict("Có người vừa sửa thủ tục này sau khi bạn mở. Bạn xem lại rồi lưu lần nữa.")
    return procedure


def _change(
    session: Session,
    actor: Actor,
    procedure: Procedure,
    after: ProcedureFacts,
    reason: str = "",
) -> Procedure:
    before = facts_of(procedure)
    names = differing(before, after)
    if not names:
        return procedure
    Recorder(session, Origin.DESK, reason).record(procedure, after)
    require(actor, EDIT, procedure)  # nobody hands a procedure to a unit not theirs
    procedure.edited_at = clock.now()
    procedure.seen_version = procedure.version
    audit.record(
        session, AuditEvent.PROCEDURE_CHANGED, actor_id=actor.user_id,
        thing=("procedure", procedure.code), changes=_told(before, after, names),
    )  # fmt: skip
    return procedure


def _told(
    before: ProcedureFacts, after: ProcedureFacts, names: list[str]
) -> Mapping[str, tuple[object, object]]:
    return {name: (_short(getattr(before, name)), _short(getattr(after, name))) for name in names}


def _short(value: object) -> object:
    """A value for the log: plain, and not a whole page."""
    if isinstance(value, tuple):
        value = "; ".join(_words(part) for part in value)
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST_IN_LOG else f"{text[:_LONGEST_IN_LOG]}…"


def _words(part: object) -> str:
    if isinstance(part, ChannelFacts):
        said = asdict(part)
        return ", ".join(f"{key} {value}" for key, value in said.items() if value)
    return str(part)
