"""The week of a line: read as people write it, computed right at every minute, said in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.directory.schedule import (
    DAY,
    DayKind,
    HoursError,
    Schedule,
    Span,
    Standing,
    parse_spans,
    read,
    spans_on,
    standing_at,
    written,
)
from portal.directory.schedule_words import in_words, standing_words

STEP = 30
OFFICE = parse_spans("7:30-11:30, 13:00-17:00")
WEEK = Schedule((OFFICE,) * 5 + ((), ()))
NIGHTS = Schedule((parse_spans("22:00-6:00"),) * 7)
MONDAY = date(2026, 11, 23)


def usual(_day: date) -> DayKind:
    return DayKind.USUAL


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("7:30-11:30, 13:00-17:00", ((450, 690), (780, 1020))),
        ("13h-17h và 7h30 đến 11h30", ((450, 690), (780, 1020))),
        ("07:30 – 11:30; 13:00 — 17:00", ((450, 690), (780, 1020))),
        ("7 giờ 30 đến 11 giờ 30", ((450, 690),)),
        ("22-6", ((1320, DAY + 360),)),
        ("18:00-0:00", ((1080, DAY),)),
        ("0:00-24:00", ((0, DAY),)),
        ("Cả ngày", ((0, DAY),)),
        ("", ()),
        ("nghỉ", ()),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, spans: tuple[Span, ...]) -> None:
    assert parse_spans(typed) == spans


@pytest.mark.parametrize(
    "typed",
    ["sáng", "7:30", "7:30-", "25:00-26:00", "7:60-8:00", "7:30-7:30", "24:00-6:00", "24:30-25:00",
     "8-12, 11-15", "٧:٣٠-٩:٠٠", "7:30-11:30 trừ lễ", ", ".join(["1-2"] * 7), "-" * 1000,
     "<script>", "7" * 500],
)  # fmt: skip
def test_other_words_are_refused_in_words(typed: str) -> None:
    with pytest.raises(HoursError) as refused:
        parse_spans(typed)
    assert refused.value.message.endswith(".")
    assert "<" not in refused.value.message


@given(st.text(max_size=40))
def test_whatever_is_typed_is_hours_or_refused(typed: str) -> None:
    try:
        spans = parse_spans(typed)
    except HoursError:
        return
    for begin, end in spans:
        assert 0 <= begin < DAY
        assert begin < end <= begin + DAY


def days() -> st.SearchStrategy[tuple[Span, ...]]:
    """Hours of a day in half hours, of which only the last may go on into the next day."""

    def build(cuts: list[int], over: int) -> tuple[Span, ...]:
        cuts = sorted(cuts)
        pairs = [(a * STEP, b * STEP) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        if pairs and over and pairs[-1][1] == DAY:
            pairs[-1] = (pairs[-1][0], min(DAY + over * STEP, pairs[-1][0] + DAY))
        return tuple(pairs)

    cuts = st.lists(st.integers(0, DAY // STEP), max_size=6, unique=True)
    return st.builds(build, cuts, st.integers(0, 20))


schedules = st.builds(
    Schedule,
    st.lists(days(), min_size=7, max_size=7).map(tuple),
    st.just(False),
    st.booleans(),
)
kinds = st.dictionaries(st.integers(-1, 45), st.sampled_from(DayKind), max_size=20)


@given(schedules)
def test_what_is_stored_comes_back(schedule: Schedule) -> None:
    again = read(schedule.stored())
    assert again == (None if schedule.is_blank else schedule)
    if again:
        assert in_words(again)
        for spans in again.week:
            assert parse_spans(", ".join(map(written, spans))) == spans


def is_open(schedule: Schedule, moment: datetime, calendar: dict[date, DayKind]) -> bool:
    """The same question, answered the slow way: does some shift of today or yesterday hold?"""
    for back in (0, 1):
        day = moment.date() - timedelta(days=back)
        minute = moment.hour * 60 + moment.minute + back * DAY
        hours = spans_on(schedule, day, calendar.get(day, DayKind.USUAL))
        if any(begin <= minute < end for begin, end in hours):
            return True
    return False


@given(schedules, kinds, st.integers(0, 7 * DAY // STEP), st.integers(0, STEP - 1))
def test_now_and_next_agree_with_looking_at_every_half_hour(
    schedule: Schedule, marked: dict[int, DayKind], half_hours: int, minutes: int
) -> None:
    start = datetime.combine(MONDAY, datetime.min.time())
    moment = start + timedelta(minutes=half_hours * STEP + minutes)
    calendar = {MONDAY + timedelta(days=number): kind for number, kind in marked.items()}
    found = standing_at(schedule, moment, lambda day: calendar.get(day, DayKind.USUAL))
    now = is_open(schedule, moment, calendar)
    assert found.is_open is now
    step = start + timedelta(minutes=(half_hours + 1) * STEP)
    last = moment + timedelta(days=30)
    while step < last and is_open(schedule, step, calendar) is now:
        step += timedelta(minutes=STEP)
    if step < last:
        assert found.until == step
    else:
        assert found.until is None or found.until >= last


def test_holidays_close_unless_the_line_runs_on_them() -> None:
    def tet(day: date) -> DayKind:
        return DayKind.HOLIDAY if day <= date(2026, 11, 29) else DayKind.USUAL

    closed = standing_at(WEEK, at("2026-11-23 09:00"), tet)
    assert closed == Standing(is_open=False, until=at("2026-11-30 07:30"))
    runs = Schedule(WEEK.week, holidays=True)
    assert standing_at(runs, at("2026-11-23 09:00"), tet).is_open
    assert standing_at(Schedule(always=True), at("2026-11-23 03:00"), tet).is_open
    begun = standing_at(
        NIGHTS, at("2026-11-23 05:00"), lambda d: tet(d) if d >= MONDAY else usual(d)
    )
    assert begun == Standing(is_open=True, until=at("2026-11-23 06:00")), "the shift of Sunday"


def test_a_made_up_day_has_office_hours_only_when_these_agree() -> None:
    saturday = date(2026, 11, 28)
    assert spans_on(WEEK, saturday, DayKind.MADE_UP) == OFFICE
    assert spans_on(WEEK, saturday, DayKind.USUAL) == ()
    uneven = Schedule((OFFICE,) * 4 + (((450, 690),), (), ()))
    assert spans_on(uneven, saturday, DayKind.MADE_UP) == (), "nothing is guessed"
    own = Schedule((OFFICE,) * 5 + (((480, 600),), ()))
    assert spans_on(own, saturday, DayKind.MADE_UP) == ((480, 600),)


@pytest.mark.parametrize(
    ("schedule", "moment", "words"),
    [
        (WEEK, "2026-11-23 08:00", "Đang trực, đến 11:30"),
        (WEEK, "2026-11-23 11:30", "Ngoài giờ, mở lại 13:00"),
        (WEEK, "2026-11-23 17:00", "Ngoài giờ, mở lại 07:30 thứ Ba"),
        (WEEK, "2026-11-27 17:00", "Ngoài giờ, mở lại 07:30 thứ Hai"),
        (NIGHTS, "2026-11-23 23:59", "Đang trực, đến 06:00 thứ Ba"),
        (Schedule(((),) * 6 + (((0, DAY),),)), "2026-11-22 12:00", "Đang trực, đến 24:00"),
        (Schedule((OFFICE,) + ((),) * 6), "2026-11-23 18:00", "Ngoài giờ, mở lại 07:30 ngày 30/11/2026"),  # noqa: E501
        (Schedule(always=True), "2026-11-23 02:00", "Đang trực"),
        (Schedule((((0, DAY),),) * 7, holidays=True), "2026-11-23 02:00", "Đang trực"),
    ],
)  # fmt: skip
def test_what_a_page_says(schedule: Schedule, moment: str, words: str) -> None:
    standing = standing_at(schedule, at(moment), usual)
    assert standing_words(standing, at(moment)) == words


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (WEEK, "Thứ Hai đến thứ Sáu: 07:30 đến 11:30, 13:00 đến 17:00. Nghỉ ngày lễ, tết"),
        (NIGHTS, "Thứ Hai đến Chủ nhật: 22:00 đến 06:00 hôm sau. Nghỉ ngày lễ, tết"),
        (
            Schedule(((),) * 5 + (((0, DAY),), ((480, 600),)), holidays=True),
            "Thứ Bảy: cả ngày. Chủ nhật: 08:00 đến 10:00. Trực cả ngày lễ, tết",
        ),
        (Schedule(always=True), "Mọi lúc, cả ngày lễ, tết"),
    ],
)
def test_the_week_in_words(schedule: Schedule, words: str) -> None:
    assert in_words(schedule) == words
