"""When reports are due: days of the year, moved to the working day before a day off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.working_days import WorkCalendar

PERIOD_NAMES = {
    "quarter": "Báo cáo quý",
    "half_year": "Báo cáo 6 tháng",
    "year": "Báo cáo năm",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One kind of report: its rule in words, and the next last working day to send it."""

    name: str
    rule: str
    source: str
    next_due: date | None


def deadlines(
    reporting: Iterable[Mapping[str, Any]], today: date, calendar: WorkCalendar
) -> list[Deadline]:
    """The kinds of reports of a plan (`Plan.reporting`), each with its next due day."""
    return [
        Deadline(
            PERIOD_NAMES.get(str(item["period"]), str(item["period"])),
            str(item.get("rule", "")),
            str(item.get("source", "")),
            next_due(item["due"], today, calendar),
        )
        for item in reporting
    ]


def next_due(days: Iterable[str], today: date, calendar: WorkCalendar) -> date | None:
    """The first of the yearly `days` (MM-DD), each moved to a working day, not before `today`.

    Moved to the working day before, never later than the rule says.
    """
    found = [
        calendar.on_or_before(date.fromisoformat(f"{year}-{day}"))
        for day in days
        for year in (today.year, today.year + 1)
    ]
    return min((day for day in found if day >= today), default=None)
