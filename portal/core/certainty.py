"""How sure the portal is of a fact that it shows, said openly beside the fact."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

STALE_AFTER = timedelta(days=180)


class Certainty(StrEnum):
    """Confirmed by whom it concerns, seen in a named source, or not compared with anything."""

    VERIFIED = "verified"
    FOUND = "found"
    UNVERIFIED = "unverified"


CERTAINTY_NAMES: dict[Certainty, str] = {
    Certainty.VERIFIED: "đã kiểm chứng",
    Certainty.FOUND: "theo nguồn công khai",
    Certainty.UNVERIFIED: "chưa kiểm chứng",
}


def is_stale(checked_on: date | None, today: date) -> bool:
    """Whether a fact was not looked at for so long that readers must be told."""
    return checked_on is None or today - checked_on > STALE_AFTER
