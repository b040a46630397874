"""The week of a line: when somebody answers, and whether it is so at a given moment.

Plain arithmetic on the wall clock of the agency, which knows no summer time. What a day is (a
holiday, a made-up day) is asked of whoever calls, so that this stays the same for every calendar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import pairwise
from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
MOST_SPANS = 6
_OFFICE_DAYS = 5
# Tết with the weekends around it is under two weeks; a line of one day a week may lose two.
_LOOK_AHEAD = 40
_SPAN = re.compile(
    r"([0-9]{1,2})(?:\s*(?:[:hg]|giờ)\s*([0-9]{2})?)?\s*(?:-|–|—|~|đến|tới)\s*"
    r"([0-9]{1,2})(?:\s*(?:[:hg]|giờ)\s*([0-9]{2})?)?"
)
_WHOLE_DAY = {"cả ngày", "24/24", "24/24h", "24h"}
_CLOSED = {"", "nghỉ", "không", "không trực", "-"}

Span = tuple[int, int]
"""Minutes from midnight of the day it belongs to; the end may lie in the next day."""


class DayKind(Enum):
    """What the calendar says of a day."""

    USUAL = "usual"
    HOLIDAY = "holiday"
    MADE_UP = "made_up"  # a day of the weekend on which offices work for a day off


Calendar = Callable[[date], DayKind]


class HoursError(ValueError):
    """Hours that cannot be read; `message` is Vietnamese, for the person who typed them."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Schedule:
    """Hours of each day from Monday on. `always`: day and night, whatever the day. `holidays`:
    the week holds on holidays too."""

    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    always: bool = False
    holidays: bool = False

    @property
    def is_blank(self) -> bool:
        """Nothing is known: neither hours nor that it is always answered."""
        return not self.always and not any(self.week)

    def stored(self) -> dict[str, Any] | None:
        """As a JSON column keeps it; None when nothing is known."""
        if self.is_blank:
            return None
        if self.always:
            return {"always": True}
        week = {
            name: [written(span) for span in spans]
            for name, spans in zip(WEEKDAYS, self.week, strict=True)
            if spans
        }
        return {"week": week, "holidays": self.holidays}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a line is answered, and until when (None: nobody can say, or for ever)."""

    is_open: bool
    until: datetime | None


def read(stored: Mapping[str, Any] | None) -> Schedule | None:
    """The schedule of a JSON column; None when nothing is known."""
    if not stored:
        return None
    if stored.get("always"):
        return Schedule(always=True)
    week = stored.get("week", {})
    days = tuple(parse_spans(", ".join(week.get(name, ()))) for name in WEEKDAYS)
    return Schedule(days, holidays=bool(stored.get("holidays")))


def parse_spans(text: str) -> tuple[Span, ...]:
    """The hours of one day as people write them: `7:30-11:30, 13h đến 17h`. Empty: closed.

    An end that is not after its begin lies in the next day. Raises `HoursError`.
    """
    text = " ".join(text.lower().split())
    if text in _CLOSED:
        return ()
    if text in _WHOLE_DAY:
        return ((0, DAY),)
    parts = [part.strip() for part in re.split(r"[,;]| và ", text)]
    if len(parts) > MOST_SPANS:
        raise HoursError(f"Một ngày ghi nhiều nhất {MOST_SPANS} khoảng giờ.")
    spans = sorted(_span(part) for part in parts)
    for (_, end), (begin, _) in pairwise(spans):
        if begin < end:
            raise HoursError("Hai khoảng giờ trong một ngày trùng nhau. Bạn xem lại giờ.")
    return tuple(spans)


def written(span: Span) -> str:
    """`07:30-11:30`, as it is stored and as it can be typed again."""
    begin, end = span
    return f"{_clock(begin)}-{_clock(end if end == DAY else end % DAY)}"


def spans_on(schedule: Schedule, day: date, kind: DayKind) -> tuple[Span, ...]:
    """The hours that begin on `day`. On a made-up day without hours of its own the office's hours
    hold, when Monday to Friday agree on them; otherwise nothing is guessed."""
    if schedule.always:
        return ((0, DAY),)
    own = schedule.week[day.weekday()]
    if kind is DayKind.HOLIDAY and not schedule.holidays:
        return ()
    if kind is DayKind.MADE_UP and not own:
        office = set(schedule.week[:_OFFICE_DAYS])
        return office.pop() if len(office) == 1 else ()
    return own


def standing_at(schedule: Schedule, at: datetime, calendar: Calendar) -> Standing:
    """Whether the line is answered at `at`, a naive time of the agency's wall clock."""
    if schedule.always:
        return Standing(is_open=True, until=None)
    last = at + timedelta(days=_LOOK_AHEAD - 2)
    for begin, end in _stretches(schedule, at.date() - timedelta(days=1), calendar):
        if begin <= at < end:
            return Standing(is_open=True, until=end if end < last else None)
        if at < begin:
            return Standing(is_open=False, until=begin)
    return Standing(is_open=False, until=None)


def _stretches(
    schedule: Schedule, first: date, calendar: Calendar
) -> Iterator[tuple[datetime, datetime]]:
    """Times in which somebody answers, in order; what touches is one."""
    begin = end = None
    for number in range(_LOOK_AHEAD + 1):
        day = first + timedelta(days=number)
        midnight = datetime.combine(day, time())
        for start, stop in spans_on(schedule, day, calendar(day)):
            starts = midnight + timedelta(minutes=start)
            stops = midnight + timedelta(minutes=stop)
            if begin is None or end is None:
                begin, end = starts, stops
            elif starts <= end:
                end = max(end, stops)
            else:
                yield begin, end
                begin, end = starts, stops
    if begin is not None and end is not None:
        yield begin, end


def _span(text: str) -> Span:
    if text in _WHOLE_DAY:
        return 0, DAY
    found = _SPAN.fullmatch(text)
    if not found:
        raise HoursError("Ghi giờ dạng 7:30-11:30, 13:00-17:00; ngày không trực thì để trống.")
    begin = _minutes(found[1], found[2])
    end = _minutes(found[3], found[4])
    if begin in (end, DAY):
        raise HoursError("Giờ bắt đầu và giờ kết thúc trùng nhau. Trực cả ngày thì ghi 0:00-24:00.")
    return begin, end if end > begin else end + DAY


def _minutes(hours: str, minutes: str | None) -> int:
    total = int(hours) * 60 + int(minutes or 0)
    if int(minutes or 0) > 59 or total > DAY:
        raise HoursError("Giờ từ 0:00 đến 24:00, phút từ 00 đến 59.")
    return total


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
