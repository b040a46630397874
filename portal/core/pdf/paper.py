"""Words laid out on sheets: paragraphs, lists, tables and codes flow down and on to the next sheet.

A heading never stands alone at the foot of a sheet and a row of a table is never torn apart,
unless it is higher than a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from portal.core.pdf.document import Document
from portal.core.pdf.lines import wrap
from portal.core.pdf.parts import A4, Box, Code, Style, Tag

_TOGETHER = 2  # lines of a paragraph that never stand alone


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `share` of the width that is left beside the `fixed` ones."""

    title: str
    share: float = 0.0
    fixed: float = 0.0
    weight: str = "regular"


Cell = str | Code


class Paper:
    """A document that is written from top to bottom."""

    def __init__(
        self, document: Document, size: tuple[float, float] = A4, margin: float = 42.0,
        foot: float = 30.0,
    ) -> None:  # fmt: skip
        self.document, self.size, self.margin = document, size, margin
        self.left, self.right = margin, size[0] - margin
        self.top, self.bottom = margin, size[1] - margin - foot
        self._columns, self._column = [(self.left, self.right)], 0
        self.sheet, self.y = document.add_sheet(size), margin

    @property
    def width(self) -> float:
        return self.right - self.left

    def turn(self) -> None:
        """Go on at the top of the next column or of a new sheet."""
        self._column = (self._column + 1) % len(self._columns)
        if self._column == 0:
            self.sheet, self.top = self.document.add_sheet(self.size), self.margin
        self.left, self.right = self._columns[self._column]
        self.y = self.top

    def split(self, columns: int, gap: float) -> None:
        """From here on write in columns side by side."""
        width = (self.width - gap * (columns - 1)) / columns
        lefts = [self.left + i * (width + gap) for i in range(columns)]
        self._columns = [(left, left + width) for left in lefts]
        self.left, self.right = self._columns[0]
        self.top = self.y

    def keep(self, height: float) -> bool:
        """Have room for `height`, on a new sheet if need be. True when the sheet was turned."""
        if self.y + height <= self.bottom or self.y == self.top:
            return False
        self.turn()
        return True

    def space(self, height: float) -> None:
        """Leave blank, but not at the top of a sheet."""
        if self.y > self.top:
            self.y = min(self.y + height, self.bottom)

    def write(
        self, text: str, style: Style, *, tag: Tag, left: float = 0.0, width: float | None = None
    ) -> None:
        """A paragraph; its first and last two lines stay together."""
        width = self.width - left if width is None else width
        lines = wrap(text, style, width)
        while lines:
            fit = int((self.bottom - self.y) / style.line)
            if fit < len(lines):
                fit = min(fit, len(lines) - _TOGETHER)
            if fit < min(_TOGETHER, len(lines)) and self.y > self.top:
                self.turn()
                continue
            chunk, lines = lines[: max(fit, 1)], lines[max(fit, 1) :]
            self._lines(chunk, style, tag, self.left + left)

    def heading(
        self, text: str, style: Style, level: int, *, after: float = 4.0, mark: int | None = None,
    ) -> None:  # fmt: skip
        """A heading with room for what follows; `mark` is its level among the bookmarks."""
        lines = wrap(text, style, self.width)
        self.keep(style.line * (len(lines) + 4))
        if mark is not None:
            self.document.bookmark(text, self.sheet, self.y, mark)
        self._lines(lines, style, self.document.root.add(f"H{level}"), self.left)
        self.y += after

    def items(self, entries: Iterable[tuple[str, str]], style: Style, indent: float) -> None:
        """A list of (label, text): the label hangs in the indent."""
        whole = self.document.root.add("L")
        for label, text in entries:
            item = whole.add("LI")
            self.keep(style.line * 2)
            with self.document.tagged(self.sheet, item.add("Lbl")):
                self._draw(self.left, self.y, [label], style)
            self.write(text, style, tag=item.add("LBody"), left=indent)
            self.y += style.size * 0.25

    def facts(self, entries: Iterable[tuple[str, str]], style: Style, label: float) -> None:
        """A ruled table of two columns: a name in bold, its value."""
        columns = [Column("", fixed=label, weight="semibold"), Column("", share=1)]
        self.table(columns, [[name, value] for name, value in entries], style)

    def table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], style: Style
    ) -> None:
        """Rows between hairlines; the titles, if any, stand again on every sheet."""
        Grid(self, columns, style).fill(rows)

    def rule(self, grey: float = 0.0, height: float = 0.8) -> None:
        """A line from margin to margin."""
        with self.document.furniture(self.sheet):
            self.document.fill(self.sheet, Box(self.left, self.y, self.width, height), grey)
        self.y += height

    def code(self, code: Code, x: float, y: float, tag: Tag) -> None:
        """A QR code at a place of the present sheet, which also leads there when it is touched."""
        figure = tag.add("Figure", f"Mã QR của địa chỉ {code.address}")
        with self.document.tagged(self.sheet, figure):
            self.document.code(self.sheet, x, y, code)
        self.document.link(self.sheet, Box(x, y, code.side, code.side), code.address)

    def number_sheets(self, note: str, style: Style) -> None:
        """Put a note and "Trang 2/9" at the foot of all sheets: the last thing to do."""
        total = len(self.document.sheets)
        self.left, self.right = self.margin, self.size[0] - self.margin
        for number in range(total):
            self.sheet = number
            words = f"Trang {number + 1}/{total}"
            y = self.bottom + 8
            room = self.width - style.face.width(words, style.size) - 12
            with self.document.furniture(number):
                self.document.fill(number, Box(self.left, y, self.width, 0.5), 0.6)
                self._draw(self.left, y + 3, wrap(note, style, room)[:2], style)
                at = self.right - style.face.width(words, style.size)
                self._draw(at, y + 3, [words], style)

    def _lines(self, lines: Sequence[str], style: Style, tag: Tag, x: float) -> None:
        with self.document.tagged(self.sheet, tag):
            self._draw(x, self.y, lines, style)
        self.y += style.line * len(lines)

    def _draw(self, x: float, top: float, lines: Sequence[str], style: Style) -> None:
        # A line's last space keeps two words apart for who hears or copies them.
        spaced = [*(f"{line} " for line in lines[:-1]), *lines[-1:]]
        self.document.text(self.sheet, x, top, spaced, style)

    def draw_at(self, x: float, top: float, lines: Sequence[str], style: Style, tag: Tag) -> None:
        """Wrapped lines at a place of the present sheet."""
        with self.document.tagged(self.sheet, tag):
            self._draw(x, top, lines, style)


class Grid:
    """A table on its way down the sheets."""

    PAD = 4.0

    def __init__(self, paper: Paper, columns: Sequence[Column], style: Style) -> None:
        self.paper, self.columns, self.style = paper, columns, style
        self.tag = paper.document.root.add("Table")
        rest = paper.width - sum(column.fixed for column in columns)
        shares = sum(column.share for column in columns) or 1
        self.widths = [column.fixed or rest * column.share / shares for column in columns]
        self.titles = [
            wrap(column.title, style.bold(), width - 2 * self.PAD) if column.title else []
            for column, width in zip(columns, self.widths, strict=True)
        ]

    def fill(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Draw all rows."""
        fresh = True
        for row in rows:
            cells = [self._cell(cell, i) for i, cell in enumerate(row)]
            height = max(self._height(cell) for cell in cells)
            room = self._title_height() if fresh else 0.0
            whole = self.paper.size[1] - 2 * self.paper.margin
            if self.paper.keep(min(height + room, whole / 2 if height > whole else height + room)):
                fresh = True
            if fresh:
                self._head()
                fresh = False
            self._row(cells)
        self.paper.space(self.style.size * 0.6)

    def _cell(self, cell: Cell, i: int) -> list[str] | Code:
        if isinstance(cell, Code):
            return cell
        style = replace(self.style, weight=self.columns[i].weight)
        return wrap(cell, style, self.widths[i] - 2 * self.PAD)

    def _height(self, cell: list[str] | Code) -> float:
        inner = cell.side if isinstance(cell, Code) else len(cell) * self.style.line
        return inner + 2 * self.PAD

    def _title_height(self) -> float:
        return max(map(len, self.titles)) * self.style.line + 2 * self.PAD

    def _head(self) -> None:
        paper = self.paper
        paper.rule(0.2)
        if not any(self.titles):
            return
        row, top, x = self.tag.add("TR"), paper.y + self.PAD, paper.left
        height = self._title_height()
        with paper.document.furniture(paper.sheet):
            paper.document.fill(paper.sheet, Box(x, paper.y, paper.width, height), 0.93)
        for lines, width in zip(self.titles, self.widths, strict=True):
            paper.draw_at(x + self.PAD, top, lines, self.style.bold(), row.add("TH"))
            x += width
        paper.y += height
        paper.rule(0.2)

    def _row(self, cells: Sequence[list[str] | Code]) -> None:
        """One row; when it is higher than a sheet it goes on over the next ones."""
        paper, row = self.paper, self.tag.add("TR")
        tags = [row.add("TD") for _ in cells]
        line, start = self.style.line, 0
        total = max((len(cell) for cell in cells if not isinstance(cell, Code)), default=0)
        while True:
            fit = max(1, int((paper.bottom - paper.y - 2 * self.PAD) / line))
            until = min(total, start + fit)
            parts = [c[start:until] if not isinstance(c, Code) else c for c in cells]
            used = self._part(parts, tags, first=start == 0)
            paper.y += used
            paper.rule(0.75, 0.5)
            start = until
            if start >= total:
                return
            paper.turn()

    def _part(
        self, cells: Sequence[list[str] | Code], tags: Sequence[Tag], *, first: bool
    ) -> float:
        paper, x, used = self.paper, self.paper.left, 0.0
        for i, (cell, tag) in enumerate(zip(cells, tags, strict=True)):
            top = paper.y + self.PAD
            if isinstance(cell, Code):
                if first:
                    paper.code(cell, x + (self.widths[i] - cell.side) / 2, top, tag)
                    used = max(used, self._height(cell))
            elif cell:
                style = replace(self.style, weight=self.columns[i].weight)
                paper.draw_at(x + self.PAD, top, cell, style, tag)
                used = max(used, self._height(cell))
            x += self.widths[i]
        return used
