"""What a document is made of: styles, places, codes, the tree of tags, sheets, bookmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from portal.core.pdf.faces import Face, face

WEIGHTS = ("regular", "semibold")
A4 = (595.28, 841.89)
A3 = (841.89, 1190.55)
LEADING = 1.34  # two marks above a letter and one below still stand apart


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself."""

    title: str
    author: str
    made_at: datetime


class Box(NamedTuple):
    """A place on a sheet."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Style:
    """How letters look."""

    size: float
    weight: str = "regular"
    grey: float = 0.0

    @property
    def face(self) -> Face:
        return face(self.weight)

    @property
    def line(self) -> float:
        """The height of a line."""
        return self.size * LEADING

    def bold(self) -> Style:
        return replace(self, weight="semibold")


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: side, dark runs as (row, column, length), modules a side, what it leads to."""

    side: float
    runs: Sequence[tuple[int, int, int]]
    modules: int
    address: str


@dataclass(slots=True)
class Tag:
    """One element of the tree: its role in PDF's vocabulary, its parts in reading order."""

    role: str
    alt: str = ""
    parts: list[Tag | tuple[int, int]] = field(default_factory=list)

    def add(self, role: str, alt: str = "") -> Tag:
        """A new part at the end."""
        part = Tag(role, alt)
        self.parts.append(part)
        return part


@dataclass(slots=True)
class Sheet:
    width: float
    height: float
    commands: list[bytes] = field(default_factory=list)
    marks: int = 0
    links: list[tuple[Box, str | int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bookmark:
    title: str
    level: int
    sheet: int
    top: float
