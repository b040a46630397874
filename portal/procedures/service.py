"""Use cases of the desk: mend a procedure, note that it was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, NotFound
from portal.procedures.comparing import differing, facts_of
from portal.procedures.facts import ChannelFacts, ProcedureFacts, Result
from portal.procedures.models import Procedure
from portal.procedures.recording import Recorder, load_with_parts
from portal.procedures.terms import OnlineLevel, Origin

EDIT = "procedure.edit"
_LONGEST_IN_LOG = 300


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
        procedure = _open(session, actor, code)
        if procedure.version != version:
            raise Conflict(
                "Có người vừa sửa thủ tục này sau khi bạn mở. Bạn xem lại rồi lưu lần nữa."
            )
        before = facts_of(procedure)
        changes = {item.name: getattr(edits, item.name) for item in fields(edits)}
        codes = {result.name: result.code for result in before.results}
        changes["results"] = tuple(Result(name, codes.get(name, "")) for name in edits.results)
        return _change(session, actor, procedure, before, replace(before, **changes))


def check_today(actor: Actor, code: str) -> Procedure:
    """Note that the actor compared the procedure with its source today and found it right."""
    with write() as session:
        procedure = _open(session, actor, code)
        before = facts_of(procedure)
        after = replace(before, checked_on=clock.today())
        return _change(session, actor, procedure, before, after)


def _open(session: Session, actor: Actor, code: str) -> Procedure:
    """The procedure with its parts, its row held until the transaction ends."""
    session.execute(select(Procedure.id).where(Procedure.code == code).with_for_update())
    procedure = load_with_parts(session, [code]).get(code)
    if procedure is None:
        raise NotFound(code)
    require(actor, EDIT, procedure)
    return procedure


def _change(
    session: Session,
    actor: Actor,
    procedure: Procedure,
    before: ProcedureFacts,
    after: ProcedureFacts,
) -> Procedure:
    names = differing(before, after)
    if not names:
        return procedure
    Recorder(session, Origin.DESK).record(procedure, after)
    require(actor, EDIT, procedure)  # nobody hands a procedure to a unit not theirs
    procedure.edited_at = clock.now()
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
