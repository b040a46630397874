"""The register of received and handled feedback, line by line, without personal data.

A line holds classes, days, units and the public subject where one was released: nothing that a
citizen wrote, no name, no contact, no note of an officer about the sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor
from portal.core import clock
from portal.core.errors import Invalid
from portal.core.web.pages import Page
from portal.directory.queries import unit_names
from portal.feedback import figures, neighbours, overview
from portal.feedback.deadlines import is_late
from portal.feedback.models import CHANNEL_NAMES, KIND_NAMES, Channel, Feedback, Kind
from portal.feedback.overview import Period
from portal.feedback.states import LABELS, OPEN, State

PAGE = 30
MOST = {"xlsx": 20_000, "docx": 2_000}
# How a case ended on its day or not.
IN_TIME, TOO_LATE, OVERDUE, RUNNING, STANDING = (
    "Đúng hạn", "Trễ hạn", "Quá hạn", "Trong hạn", "Tạm dừng",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One feedback in the register."""

    number: str
    received: date
    channel: str
    kind: str
    about: str
    unit: str
    due: date
    closed: date | None
    state: str
    standing: str
    forwarded_to: str


def lines(session: Session, actor: Actor, period: Period, number: int) -> Page[Line]:
    """One page of the register that this person may see; four statements."""
    query = _query(actor, period)
    total = _count(session, query)
    rows = session.execute(query.limit(PAGE).offset((number - 1) * PAGE)).all()
    return Page(_lines(session, rows), number, PAGE, total)


def all_lines(session: Session, actor: Actor, period: Period, kind: str) -> list[Line]:
    """The whole register of a period for a file of `kind`. Raises `Invalid` when it is too long
    for one file."""
    query = _query(actor, period)
    if (total := _count(session, query)) > MOST[kind]:
        said = (
            f"Kỳ này có {total} dòng, một tệp {kind.upper()} chứa nhiều nhất {MOST[kind]}."
            " Bạn chọn kỳ ngắn hơn."
        )
        raise Invalid({"den_ngay": said})
    return _lines(session, session.execute(query).all())


def _query(actor: Actor, period: Period) -> Select[*tuple[Any, ...]]:
    columns = (
        Feedback.id, Feedback.register_year, Feedback.register_number, Feedback.received_at,
        Feedback.came_on, Feedback.channel, Feedback.kind, Feedback.procedure_code,
        Feedback.about_unit_code, Feedback.unit_code, Feedback.due_on, Feedback.answered_at,
        Feedback.closed_at, Feedback.state, Feedback.published_at, Feedback.public_subject,
        Feedback.forwarded_to,
    )  # fmt: skip
    return (
        select(*columns)
        .where(
            Feedback.state != State.RESTRICTED.value,
            figures.received_between(period.first, period.last), overview.in_scope(actor),
        )
        .order_by(Feedback.received_at, Feedback.id)
    )  # fmt: skip


def _count(session: Session, query: Select[*tuple[Any, ...]]) -> int:
    alone = query.with_only_columns(Feedback.id).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(alone)) or 0


def _lines(session: Session, rows: Sequence[Row[Any]]) -> list[Line]:
    units, today = unit_names(), clock.today()
    codes = {row.procedure_code for row in rows if row.procedure_code}
    procedures = neighbours.procedure_names(session, codes)
    return [_line(row, units, procedures, today) for row in rows]


def _line(row: Row[Any], units: dict[str, str], procedures: dict[str, str], today: date) -> Line:
    ended = row.answered_at or row.closed_at
    closed = clock.to_local(ended).date() if ended else None
    numbered = row.register_number is not None
    return Line(
        number=f"{row.register_number}/{row.register_year}" if numbered else "",
        received=row.came_on or clock.to_local(row.received_at).date(),
        channel=CHANNEL_NAMES[Channel(row.channel)], kind=KIND_NAMES[Kind(row.kind)],
        about=_about(row, units, procedures),
        unit=units.get(row.unit_code, row.unit_code) if row.unit_code else "",
        due=row.due_on, closed=closed, state=LABELS[State(row.state)],
        standing=_standing(State(row.state), row.due_on, closed, today),
        forwarded_to=row.forwarded_to or "",
    )  # fmt: skip


def _about(row: Row[Any], units: dict[str, str], procedures: dict[str, str]) -> str:
    """What it is about, from classes; in words only where words were released to everybody."""
    said = [row.public_subject] if row.published_at and row.public_subject else []
    if code := row.procedure_code:
        said.append(f"Thủ tục {code} {procedures.get(code, '')}".strip())
    if code := row.about_unit_code:
        said.append(f"Về {units.get(code, code)}")
    return "; ".join(said)


def _standing(state: State, due: date, closed: date | None, today: date) -> str:
    if state is State.WAITING:
        return STANDING
    if state in OPEN:
        return OVERDUE if is_late(due, today) else RUNNING
    if state is State.ANSWERED and closed:
        return TOO_LATE if closed > due else IN_TIME
    return ""
