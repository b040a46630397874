"""Taking away what is personal: when its sender asks, and when the time of keeping is over.

What goes: contact, files, the texts of both sides, notes, draft, and the code, which from then on
is an unknown one. What stays: the row with its register number, days, kind, unit and rating, so
that figures do not change, and the public copy with its pictures while it is published, which names
nobody. What is
still open when it is erased is closed as withdrawn: without its text nobody can answer it.
Denunciations (restricted) are never erased by a job: the two roles that see them decide.
"""

from __future__ import annotations

import calendar
import logging
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import ColumnElement, and_, delete, false, func, or_, select, update
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor
from portal.core import audit, clock, mail
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict
from portal.core.settings import current_settings
from portal.feedback import attachments, contacts, erasures, letters, public_pictures
from portal.feedback.models import (
    Event,
    Feedback,
    FeedbackContact,
    FeedbackEvent,
    FeedbackFile,
    FeedbackMessage,
    FeedbackNote,
    Kind,
)
from portal.feedback.states import CLOSED, OPEN, State, Verb
from portal.feedback.steps import take

log = logging.getLogger(__name__)
ERASED_SUBJECT = "Nội dung đã xóa"
ERASED_TEXT = "Nội dung này đã được xóa."
# The law gives 72 hours; a day is left for whatever keeps the job from running.
AUTOMATIC_AFTER = timedelta(hours=48)
_AT_ONCE = 20
_BELIEVED = timedelta(days=1), timedelta(days=14)


class Why(StrEnum):
    """Why something is erased."""

    ASKED = "asked"
    KEPT_LONG_ENOUGH = "kept_long_enough"
    AGAIN = "again"


_EVENTS = {
    Why.ASKED: AuditEvent.FEEDBACK_ERASED,
    Why.KEPT_LONG_ENOUGH: AuditEvent.FEEDBACK_PURGED,
    Why.AGAIN: AuditEvent.FEEDBACK_ERASED,
}


@dataclass(frozen=True, slots=True)
class Due:
    """What a purge finds: numbers alone."""

    asked: Sequence[int]
    kept_long_enough: Sequence[int]
    files: int
    clock_is_new: bool


def erase(actor: Actor, feedback_id: int, version: int) -> None:
    """Do at once what the sender asked for. Raises `Conflict` when nobody asked, or when it was
    done before."""
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.ERASE)
        if step.feedback.erased_at is not None:
            raise Conflict("Dữ liệu cá nhân của phản ánh này đã được xóa.")
        if step.feedback.erasure_asked_at is None:
            raise Conflict("Người gửi chưa yêu cầu xóa dữ liệu cá nhân của phản ánh này.")
        paths = _erase(session, step.feedback, Why.ASKED, actor.user_id)
    _delete_files(paths)


def due(moment: datetime | None = None) -> Due:
    """What a purge would erase now."""
    moment, session = moment or clock.now(), db.session()
    asked = _ids(session, OPEN | CLOSED, Feedback.erasure_asked_at <= moment - AUTOMATIC_AFTER)
    old = _ids(session, CLOSED, or_(false(), *_kept_long_enough(moment)))
    old = [number for number in old if number not in set(asked)]
    is_new = bool(old) and not _clock_is_believed(session, moment)
    count = session.scalar(select(func.count()).where(FeedbackFile.feedback_id.in_([*asked, *old])))
    return Due(asked, old, count or 0, is_new)


def purge(moment: datetime | None = None) -> int:
    """Erase what is due; returns how many. Small transactions, safe to break off and run again.

    What was kept long enough waits while the machine's clock is new to us: a clock set forward
    by a year must not erase a year of feedback.
    """
    found = due(moment)
    if found.clock_is_new:
        log.warning("feedback.purge_waits")
    todo = [(number, Why.ASKED) for number in found.asked]
    if not found.clock_is_new:
        todo += [(number, Why.KEPT_LONG_ENOUGH) for number in found.kept_long_enough]
    done = _erase_all(todo)
    if done:
        log.info("feedback.purged", extra={"count": done})
    return done


def reapply() -> int:
    """After a restore: erase again what the list outside the backup names; returns how many."""
    listed = erasures.listed(current_settings().instance)
    found: list[int] = []
    for start in range(0, len(listed), 500):
        query = select(Feedback.id).where(
            Feedback.public_id.in_(listed[start : start + 500]), Feedback.erased_at.is_(None)
        )
        found += db.session.scalars(query)
    return _erase_all([(number, Why.AGAIN) for number in found])


def _erase_all(todo: Sequence[tuple[int, Why]]) -> int:
    done = 0
    for start in range(0, len(todo), _AT_ONCE):
        paths: list[Path] = []
        with write() as session:
            for number, why in todo[start : start + _AT_ONCE]:
                feedback = session.get(
                    Feedback, number, with_for_update=True, populate_existing=True
                )
                if feedback is None or not _is_still_due(feedback, why):
                    continue
                paths += _erase(session, feedback, why, None)
                done += 1
        _delete_files(paths)
    return done


def _is_still_due(feedback: Feedback, why: Why) -> bool:
    """Judged again inside the transaction: it may have been reopened or restricted meanwhile."""
    if feedback.erased_at is not None:
        return False
    state = State(feedback.state)
    return why is Why.AGAIN or state in CLOSED or (why is Why.ASKED and state in OPEN)


def _erase(session: Session, feedback: Feedback, why: Why, actor_id: int | None) -> list[Path]:
    """Blank one feedback inside a `write()`; returns the files to delete after it."""
    mail.take_back(session, letters.about(feedback))
    if why is Why.ASKED:
        letters.erased(session, feedback)
    had_contact, before = contacts.is_left(session, feedback.id), feedback.state
    mine = FeedbackFile.feedback_id == feedback.id
    names = list(session.scalars(select(FeedbackFile.stored_name).where(mine)))
    paths = [attachments.path_of(name) for name in names]
    if feedback.published_at is None:  # with the copy they belong to
        paths += public_pictures.remove_all(session, feedback.id)
    for table in (FeedbackContact, FeedbackFile, FeedbackMessage, FeedbackNote):
        session.execute(delete(table).where(table.feedback_id == feedback.id))
    session.execute(
        update(FeedbackEvent).where(FeedbackEvent.feedback_id == feedback.id).values(note="")
    )
    _blank(feedback)
    session.add(FeedbackEvent(
        feedback_id=feedback.id, at=clock.now(), event=Event.ERASED.value, actor_id=actor_id,
    ))  # fmt: skip
    audit.record(
        session, _EVENTS[why], actor_id=actor_id, thing=("feedback", feedback.id),
        changes={
            "why": (None, why.value),
            "state": (before, feedback.state),
            "contact": (had_contact, False),
            "files": (len(names), 0),
        },
    )  # fmt: skip
    session.flush()
    if why is not Why.AGAIN:
        erasures.note(current_settings().instance, [feedback.public_id])
    return paths


def _blank(feedback: Feedback) -> None:
    feedback.subject, feedback.body = ERASED_SUBJECT, ""
    feedback.code_hmac, feedback.form_key, feedback.text_hash = (
        secrets.token_hex(32) for _ in range(3)
    )
    feedback.external_code = feedback.draft = feedback.closing_note = None
    feedback.extension_reason = feedback.rating_note = None
    if feedback.answer is not None:
        feedback.answer = ERASED_TEXT
    if feedback.published_at is None:
        feedback.public_subject = feedback.public_question = feedback.public_answer = None
        feedback.public_folded = feedback.prepared_by = None
    if State(feedback.state) in OPEN:
        feedback.state, feedback.closed_at = State.WITHDRAWN.value, clock.now()
        feedback.paused_on = feedback.days_left = None
    feedback.erased_at = clock.now()
    feedback.version += 1


def _delete_files(paths: Iterable[Path]) -> None:
    """What a crash leaves lying here, no row names any more: the sweep of attachments takes it."""
    for path in paths:
        with suppress(FileNotFoundError):
            path.unlink()


def _ids(session: Session, states: Iterable[State], when: ColumnElement[bool]) -> list[int]:
    query = select(Feedback.id).where(
        Feedback.state.in_([state.value for state in states]), Feedback.erased_at.is_(None), when
    )
    return list(session.scalars(query.order_by(Feedback.id)))


def _kept_long_enough(moment: datetime) -> list[ColumnElement[bool]]:
    closed = func.coalesce(Feedback.closed_at, Feedback.answered_at, Feedback.received_at)
    return [
        and_(Feedback.kind == kind.value, closed <= months_before(moment, months))
        for kind in Kind
        if (months := retention_months(kind)) is not None
    ]


def retention_months(kind: Kind) -> int | None:
    """How many months after closing a kind is kept in full; None when content does not say."""
    for retention in current_settings().site.feedback.retention:
        if retention.kind == kind.value:
            return retention.months
    return None


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last day of that month."""
    number = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def _clock_is_believed(session: Session, moment: datetime) -> bool:
    """Whether the portal has already lived at about this time yesterday or in the days before."""
    short, long = _BELIEVED
    lived = select(AuditEntry.id).where(AuditEntry.at.between(moment - long, moment - short))
    return session.scalar(lived.limit(1)) is not None
