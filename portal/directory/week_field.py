"""The week of a line on a form: one row of text for each day, kept as typed until it is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import Field
from wtforms.utils import unset_value

from portal.core.text import clean_line
from portal.directory.schedule import (
    DAY,
    WEEKDAYS,
    HoursError,
    Schedule,
    Span,
    parse_spans,
    read,
    written,
)
from portal.directory.schedule_words import DAY_NAMES, in_words

LONGEST = 120
_EXCLUSIVE = "Đã chọn trực mọi lúc thì để trống giờ của từng ngày."
_NO_HOURS = "Nhập giờ của ít nhất một ngày, hoặc bỏ chọn “Trực cả ngày lễ, tết”."


class WeekField(Field):
    """`data` is a schedule as it is stored, None when nothing was filled in.

    The parts are posted as `<name>-mon` to `<name>-sun`, `<name>-always` and `<name>-holidays`.
    """

    data: dict[str, Any] | None

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """As WTForms calls it. A page without these inputs changes nothing."""
        self.process_errors: list[str] = []
        self.problems: dict[str, str] = {}
        self.data = self.object_data = None if data is unset_value else data
        self._show(read(self.data) or Schedule())
        if formdata is not None and f"{self.name}-mon" in formdata:
            self._take(formdata)

    @property
    def days(self) -> list[tuple[str, str, str, str]]:
        """For each day: name of its input, its name, what was typed, what is wrong with it."""
        return [
            (f"{self.name}-{day}", name, self.typed[day], self.problems.get(day, ""))
            for day, name in zip(WEEKDAYS, DAY_NAMES, strict=True)
        ]

    def shown(self, stored: Mapping[str, Any] | None) -> str:
        """What is stored, for somebody who typed something else meanwhile."""
        known = read(stored)
        return in_words(known) if known else "(trống)"

    def _show(self, schedule: Schedule) -> None:
        self.always, self.holidays = schedule.always, schedule.holidays
        self.typed = {
            day: ", ".join(map(_typed, spans))
            for day, spans in zip(WEEKDAYS, schedule.week, strict=True)
        }

    def _take(self, formdata: Any) -> None:
        self.always = f"{self.name}-always" in formdata
        self.holidays = f"{self.name}-holidays" in formdata
        self.typed = {
            day: clean_line(str(formdata.get(f"{self.name}-{day}", "")))[:LONGEST]
            for day in WEEKDAYS
        }
        week = tuple(self._spans(day, name) for day, name in zip(WEEKDAYS, DAY_NAMES, strict=True))
        if self.always and any(self.typed.values()):
            self.process_errors.append(_EXCLUSIVE)
        elif self.holidays and not self.always and not any(self.typed.values()):
            self.process_errors.append(_NO_HOURS)
        self.data = Schedule(week, always=self.always, holidays=self.holidays).stored()

    def _spans(self, day: str, name: str) -> tuple[Span, ...]:
        try:
            return parse_spans(self.typed[day])
        except HoursError as error:
            self.problems[day] = error.message
            self.process_errors.append(f"{name[0].upper()}{name[1:]}: {error.message}")
            return ()


def _typed(span: Span) -> str:
    return "cả ngày" if span == (0, DAY) else written(span)
