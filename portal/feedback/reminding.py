"""Terms that run out: letters at half of the time, at one working day and to the head when late.

What was told is written beside the feedback in the transaction that puts the letter into the
outbox, so nothing is told twice and nothing gets lost: not by a restart, not by a mail server
that is down, not by days in which the portal stood still (then only the last step is told).
When the term moved, by an extension or after a pause, the steps begin anew by themselves.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any

from flask import current_app
from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, selectinload

from portal.accounts.models import User
from portal.accounts.permissions import Role, may
from portal.core import audit, clock, mail
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.settings import Settings, current_settings
from portal.feedback import deadlines
from portal.feedback.models import Feedback
from portal.feedback.states import OPEN, State

log = logging.getLogger(__name__)
FROM_HOUR = 6  # of the agency's clock
_AT_ONCE = 200
_DRIFT = timedelta(minutes=10)
_RUNNING = OPEN - {State.WAITING} | {State.RESTRICTED}


class Warned(IntEnum):
    """What was told about a term; `Feedback.warned`."""

    NOTHING = 0
    HALF = 1
    ONE_DAY = 2
    LATE = 3


# For the desk and for subjects of letters.
WARNED_NAMES: dict[Warned, str] = {
    Warned.NOTHING: "chưa đến lúc nhắc",
    Warned.HALF: "đã nhắc: hết nửa thời hạn",
    Warned.ONE_DAY: "đã nhắc: còn một ngày làm việc",
    Warned.LATE: "đã báo người đứng đầu: quá hạn",
}
_SUBJECTS: dict[Warned, str] = {
    Warned.HALF: "phản ánh đã hết nửa thời hạn",
    Warned.ONE_DAY: "phản ánh chỉ còn một ngày làm việc",
    Warned.LATE: "phản ánh đã quá hạn",
}


@dataclass(frozen=True, slots=True)
class Term:
    """The day that counts for a feedback as it stands, and how long the term is in all."""

    due: date
    working_days: int


def run() -> int:
    """Once an hour and process, from the morning on. Returns how many steps were told."""
    moment = clock.now()
    hour = clock.to_local(moment).replace(minute=0, second=0, microsecond=0)
    if hour.hour < FROM_HOUR or current_app.extensions.get("feedback_reminded_at") == hour:
        return 0
    told = remind(moment)
    current_app.extensions["feedback_reminded_at"] = hour
    return told


def remind(moment: datetime) -> int:
    """Bring all warnings up to `moment`; returns how many steps were told."""
    session, settings, told = db.session(), current_settings(), 0
    if _is_set_back(session, moment):
        log.warning("feedback.clock_set_back")
        return 0
    today = clock.to_local(moment).date()
    wrong = [
        row.id for row in session.execute(_running()) if level(row, today, settings) != row.warned
    ]
    session.rollback()
    for start in range(0, len(wrong), _AT_ONCE):
        told += _tell(wrong[start : start + _AT_ONCE], today, settings)
    if told:
        log.info("feedback.reminded", extra={"count": told})
    return told


def term(feedback: Feedback | Row[Any], settings: Settings) -> Term:
    """The term that runs: to pass a denunciation on, to say whether what is new is ours at all
    (or pass it on), else to answer."""
    state, due, forward_by = State(feedback.state), feedback.due_on, feedback.forward_by
    if forward_by is not None and state is State.RESTRICTED:
        days = deadlines.limit_for(deadlines.DENUNCIATION, settings.site).working_days
        return Term(forward_by, days)
    if forward_by is not None and state is State.RECEIVED and forward_by < due:
        return Term(forward_by, deadlines.limit_for(deadlines.FORWARD, settings.site).working_days)
    return Term(due, deadlines.limit_for(feedback.kind, settings.site).working_days)


def level(feedback: Feedback | Row[Any], today: date, settings: Settings) -> Warned:
    """What must have been told by the morning of `today`."""
    running = term(feedback, settings)
    if deadlines.is_late(running.due, today):
        return Warned.LATE
    left = settings.calendar.between(today, running.due)
    if left <= 1:
        return Warned.ONE_DAY
    return Warned.HALF if 2 * left <= running.working_days else Warned.NOTHING


def _running() -> Select[*tuple[Any, ...]]:
    columns = (Feedback.id, Feedback.kind, Feedback.state, Feedback.due_on, Feedback.forward_by,
               Feedback.warned)  # fmt: skip
    states = [state.value for state in _RUNNING]
    return select(*columns).where(Feedback.state.in_(states)).order_by(Feedback.due_on, Feedback.id)


def _is_set_back(session: Session, moment: datetime) -> bool:
    """Whether the machine's clock is behind what it wrote itself: then nothing is judged, or
    warnings would be taken back and told again."""
    last = session.scalar(select(AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1))
    return last is not None and moment < last - _DRIFT


def _tell(ids: Sequence[int], today: date, settings: Settings) -> int:
    """Write down and tell what holds now, one letter a person and step."""
    with write() as session:
        query = select(Feedback).where(Feedback.id.in_(ids)).with_for_update()
        people = _people(session)
        post: dict[tuple[int, Warned], list[tuple[Feedback, Term]]] = {}
        told = 0
        for feedback in session.scalars(query.order_by(Feedback.due_on, Feedback.id)):
            if State(feedback.state) not in _RUNNING:
                continue
            before, now = Warned(feedback.warned), level(feedback, today, settings)
            feedback.warned = now.value
            if now <= before:
                continue
            told += 1
            for user in concerned(feedback, now, people):
                post.setdefault((user.id, now), []).append((feedback, term(feedback, settings)))
            _record(session, feedback, before, now)
        addresses = {user.id: user.email for user in people}
        for (user_id, step), found in post.items():
            _write_letter(session, addresses[user_id], step, found)
        return told


def concerned(feedback: Feedback, step: Warned, people: Iterable[User]) -> list[User]:
    """Whom a step concerns among those who may open this feedback; somebody, if anybody may.

    Who works on it, else the officers of its unit, else those of the agency; when it is late also
    the head of the unit, else of the agency. Denunciations: everybody on their road.
    """
    able = [user for user in people if may(user.actor, "feedback.view", feedback)]
    if feedback.restricted:
        return able
    mine = [user for user in able if user.id == feedback.assignee_id]
    officers = _holding(able, Role.FEEDBACK_OFFICER, feedback.unit_code)
    heads = _holding(able, Role.HEAD, feedback.unit_code)
    if step is Warned.LATE:
        return list({user.id: user for user in [*mine, *(heads or officers)]}.values())
    return mine or officers or heads


def _holding(people: Iterable[User], role: Role, unit_code: str | None) -> list[User]:
    """Who holds a role for the unit, else for the whole agency, else for any unit."""
    for units in ({unit_code} if unit_code else set(), {None}, None):
        found = [
            user for user in people
            if any(g.role is role and (units is None or g.unit_code in units)
                   for g in user.actor.grants)
        ]  # fmt: skip
        if found:
            return found
    return []


def _people(session: Session) -> Sequence[User]:
    """Everybody who may work at the desk, with their rights."""
    query = select(User).where(User.disabled_at.is_(None), User.grants.any())
    return session.scalars(query.options(selectinload(User.grants)).order_by(User.id)).all()


def _record(session: Session, feedback: Feedback, before: Warned, now: Warned) -> None:
    audit.record(
        session, AuditEvent.FEEDBACK_WARNED, actor_id=None, thing=("feedback", feedback.id),
        changes={"warned": (before.name.lower(), now.name.lower())},
    )  # fmt: skip


def _write_letter(
    session: Session, address: str, step: Warned, found: Sequence[tuple[Feedback, Term]]
) -> None:
    """Numbers and days alone: no word of a citizen is in a letter."""
    settings = current_settings()
    lines = [
        f"- Phản ánh số {one.id}, {_task(one)} {clock.format_date(running.due)}\n"
        f"  {settings.address(f'/ban-lam-viec/phan-anh/{one.id}')}"
        for one, running in found
    ]
    asked = (
        "Bạn nhận thư này vì là người xử lý hoặc người đứng đầu. Bạn giao lại việc, gia hạn có lý"
        " do hoặc trả lời người gửi trong hôm nay.\n"
        if step is Warned.LATE
        else ""
    )
    mail.enqueue(
        session, address, f"Nhắc hạn: {len(found)} {_SUBJECTS[step]}",
        f"{len(found)} {_SUBJECTS[step]}:\n\n" + "\n".join(lines) + f"\n\n{asked}"
        "Hạn tính theo ngày làm việc, đến hết ngày ghi trên.\n\n"
        f"{settings.site.site.title}, {settings.site.agency.short_name}\n"
        "(Thư gửi tự động, bạn không cần trả lời.)\n",
    )  # fmt: skip


def _task(feedback: Feedback) -> str:
    if feedback.restricted:
        return "hạn chuyển"
    return "hạn phân loại, chuyển" if feedback.state == State.RECEIVED.value else "hạn trả lời"
