"""Reading of content entries that hold further entries; whatever is wrong is told with its line."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from portal.core.content import Entry, Report, check
from portal.core.content_fields import Fields
from portal.procedures.codes import CANONICAL
from portal.procedures.facts import unique

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
LONGEST = 60_000


class Reader(Fields):
    """`Fields` for entries that hold further entries."""

    def __init__(self, entry: Entry, report: Report) -> None:
        super().__init__(entry, report)
        self._faults_before = len(report.faults)

    @property
    def ok(self) -> bool:
        """Whether no fault was reported since this entry was opened."""
        return len(self.report.faults) == self._faults_before

    def shape(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> bool:
        """Whether exactly these keys stand there."""
        return check(self.entry, required=required, optional=optional, report=self.report)

    def decimal(self, key: str) -> Decimal | None:
        """A number of days or hours, half days as '2.5' or '2,5'."""
        value = self.entry.get(key)
        if value is None:
            return None
        try:
            number = Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or not 0 <= number < 100_000 or number != round(number, 2):
            self.fault(key, f"is not a number of days or hours: {str(value)[:40]!r}")
            return None
        return number

    def choice(self, key: str, kind: type[E]) -> E | None:
        """One value of a closed vocabulary, None when it is not said."""
        if self.entry.get(key) is None:
            return None
        return self.one_of(key, kind, next(iter(kind)))

    def choices(self, key: str, kind: type[E]) -> tuple[E, ...]:
        """Several values of a closed vocabulary."""
        found = []
        for value in unique(self.texts(key)):
            if value in set(kind):
                found.append(kind(value))
            else:
                self.fault(key, f"holds none of {', '.join(kind)}: {value[:40]!r}")
        return tuple(found)

    def part(self, key: str) -> Reader | None:
        """A mapping within this one, None when it is missing or is something else."""
        value = self.entry.get(key)
        if value is None or isinstance(value, Entry):
            return None if value is None else Reader(value, self.report)
        self.fault(key, "is not a mapping")
        return None

    def each(self, key: str, read: Callable[[Reader], T | None]) -> tuple[T, ...]:
        """The mappings of a list, each read by `read`."""
        values: Any = self.entry.get(key)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(x, Entry) for x in values):
            self.fault(key, "is not a list of mappings")
            return ()
        parts = (read(Reader(value, self.report)) for value in values)
        return tuple(part for part in parts if part is not None)

    def code(self, key: str) -> str:
        """A canonical code, '' when it is not said."""
        value = self.text(key, 20)
        if value and not CANONICAL.fullmatch(value):
            self.fault(key, f"is not a code like '1.012289': {value!r}")
        return value

    def codes(self, key: str) -> tuple[str, ...]:
        """Canonical codes, each once."""
        values = unique(self.texts(key, 20))
        for value in values:
            if not CANONICAL.fullmatch(value):
                self.fault(key, f"holds no code like '1.012289': {value!r}")
        return values

    def address(self, key: str) -> str:
        """An address of the web."""
        value = self.text(key, 2000)
        if value and not value.startswith(("https://", "http://")):
            self.fault(key, f"is not an address like https://…: {value[:60]!r}")
        return value

    def yes_or_no(self, key: str) -> bool | None:
        """A flag that may be unknown."""
        return None if self.entry.get(key) is None else self.flag(key)
