"""Adding and changing evidence: check → change → audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.accounts.permissions import Actor, may, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid
from portal.core.html import safe_address
from portal.evidence.models import EvidenceKind, EvidenceRecord, EvidenceTopic
from portal.evidence.queries import get
from portal.media.models import MediaFile
from portal.plan.models import PlanTask
from portal.plan.topics import topic_names

CREATE, EDIT = "evidence.create", "evidence.edit"
FIELDS = (
    "title", "day", "number", "place", "participants", "url", "note", "unit_code", "media_id",
    "is_public",
)  # fmt: skip
_OLDEST = timedelta(days=5 * 366)


def add(actor: Actor, kind: EvidenceKind, values: Mapping[str, Any]) -> int:
    """Add a piece of evidence that serves `task_ids` and `topic_slugs` of `values`; returns its
    id. Raises `Invalid`, `NotAllowed`."""
    with write() as session:
        require(actor, CREATE)
        record = EvidenceRecord(kind=kind.value, author_id=actor.user_id, tasks=[], topics=[])
        _fill(session, actor, record, values)
        require(actor, EDIT, record)
        session.add(record)
        session.flush()
        changes = {name: (None, value) for name, value in _snapshot(record).items() if value}
        _log(session, actor, record, AuditEvent.EVIDENCE_ADDED, changes)
        return record.id


def edit(actor: Actor, evidence_id: int, version: int, values: Mapping[str, Any]) -> EvidenceRecord:
    """Change a piece as it was at `version`. Raises `Conflict` when somebody else did."""
    with write() as session:
        record = get(session, evidence_id)
        require(actor, EDIT, record)
        if record.version != version:
            raise Conflict("Có người vừa sửa minh chứng này sau khi bạn mở. Bạn xem lại rồi lưu.")
        before = _snapshot(record)
        _fill(session, actor, record, values)
        require(actor, EDIT, record)  # nobody hands a piece to a unit not theirs
        if changes := audit.differences(before, _snapshot(record)):
            flag_modified(record, "title")  # links live elsewhere: the version moves with them too
            _log(session, actor, record, AuditEvent.EVIDENCE_CHANGED, changes)
        return record


def remove(actor: Actor, evidence_id: int) -> EvidenceRecord:
    """Let a piece no longer count. It can be restored; removing twice changes nothing."""
    return _set_removed(actor, evidence_id, removed=True)


def restore(actor: Actor, evidence_id: int) -> EvidenceRecord:
    """Let a piece count again."""
    return _set_removed(actor, evidence_id, removed=False)


def _set_removed(actor: Actor, evidence_id: int, *, removed: bool) -> EvidenceRecord:
    with write() as session:
        record = get(session, evidence_id)
        require(actor, EDIT, record)
        if (record.removed_at is not None) != removed:
            record.removed_at = clock.now() if removed else None
            event = AuditEvent.EVIDENCE_REMOVED if removed else AuditEvent.EVIDENCE_RESTORED
            _log(session, actor, record, event, {})
        return record


def _fill(
    session: Session, actor: Actor, record: EvidenceRecord, values: Mapping[str, Any]
) -> None:
    tasks, problems = _tasks(session, values), _problems(session, actor, record, values)
    topics = [slug for slug in dict.fromkeys(values["topic_slugs"]) if slug in topic_names()]
    if not tasks and not topics:
        problems["task_ids"] = (
            "Chọn ít nhất một nhiệm vụ hoặc một chủ đề mà minh chứng này phục vụ."
        )
    if problems:
        raise Invalid(problems)
    for name in FIELDS:
        if name in values and (name != "is_public" or may(actor, "plan.edit")):
            setattr(record, name, values[name])
    record.tasks = tasks
    kept = {one.topic_slug: one for one in record.topics}
    record.topics = [kept.get(slug) or EvidenceTopic(topic_slug=slug) for slug in topics]


def _tasks(session: Session, values: Mapping[str, Any]) -> list[PlanTask]:
    wanted = PlanTask.id.in_(values["task_ids"])
    return list(session.scalars(select(PlanTask).where(wanted).order_by(PlanTask.id)))


def _problems(
    session: Session, actor: Actor, record: EvidenceRecord, values: Mapping[str, Any]
) -> dict[str, str]:
    found, today = {}, clock.today()
    if not values["title"]:
        found["title"] = "Nhập tên minh chứng."
    if values["day"] is None:
        found["day"] = "Nhập ngày."
    elif not today - _OLDEST <= values["day"] <= today:
        found["day"] = "Minh chứng là việc đã làm: chọn hôm nay hoặc một ngày đã qua, trong 5 năm."
    url = values.get("url") or ""
    if url and not (safe_address(url) and urlsplit(url).scheme in ("http", "https")):
        found["url"] = "Nhập địa chỉ đầy đủ của trang, ví dụ https://vidu.vn/bai-viet."
    unit = values.get("unit_code")
    if not unit:
        found["unit_code"] = "Chọn đơn vị làm việc này."
    elif not may(actor, "plan.edit") and unit not in actor.units and unit != record.unit_code:
        found["unit_code"] = "Chọn đơn vị của bạn."
    return found | _own_problems(session, record, values)


def _own_problems(
    session: Session, record: EvidenceRecord, values: Mapping[str, Any]
) -> dict[str, str]:
    """What this kind alone must have."""
    if record.kind == EvidenceKind.FILE:
        query = select(MediaFile.id).where(
            MediaFile.id == values.get("media_id"), MediaFile.removed_at.is_(None)
        )
        if session.scalar(query) is None:
            return {"media_id": "Chọn một tệp trong thư viện tư liệu."}
    if record.kind == EvidenceKind.DOCUMENT and not (values.get("number") or values.get("url")):
        return {"number": "Nhập số, ký hiệu của văn bản, hoặc địa chỉ của nó."}
    return {}


def _snapshot(record: EvidenceRecord) -> dict[str, object]:
    values = {name: getattr(record, name) for name in FIELDS}
    return {**values, "task_ids": record.task_ids, "topic_slugs": sorted(record.topic_slugs)}


def _log(
    session: Session, actor: Actor, record: EvidenceRecord, event: AuditEvent,
    changes: Mapping[str, tuple[object, object]],
) -> None:  # fmt: skip
    session.flush()
    audit.record(
        session, event, actor_id=actor.user_id, thing=("evidence", record.id), changes=changes
    )
