"""Typed values out of content entries: a wrong value is a fault, never an exception."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from portal.core.content import Entry, Report

E = TypeVar("E", bound=StrEnum)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 5000


class Fields:
    """Reads the values of one entry. What is missing reads as empty; what is of the wrong kind
    is reported at its line and reads as empty too, so that one run tells all faults."""

    def __init__(self, entry: Entry, report: Report) -> None:
        self.entry = entry
        self.report = report

    def fault(self, key: str, message: str) -> None:
        """Report that the value at `key` is wrong."""
        self.report.faults.append(self.entry.fault(f"{key!r} {message}", key))

    def text(self, key: str, limit: int = _LONGEST) -> str:
        """Text of at most `limit` characters, "" when it is missing."""
        value = self.entry.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(key, f"is not text; write it in quotes: {str(value)[:40]!r}")
            return ""
        if len(value) > limit:
            self.fault(key, f"is longer than {limit} characters")
            return ""
        return value

    def slug(self, key: str, limit: int = 80) -> str:
        """A key or code of lower-case letters, digits and hyphens."""
        value = self.text(key, limit)
        if value and not SLUG.fullmatch(value):
            self.fault(key, f"is not of the form a-b-1: {value[:40]!r}")
            return ""
        return value

    def whole(self, key: str, default: int = 0, *, low: int = 0, high: int = 1_000_000) -> int:
        """A whole number from `low` to `high`."""
        return self._whole(key, low, high, default)

    def optional_whole(self, key: str, *, low: int = 0, high: int = 1_000_000) -> int | None:
        """A whole number from `low` to `high`, or None when it is missing."""
        return None if self.entry.get(key) is None else self._whole(key, low, high, low)

    def day(self, key: str) -> date | None:
        """A date, written 2026-11-21."""
        value = self.entry.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.fault(key, f"is not a date like 2026-11-21: {str(value)[:40]!r}")
        return None

    def one_of(self, key: str, kinds: type[E], default: E) -> E:
        """One value of a closed list."""
        value = self.entry.get(key)
        if value is None:
            return default
        if isinstance(value, str) and value in list(kinds):
            return kinds(value)
        self.fault(key, f"is none of {', '.join(kinds)}: {str(value)[:40]!r}")
        return default

    def texts(self, key: str, limit: int = _LONGEST) -> list[str]:
        """A list of texts."""
        value = self.entry.get(key)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(v, str) and len(v) <= limit for v in value):
            return list(value)
        self.fault(key, f"is not a list of texts of at most {limit} characters")
        return []

    def flag(self, key: str, *, default: bool = False) -> bool:
        """true or false."""
        value: Any = self.entry.get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(key, f"is neither true nor false: {str(value)[:40]!r}")
        return default

    def _whole(self, key: str, low: int, high: int, default: int) -> int:
        value = self.entry.get(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.fault(key, f"is not a whole number from {low} to {high}: {str(value)[:40]!r}")
        return default
