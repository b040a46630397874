"""Whether a line is answered just now, for pages: right when they are made, and able to follow
the clock while they lie open."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask

from portal.core import clock
from portal.core.settings import current_settings
from portal.directory import schedule
from portal.directory.schedule import DayKind, Schedule
from portal.directory.schedule_words import standing_words

CHANGES_AHEAD = 3
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says now, and as JSON what to say after the next changes: triples of a moment,
    words, and 1 while the line is answered. After the last of them nothing is known."""

    is_open: bool
    words: str
    changes: str


def lend(app: Flask) -> None:
    """Let templates ask `standing_of(hotline)` and whether a day `is untried` for too long."""
    app.jinja_env.globals["standing_of"] = standing_of
    app.jinja_env.tests["untried"] = is_untried


def standing_of(hotline: Any) -> Shown | None:
    """What is to be said of a line now; None when its hours are not known for certain."""
    return shown_at(hotline.schedule, clock.now())


def shown_at(stored: Mapping[str, Any] | None, moment: datetime) -> Shown | None:
    """As `standing_of`, at an aware moment."""
    week = schedule.read(stored)
    if week is None:
        return None
    at = clock.to_local(moment).replace(tzinfo=None)
    now = schedule.standing_at(week, at, kind_of)
    changes = json.dumps(_changes(week, now.until), ensure_ascii=False) if now.until else ""
    return Shown(now.is_open, standing_words(now, at), changes)


def is_untried(checked_on: date | None) -> bool:
    """Whether nobody tried a line for longer than `reminders.hotline_days`."""
    limit = timedelta(days=current_settings().site.reminders.hotline_days)
    return checked_on is None or clock.today() - checked_on > limit


def kind_of(day: date) -> DayKind:
    """What the agency's calendar says of a day."""
    calendar = current_settings().calendar
    if calendar.is_holiday(day):
        return DayKind.HOLIDAY
    weekend = day.weekday() >= _SATURDAY
    return DayKind.MADE_UP if weekend and calendar.is_working(day) else DayKind.USUAL


def _changes(week: Schedule, until: datetime | None) -> list[tuple[str, str, int]]:
    found: list[tuple[str, str, int]] = []
    while until is not None and len(found) < CHANGES_AHEAD:
        then = schedule.standing_at(week, until, kind_of)
        found.append((_moment(until), standing_words(then, until), int(then.is_open)))
        until = then.until
    if until is not None:
        found.append((_moment(until), "", 0))
    return found


def _moment(wall_clock: datetime) -> str:
    return f"{clock.from_local(wall_clock):%Y-%m-%dT%H:%MZ}"
