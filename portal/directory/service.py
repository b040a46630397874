"""Changing the directory: each verb checks who asks, changes, logs and tells the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.certainty import Certainty
from portal.core.db import write
from portal.core.errors import Conflict, Invalid
from portal.core.text import slugify
from portal.directory import reports, schedule_words
from portal.directory.models import Hotline, Leader, Outcome, Unit
from portal.directory.queries import get_hotline, get_leader, get_unit
from portal.directory.rules import problems
from portal.directory.schedule import read as read_schedule
from portal.directory.search import Contact, mark

R = TypeVar("R", Hotline, Unit, Leader)
EDIT = "directory.edit"
HOTLINE_FIELDS = (
    "name", "purposes", "phone", "email", "hours", "schedule", "address", "answered_by",
    "unit_code", "scope", "note", "certainty", "source", "checked_on",
)  # fmt: skip
UNIT_FIELDS = (
    "name", "short_name", "address", "phone", "email", "website", "duties", "certainty", "source",
    "checked_on",
)  # fmt: skip
LEADER_FIELDS = (
    "name", "position", "unit_code", "phone", "email", "note", "certainty", "source", "checked_on",
)  # fmt: skip


def create_hotline(actor: Actor, values: Mapping[str, Any]) -> Hotline:
    """Add a line from `values` (of `HOTLINE_FIELDS`). Raises `Invalid`, `NotAllowed`."""
    with write() as session:
        _check(session, values)
        hotline = Hotline(**{name: values[name] for name in HOTLINE_FIELDS}, sort_order=500)
        require(actor, EDIT, hotline)
        hotline.checked_by = actor.name if hotline.checked_on else ""
        hotline.key = _free_key(session, hotline.name)
        session.add(hotline)
        _log(session, actor, hotline, AuditEvent.HOTLINE_CREATED, {})
        return hotline


def edit_hotline(actor: Actor, key: str, version: int, values: Mapping[str, Any]) -> Hotline:
    """Change a line as it was at `version`. Raises `Conflict` when somebody else did meanwhile."""
    return _edit(get_hotline, key, _Change(actor, version, _only(values, HOTLINE_FIELDS)))


def edit_unit(actor: Actor, code: str, version: int, values: Mapping[str, Any]) -> Unit:
    """Change a unit as it was at `version`. Raises as `edit_hotline`."""
    return _edit(get_unit, code, _Change(actor, version, _only(values, UNIT_FIELDS)))


def edit_leader(actor: Actor, key: str, version: int, values: Mapping[str, Any]) -> Leader:
    """Change a leader's contact as it was at `version`. Raises as `edit_hotline`."""
    return _edit(get_leader, key, _Change(actor, version, _only(values, LEADER_FIELDS)))


def check_today(actor: Actor, key: str) -> Hotline:
    """Note that the actor tried this line today and that what is shown is right. A number that
    answered counts as verified from then on; a line without one stays as it was. What citizens
    reported of it is over."""
    with write() as session:
        hotline = get_hotline(session, key)
        require(actor, EDIT, hotline)
        before = _snapshot(hotline, ("checked_on", "checked_by", "certainty"))
        hotline.checked_on, hotline.checked_by = clock.today(), actor.name
        if hotline.phone:
            hotline.certainty = Certainty.VERIFIED.value
        after = _snapshot(hotline, tuple(before))
        changes = audit.differences(before, after)
        changes |= _end_reports(session, hotline, Outcome.RIGHT)
        _log(session, actor, hotline, AuditEvent.HOTLINE_CHECKED, changes)
        return hotline


def remove_hotline(actor: Actor, key: str) -> Hotline:
    """Take a line off the public page. It can be restored; removing twice changes nothing."""
    with write() as session:
        hotline = get_hotline(session, key)
        require(actor, EDIT, hotline)
        if hotline.removed_at is None:
            hotline.removed_at = clock.now()
            ended = _end_reports(session, hotline, Outcome.REMOVED)
            _log(session, actor, hotline, AuditEvent.HOTLINE_REMOVED, ended)
        return hotline


def restore_hotline(actor: Actor, key: str) -> Hotline:
    """Put a removed line back. Restoring twice changes nothing."""
    with write() as session:
        hotline = get_hotline(session, key)
        require(actor, EDIT, hotline)
        if hotline.removed_at is not None:
            hotline.removed_at = None
            _log(session, actor, hotline, AuditEvent.HOTLINE_RESTORED, {})
        return hotline


_CHANGED: dict[type[Contact], AuditEvent] = {
    Hotline: AuditEvent.HOTLINE_CHANGED,
    Unit: AuditEvent.UNIT_CHANGED,
    Leader: AuditEvent.CONTACT_CHANGED,
}


@dataclass(frozen=True, slots=True)
class _Change:
    """What somebody wants changed, and the version that they saw."""

    actor: Actor
    version: int
    values: dict[str, Any]


def _edit(find: Callable[[Session, str], R], name: str, wanted: _Change) -> R:
    with write() as session:
        record = find(session, name)
        require(wanted.actor, EDIT, record)
        if record.version != wanted.version:
            raise Conflict("Có người vừa sửa mục này sau khi bạn mở. Bạn xem lại rồi lưu lần nữa.")
        _check(session, wanted.values)
        left_unit = record.unit_code
        if changes := _apply(session, record, wanted):
            require(wanted.actor, EDIT, record)  # nobody hands a record to a unit not theirs
            if isinstance(record, Leader) and left_unit != record.unit_code:
                mark(session, Leader(unit_code=left_unit))
            _log(session, wanted.actor, record, _CHANGED[type(record)], changes)
        return record


def _apply(session: Session, record: R, wanted: _Change) -> dict[str, tuple[object, object]]:
    """Set the values; returns what changed. Whoever mends the number of a line or its day of
    check has looked at it."""
    values = dict(wanted.values)
    before = _snapshot(record, tuple(values))
    changes = audit.differences(before, values)
    if isinstance(record, Hotline) and {"phone", "checked_on"} & set(changes):
        if "checked_on" not in changes:
            values["checked_on"] = clock.today()
        values["checked_by"], before["checked_by"] = wanted.actor.name, record.checked_by
        changes = audit.differences(before, values)
        if "phone" in changes:
            changes |= _end_reports(session, record, Outcome.MENDED)
    for column, value in values.items():
        setattr(record, column, value)
    return _readable(changes)


def _end_reports(
    session: Session, hotline: Hotline, outcome: Outcome
) -> dict[str, tuple[object, object]]:
    """Close what citizens reported; what the log tells of it."""
    count = reports.close(session, hotline, outcome)
    return {"reports": (count, 0)} if count else {}


def _readable(changes: dict[str, tuple[object, object]]) -> dict[str, tuple[object, object]]:
    """Schedules as people read them in the log."""
    if "schedule" in changes:
        old, new = (_week(value) for value in changes["schedule"])
        changes["schedule"] = (old, new)
    return changes


def _week(stored: Any) -> str:
    known = read_schedule(stored)
    return schedule_words.in_words(known) if known else ""


def _check(session: Session, values: Mapping[str, Any]) -> None:
    found = problems(values)
    code = values.get("unit_code")
    if code and session.scalar(select(Unit.id).where(Unit.code == code)) is None:
        found["unit_code"] = "Chọn một đơn vị trong danh sách."
    if found:
        raise Invalid(found)


def _log(
    session: Session, actor: Actor, record: Contact, event: AuditEvent,
    changes: Mapping[str, tuple[object, object]],
) -> None:  # fmt: skip
    """What every verb does last: from now on the desk owns the record, not the file."""
    record.edited_at = clock.now()
    session.flush()
    thing = (type(record).__name__.lower(), record.code if isinstance(record, Unit) else record.key)
    audit.record(session, event, actor_id=actor.user_id, thing=thing, changes=changes)
    mark(session, record)


def _snapshot(record: Contact, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(record, name) for name in names}


def _only(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _free_key(session: Session, name: str) -> str:
    stem = slugify(name, limit=70) or "duong-day"
    taken = set(session.scalars(select(Hotline.key).where(Hotline.key.startswith(stem))))
    number = 1
    while (key := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return key
