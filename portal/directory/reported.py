"""What is open about a line: read by the pages of citizens and of the desk alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.directory.models import TROUBLE_NAMES, HotlineReport, Trouble

PUBLIC_FROM = 3
"""From so many networks on readers are told: one person alone can mark no number."""


@dataclass(frozen=True, slots=True)
class Reports:
    """How many networks say that a line cannot be reached, since when, and in which way."""

    count: int
    since: datetime
    reasons: Mapping[Trouble, int] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Whether readers are told."""
        return self.count >= PUBLIC_FROM

    @property
    def in_words(self) -> str:
        """`2 không gọi được, 1 sai số`."""
        return ", ".join(
            f"{count} {TROUBLE_NAMES[reason].lower()}"
            for reason in Trouble
            if (count := self.reasons.get(reason, 0))
        )


def of(session: Session, ids: Collection[int] | None = None) -> dict[int, Reports]:
    """Open reports by id of the line; one statement."""
    query = select(HotlineReport.hotline_id, HotlineReport.at, HotlineReport.reason).where(
        HotlineReport.closed_at.is_(None)
    )
    if ids is not None:
        query = query.where(HotlineReport.hotline_id.in_(ids))
    found: dict[int, list[tuple[datetime, Trouble]]] = {}
    for hotline, at, reason in session.execute(query):
        found.setdefault(hotline, []).append((at, Trouble(reason)))
    return {
        hotline: Reports(len(rows), min(at for at, _ in rows), Counter(why for _, why in rows))
        for hotline, rows in found.items()
    }
