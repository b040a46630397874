"""`content/calendar.yaml`: what the agency knows better of working days than the package does."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from portal.core.certainty import Certainty
from portal.core.content import Entry, Report, check, entries, read_yaml
from portal.core.errors import SettingsError
from portal.core.working_days import (
    FIRST_YEAR,
    LAST_YEAR,
    CalendarEntry,
    HolidayEntry,
    WorkCalendar,
    holiday_name,
    public_holidays,
)

FILE = "calendar.yaml"
KINDS = ("closed", "working")
_LONGEST = 300
_NAMED_IN = 2026  # a year of all holidays that the package knows
_SATURDAY = 5


def load_work_calendar(content: Path) -> WorkCalendar:
    """The calendar for the settings. Raises `SettingsError` with the first fault's file and line.

    The file may be missing: then the public holidays of the package hold alone.
    """
    report = Report()
    calendar = read_work_calendar(content, report)
    if report.faults:
        raise SettingsError(str(min(report.faults)))
    return calendar


def read_work_calendar(content: Path, report: Report) -> WorkCalendar:
    """The calendar of a content folder; every fault goes to `report` with file and line."""
    path = content / FILE
    if not path.exists():
        return WorkCalendar()
    value = read_yaml(path, content, report)
    days: dict[date, CalendarEntry] = {}
    holidays: dict[str, HolidayEntry] = {}
    for entry in entries(value, path, content, report):
        if "holiday" in entry:
            _holiday(entry, holidays, report)
        else:
            _day(entry, days, report)
    return WorkCalendar(tuple(days.values()), tuple(holidays.values()))


def _day(entry: Entry, days: dict[date, CalendarEntry], report: Report) -> None:
    required = ("date", "kind", "why", "source", "certainty")
    if not check(entry, required=required, optional=(), report=report):
        return
    day, kind = entry["date"], entry["kind"]
    certainty = _certainty(entry, report)
    if not isinstance(day, date) or isinstance(day, datetime):
        report.faults.append(entry.fault(f"{day!r} is no date like 2026-01-31", "date"))
    elif not FIRST_YEAR <= day.year <= LAST_YEAR:
        report.faults.append(entry.fault(f"{day} is not of {FIRST_YEAR} to {LAST_YEAR}", "date"))
    elif kind not in KINDS:
        report.faults.append(entry.fault(f"{kind!r} is none of {', '.join(KINDS)}", "kind"))
    elif day in days:
        report.faults.append(entry.fault(f"{day} stands twice", "date"))
    elif problem := _says_nothing(day, kind):
        report.faults.append(entry.fault(problem, "date"))
    elif certainty and _lines(entry, ("why", "source"), report):
        days[day] = CalendarEntry(day, kind, entry["why"], entry["source"], certainty)


def _says_nothing(day: date, kind: str) -> str:
    """An entry that changes nothing is most likely a slip of the pen."""
    off, worked = public_holidays(day.year)
    weekend = day.weekday() >= _SATURDAY
    if kind == "closed" and weekend and day not in worked:
        return f"{day} is a weekend, which is off without an entry"
    if kind == "working" and not weekend and day not in off:
        return f"{day} is a working day without an entry"
    return ""


def _holiday(entry: Entry, holidays: dict[str, HolidayEntry], report: Report) -> None:
    if not check(entry, required=("holiday", "source", "certainty"), optional=(), report=report):
        return
    name, certainty = entry["holiday"], _certainty(entry, report)
    off, _ = public_holidays(_NAMED_IN)
    known = {holiday_name(note.why) for note in off.values()} - {"Ngày nghỉ"}
    if name not in known:
        said = f"there is no holiday {name!r}, only {', '.join(sorted(known))}"
        report.faults.append(entry.fault(said, "holiday"))
    elif name in holidays:
        report.faults.append(entry.fault(f"{name!r} stands twice", "holiday"))
    elif certainty and _lines(entry, ("source",), report):
        holidays[name] = HolidayEntry(name, entry["source"], certainty)


def _certainty(entry: Entry, report: Report) -> Certainty | None:
    try:
        return Certainty(entry["certainty"])
    except ValueError:
        said = f"{entry['certainty']!r} is none of {', '.join(Certainty)}"
        report.faults.append(entry.fault(said, "certainty"))
        return None


def _lines(entry: Entry, keys: tuple[str, ...], report: Report) -> bool:
    """Whether these are short texts."""
    fine = True
    for key in keys:
        if not isinstance(entry[key], str) or len(entry[key]) > _LONGEST:
            said = f"{key!r} is no text of at most {_LONGEST} characters"
            report.faults.append(entry.fault(said, key))
            fine = False
    return fine
