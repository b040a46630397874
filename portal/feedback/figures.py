"""Figures of feedback, from days and classes alone: no word and no person is read.

For the public page: `public_figures(session, months=12)`, each month with what was received and
answered, how much of it in time, and how content people were. Denunciations are in no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from statistics import median

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.working_days import WorkCalendar
from portal.feedback.deadlines import is_late
from portal.feedback.models import Feedback
from portal.feedback.states import OPEN, State

FEWEST_RATINGS = 3  # of fewer, a figure would tell what one person said
CONTENT = 2  # of 1 to 3: content or very content (Circular 01/2018/TT-VPCP)
_KEEP = timedelta(minutes=5)
_NEVER = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """What figures know of one feedback."""

    received: date
    due: date
    state: State
    kind: str
    channel: str
    unit_code: str | None
    procedure_code: str | None
    about_unit: str | None
    answered: date | None
    rating: int | None

    @property
    def in_time(self) -> bool:
        """Answered within the term."""
        return self.answered is not None and self.answered <= self.due

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month for the public: what came, what was answered (whenever it had come), how much of
    that in time, and of the answers that were rated how many per cent content."""

    month: date  # its first day
    received: int
    answered: int
    on_time: int
    rated: int
    satisfied_percent: int | None  # None: fewer than three ratings, which are not shown


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a number of feedbacks: they are answered, refused, forwarded, withdrawn or
    waiting. `overdue` are those that wait although their term is over."""

    received: int
    answered: int
    on_time: int
    late: int
    waiting: int
    overdue: int
    refused: int
    forwarded: int
    withdrawn: int
    median_days: float | None  # working days from receipt to answer, pauses included
    rated: int
    satisfied_percent: int | None


def public_figures(session: Session, months: int = 12) -> Sequence[MonthFigures]:
    """The last `months` months, the present one first; at most one statement, and none when
    this process counted in the last five minutes."""
    kept = current_app.extensions.setdefault("feedback_figures", {})
    moment = clock.now()
    counted: tuple[datetime, Sequence[MonthFigures]] | None = kept.get(months)
    if counted is None or not timedelta(0) <= moment - counted[0] < _KEEP:
        counted = kept[months] = (moment, _by_month(session, months))
    return counted[1]


def cases(session: Session, *conditions: ColumnElement[bool]) -> list[Case]:
    """The feedbacks that fit, without denunciations; one statement."""
    query = select(
        Feedback.received_at, Feedback.came_on, Feedback.due_on, Feedback.state, Feedback.kind,
        Feedback.channel, Feedback.unit_code, Feedback.procedure_code, Feedback.about_unit_code,
        Feedback.answered_at, Feedback.rating, Feedback.rated_at,
    ).where(Feedback.state != State.RESTRICTED.value, *conditions)  # fmt: skip
    return [
        Case(
            row.came_on or _day(row.received_at), row.due_on, State(row.state), row.kind,
            row.channel, row.unit_code, row.procedure_code, row.about_unit_code,
            _day(row.answered_at) if row.answered_at else None,
            # A rating of an answer that was replaced since says nothing of the new one.
            row.rating if row.answered_at and (row.rated_at or _NEVER) >= row.answered_at else None,
        )
        for row in session.execute(query)
    ]  # fmt: skip


def received_between(first: date, last: date) -> ColumnElement[bool]:
    """Came on one of these days: by the day that was told, else by the moment of receipt."""
    start, end = _moment(first), _moment(last + timedelta(days=1))
    at = and_(Feedback.received_at >= start, Feedback.received_at < end)
    told = Feedback.came_on.between(first, last)
    return or_(told, and_(Feedback.came_on.is_(None), at))


def count(found: Sequence[Case], calendar: WorkCalendar, today: date) -> Figures:
    """What became of these."""
    answered = [case for case in found if case.answered is not None]
    in_time = sum(case.in_time for case in answered)
    waiting = [case for case in found if case.is_open]
    between = cache(calendar.between)
    days = [between(case.received, case.answered) for case in answered if case.answered]
    rated, percent = _content(answered)
    by_state = [case.state for case in found]
    return Figures(
        received=len(found), answered=len(answered), on_time=in_time,
        late=len(answered) - in_time, waiting=len(waiting),
        overdue=sum(is_late(c.due, today) and c.state is not State.WAITING for c in waiting),
        refused=by_state.count(State.REFUSED), forwarded=by_state.count(State.FORWARDED),
        withdrawn=by_state.count(State.WITHDRAWN),
        median_days=float(median(days)) if days else None, rated=rated, satisfied_percent=percent,
    )  # fmt: skip


def _by_month(session: Session, months: int) -> Sequence[MonthFigures]:
    firsts = _firsts(clock.today(), months)
    since = _moment(firsts[-1])
    fresh = or_(
        Feedback.received_at >= since, Feedback.answered_at >= since,
        Feedback.came_on >= firsts[-1],
    )  # fmt: skip
    found = cases(session, fresh)
    came = [case.received.replace(day=1) for case in found]
    answers: dict[date, list[Case]] = {first: [] for first in firsts}
    for case in found:
        if case.answered and (month := case.answered.replace(day=1)) in answers:
            answers[month].append(case)
    return [_month(first, came.count(first), answers[first]) for first in firsts]


def _month(first: date, received: int, answered: Sequence[Case]) -> MonthFigures:
    rated, percent = _content(answered)
    on_time = sum(case.in_time for case in answered)
    return MonthFigures(first, received, len(answered), on_time, rated, percent)


def _content(answered: Iterable[Case]) -> tuple[int, int | None]:
    """How many were rated, and how many per cent of them are content."""
    ratings = [case.rating for case in answered if case.rating is not None]
    if len(ratings) < FEWEST_RATINGS:
        return len(ratings), None
    return len(ratings), round(100 * sum(r >= CONTENT for r in ratings) / len(ratings))


def _firsts(today: date, months: int) -> list[date]:
    """The first days of the last months, the present one first."""
    start = 12 * today.year + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(start, start - months, -1)]


def _day(moment: datetime) -> date:
    return clock.to_local(moment).date()


def _moment(day: date) -> datetime:
    return clock.from_local(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - local
