"""A second, separately written computation of Vietnam's working days, to hold the first against.

Nothing here comes from the package `holidays`: new moons and the sun's place are computed after
Hồ Ngọc Đức ("Computing the Vietnamese lunar calendar", after Jean Meeus, Astronomical Algorithms),
for the zone of Hà Nội; the rules are written out day by day.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from math import floor, pi, sin

ZONE = 7 / 24
ONE = timedelta(days=1)
# Swaps that the Government decided for its staff: day off, day worked for it.
SWAPS = (
    (date(2024, 4, 29), date(2024, 5, 4)),
    (date(2025, 5, 2), date(2025, 4, 26)),
    (date(2026, 1, 2), date(2026, 1, 10)),
    (date(2026, 8, 31), date(2026, 8, 22)),
)


def _new_moon(k: int) -> int:
    """The Julian day (at Hà Nội) of the k-th new moon after 1 January 1900."""
    t = k / 1236.85
    r = pi / 180
    day = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    day += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * r)
    m = (359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3) * r
    p = (306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3) * r
    f = (21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3) * r
    c = (0.1734 - 0.000393 * t) * sin(m) + 0.0021 * sin(2 * m) - 0.4068 * sin(p)
    c += 0.0161 * sin(2 * p) - 0.0004 * sin(3 * p) + 0.0104 * sin(2 * f) - 0.0051 * sin(m + p)
    c += -0.0074 * sin(m - p) + 0.0004 * sin(2 * f + m) - 0.0004 * sin(2 * f - m)
    c += -0.0006 * sin(2 * f + p) + 0.0010 * sin(2 * f - p) + 0.0005 * sin(2 * p + m)
    lag = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return floor(day + c - lag + 0.5 + ZONE)


def _sun(julian: int) -> int:
    """In which twelfth of its way the sun stands at midnight of Hà Nội."""
    t = (julian - 2451545.5 - ZONE) / 36525
    r = pi / 180
    m = 357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3
    way = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    way += (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(r * m)
    way += (0.019993 - 0.000101 * t) * sin(r * 2 * m) + 0.000290 * sin(r * 3 * m)
    return floor(((way * r) % (2 * pi)) / pi * 6)


def _julian(day: date) -> int:
    return day.toordinal() + 1721425


def _eleventh(year: int) -> tuple[int, int]:
    """Number and Julian day of the new moon of the eleventh month, which holds the solstice."""
    k = floor((_julian(date(year, 12, 31)) - 2415021) / 29.530588853)
    if _sun(_new_moon(k)) >= 9:
        k -= 1
    return k, _new_moon(k)


def lunar(year: int, month: int, day: int) -> date:
    """The date of a day in the first ten lunar months of a lunar year (never a leap month)."""
    before, first = _eleventh(year - 1)
    _, last = _eleventh(year)
    at = month + 1  # months after the eleventh of the year before
    if last - first > 365:  # a leap month lies between: the first without a new sign of the sun
        leap = 1
        while _sun(_new_moon(before + leap)) != _sun(_new_moon(before + leap + 1)):
            leap += 1
        at += at >= leap
    return date.fromordinal(_new_moon(before + at) + day - 1 - 1721425)


@cache
def days_off(year: int) -> frozenset[date]:
    """Weekdays of a year on which the Labour Code (Articles 111, 112) and swaps give leave."""
    new_year, hung, liberation, labour, national = (
        date(year, 1, 1), lunar(year, 3, 10), date(year, 4, 30), date(year, 5, 1),
        date(year, 9, 2),
    )  # fmt: skip
    tet = [lunar(year, 1, 1) + ONE * n for n in range(-1, 4)]
    neighbour = national + ONE * {"Mon": 1, "Thu": 1, "Sun": 1}.get(national.strftime("%a"), -1)
    off = {new_year, hung, liberation, labour, national, neighbour, *tet}
    for day in tet:  # the plans of the last years: Saturday goes before, Sunday behind
        step = {"Sat": -ONE, "Sun": ONE}.get(day.strftime("%a"))
        off |= {_free(day, step, off)} if step else set()
    for day in sorted((new_year, hung, liberation, labour, national)):
        if day.strftime("%a") in ("Sat", "Sun"):
            off.add(_free(day, ONE, off))
    off |= {free for free, _ in SWAPS if free.year == year}
    return frozenset(day for day in off if day.strftime("%a") not in ("Sat", "Sun"))


def _free(day: date, step: timedelta, taken: set[date]) -> date:
    while day in taken or day.strftime("%a") in ("Sat", "Sun"):
        day += step
    return day


def works(day: date) -> bool:
    """Whether `day` is a working day."""
    if day.strftime("%a") in ("Sat", "Sun"):
        return any(day == worked for _, worked in SWAPS)
    return day not in days_off(day.year)


class Clock:
    """A term that is lived through: one day after the other, with its pauses and extensions."""

    def __init__(self, received: date, days: int) -> None:
        self.today, self.left, self.stands = received, days, False

    def sleep(self, until: date) -> None:
        """Let the days pass; each working day that is over takes one off."""
        while self.today < until:
            self.today += ONE
            if works(self.today) and not self.stands:
                self.left -= 1

    def due(self) -> date:
        """The day on which nothing is left, if nothing happens any more."""
        day, left = self.today, self.left
        while left > 0:
            day += ONE
            left -= works(day)
        return day
