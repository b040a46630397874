"""What an import has to say of each row, so that nothing is mended or left out in silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """Left out; mended by a rule; kept as it is but worth a look."""

    SKIPPED = "skipped"
    REPAIRED = "repaired"
    DOUBTFUL = "doubtful"


SEVERITY_NAMES = {
    Severity.SKIPPED: "bỏ qua",
    Severity.REPAIRED: "đã sửa",
    Severity.DOUBTFUL: "cần xem lại",
}


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One finding. `row` is the row of the file as its program numbers it."""

    row: int
    severity: Severity
    message: str
    code: str = ""

    def __str__(self) -> str:
        code = f" ({self.code})" if self.code else ""
        return f"dòng {self.row}{code}, {SEVERITY_NAMES[self.severity]}: {self.message}"


@dataclass(slots=True)
class Notes:
    """The findings of a whole file; `at` says which row is being read."""

    found: list[Note] = field(default_factory=list)
    row: int = 0
    code: str = ""

    def at(self, row: int, code: str = "") -> None:
        """From now on findings belong to this row."""
        self.row, self.code = row, code

    def skipped(self, message: str) -> None:
        self._add(Severity.SKIPPED, message)

    def repaired(self, message: str) -> None:
        self._add(Severity.REPAIRED, message)

    def doubtful(self, message: str) -> None:
        self._add(Severity.DOUBTFUL, message)

    def counts(self) -> Counter[Severity]:
        """How many findings of each kind."""
        return Counter(note.severity for note in self.found)

    def _add(self, severity: Severity, message: str) -> None:
        note = Note(self.row, severity, message, self.code)
        if not self.found or self.found[-1] != note:
            self.found.append(note)
