"""A document on its way: drawing commands go to its sheets, tags say what they mean.

Coordinates are points from the upper left corner of a page. What is drawn inside `tagged` is read
out in the order of the tags; what is drawn inside `furniture` is not read at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from portal.core.pdf.parts import WEIGHTS, About, Bookmark, Box, Code, Sheet, Style, Tag
from portal.core.pdf.writing import write

_FOOT = 0.95  # from the top of a line to the foot of its letters


class Document:
    """A PDF on its way. Sheets are numbered from 0; drawing goes to the one named."""

    def __init__(self, title: str, author: str, made_at: datetime) -> None:
        self.about = About(title, author, made_at)
        self.root = Tag("Document")
        self.sheets: list[Sheet] = []
        self._bookmarks: list[Bookmark] = []

    def add_sheet(self, size: tuple[float, float]) -> int:
        """A new empty sheet; its number."""
        self.sheets.append(Sheet(*size))
        return len(self.sheets) - 1

    @contextmanager
    def tagged(self, sheet: int, tag: Tag) -> Iterator[None]:
        """What is drawn here on `sheet` is the content of `tag`."""
        page = self.sheets[sheet]
        tag.parts.append((sheet, page.marks))
        page.commands.append(b"/%s <</MCID %d>> BDC" % (tag.role.encode(), page.marks))
        page.marks += 1
        yield
        page.commands.append(b"EMC")

    @contextmanager
    def furniture(self, sheet: int) -> Iterator[None]:
        """What is drawn here is there for the eye alone: rules, page numbers."""
        self.sheets[sheet].commands.append(b"/Artifact BMC")
        yield
        self.sheets[sheet].commands.append(b"EMC")

    def text(self, sheet: int, x: float, y: float, lines: Sequence[str], style: Style) -> None:
        """Spelled lines one below the other; `y` is the top of the first."""
        page, letters = self.sheets[sheet], style.face
        begin = b"BT /F%d %.2f Tf %.2f g %.2f TL 1 0 0 1 %.2f %.2f Tm" % (
            WEIGHTS.index(style.weight), style.size, style.grey, style.line, x,
            page.height - y - style.size * _FOOT,
        )  # fmt: skip
        shown = b" T* ".join(letters.codes(line) + b" Tj" for line in lines)
        page.commands.append(b"%s %s ET" % (begin, shown))

    def fill(self, sheet: int, box: Box, grey: float) -> None:
        """A filled rectangle; rules are thin ones."""
        page = self.sheets[sheet]
        page.commands.append(
            b"%.2f g %.2f %.2f %.2f %.2f re f"
            % (grey, box.x, page.height - box.y - box.height, box.width, box.height)
        )

    def code(self, sheet: int, x: float, y: float, code: Code) -> None:
        """A QR code as vectors; (x, y) is its upper left corner."""
        page, unit = self.sheets[sheet], code.side / code.modules
        bars = b" ".join(
            b"%d %d %d 1 re" % (column, -row - 1, run) for row, column, run in code.runs
        )
        page.commands.append(
            b"q 0 g %.4f 0 0 %.4f %.2f %.2f cm %s f Q" % (unit, unit, x, page.height - y, bars)
        )

    def dashes(self, sheet: int, box: Box) -> None:
        """A thin dashed line from the upper left to the lower right of `box`: where to cut."""
        page = self.sheets[sheet]
        ends = (box.x, page.height - box.y, box.x + box.width, page.height - box.y - box.height)
        page.commands.append(b"q 0.5 G 0.5 w [3 3] 0 d %.2f %.2f m %.2f %.2f l S Q" % ends)

    def link(self, sheet: int, box: Box, goal: str | int) -> None:
        """Make a place lead to an address, or to a sheet of this file."""
        self.sheets[sheet].links.append((box, goal))

    def bookmark(self, title: str, sheet: int, top: float, level: int = 0) -> None:
        """An entry of the outline, below the last entry of a lower level."""
        self._bookmarks.append(Bookmark(title, level, sheet, top))

    def save(self) -> bytes:
        """The file. The same drawing gives the same bytes."""
        return write(self.about, self.root, self.sheets, self._bookmarks)
