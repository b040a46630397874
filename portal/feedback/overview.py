"""What became of the feedback of a period: by unit, kind, channel, procedure and month.

One statement for all figures, one each for the names of units and procedures. Whoever answers for
one unit sees what that unit handles; denunciations are in no figure and in no register.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, may
from portal.core import clock
from portal.core.settings import current_settings
from portal.directory.queries import unit_names
from portal.feedback import figures, neighbours
from portal.feedback.figures import Case, Figures
from portal.feedback.models import CHANNEL_NAMES, KIND_NAMES, Channel, Feedback, Kind

NO_UNIT, NO_PROCEDURE = "Chưa giao đơn vị", "Không gắn với thủ tục"
MOST_NAMED = 10  # of what people complain about


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both days included; by day of receipt."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """For titles: `từ ngày 01/11/2026 đến ngày 30/11/2026`."""
        return f"từ ngày {clock.format_date(self.first)} đến ngày {clock.format_date(self.last)}"


@dataclass(frozen=True, slots=True)
class Group:
    """Figures side by side; `head` says what the rows are."""

    title: str
    head: str
    rows: Sequence[tuple[str, Figures]]


@dataclass(frozen=True, slots=True)
class Overview:
    """All figures of a period. `complained` counts complaints: what about, which one, how many."""

    period: Period
    total: Figures
    groups: Sequence[Group]
    complained: Sequence[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class _Anything:
    """Stands for what a unit handles, where only rights are asked."""

    unit_code: str | None
    restricted: bool = False


def month_of(day: date) -> Period:
    """The calendar month of a day."""
    after = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    return Period(day.replace(day=1), after - timedelta(days=1))


def sees_all(actor: Actor) -> bool:
    """Whether figures and register of the whole agency are this person's to see."""
    return may(actor, "feedback.report", _Anything(None))


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """What of the register this person sees: everything, or what their units handle."""
    if sees_all(actor):
        return true()
    units = [code for code in actor.units if may(actor, "feedback.report", _Anything(code))]
    return Feedback.unit_code.in_(sorted(units)) if units else false()


def of(session: Session, actor: Actor, period: Period) -> Overview:
    """The figures that this person may see; three statements."""
    calendar, today = current_settings().calendar, clock.today()
    received = figures.received_between(period.first, period.last)
    found = figures.cases(session, received, in_scope(actor))
    units = unit_names()
    codes = {case.procedure_code for case in found if case.procedure_code}
    procedures = neighbours.procedure_names(session, codes)

    def group(title: str, head: str, name: Callable[[Case], str], *, busiest: bool) -> Group:
        parts: dict[str, list[Case]] = {}
        for case in found:
            parts.setdefault(name(case), []).append(case)
        rows = [(key, figures.count(part, calendar, today)) for key, part in parts.items()]
        order = (lambda row: (-row[1].received, row[0])) if busiest else (lambda row: row[0])
        return Group(title, head, sorted(rows, key=order))

    def procedure(case: Case) -> str:
        return _procedure(case.procedure_code, procedures)

    groups = [
        group("Theo đơn vị xử lý", "Đơn vị", lambda c: _unit(c.unit_code, units), busiest=True),
        group("Theo loại", "Loại", lambda c: KIND_NAMES[Kind(c.kind)], busiest=True),
        group("Theo kênh tiếp nhận", "Kênh", lambda c: CHANNEL_NAMES[Channel(c.channel)],
              busiest=True),
        group("Theo thủ tục", "Thủ tục", procedure, busiest=True),
        group("Theo tháng nhận", "Tháng", lambda c: f"{c.received:%Y-%m}", busiest=False),
    ]  # fmt: skip
    groups[-1] = Group(groups[-1].title, groups[-1].head, [
        (f"Tháng {int(key[5:])}/{key[:4]}", row) for key, row in groups[-1].rows
    ])  # fmt: skip
    complaints = [case for case in found if case.kind == Kind.COMPLAINT]
    complained = [
        *_most("Thủ tục", (procedure(case) for case in complaints if case.procedure_code)),
        *_most("Đơn vị", (_unit(case.about_unit, units) for case in complaints if case.about_unit)),
    ]
    return Overview(period, figures.count(found, calendar, today), groups, complained)


def _most(what: str, names: Iterable[str]) -> list[tuple[str, str, int]]:
    counted = sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0]))
    return [(what, name, count) for name, count in counted[:MOST_NAMED]]


def _unit(code: str | None, names: dict[str, str]) -> str:
    return names.get(code, code) if code else NO_UNIT


def _procedure(code: str | None, names: dict[str, str]) -> str:
    if not code:
        return NO_PROCEDURE
    return f"{code} {names[code]}" if code in names else code
