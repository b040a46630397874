"""Internal processes (quy trình nội bộ, quy trình điện tử) as pages show them, and their sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.core.web.templating import number
from portal.procedures.models import InternalProcess, Procedure
from portal.procedures.terms import PROCESSES, ProcessKind, TimeUnit
from portal.procedures.wording import span

HOURS_A_DAY = Decimal(8)


@dataclass(frozen=True, slots=True)
class ProcessView:
    """One process with the sum of its hours; None when some row does not say its time."""

    process: InternalProcess
    name: str
    hours: Decimal | None

    @property
    def total(self) -> str | None:
        """`24 giờ làm việc (3 ngày làm việc)`."""
        return hours_words(self.hours) if self.hours is not None else None


def process_views(processes: Sequence[InternalProcess]) -> list[ProcessView]:
    """The processes of a procedure."""
    return [
        ProcessView(one, PROCESSES[ProcessKind(one.kind)], _sum(row.hours for row in one.rows))
        for one in processes
    ]


def hours_words(hours: Decimal) -> str:
    """Working hours, and the days that they make when there are many."""
    said = f"{number(hours)}\u00a0giờ làm việc"
    if hours < HOURS_A_DAY:
        return said
    days = (hours / HOURS_A_DAY).quantize(Decimal("0.01"))
    return f"{said} ({span(days, TimeUnit.WORKING_DAY)})"


def promised_hours(procedure: Procedure) -> Decimal | None:
    """The working hours that citizens are promised: the local time, else the longest of the
    channels. None when it is not known or is counted in calendar days or months."""
    local = procedure.local
    if local is not None and local.time is not None:
        return _hours(local.time, local.time_unit)
    times = [
        _hours(channel.time, channel.time_unit)
        for channel in procedure.channels
        if channel.time is not None
    ]
    known = [time for time in times if time is not None]
    return max(known) if known and len(known) == len(times) else None


def differences(procedure: Procedure) -> list[str]:
    """Processes whose hours do not add up to what citizens are promised, in words."""
    promised = promised_hours(procedure)
    if promised is None:
        return []
    return [
        f"{view.name}: cộng các bước được {hours_words(view.hours)}, thời hạn công bố là"
        f" {hours_words(promised)}"
        for view in process_views(procedure.processes)
        if view.hours is not None and view.hours != promised
    ]


def _hours(time: Decimal, unit: str | None) -> Decimal | None:
    if unit == TimeUnit.HOUR:
        return time
    return time * HOURS_A_DAY if unit == TimeUnit.WORKING_DAY else None


def _sum(hours: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for one in hours:
        if one is None:
            return None
        total += one
    return total or None
