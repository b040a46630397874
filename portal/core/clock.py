"""Time: stored and computed in UTC, shown in the agency's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment, aware, in UTC. Tests replace this one function."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date where the agency is."""
    return now().astimezone(LOCAL_ZONE).date()


def to_local(moment: datetime) -> datetime:
    """`moment` (aware) as the wall clock of the agency shows it."""
    return moment.astimezone(LOCAL_ZONE)


def from_local(wall_clock: datetime) -> datetime:
    """A naive wall-clock time of the agency, as an aware UTC moment."""
    return wall_clock.replace(tzinfo=LOCAL_ZONE).astimezone(UTC)


def format_date(value: date | datetime) -> str:
    """`21/11/2026`. An aware datetime is shown in the agency's zone."""
    if isinstance(value, datetime):
        value = to_local(value).date()
    return f"{value.day:02d}/{value.month:02d}/{value.year}"


def format_time(value: datetime) -> str:
    """`09:30` in the agency's zone."""
    return f"{to_local(value):%H:%M}"


def format_moment(value: datetime) -> str:
    """`09:30 ngày 21/11/2026` in the agency's zone."""
    return f"{format_time(value)} ngày {format_date(value)}"


def format_duration(seconds: int) -> str:
    """`3 phút 20 giây`, `1 giờ 5 phút`: how long a recording lasts."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "giờ"), (minutes, "phút"), (0 if hours else rest, "giây")]
    return " ".join(f"{count} {word}" for count, word in parts if count) or "0 giây"
