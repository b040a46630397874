"""What people should be reminded of on a day, each under a name made of facts alone.

The name of an event does not hold the day on which it is worked out. So it can be worked out
again and again, late, or by a clock that went backwards, and is still the same event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.boards import figures, tasks
from portal.boards.board import is_quiet
from portal.boards.figures import Figures
from portal.boards.models import NoticeKind
from portal.boards.tasks import TaskLine
from portal.core.clock import format_date
from portal.core.settings import current_settings
from portal.directory import reported
from portal.directory import upkeep as directory
from portal.directory.models import Hotline, Unit
from portal.links.models import ExternalLink, LinkPlace, LinkState
from portal.plan.deadlines import deadlines
from portal.plan.models import Plan
from portal.plan.queries import TaskState
from portal.procedures import upkeep as procedures
from portal.procedures.models import Procedure

DESK = "/ban-lam-viec"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing to remind of. Without a unit it concerns every unit."""

    kind: NoticeKind
    name: str
    unit_code: str | None
    text: str
    url: str


def on(session: Session, today: date) -> list[Event]:
    """Everything to remind of on `today`; about ten statements for all units together."""
    query = select(Unit.code, Unit.name).where(Unit.removed_at.is_(None))
    names = {row.code: row.name for row in session.execute(query)}
    lines = [line for line in tasks.lines(session, today) if line.task.lead in names]
    counted = figures.of_units(session, today)
    return [
        *(event for line in lines for event in _of_task(line)),
        *_quiet(lines, names, counted, today),
        *_reports(session, today),
        *_neglected(session, names, counted, today),
    ]


def threshold(days_left: int, limits: Iterable[int]) -> int | None:
    """The reminder that is due so many days before: the tightest limit that is reached. A day
    that was missed does not lose it, for the next day reaches the same limit."""
    return min((limit for limit in limits if 0 <= days_left <= limit), default=None)


def _of_task(line: TaskLine) -> Iterator[Event]:
    task, unit = line.task, line.task.lead
    about, url = f"Nhiệm vụ {task.name} “{_short(task.title)}”", _board(unit)
    if not line.is_open:
        return
    if line.days_left is not None and task.due_on is not None:
        day = format_date(task.due_on)
        limit = threshold(line.days_left, current_settings().site.reminders.due_days)
        if line.state is TaskState.LATE:
            name = f"late/{task.id}/{task.due_on}"
            yield Event(NoticeKind.LATE, name, unit, f"{about} đã quá hạn ngày {day}.", url)
        elif limit is not None:
            text = f"{about} đến hạn ngày {day}, {_left(line.days_left)}."
            yield Event(NoticeKind.DUE, f"due/{task.id}/{task.due_on}/{limit}", unit, text, url)
    if line.missed:
        period = line.missed.period
        name = f"missed/{task.id}/{period.first}/{period.last}"
        text = f"{about}: {period.name} làm được {line.missed.done} trên {line.missed.target}."
        yield Event(NoticeKind.MISSED, name, unit, text, url)


def _quiet(
    lines: Iterable[TaskLine], names: dict[str, str], counted: Any, today: date
) -> Iterator[Event]:
    """Units that lead an open task and posted nothing for longer than the limit."""
    for unit in dict.fromkeys(line.task.lead for line in lines if line.is_open):
        own = counted.get(unit, Figures())
        if is_quiet(own, today, leads=True):
            days = own.quiet_days(today)
            last = f"{days} ngày chưa có bài mới" if days is not None else "chưa đăng bài nào"
            name = f"quiet/{unit}/{own.last_post or 'never'}"
            yield Event(NoticeKind.QUIET, name, unit, f"{names[unit]} {last}.", _board(unit))


def _reports(session: Session, today: date) -> Iterator[Event]:
    """Reports of the agency's own plan; those of one day are one reminder."""
    own = current_settings().site.site.current_plan
    plan = session.scalar(select(Plan).where(Plan.code == own, Plan.year == today.year))
    by_day: dict[date, list[str]] = {}
    for report in deadlines(plan.reporting, today, current_settings().calendar) if plan else ():
        if report.next_due:
            by_day.setdefault(report.next_due, []).append(report.name.lower())
    for day, reports in by_day.items():
        left = (day - today).days
        limit = threshold(left, current_settings().site.reminders.due_days)
        if limit is not None:
            text = f"Gửi {', '.join(reports)} muộn nhất ngày {format_date(day)}, {_left(left)}."
            name, url = f"report/{own}/{day}/{limit}", f"{DESK}/ke-hoach/"
            yield Event(NoticeKind.DUE, name, None, text, url)


def _neglected(
    session: Session, names: dict[str, str], counted: Any, today: date
) -> Iterator[Event]:
    """Facts that nobody looked at. The oldest of them names the event, so that a unit is told
    once and again only when it mended that one and others are left."""
    hotline = func.min(func.coalesce(Hotline.checked_on, date.min))
    for unit, oldest in _by_unit(session, Hotline.unit_code, hotline, directory.due(today)):
        number = counted[unit].hotlines
        text = f"{names.get(unit, unit)} có {number} đường dây nóng cần gọi thử."
        url = f"{DESK}/danh-ba/can-kiem-tra?don_vi={unit}"
        yield Event(NoticeKind.HOTLINES, f"hotlines/{unit}/{oldest}", unit, text, url)
    yield from _reported(session)
    procedure = func.min(func.coalesce(Procedure.checked_on, date.min))
    for unit, oldest in _by_unit(session, Procedure.unit_code, procedure, procedures.due(today)):
        number = counted[unit].procedures
        text = f"{names.get(unit, unit)} có {number} thủ tục cần xem lại."
        url = f"{DESK}/thu-tuc/?thieu=xem-lai&don_vi={unit}"
        yield Event(NoticeKind.PROCEDURES, f"procedures/{unit}/{oldest}", unit, text, url)
    rows = session.execute(
        select(LinkPlace.unit_code, func.max(ExternalLink.broken_on))
        .join(ExternalLink, ExternalLink.id == LinkPlace.link_id)
        .where(
            ExternalLink.state == LinkState.BROKEN, ExternalLink.ignored_at.is_(None),
            LinkPlace.unit_code.is_not(None),
        )
        .group_by(LinkPlace.unit_code)
    )  # fmt: skip
    for code, newest in rows:
        unit = code or ""
        text = f"{names.get(unit, unit)} có {counted[unit].links} liên kết ra ngoài bị hỏng."
        url = f"{DESK}/lien-ket/?don_vi={code}"
        yield Event(NoticeKind.LINKS, f"links/{code}/{newest}", code, text, url)


def _reported(session: Session) -> Iterator[Event]:
    """Numbers that citizens could not reach. Since when names the event: who looked at them and
    hears of new reports is told anew."""
    found = reported.of(session)
    query = select(Hotline).where(Hotline.id.in_(found), Hotline.removed_at.is_(None))
    for line in session.scalars(query) if found else ():
        since, count = found[line.id].since, found[line.id].count
        text = f"{count} người báo số của “{_short(line.name)}” không liên lạc được từ ngày"
        name = f"numbers/{line.key}/{since:%Y-%m-%dT%H:%M:%S}"
        url = f"{DESK}/danh-ba/can-kiem-tra"
        said = f"{text} {format_date(since)}."
        yield Event(NoticeKind.HOTLINES, name, line.unit_code, said, url)


def _by_unit(session: Session, unit: Any, oldest: Any, due: Any) -> Iterable[tuple[str, date]]:
    query = select(unit, oldest).where(due, unit.is_not(None)).group_by(unit)
    return [(code, day) for code, day in session.execute(query)]


def _board(unit: str) -> str:
    return f"{DESK}/ke-hoach/don-vi/{unit}"


def _left(days: int) -> str:
    return f"còn {days} ngày" if days else "là hôm nay"


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
