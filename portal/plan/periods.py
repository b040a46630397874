"""Months, quarters and the like of one year, and how far a target is in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.plan.models import Counted, PlanTask, TargetPeriod

MONTHS = 12
_LENGTHS = {TargetPeriod.MONTH: 1, TargetPeriod.QUARTER: 3, TargetPeriod.HALF_YEAR: 6}
_ROMAN = ("I", "II", "III", "IV")
Monthly = Sequence[int]
"""How much evidence each of the twelve months of a year has."""


class Standing(StrEnum):
    """How a target stands in a period."""

    MET = "met"
    RUNNING = "running"
    MISSED = "missed"
    COMING = "coming"


STANDING_NAMES: dict[Standing, str] = {
    Standing.MET: "đạt",
    Standing.RUNNING: "còn thời gian",
    Standing.MISSED: "chưa đạt",
    Standing.COMING: "chưa đến kỳ",
}


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months of one year: `first` and `last` are days, both inside."""

    name: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.first <= day <= self.last

    def count(self, monthly: Monthly) -> int:
        """What `monthly`, of the same year, says of this period."""
        return sum(monthly[self.first.month - 1 : self.last.month])


@dataclass(frozen=True, slots=True)
class Progress:
    """A target in one period."""

    period: Period
    done: int
    target: int
    standing: Standing


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    following = date(year + month // MONTHS, month % MONTHS + 1, 1)
    return following - timedelta(days=1)


def span(name: str, year: int, first: int, last: int) -> Period:
    """The months `first` to `last` of a year."""
    return Period(name, date(year, first, 1), last_of_month(year, last))


def periods(every: TargetPeriod, year: int) -> list[Period]:
    """The periods of a year, in order; together they are the whole year."""
    length = _LENGTHS.get(every, MONTHS)
    starts = range(1, MONTHS + 1, length)
    return [span(_name(every, start, year), year, start, start + length - 1) for start in starts]


def period_of(every: TargetPeriod, day: date) -> Period:
    """The period in which `day` lies."""
    return next(period for period in periods(every, day.year) if period.holds(day))


def quarter_of(day: date) -> Period:
    """The quarter in which `day` lies."""
    return period_of(TargetPeriod.QUARTER, day)


def quarter_before(day: date) -> Period:
    """The quarter that ended before the one of `day`."""
    return quarter_of(quarter_of(day).first - timedelta(days=1))


def task_periods(task: PlanTask, year: int) -> list[Period]:
    """The periods in which a task of the plan of `year` must reach its target. A period in which
    the task is at work for a part only is left out, but for a task without a whole one."""
    every = TargetPeriod(task.target_period)
    begin = max(task.starts_on or date(year, 1, 1), date(year, 1, 1))
    end = min(task.due_on or date(year, MONTHS, 31), date(year, MONTHS, 31))
    if end < begin:
        return []
    whole = span("Cả thời gian của nhiệm vụ", year, begin.month, end.month)
    if every is TargetPeriod.WHOLE:
        return [whole]
    return [p for p in periods(every, year) if begin <= p.first and p.last <= end] or [whole]


def progress(task: PlanTask, year: int, monthly: Monthly, today: date) -> list[Progress]:
    """How the target of a task stands in each of its periods; nothing without a target that
    evidence can be counted against."""
    if not task.target or task.counted == Counted.BY_HAND:
        return []
    found = []
    for period in task_periods(task, year):
        done = period.count(monthly)
        standing = _standing(period, done >= task.target, today)
        found.append(Progress(period, done, task.target, standing))
    return found


def current(all_periods: Sequence[Progress], today: date) -> Progress | None:
    """The one that people look at on `today`: of this day, else the last that ended."""
    for one in all_periods:
        if one.period.holds(today):
            return one
    ended = [one for one in all_periods if one.period.last < today]
    return ended[-1] if ended else None


def last_missed(all_periods: Sequence[Progress], today: date) -> Progress | None:
    """The period that ended last, when its target was missed."""
    ended = [one for one in all_periods if one.period.last < today]
    return ended[-1] if ended and ended[-1].standing is Standing.MISSED else None


def _standing(period: Period, met: bool, today: date) -> Standing:
    if met:
        return Standing.MET
    if today < period.first:
        return Standing.COMING
    return Standing.RUNNING if today <= period.last else Standing.MISSED


def _name(every: TargetPeriod, start: int, year: int) -> str:
    if every is TargetPeriod.MONTH:
        return f"tháng {start}/{year}"
    if every is TargetPeriod.QUARTER:
        return f"quý {_ROMAN[start // 3]}/{year}"
    if every is TargetPeriod.HALF_YEAR:
        return f"6 tháng {'đầu' if start == 1 else 'cuối'} năm {year}"
    return f"năm {year}"
