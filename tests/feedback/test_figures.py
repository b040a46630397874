"""Figures: nothing is counted twice or of a denunciation, and nobody can be told from them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.db import db, write
from portal.core.settings import current_settings
from portal.core.working_days import WorkCalendar
from portal.feedback import figures
from portal.feedback.figures import Case
from portal.feedback.models import Feedback
from portal.feedback.states import State
from tests.support.queries import count_queries

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
_count = iter(range(1, 10_000))


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def keep(app: Flask, received: datetime, **values: Any) -> None:
    number = next(_count)
    given: dict[str, Any] = {
        "public_id": f"p{number}", "code_hmac": f"c{number}", "form_key": f"f{number}",
        "text_hash": "h", "kind": "complaint", "subject": "s", "body": "b", "state": "assigned",
        "received_at": received, "due_on": received.date() + timedelta(9), **values,
    }  # fmt: skip
    with app.app_context(), write() as session:
        session.add(Feedback(**given))


def answered(app: Flask, day: int, after: int, rating: int | None = None) -> None:
    received = datetime(2026, 11, day, 3, tzinfo=UTC)
    at = received + timedelta(after)
    keep(
        app, received, state="answered", answer="x", answered_at=at, rating=rating,
        rated_at=at if rating else None,
    )  # fmt: skip


def test_a_month_for_the_public(app: Flask) -> None:
    answered(app, 2, 9, rating=3)
    answered(app, 2, 10, rating=1)  # a day late
    answered(app, 3, 1, rating=2)
    keep(app, datetime(2026, 10, 31, 16, 59, tzinfo=UTC))  # 23:59 in Hà Nội
    keep(app, datetime(2026, 10, 31, 17, tzinfo=UTC))
    keep(app, datetime(2026, 11, 20, tzinfo=UTC), came_on=date(2026, 10, 30), channel="letter")
    keep(app, datetime(2026, 11, 5, tzinfo=UTC), state="restricted")
    keep(app, datetime(2024, 11, 5, tzinfo=UTC))
    with app.app_context(), count_queries(app) as statements:
        november, october, *earlier = figures.public_figures(db.session(), 3)
        figures.public_figures(db.session(), 3)
    assert len(statements) == 1
    assert (november.month, november.received, november.answered) == (date(2026, 11, 1), 4, 3)
    assert (november.on_time, november.rated, november.satisfied_percent) == (2, 3, 67)
    assert (october.received, october.answered, october.satisfied_percent) == (2, 0, None)
    assert [month.month for month in earlier] == [date(2026, 9, 1)]


def test_of_two_ratings_nothing_is_shown(app: Flask) -> None:
    for rating in (1, 3, None):
        answered(app, 2, 1, rating)
    with app.app_context():
        month = figures.public_figures(db.session(), 1)[0]
    assert (month.answered, month.rated, month.satisfied_percent) == (3, 2, None)


def test_a_rating_of_an_answer_that_was_replaced_is_not_counted(app: Flask) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    keep(app, at, state="answered", answer="x", answered_at=at, rating=1, rated_at=at)
    keep(app, at, state="answered", answer="x", answered_at=at, rating=1,
         rated_at=at - timedelta(1))  # fmt: skip
    with app.app_context():
        assert [case.rating for case in figures.cases(db.session())] == [1, None]


def test_figures_follow_after_five_minutes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        assert figures.public_figures(db.session(), 1)[0].received == 0
    answered(app, 2, 1)
    with app.app_context():
        assert figures.public_figures(db.session(), 1)[0].received == 0
    for moment in (NOW + timedelta(minutes=5), NOW - timedelta(hours=1)):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        with app.app_context():
            assert figures.public_figures(db.session(), 1)[0].received == 1


CASES = st.builds(
    Case, received=st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    due=st.dates(date(2026, 2, 1), date(2026, 7, 1)),
    state=st.sampled_from([s for s in State if s not in (State.RESTRICTED, State.ANSWERED)]),
    kind=st.just("complaint"), channel=st.just("web"), unit_code=st.none(),
    procedure_code=st.none(), about_unit=st.none(), answered=st.none(), rating=st.none(),
) | st.builds(
    Case, received=st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    due=st.dates(date(2026, 2, 1), date(2026, 7, 1)), state=st.just(State.ANSWERED),
    kind=st.just("complaint"), channel=st.just("web"), unit_code=st.none(),
    procedure_code=st.none(), about_unit=st.none(),
    answered=st.dates(date(2026, 1, 1), date(2026, 7, 1)), rating=st.none() | st.integers(1, 3),
)  # fmt: skip


@given(found=st.lists(CASES, max_size=30))
def test_every_feedback_is_in_one_column(found: list[Case]) -> None:
    of = figures.count(found, WorkCalendar(), date(2026, 6, 15))
    assert of.received == len(found)
    assert of.received == of.answered + of.waiting + of.refused + of.forwarded + of.withdrawn
    assert of.answered == of.on_time + of.late
    assert of.overdue <= of.waiting
    assert (of.satisfied_percent is None) == (of.rated < 3)
    assert (of.median_days is None) == (of.answered == 0)


def test_the_median_is_of_working_days(app: Flask) -> None:
    for after in (1, 2, 12):  # from Monday 2 November: one, two and nine working days
        answered(app, 2, after)
    with app.app_context():
        calendar = current_settings().calendar
        first, last = date(2026, 11, 2), date(2026, 11, 2)
        found = figures.cases(db.session(), figures.received_between(first, last))
        of = figures.count(found, calendar, date(2026, 11, 25))
        assert figures.cases(db.session(), figures.received_between(date(2026, 11, 3), last)) == []
    assert (of.received, of.median_days, of.late) == (3, 2.0, 1)
