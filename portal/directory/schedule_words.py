"""Hours of a line in words: the week for reading, and what holds just now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from portal.directory.schedule import DAY, Schedule, Span, Standing

DAY_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
ALWAYS = "Mọi lúc, cả ngày lễ, tết"
OPEN, CLOSED = "Đang trực", "Ngoài giờ"
_NAMED_DAYS = 6  # further away a weekday would be taken for the one of this week


def in_words(schedule: Schedule) -> str:
    """`Thứ Hai đến thứ Sáu: 07:30 đến 11:30, 13:00 đến 17:00. Nghỉ ngày lễ, tết.`"""
    if schedule.always:
        return ALWAYS
    said = [f"{_first_big(days)}: {_hours(spans)}" for days, spans in _groups(schedule)]
    said.append("Trực cả ngày lễ, tết" if schedule.holidays else "Nghỉ ngày lễ, tết")
    return ". ".join(said)


def standing_words(standing: Standing, at: datetime) -> str:
    """`Đang trực, đến 17:00` or `Ngoài giờ, mở lại 07:30 thứ Hai`. The words name days, never
    "tomorrow": a page that lies open over midnight must not begin to lie."""
    state = OPEN if standing.is_open else CLOSED
    if standing.until is None:
        return state
    until = standing.until
    if (
        standing.is_open
        and until.hour == until.minute == 0
        and (until.date() - at.date()).days == 1
    ):
        return f"{state}, đến 24:00"
    when = f"{until:%H:%M}"
    days = (until.date() - at.date()).days
    if days > _NAMED_DAYS:
        when += f" ngày {until:%d/%m/%Y}"
    elif days:
        when += f" {DAY_NAMES[until.weekday()]}"
    return f"{state}, {'đến' if standing.is_open else 'mở lại'} {when}"


def _groups(schedule: Schedule) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Days that follow one another with the same hours, and these hours."""
    days = enumerate(schedule.week)
    for spans, group in groupby(days, key=lambda pair: pair[1]):
        numbers = [number for number, _ in group]
        if spans:
            first, last = DAY_NAMES[numbers[0]], DAY_NAMES[numbers[-1]]
            yield (first if first == last else f"{first} đến {last}"), spans


def _hours(spans: tuple[Span, ...]) -> str:
    return ", ".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    begin, end = span
    if (begin, end) == (0, DAY):
        return "cả ngày"
    next_day = " hôm sau" if end > DAY else ""
    return f"{_time(begin)} đến {_time(end if end == DAY else end % DAY)}{next_day}"


def _time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _first_big(text: str) -> str:
    return text[0].upper() + text[1:]
