"""The filters of the inbox: what stands in its address, and what that asks of the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.text import clean_line, fold
from portal.feedback.models import Channel, Feedback, Kind
from portal.feedback.states import OPEN

MOST_LOOKED_THROUGH = 5_000
"""Subjects that a search by words looks through, the newest first. They are folded here: what
citizens wrote stands in no index."""
_REGISTER = re.compile(r"(\d{1,7})\s*/\s*(\d{4})")


class Sort(StrEnum):
    """In which order a pile is shown."""

    URGENT = "han"
    NEWEST = "moi-nhat"
    OLDEST = "cu-nhat"


SORT_NAMES: dict[Sort, str] = {
    Sort.URGENT: "Hạn gần nhất trước",
    Sort.NEWEST: "Mới nhận trước",
    Sort.OLDEST: "Nhận lâu nhất trước",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What a person asked of the inbox beside the pile."""

    words: str = ""
    kind: Kind | None = None
    channel: Channel | None = None
    unit: str = ""
    procedure: str = ""
    since: date | None = None
    until: date | None = None
    sort: Sort = Sort.URGENT

    @property
    def used(self) -> int:
        """How many filters are in use; the order is none."""
        asked = (self.words, self.kind, self.channel, self.unit, self.procedure, self.since,
                 self.until)  # fmt: skip
        return sum(bool(one) for one in asked)

    @property
    def order(self) -> tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]:
        if self.sort is Sort.NEWEST:
            return (Feedback.received_at.desc(), Feedback.id.desc())
        if self.sort is Sort.OLDEST:
            return (Feedback.received_at, Feedback.id)
        urgent = case((Feedback.state.in_([state.value for state in OPEN]), 0), else_=1)
        return (urgent, Feedback.due_on, Feedback.id)

    def condition(self, readable: ColumnElement[bool], session: Session) -> ColumnElement[bool]:
        """All filters together; words are looked for in subjects that are `readable` alone."""
        asked: list[ColumnElement[bool]] = [Feedback.id > 0]
        for column, value in (
            (Feedback.kind, self.kind), (Feedback.channel, self.channel),
            (Feedback.unit_code, self.unit), (Feedback.procedure_code, self.procedure),
        ):  # fmt: skip
            if value:
                asked.append(column == str(value))
        if self.since:
            asked.append(Feedback.received_at >= _start_of(self.since))
        if self.until:
            asked.append(Feedback.received_at < _start_of(self.until + timedelta(days=1)))
        narrowed = and_(*asked)
        return and_(narrowed, self._worded(and_(narrowed, readable), session))

    def _worded(self, where: ColumnElement[bool], session: Session) -> ColumnElement[bool]:
        if not self.words:
            return Feedback.id > 0
        if found := _REGISTER.fullmatch(self.words):
            number, year = int(found[1]), int(found[2])
            return and_(Feedback.register_number == number, Feedback.register_year == year)
        wanted = fold(self.words).split()
        query = select(Feedback.id, Feedback.subject).where(where).order_by(Feedback.id.desc())
        rows = session.execute(query.limit(MOST_LOOKED_THROUGH)).all()
        ids = [row.id for row in rows if all(word in fold(row.subject) for word in wanted)]
        asked = or_(Feedback.id.in_(ids), Feedback.external_code == self.words)
        if self.words.isascii() and self.words.isdecimal() and len(self.words) < 10:
            return or_(asked, Feedback.id == int(self.words))
        return asked


def read(given: Mapping[str, str]) -> Narrowing:
    """The filters of an address. Raises `ValueError` for what no form of ours sends."""
    return Narrowing(
        words=clean_line(given.get("q", ""))[:100],
        kind=Kind(given["loai"]) if given.get("loai") else None,
        channel=Channel(given["kenh"]) if given.get("kenh") else None,
        unit=given.get("don_vi", "")[:80],
        procedure=clean_line(given.get("thu_tuc", ""))[:40],
        since=date.fromisoformat(given["tu_ngay"]) if given.get("tu_ngay") else None,
        until=date.fromisoformat(given["den_ngay"]) if given.get("den_ngay") else None,
        sort=Sort(given["sap-xep"]) if given.get("sap-xep") else Sort.URGENT,
    )


def reader(actor: Actor) -> Actor:
    """The person without the grants that list items but never open them."""
    return replace(actor, grants=tuple(g for g in actor.grants if g.role is not Role.AUDITOR))


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LOCAL_ZONE)
