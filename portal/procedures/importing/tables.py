"""Tables as people draw them: a title above, headers over several lines, sections in between."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from portal.core.text import clean_line
from portal.procedures.codes import normalise_code
from portal.procedures.importing.columns import Head, Vocabulary, fact_of
from portal.procedures.importing.notes import Notes
from portal.procedures.importing.sections import Group

LOOK_FOR_HEADER = 30
MAX_CELL = 60_000
_LONGEST_HEADER = 160
_MOST_HEADER_LINES = 4
_PREVIEW = 5
_LONGEST_PREVIEW = 120
_ORDINAL = re.compile(r"\(?\d{1,2}\)?(?:\s*=.*)?")
_MARK = re.compile(r"(?:[IVXLC]+|[A-ZĐ]|\d{1,2})[.)]?")


class Unreadable(Exception):
    """The file as a whole cannot be used; the message is Vietnamese and shown to the person."""


class UnknownColumns(Unreadable):
    """A table is there, but its columns are called as no known source calls them. A person must
    say which is which."""

    def __init__(self, head: Head) -> None:
        super().__init__(
            "Không thấy dòng tiêu đề có cột mã thủ tục và cột tên thủ tục. "
            "Hãy chỉ ra cột nào là cột nào."
        )
        self.head = head


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table as its file numbers it."""

    number: int
    cells: list[Any]


@dataclass(slots=True)
class Reading:
    """What one reads with, and what one learns beside the rows: notes, and the lines of `title`
    that stand above the tables."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    notes: Notes = field(default_factory=Notes)
    title: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One record under the column names of its file. `facts` says what each column holds,
    `columns` under which name the file keeps each fact, `group` what the section titles above
    say."""

    number: int
    values: Mapping[str, object]
    sheet: str = ""
    facts: Mapping[str, str] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    group: Group = field(default_factory=Group)


class _Lines(Iterator[Line]):
    """Lines that can be looked at before they are taken."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._rest = iter(lines)
        self._ready: deque[Line] = deque()

    def __next__(self) -> Line:
        return self._ready.popleft() if self._ready else next(self._rest)

    def peek(self, count: int) -> list[Line]:
        self._ready.extend(islice(self._rest, max(0, count - len(self._ready))))
        return list(islice(self._ready, count))


def rows_of_table(
    lines: Iterable[Line], reading: Reading, sheet: str = "", look_for_header: int = LOOK_FOR_HEADER
) -> Iterator[Row]:
    """The records of a table, or of several one below the other. Raises `Unreadable` when
    nothing is there, `UnknownColumns` when no line looks like a known header."""
    stream, vocabulary = _Lines(lines), reading.vocabulary
    first = stream.peek(look_for_header)
    if not any(_is_header(line, first[i:], vocabulary) for i, line in enumerate(first)):
        raise _not_found(first, vocabulary, sheet)
    group = Group().after(sheet)
    head: Head | None = None
    for line in stream:
        ahead = [line, *stream.peek(_MOST_HEADER_LINES + _PREVIEW)]
        if _is_header(line, ahead, vocabulary):
            head, used = _head(ahead, vocabulary, sheet)
            deque(islice(stream, used - 1), maxlen=0)
            continue
        alone = _alone(line.cells)
        if head is None:
            reading.title.append(alone or " ".join(map(_word, line.cells)).strip())
        elif _is_ordinals(line.cells):
            continue
        elif not alone:
            yield _row(line, head, group, sheet)
            continue
        below = group.after(alone)
        if head is not None and below is group:
            reading.notes.at(line.number, sheet=sheet)
            reading.notes.skipped("dòng chỉ có một ô, không phải tên mục", found=alone)
        group = below


def _row(line: Line, head: Head, group: Group, sheet: str) -> Row:
    values: dict[str, object] = {
        header: _cell(cell)
        for header, cell in zip(head.headers, line.cells, strict=False)
        if header
    }
    return Row(line.number, values, sheet, head.facts, head.names, group)


def _is_header(line: Line, ahead: Sequence[Line], vocabulary: Vocabulary) -> bool:
    """Whether a table begins at `line`, the first of `ahead`."""
    cells = [cell for cell in line.cells if cell not in (None, "")]
    if len(cells) < 2 or not all(isinstance(cell, str) for cell in cells):
        return False
    if any(len(cell) > _LONGEST_HEADER for cell in cells):
        return False
    known = {fact_of(cell) for cell in cells}
    if {"code", "name"} <= known:
        return True
    if not vocabulary.remembered or any(normalise_code(cell) for cell in cells):
        return False
    return vocabulary.knows(_headers(ahead)[0])


def _head(lines: Sequence[Line], vocabulary: Vocabulary, sheet: str) -> tuple[Head, int]:
    """The columns of the table that begins here, and how many lines their names take."""
    headers, used = _headers(lines)
    preview = [
        [preview_cell(cell) for cell in line.cells[: len(headers)]]
        for line in lines[used : used + _PREVIEW]
    ]
    head = Head(sheet, tuple(headers), vocabulary.facts_of(headers), preview)
    vocabulary.seen.append(head)
    return head, used


def _not_found(lines: Sequence[Line], vocabulary: Vocabulary, sheet: str) -> Unreadable:
    """What to say of lines without a known header: the one with most names may be one."""
    best, most = 0, 1
    for place, line in enumerate(lines):
        words = {_word(cell) for cell in line.cells if isinstance(cell, str)} - {""}
        if len(words) > most:
            best, most = place, len(words)
    if most < 2:
        return Unreadable("Tệp không có bảng nào.")
    return UnknownColumns(_head(lines[best:], vocabulary, sheet)[0])


def _headers(lines: Sequence[Line]) -> tuple[list[str], int]:
    """The names of the columns, and how many lines they take. A further line under merged cells
    ("Thời hạn" over "Theo quy định" and "Sau cắt giảm") gives the columns their own names."""
    names = [_word(cell) for cell in lines[0].cells]
    used = 1
    while used < min(len(lines), _MOST_HEADER_LINES) and _continues(names, lines[used].cells):
        below = [_word(cell) for cell in lines[used].cells]
        below += [""] * (len(names) - len(below))
        names += [""] * (len(below) - len(names))
        names = _under(names, below)
        used += 1
    return _distinct(names), used


def _under(top: Sequence[str], below: Sequence[str]) -> list[str]:
    names = []
    parent = ""
    for head, sub in zip(top, below, strict=True):
        parent = head or parent
        names.append(f"{parent} {sub}" if sub and sub != head and not fact_of(sub) else sub or head)
    return names


def _continues(top: Sequence[str], cells: Sequence[object]) -> bool:
    """Whether a line belongs to the header: words under cells that the line above left empty,
    or under cells that were merged, and no code anywhere."""
    words = [_word(cell) for cell in cells]
    words = ["" if i < len(top) and word == top[i] else word for i, word in enumerate(words)]
    if not any(words) or any(normalise_code(word) or len(word) > 80 for word in words):
        return False
    if not all(isinstance(cell, str) or cell is None for cell in cells) or _is_ordinals(cells):
        return False
    gap = any(word and i < len(top) and not top[i] for i, word in enumerate(words))
    named = any(word and fact_of(word) for word in words)
    blank = [i for i, head in enumerate(top) if fact_of(head) in ("code", "name")]
    return bool(blank) and (gap or named) and all(i >= len(words) or not words[i] for i in blank)


def _distinct(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return distinct


def _alone(cells: Sequence[object]) -> str:
    """The text of a line that stands across the table, its number before it if that has a cell
    of its own; "" for a line of a record."""
    filled = list(dict.fromkeys(_word(cell) for cell in cells if cell not in (None, "")))
    if len(filled) == 1 and isinstance(filled[0], str):
        return "" if normalise_code(filled[0]) else filled[0]
    if len(filled) != 2 or not _MARK.fullmatch(filled[0]) or _MARK.fullmatch(filled[1]):
        return ""
    if normalise_code(filled[1]) or filled[0].isdecimal():
        return ""
    return f"{filled[0].rstrip('.)')}. {filled[1]}"


def _is_ordinals(cells: Sequence[object]) -> bool:
    """The line "(1) (2) (3)" under the names of columns."""
    words = [_word(cell) for cell in cells if cell not in (None, "")]
    return len(words) > 2 and all(_ORDINAL.fullmatch(word) for word in words)


def _word(cell: object) -> str:
    return "" if cell is None else clean_line(str(cell)[:2000])


def preview_cell(value: object) -> str:
    """A value as the page of columns shows it."""
    text = _word(value)
    return text if len(text) <= _LONGEST_PREVIEW else f"{text[:_LONGEST_PREVIEW]}…"


def _cell(value: object) -> object:
    if isinstance(value, str) and len(value) > MAX_CELL:
        return value[:MAX_CELL]
    return value
