"""By when something is to be done about a feedback, and how that day comes about.

Terms are working days of `settings.calendar`. The day of receipt does not count, at whatever hour
and on whatever day it falls (Civil Code 91/2015/QH13, Article 147, 3): the first day that counts
is the next working day, and the term ends with the whole last day (Article 148). All functions
are pure; whoever moves `due_on` also sets `warned` back to 0, so that warnings follow the new day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.core import clock
from portal.core.settings import Settings
from portal.core.site_config import SiteConfig
from portal.core.working_days import Computation, WorkCalendar
from portal.feedback.models import Feedback, Kind

FALLBACK_DAYS = 10
FORWARD = "forward"  # passing on what another authority is competent for
DENUNCIATION = "denunciation"  # passing on what turned out to be a denunciation (tố cáo)
DENUNCIATION_CHECK = "denunciation_check"  # its first examination
SOON_DAYS = 2
_FORWARD_DAYS = {
    FORWARD: (5, "Nghị định số 20/2008/NĐ-CP (đã được sửa đổi, bổ sung)"),
    DENUNCIATION: (5, "Luật Tố cáo số 25/2018/QH14, Điều 24 (đã được sửa đổi, bổ sung)"),
    DENUNCIATION_CHECK: (7, "Luật Tố cáo số 25/2018/QH14, Điều 24 (đã được sửa đổi, bổ sung)"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """The time something may take, and where that number comes from."""

    working_days: int
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """What is kept while a clock stands still: `days_left` working days after `paused_on`."""

    paused_on: date
    days_left: int


def limit_for(kind: Kind | str, site: SiteConfig) -> Limit:
    """The limit for a kind of feedback, `FORWARD` or `DENUNCIATION`, from site.toml."""
    for limit in site.feedback.limits:
        if limit.kind == kind:
            return Limit(limit.working_days, limit.source, limit.certainty == "verified")
    if kind in _FORWARD_DAYS:
        return Limit(*_FORWARD_DAYS[kind], verified=False)
    return Limit(FALLBACK_DAYS, "Đề xuất của cơ quan", verified=False)


def computation(kind: Kind | str, received: date, settings: Settings) -> Computation:
    """How the day comes about by which a feedback received on `received` is to be answered (or,
    for `FORWARD` and `DENUNCIATION`, passed on)."""
    return settings.calendar.compute(received, limit_for(kind, settings.site).working_days)


def due_on(kind: Kind | str, received: date, settings: Settings) -> date:
    """The day by which a feedback of `kind`, received on `received`, is to be answered."""
    return computation(kind, received, settings).end


def forward_by(received: date, settings: Settings) -> date:
    """The day by which what is another authority's is to be passed on."""
    return due_on(FORWARD, received, settings)


def pause(due: date, today: date, calendar: WorkCalendar) -> Pause:
    """Stop the clock today; today itself counts as used."""
    return Pause(today, calendar.between(today, due))


def resume(due: date, paused: Pause, today: date, calendar: WorkCalendar) -> date:
    """The due day after the clock goes on today: the days that were left, from tomorrow on.

    Who pauses and goes on in one day gains nothing, and what was late when it was paused stays
    late. Who paused on the very last day gets one working day: the day on which the citizen
    answered does not count (Article 147).
    """
    if today <= paused.paused_on or due < paused.paused_on:
        return due
    return max(due, calendar.add(today, max(1, paused.days_left)))


def extended(due: date, days: int, calendar: WorkCalendar) -> Computation:
    """The new term after `days` more working days, counted from the day that was promised."""
    return calendar.compute(due, days)


def days_left(due: date, today: date, calendar: WorkCalendar) -> int:
    """Working days after today and until the due day; below 0 by how many it is late."""
    if due < today:
        return -calendar.between(due, today)
    return calendar.between(today, due)


def is_late(due: date, today: date) -> bool:
    """Whether the last day is over: a term ends with the whole of its last day."""
    return due < today


def soon(today: date, calendar: WorkCalendar) -> date:
    """The last due day that officers are to look at now."""
    return max(calendar.add(today, SOON_DAYS), today + timedelta(days=SOON_DAYS))


def received_on(feedback: Feedback) -> date:
    """The day a feedback came: for one entered on somebody's behalf, the day that was told."""
    return feedback.came_on or clock.to_local(feedback.received_at).date()


def explain(received: date, due: date, settings: Settings) -> Computation:
    """How a stored due day relates to the day of receipt (`received_on`), for pages and letters.

    Counts what lies between the two, so it is also right after a change of kind or an extension.
    """
    calendar = settings.calendar
    return calendar.compute(received, calendar.between(received, due))
