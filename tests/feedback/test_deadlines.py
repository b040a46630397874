"""Clocks of a feedback: terms, pauses and extensions, against terms lived through day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.settings import ROOT, current_settings
from portal.core.work_calendar import load_work_calendar
from portal.feedback import deadlines
from portal.feedback.deadlines import Pause
from portal.feedback.models import Kind
from tests.support.second_calendar import Clock

CALENDAR = load_work_calendar(ROOT / "content")
DAYS = st.dates(date(2021, 1, 1), date(2030, 6, 1))
# Who waits how long, how long the citizen is asked, and how many days are added afterwards.
LIVES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 20), st.integers(0, 10)), max_size=4
)  # fmt: skip


@given(DAYS, st.integers(1, 15), LIVES)
def test_any_life_is_the_one_lived_through(
    received: date, limit: int, life: list[tuple[int, int, int]]
) -> None:
    due, second, today = CALENDAR.add(received, limit), Clock(received, limit), received
    for waited, asked, more in life:
        today += timedelta(waited)
        second.sleep(today)
        paused = deadlines.pause(due, today, CALENDAR)
        if second.left >= 0:
            assert paused.days_left == second.left
        second.stands = True
        today += timedelta(asked)
        second.sleep(today)
        second.stands = False
        before, due = due, deadlines.resume(due, paused, today, CALENDAR)
        if before < paused.paused_on:
            assert due == before  # what was late stays late
            return
        if asked and second.left == 0:
            second.left = 1  # the day of the citizen's answer does not count
        assert due == (second.due() if second.left else before)
        due = deadlines.extended(due, more, CALENDAR).end
        second.left += more
        if more:
            assert due == second.due()


@given(DAYS, st.integers(1, 15), st.integers(0, 30))
def test_a_pause_of_no_day_changes_nothing(received: date, limit: int, waited: int) -> None:
    due, today = CALENDAR.add(received, limit), received + timedelta(waited)
    paused = deadlines.pause(due, today, CALENDAR)
    assert deadlines.resume(due, paused, today, CALENDAR) == due


@given(DAYS, st.integers(1, 15), st.integers(0, 30), st.integers(0, 30))
def test_a_longer_pause_never_brings_an_earlier_day(
    received: date, limit: int, waited: int, asked: int
) -> None:
    due, today = CALENDAR.add(received, limit), received + timedelta(waited)
    paused = deadlines.pause(due, today, CALENDAR)
    shorter = deadlines.resume(due, paused, today + timedelta(asked), CALENDAR)
    longer = deadlines.resume(due, paused, today + timedelta(asked + 1), CALENDAR)
    assert due <= shorter <= longer


def test_a_clock_set_back_never_shortens_a_term() -> None:
    due = date(2026, 12, 4)
    paused = Pause(date(2026, 12, 1), 3)
    assert deadlines.resume(due, paused, date(2026, 11, 20), CALENDAR) == due


@pytest.mark.parametrize(
    ("hour", "first"),
    [
        ("2026-11-20 09:00", date(2026, 11, 23)),  # Friday
        ("2026-11-20 16:59", date(2026, 11, 23)),  # Friday, one minute before midnight in Hà Nội
        ("2026-11-20 17:00", date(2026, 11, 23)),  # Saturday already
        ("2026-11-22 16:59", date(2026, 11, 23)),  # Sunday
        ("2026-11-22 17:00", date(2026, 11, 24)),  # Monday already
        ("2026-02-13 10:00", date(2026, 2, 23)),  # the Friday before nine days of Tết
    ],
)
def test_the_day_of_receipt_never_counts(app: Flask, hour: str, first: date) -> None:
    received = datetime.fromisoformat(hour).replace(tzinfo=UTC)
    with app.app_context():
        settings = current_settings()
        how = deadlines.explain(clock.to_local(received).date(), CALENDAR.add(first, 4), settings)
    assert (how.first, how.working_days) == (first, 5)


def test_limits_come_from_the_content_and_name_their_source(app: Flask) -> None:
    with app.app_context():
        settings = current_settings()
        day = date(2026, 11, 23)
        for kind in (*Kind, deadlines.FORWARD, deadlines.DENUNCIATION):
            limit = deadlines.limit_for(kind, settings.site)
            assert limit.source
            assert deadlines.due_on(kind, day, settings) == Clock(day, limit.working_days).due()
        assert deadlines.forward_by(day, settings) == date(2026, 11, 30)
        assert "20/2008" in deadlines.limit_for(deadlines.FORWARD, settings.site).source


def test_late_begins_after_the_last_day(app: Flask) -> None:
    due = date(2026, 11, 27)
    assert not deadlines.is_late(due, due)
    assert deadlines.is_late(due, due + timedelta(1))
    assert deadlines.days_left(due, date(2026, 11, 24), CALENDAR) == 3
    assert deadlines.days_left(due, date(2026, 12, 1), CALENDAR) == -2
