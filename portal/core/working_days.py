"""Working days in Vietnam: which days count, and how a due date comes about.

Three sources, the later one overrules the earlier one:

1. Saturday and Sunday are off (Labour Code 45/2019/QH14, Article 111).
2. Public holidays of the package `holidays`: Article 112, with Tết as one day before and four
   after the new year, National Day with its neighbour, days in lieu of those on a weekend, and
   the swaps of working days it knows of. For years whose plan the Prime Minister has not yet
   decided (Article 112, 3) this is the usual plan.
3. `content/calendar.yaml`: what the agency knows better (`portal.core.work_calendar`).

What is marked unverified in the third counts as an ordinary day of the week, whatever the package
says of it: a due date may then be earlier than the law demands, never later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from holidays.countries.vietnam import Vietnam

from portal.core.certainty import Certainty

LABOUR_CODE = "Bộ luật Lao động số 45/2019/QH14, Điều 112"
WEEKEND_SOURCE = "Bộ luật Lao động số 45/2019/QH14, Điều 111"
MAKE_UP = "Ngày làm bù"
FIRST_YEAR, LAST_YEAR = 2000, 2099  # the lunar calendar of the package ends in 2100
_ONE = timedelta(days=1)
_SATURDAY = 5
_WEEKEND = {5: "thứ Bảy", 6: "Chủ nhật"}


@dataclass(frozen=True, slots=True)
class DayNote:
    """Why a day is off (or, for a make-up day, worked), and who says so."""

    day: date
    why: str
    source: str
    is_weekend: bool = False  # off for no other reason than being a Saturday or Sunday


@dataclass(frozen=True, slots=True)
class Computation:
    """How a due date was computed. `start` itself does not count (Civil Code 91/2015/QH13,
    Article 147, 3); the term ends with the whole day `end` (Article 148)."""

    start: date
    working_days: int
    end: date
    left_out: tuple[DayNote, ...]
    made_up: tuple[DayNote, ...]

    @property
    def first(self) -> date:
        """The first day that counts (`start` when none does)."""
        day = self.start
        passed = {note.day for note in self.left_out}
        while day < self.end:
            day += _ONE
            if day not in passed:
                break
        return day

    @property
    def weekend_days(self) -> int:
        """How many Saturdays and Sundays were passed over."""
        return sum(note.is_weekend for note in self.left_out)

    @property
    def holidays(self) -> tuple[DayNote, ...]:
        """The other days that were passed over."""
        return tuple(note for note in self.left_out if not note.is_weekend)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What an agency says of one day."""

    day: date
    kind: Literal["closed", "working"]
    why: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class HolidayEntry:
    """What an agency says of a yearly holiday that the package knows by `name`."""

    name: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of the agency. Days outside of 2000 to 2099 know weekends alone."""

    entries: tuple[CalendarEntry, ...] = ()
    holidays: tuple[HolidayEntry, ...] = ()
    _years: dict[int, tuple[Mapping[date, DayNote], Mapping[date, DayNote]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def off(self, day: date) -> DayNote | None:
        """Why nobody works on `day`, or None on a working day."""
        off, worked = self._year(day.year)
        if day in off:
            return off[day]
        if day.weekday() >= _SATURDAY and day not in worked:
            return DayNote(day, _WEEKEND[day.weekday()], WEEKEND_SOURCE, is_weekend=True)
        return None

    def is_working(self, day: date) -> bool:
        """Whether `day` counts as a working day."""
        return self.off(day) is None

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is off for more than being a weekend: also for a holiday that falls on a
        Saturday or Sunday, which moves no due date but closes a counter."""
        note = self.off(day)
        if note is None or not note.is_weekend:
            return note is not None
        doubtful = [h.name for h in self.holidays if h.certainty is Certainty.UNVERIFIED]
        name = holidays_on_weekends(day.year).get(day)
        return name is not None and holiday_name(name) not in doubtful

    def compute(self, start: date, days: int) -> Computation:
        """The last of `days` working days, counted from the day after `start`, and how it came
        about. No days at all end on `start`."""
        day, left = start, days
        left_out: list[DayNote] = []
        made_up: list[DayNote] = []
        while left > 0:
            day += _ONE
            note = self.off(day)
            if note:
                left_out.append(note)
                continue
            left -= 1
            if day.weekday() >= _SATURDAY:
                made_up.append(self._year(day.year)[1][day])
        return Computation(start, days, day, tuple(left_out), tuple(made_up))

    def add(self, start: date, days: int) -> date:
        """The last of `days` working days, counted from the day after `start`."""
        return self.compute(start, days).end

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` and not after `end`; 0 when `end` is past."""
        days = max(0, (end - start).days)
        return sum(self.is_working(start + _ONE * (n + 1)) for n in range(days))

    def on_or_after(self, day: date) -> date:
        """`day`, or the first working day after it."""
        while not self.is_working(day):
            day += _ONE
        return day

    def on_or_before(self, day: date) -> date:
        """`day`, or the last working day before it."""
        while not self.is_working(day):
            day -= _ONE
        return day

    def _year(self, year: int) -> tuple[Mapping[date, DayNote], Mapping[date, DayNote]]:
        """Days off (weekends apart) and make-up days of a year, worked out once."""
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._work_out(year)
        return found

    def _work_out(self, year: int) -> tuple[Mapping[date, DayNote], Mapping[date, DayNote]]:
        off, worked = public_holidays(year)
        doubtful = [h.name for h in self.holidays if h.certainty is Certainty.UNVERIFIED]
        named = {h.name: h.source for h in self.holidays}
        for day, note in list(off.items()):
            name = holiday_name(note.why)
            if name in doubtful:
                del off[day]
            elif name in named:
                off[day] = DayNote(day, note.why, named[name])
        for entry in self.entries:
            if entry.day.year != year:
                continue
            off.pop(entry.day, None)
            worked.pop(entry.day, None)
            if entry.certainty is not Certainty.UNVERIFIED:
                note = DayNote(entry.day, entry.why, entry.source)
                (off if entry.kind == "closed" else worked)[entry.day] = note
        return off, worked


def public_holidays(year: int) -> tuple[dict[date, DayNote], dict[date, DayNote]]:
    """What the package knows of a year: days off on weekdays, and make-up days on weekends."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}, {}
    # A swap is listed in the year of its day off; the make-up day may lie in the year before.
    known = Vietnam(years=(year - 1, year, year + 1), language="vi")  # type: ignore[no-untyped-call]
    off = {
        day: DayNote(day, name, LABOUR_CODE)
        for day, name in known.items()
        if day.year == year and day.weekday() < _SATURDAY
    }
    worked = {
        day: DayNote(day, MAKE_UP, LABOUR_CODE)
        for day in known.weekend_workdays
        if day.year == year
    }
    return off, worked


@lru_cache(maxsize=16)
def holidays_on_weekends(year: int) -> Mapping[date, str]:
    """The names of public holidays of a year that fall on a Saturday or Sunday."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    known = Vietnam(years=year, language="vi")  # type: ignore[no-untyped-call]
    return {day: name for day, name in known.items() if day.weekday() >= _SATURDAY}


def holiday_name(why: str) -> str:
    """The holiday that a day off is for: `Quốc khánh (nghỉ bù)` is for `Quốc khánh`."""
    return why.partition(" (")[0]
