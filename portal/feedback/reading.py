"""Opening what is personal: text, contact, attachments. Each reading leaves an audit entry."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.accounts.permissions import Actor, may, require
from portal.core import audit, clock
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.errors import NotFound
from portal.feedback import attachments, contacts
from portal.feedback.contacts import Contact
from portal.feedback.models import Feedback, FeedbackFile

_TEXT_AGAIN_AFTER = timedelta(hours=12)


def open_item(actor: Actor, feedback_id: int) -> Feedback:
    """A feedback with files and timeline, for an officer who may handle it.

    The first reading of its text by this officer in half a day is audited.
    """
    feedback = _load(db.session(), actor, feedback_id)
    if not _has_read(actor, feedback_id):
        with write() as session:
            _record(session, actor, feedback_id, "text")
        feedback = _load(db.session(), actor, feedback_id)
    return feedback


def allow(actor: Actor, feedback_id: int, permission: str) -> None:
    """Raise `NotFound` when this actor may not know of the feedback, `NotAllowed` when they may
    not do this to it: a form that is filled in wrongly is no way in."""
    feedback = db.session.get(Feedback, feedback_id)
    if feedback is None or not may(actor, "feedback.view", feedback):
        raise NotFound("feedback")
    require(actor, permission, feedback)


def has_contact(feedback_id: int) -> bool:
    """Whether the citizen left a contact, without reading it."""
    return contacts.is_left(db.session(), feedback_id)


def open_contact(actor: Actor, feedback_id: int) -> Contact | None:
    """The citizen's contact; every reading is audited."""
    with write() as session:
        contact = contacts.of(session, _load(session, actor, feedback_id))
        _record(session, actor, feedback_id, "contact")
    return contact


def open_file(actor: Actor, feedback_id: int, file_id: int) -> tuple[FeedbackFile, Path]:
    """An attachment and where it lies; every reading is audited."""
    with write() as session:
        feedback = _load(session, actor, feedback_id)
        if file_id not in {file.id for file in feedback.files}:
            raise NotFound("file")
        _record(session, actor, feedback_id, "file")
    file = db.session.get_one(FeedbackFile, file_id)
    return file, attachments.path_of(file.stored_name)


def _load(session: Session, actor: Actor, feedback_id: int) -> Feedback:
    """Raises `NotFound` also when this actor may not know of it."""
    # populate_existing: a copy left in the session by a refused verb has no files or events.
    feedback = session.scalar(
        select(Feedback)
        .where(Feedback.id == feedback_id)
        .options(
            selectinload(Feedback.files),
            selectinload(Feedback.events),
            selectinload(Feedback.messages),
            selectinload(Feedback.notes),
        )
        .execution_options(populate_existing=True)
    )
    if feedback is None or not may(actor, "feedback.view", feedback):
        raise NotFound("feedback")
    return feedback


def _has_read(actor: Actor, feedback_id: int) -> bool:
    recent = select(AuditEntry.id).where(
        AuditEntry.object_id == str(feedback_id),
        AuditEntry.object_kind == "feedback",
        AuditEntry.event == AuditEvent.FEEDBACK_READ.value,
        AuditEntry.actor_id == actor.user_id,
        AuditEntry.at > clock.now() - _TEXT_AGAIN_AFTER,
    )
    return db.session.scalar(recent.limit(1)) is not None


def _record(session: Session, actor: Actor, feedback_id: int, part: str) -> None:
    audit.record(
        session, AuditEvent.FEEDBACK_READ, actor_id=actor.user_id,
        thing=("feedback", feedback_id), changes={"part": (None, part)},
    )  # fmt: skip
