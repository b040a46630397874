"""By when an answer is due: working days from the day after receipt, weekends left out.

Public holidays are not taken off, so a date shown may be earlier than the rules demand,
never later. Pages say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.core.site_config import SiteConfig
from portal.feedback.models import Kind

FALLBACK_DAYS = 10
SOON_DAYS = 2
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """The time an answer may take, and where that number comes from."""

    working_days: int
    source: str
    verified: bool


def limit_for(kind: Kind, site: SiteConfig) -> Limit:
    """The limit for one kind of feedback from site.toml."""
    for limit in site.feedback.limits:
        if limit.kind == kind.value:
            return Limit(limit.working_days, limit.source, limit.certainty == "verified")
    return Limit(FALLBACK_DAYS, "Đề xuất của cơ quan", verified=False)


def add_working_days(start: date, days: int) -> date:
    """The last of `days` working days counted from the day after `start`."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY:
            days -= 1
    return day


def due_on(kind: Kind, received: date, site: SiteConfig) -> date:
    """The day by which a feedback of `kind`, received on `received`, is to be answered."""
    return add_working_days(received, limit_for(kind, site).working_days)
