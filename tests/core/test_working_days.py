"""Working days: known years, ten years against a second computation, faults of the file."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core.certainty import Certainty
from portal.core.content import Report
from portal.core.errors import SettingsError
from portal.core.settings import ROOT
from portal.core.work_calendar import load_work_calendar, read_work_calendar
from portal.core.working_days import CalendarEntry, HolidayEntry, WorkCalendar
from portal.ops.content import load_content
from tests.support import second_calendar as second

SHIPPED = load_work_calendar(ROOT / "content")
TEN_YEARS = st.dates(date(2021, 1, 1), date(2030, 10, 1))
# The leave of civil servants at Tết as it was announced: first and last weekday.
ANNOUNCED = {
    2021: ("2021-02-10", "2021-02-16"), 2022: ("2022-01-31", "2022-02-04"),
    2023: ("2023-01-20", "2023-01-26"), 2024: ("2024-02-08", "2024-02-14"),
    2025: ("2025-01-27", "2025-01-31"), 2026: ("2026-02-16", "2026-02-20"),
}  # fmt: skip


@pytest.mark.parametrize("year", range(2021, 2031))
def test_ten_years_day_by_day(year: int) -> None:
    day, wrong = date(year, 1, 1), []
    while day.year == year:
        if SHIPPED.is_working(day) != second.works(day):
            wrong.append((day, SHIPPED.off(day)))
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.parametrize(("year", "days"), ANNOUNCED.items())
def test_tet_is_the_one_that_was_announced(year: int, days: tuple[str, str]) -> None:
    first, last = map(date.fromisoformat, days)
    assert SHIPPED.between(first - timedelta(days=1), last) == 0
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    assert SHIPPED.on_or_before(before) > first - timedelta(days=4)
    assert SHIPPED.on_or_after(after) < last + timedelta(days=4)


@given(TEN_YEARS, st.integers(0, 60))
def test_a_due_day_is_the_one_lived_through(start: date, days: int) -> None:
    how = SHIPPED.compute(start, days)
    assert how.end == second.Clock(start, days).due()
    assert (how.end - start).days == days + len(how.left_out)
    assert SHIPPED.between(start, how.end) == days
    for note in how.left_out:
        assert not second.works(note.day), note
        assert note.is_weekend == (note.why in ("thứ Bảy", "Chủ nhật"))
    assert all(note.day.isoweekday() > 5 and second.works(note.day) for note in how.made_up)


@given(TEN_YEARS)
def test_neighbours_are_the_nearest_working_days(day: date) -> None:
    after, before = SHIPPED.on_or_after(day), SHIPPED.on_or_before(day)
    assert second.works(after)
    assert second.works(before)
    assert not any(second.works(before + timedelta(n)) for n in range(1, (day - before).days + 1))
    assert not any(second.works(day + timedelta(n)) for n in range((after - day).days))


def test_how_it_was_computed_tells_every_day() -> None:
    how = SHIPPED.compute(date(2026, 8, 20), 9)
    assert (how.first, how.end, how.weekend_days) == (date(2026, 8, 21), date(2026, 9, 4), 3)
    assert [note.day.day for note in how.holidays] == [31, 1, 2]
    assert [note.day for note in how.made_up] == [date(2026, 8, 22)]


def test_what_is_not_verified_is_an_ordinary_day() -> None:
    cultural = date(2027, 11, 24)
    assert SHIPPED.is_working(cultural)
    assert not WorkCalendar().is_working(cultural)
    known = HolidayEntry("Ngày Văn hóa Việt Nam", "Luật", Certainty.VERIFIED)
    assert WorkCalendar(holidays=(known,)).off(cultural).source == "Luật"  # type: ignore[union-attr]
    for certainty, works in ((Certainty.UNVERIFIED, True), (Certainty.FOUND, False)):
        closed = CalendarEntry(date(2026, 12, 3), "closed", "Nghỉ", "Thông báo", certainty)
        assert WorkCalendar((closed,)).is_working(closed.day) is works


def test_a_swap_over_new_year_counts_in_both_years() -> None:
    assert WorkCalendar().is_working(date(2014, 12, 27))
    assert not WorkCalendar().is_working(date(2015, 1, 2))


def test_years_that_no_calendar_knows_have_weekends() -> None:
    calendar = WorkCalendar()
    assert calendar.add(date(2150, 12, 30), 3) == date(2151, 1, 4)
    assert not calendar.is_working(date(1900, 1, 7))


GOOD = "- date: 2026-12-31\n  kind: closed\n  why: x\n  source: y\n  certainty: found\n"
DAY_OFF = "- holiday: Quốc khánh\n  source: y\n  certainty: found\n"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (GOOD.replace("2026-12-31", "2026-02-30"), 0, "calendar.yaml"),
        (GOOD.replace("2026-12-31", "hôm nay"), 1, "no date"),
        (GOOD.replace("2026-12-31", "2026-12-31 08:00:00"), 1, "no date"),
        (GOOD.replace("2026-12-31", "2206-12-31"), 1, "not of 2000"),
        (GOOD.replace("2026-12-31", "2026-12-26"), 1, "weekend"),
        (GOOD.replace("closed", "working"), 1, "working day without"),
        (GOOD.replace("closed", "nghỉ"), 2, "none of closed, working"),
        (GOOD.replace("found", "chắc"), 5, "none of verified"),
        (GOOD.replace("why: x", "why: [x]"), 3, "no text"),
        (GOOD.replace("  why: x\n", ""), 1, "'why' is missing"),
        (GOOD + GOOD, 6, "stands twice"),
        (GOOD + "  nguồn: z\n", 6, "unknown entry"),
        (DAY_OFF.replace("Quốc khánh", "Ngày của tôi"), 1, "no holiday"),
        (DAY_OFF + DAY_OFF, 4, "stands twice"),
        ("date: 2026-12-31\n", 1, "a list was expected"),
        ("- 2026-12-31\n", 0, "not a mapping"),
        ("- date: [\n", 2, "calendar.yaml"),
    ],
)
def test_faults_stop_the_start_with_file_and_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    (tmp_path / "calendar.yaml").write_text(text, "utf-8")
    report = Report()
    read_work_calendar(tmp_path, report)
    fault = min(report.faults)
    assert (fault.path, fault.line) == ("calendar.yaml", line)
    with pytest.raises(SettingsError, match=r"calendar\.yaml") as refusal:
        load_work_calendar(tmp_path)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_content_load_tells_the_same_fault(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes((ROOT / "content" / "site.toml").read_bytes())
    (tmp_path / "calendar.yaml").write_text(GOOD.replace("closed", "nghỉ"), "utf-8")
    with app.app_context():
        faults = load_content(tmp_path).faults
    assert ("calendar.yaml", 2) in [(fault.path, fault.line) for fault in faults]


def test_no_file_and_an_empty_file_are_fine(tmp_path: Path) -> None:
    assert load_work_calendar(tmp_path) == WorkCalendar()
    (tmp_path / "calendar.yaml").write_text("# chưa có gì\n", "utf-8")
    assert load_work_calendar(tmp_path) == WorkCalendar()
    (tmp_path / "calendar.yaml").write_text(GOOD + DAY_OFF, "utf-8")
    assert not load_work_calendar(tmp_path).is_working(date(2026, 12, 31))
