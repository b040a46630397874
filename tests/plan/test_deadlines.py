"""Report deadlines, against a day-by-day computation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.settings import ROOT
from portal.core.work_calendar import load_work_calendar
from portal.plan.deadlines import deadlines, next_due
from tests.support import second_calendar as second

DAYS = ["03-09", "06-09", "09-09", "12-09"]
CALENDAR = load_work_calendar(ROOT / "content")
dates = st.dates(date(2021, 1, 1), date(2030, 12, 31))


def by_hand(days: list[str], today: date) -> date:
    """Walk over the calendar, noting each due day on the working day that closes it."""
    due = set()
    for offset in range(800):
        day = today + timedelta(days=offset - 10)
        if day.strftime("%m-%d") in days:
            while not second.works(day):
                day -= timedelta(days=1)
            due.add(day)
    return min(day for day in due if day >= today)


@given(dates, st.lists(st.sampled_from(DAYS), min_size=1, unique=True))
def test_the_next_due_day_is_the_one_found_by_hand(today: date, days: list[str]) -> None:
    assert next_due(days, today, CALENDAR) == by_hand(days, today)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 22), date(2026, 12, 9)),
        (date(2026, 12, 9), date(2026, 12, 9)),
        (date(2026, 12, 10), date(2027, 3, 9)),
        (date(2028, 9, 1), date(2028, 9, 8)),  # the ninth is a Saturday
        (date(2028, 9, 9), date(2028, 12, 8)),
    ],
)
def test_known_days(today: date, expected: date) -> None:
    assert next_due(DAYS, today, CALENDAR) == expected


def test_a_report_without_days_has_no_date() -> None:
    (report,) = deadlines([{"period": "year", "due": []}], date(2026, 1, 1), CALENDAR)
    assert (report.name, report.next_due) == ("Báo cáo năm", None)
