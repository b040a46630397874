"""What an import has to say of each row, so that nothing is mended or left out in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST_FOUND = 200


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
    """One finding. `row` is the row of the file as its program numbers it (0: the whole file),
    `column` what the file calls the column, `found` what stood there."""

    row: int
    severity: Severity
    message: str
    code: str = ""
    sheet: str = ""
    column: str = ""
    found: str = ""

    @property
    def place(self) -> str:
        """Where in the file, for people."""
        parts = [f"trang tính {self.sheet}"] if self.sheet else []
        parts.append(f"dòng {self.row}" if self.row else "cả tệp")
        return ", ".join(parts) + (f" ({self.code})" if self.code else "")

    def __str__(self) -> str:
        return f"{self.place}, {SEVERITY_NAMES[self.severity]}: {self.message}"


@dataclass(slots=True)
class Notes:
    """The findings of a whole file; `at` says which row is being read."""

    found: list[Note] = field(default_factory=list)
    row: int = 0
    code: str = ""
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    def at(
        self,
        row: int,
        code: str = "",
        sheet: str = "",
        columns: Mapping[str, str] | None = None,
    ) -> None:
        """From now on findings belong to this row; `columns` says under which name the file
        keeps each fact."""
        self.row, self.code, self.sheet, self.columns = row, code, sheet, columns or {}

    def named(self, code: str) -> None:
        """The row that is being read turned out to be of this procedure."""
        self.code = code

    def skipped(self, message: str, fact: str = "", found: object = "") -> None:
        """The row, or a part of it, is left out."""
        self._add(Severity.SKIPPED, message, fact, found)

    def repaired(self, message: str, fact: str = "", found: object = "") -> None:
        """A rule mended what stood there."""
        self._add(Severity.REPAIRED, message, fact, found)

    def doubtful(self, message: str, fact: str = "", found: object = "") -> None:
        """It is kept, but a person should look at it."""
        self._add(Severity.DOUBTFUL, message, fact, found)

    def counts(self) -> Counter[Severity]:
        """How many findings of each kind."""
        return Counter(note.severity for note in self.found)

    def _add(self, severity: Severity, message: str, fact: str, found: object) -> None:
        note = Note(
            self.row, severity, message, self.code, self.sheet,
            self.columns.get(fact, ""), str(found)[:LONGEST_FOUND],
        )  # fmt: skip
        if not self.found or self.found[-1] != note:
            self.found.append(note)
