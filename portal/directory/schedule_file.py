"""The `schedule:` of a line in `content/hotlines.yaml`.

schedule: {always: true}

schedule:
  week:
    - {days: mon-fri, hours: "07:30-11:30, 13:00-17:00"}
    - {days: sat, hours: "07:30-11:30"}
  holidays: false
"""

from __future__ import annotations

from typing import Any

from portal.core.content import Entry, check
from portal.core.content_fields import Fields
from portal.directory.schedule import WEEKDAYS, HoursError, Schedule, Span, parse_spans


def read_schedule(fields: Fields) -> dict[str, Any] | None:
    """The schedule of an entry as it is stored, None when there is none or a fault was found."""
    value = fields.entry.get("schedule")
    if value is None:
        return None
    if not isinstance(value, Entry):
        fields.fault("schedule", "is not a mapping with 'always' or 'week'")
        return None
    if not check(value, required=(), optional=("always", "week", "holidays"), report=fields.report):
        return None
    inside = Fields(value, fields.report)
    holidays = inside.flag("holidays")
    if inside.flag("always"):
        if set(value) != {"always"}:
            inside.fault("always", "says all; leave out the rest")
        return Schedule(always=True).stored()
    week = _week(inside)
    if not any(week):
        fields.fault("schedule", "names no hours; leave it out while they are not known")
    return Schedule(week, holidays=holidays).stored()


def _week(fields: Fields) -> tuple[tuple[Span, ...], ...]:
    week: list[tuple[Span, ...]] = [()] * len(WEEKDAYS)
    rows = fields.entry.get("week", [])
    if not isinstance(rows, list) or not all(isinstance(row, Entry) for row in rows):
        fields.fault("week", "is not a list of mappings with 'days' and 'hours'")
        return tuple(week)
    for row in rows:
        if not check(row, required=("days", "hours"), optional=(), report=fields.report):
            continue
        inside = Fields(row, fields.report)
        spans = _spans(inside)
        for number in _days(inside):
            if week[number]:
                inside.fault("days", f"names {WEEKDAYS[number]} a second time")
            week[number] = spans
    return tuple(week)


def _days(fields: Fields) -> range:
    """`mon-fri` or `sat`."""
    first, _, last = fields.text("days").partition("-")
    last = last or first
    if first in WEEKDAYS and last in WEEKDAYS and WEEKDAYS.index(first) <= WEEKDAYS.index(last):
        return range(WEEKDAYS.index(first), WEEKDAYS.index(last) + 1)
    fields.fault("days", "is not like mon-fri or sat")
    return range(0)


def _spans(fields: Fields) -> tuple[Span, ...]:
    text = fields.text("hours")
    try:
        spans = parse_spans(text)
    except HoursError:
        fields.fault("hours", f"is not like 07:30-11:30, 13:00-17:00: {text[:40]!r}")
        return ()
    if not spans and text:
        fields.fault("hours", "names no hours; leave the day out")
    return spans
