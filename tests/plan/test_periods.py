"""Months, quarters and targets, against a walk over the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.plan.models import Counted, PlanTask, TargetPeriod
from portal.plan.periods import (
    Standing,
    current,
    last_missed,
    last_of_month,
    period_of,
    periods,
    progress,
    quarter_before,
    quarter_of,
    task_periods,
)

dates = st.dates(date(2000, 1, 1), date(2099, 12, 31))
kinds = st.sampled_from(list(TargetPeriod))
months = st.lists(st.integers(0, 9), min_size=12, max_size=12)
DAY = timedelta(days=1)


def task(**values: object) -> PlanTask:
    defaults = {"target_period": "quarter", "counted": Counted.ALL.value, "target": 3}
    return PlanTask(**{**defaults, **values})


@given(kinds, st.integers(2000, 2099))
def test_the_periods_of_a_year_follow_one_another_and_are_the_whole_year(
    every: TargetPeriod, year: int
) -> None:
    found = periods(every, year)
    assert found[0].first == date(year, 1, 1)
    assert found[-1].last == date(year, 12, 31)
    for before, after in pairwise(found):
        assert before.last + DAY == after.first
    assert len({one.name for one in found}) == len(found)


@given(kinds, dates)
def test_every_day_lies_in_exactly_one_period(every: TargetPeriod, day: date) -> None:
    holding = [one for one in periods(every, day.year) if one.holds(day)]
    assert holding == [period_of(every, day)]


@given(dates)
def test_quarters_are_those_of_the_calendar(day: date) -> None:
    quarter = quarter_of(day)
    assert quarter.first.month in (1, 4, 7, 10)
    assert (day.month - 1) // 3 == (quarter.first.month - 1) // 3
    assert quarter_before(day).last + DAY == quarter.first


@given(dates)
def test_the_last_day_of_a_month_is_followed_by_a_first(day: date) -> None:
    assert (last_of_month(day.year, day.month) + DAY).day == 1
    assert last_of_month(day.year, day.month).month == day.month


@given(kinds, months, st.integers(2000, 2099))
def test_periods_share_out_all_that_was_done(
    every: TargetPeriod, monthly: list[int], year: int
) -> None:
    assert sum(one.count(monthly) for one in periods(every, year)) == sum(monthly)


@given(kinds, months, dates, st.integers(1, 20))
def test_a_target_stands_as_a_person_would_say(
    every: TargetPeriod, monthly: list[int], today: date, target: int
) -> None:
    for one in progress(task(target_period=every, target=target), today.year, monthly, today):
        if one.done >= target:
            assert one.standing is Standing.MET
        elif one.period.last < today:
            assert one.standing is Standing.MISSED
        elif one.period.first > today:
            assert one.standing is Standing.COMING
        else:
            assert one.standing is Standing.RUNNING


@given(kinds, dates, dates)
def test_a_task_answers_only_for_periods_in_its_own_time(
    every: TargetPeriod, one: date, other: date
) -> None:
    begin, end = sorted((one, other))
    found = task_periods(task(target_period=every, starts_on=begin, due_on=end), begin.year)
    assert found, "a task that is at work in a year has a period in it"
    if every is not TargetPeriod.WHOLE and len(found) > 1:
        assert all(begin <= period.first and period.last <= end for period in found)


def test_a_task_of_another_year_has_no_period() -> None:
    assert task_periods(task(due_on=date(2025, 12, 31)), 2026) == []


def test_names_are_those_that_officials_use() -> None:
    names = {every: [one.name for one in periods(every, 2026)] for every in TargetPeriod}
    assert names[TargetPeriod.QUARTER] == [
        "quý I/2026", "quý II/2026", "quý III/2026", "quý IV/2026",
    ]  # fmt: skip
    assert names[TargetPeriod.HALF_YEAR] == ["6 tháng đầu năm 2026", "6 tháng cuối năm 2026"]
    assert names[TargetPeriod.MONTH][10] == "tháng 11/2026"


def test_the_period_that_ended_last_is_missed_only_while_its_target_is_not_met() -> None:
    today = date(2026, 7, 1)
    few = progress(task(), 2026, [1, 1, 1, 0, 0, 1, 9, 0, 0, 0, 0, 0], today)
    missed = last_missed(few, today)
    assert missed is not None
    assert (missed.period.name, missed.done) == ("quý II/2026", 1)
    enough = progress(task(), 2026, [0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0], today)
    assert last_missed(enough, today) is None, "the first quarter is over since long"
    here = current(few, today)
    assert here is not None
    assert here.period.name == "quý III/2026"


@pytest.mark.parametrize("values", [{"target": None}, {"target": 0}, {"counted": "by_hand"}])
def test_without_a_figure_to_count_there_is_no_progress(values: dict[str, object]) -> None:
    assert progress(task(**values), 2026, [5] * 12, date(2026, 6, 1)) == []
