"""Tables as people draw them: a title above, headers over two lines, sections in between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from portal.core.text import clean_line
from portal.procedures.codes import normalise_code
from portal.procedures.importing.columns import fact_of

LOOK_FOR_HEADER = 30
MAX_CELL = 60_000
_SECTION = re.compile(r"(?:[IVXLC]+|[A-ZĐ]|\d{1,2})[.)]\s+|lĩnh vực\b", re.IGNORECASE)
_SECTION_MARK = re.compile(r"^(?:[IVXLC]+|[A-ZĐ]|\d{1,2})[.)]\s+")
_FIELD_WORD = re.compile(r"^lĩnh vực(?: của)?:?\s*", re.IGNORECASE)


class Unreadable(Exception):
    """The file as a whole cannot be used; the message is Vietnamese and shown to the person."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table as its file numbers it."""

    number: int
    cells: list[Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One record under the column names of its file."""

    number: int
    values: Mapping[str, object]


def rows_of_table(lines: Iterable[Line]) -> Iterator[Row]:
    """The records of a table. Raises `Unreadable` when no line looks like its header."""
    stream = iter(lines)
    first = list(islice(stream, LOOK_FOR_HEADER))
    place = next((i for i, line in enumerate(first) if _is_header(line.cells)), None)
    if place is None:
        raise Unreadable(
            "Không thấy dòng tiêu đề có cột mã thủ tục và cột tên thủ tục "
            f"trong {LOOK_FOR_HEADER} dòng đầu."
        )
    headers, used = _headers(first[place:])
    section = ""
    for line in chain(first[place + used :], stream):
        cells = [_cell(value) for value in line.cells]
        filled = [cell for cell in cells if cell not in (None, "")]
        if len({str(cell) for cell in filled}) <= 1 and len(filled) != len(headers):
            section = _section(filled) or section
            continue
        values: dict[str, object] = {
            header: cell for header, cell in zip(headers, cells, strict=False) if header
        }
        if section and "field" not in {fact_of(header) for header in headers}:
            values["field"] = section
        yield Row(line.number, values)


def _is_header(cells: Sequence[object]) -> bool:
    facts = [fact_of(cell) for cell in cells if isinstance(cell, str)]
    return "name" in facts and "code" in facts


def _headers(lines: Sequence[Line]) -> tuple[list[str], int]:
    """The names of the columns, and how many lines they take. A second line under merged cells
    ("Thời hạn" over "Theo quy định" and "Sau cắt giảm") gives the columns their own names."""
    top = [clean_line(str(cell or "")) for cell in lines[0].cells]
    if len(lines) < 2 or not _continues(top, lines[1].cells):
        return _distinct(top), 1
    below = [clean_line(str(cell or "")) for cell in lines[1].cells]
    below += [""] * (len(top) - len(below))
    names = []
    parent = ""
    for head, sub in zip(top, below, strict=False):
        parent = head or parent
        names.append(f"{parent} {sub}" if sub and not fact_of(sub) else sub or head)
    return _distinct(names), 2


def _continues(top: Sequence[str], cells: Sequence[object]) -> bool:
    """Whether a line belongs to the header: words under cells that the line above left empty,
    or under cells that were merged, and no code anywhere."""
    words = [clean_line(str(cell or "")) for cell in cells]
    if any(normalise_code(word) for word in words):
        return False
    gap = any(word and i < len(top) and not top[i] for i, word in enumerate(words))
    named = any(word and fact_of(word) for word in words)
    blank = [i for i, head in enumerate(top) if fact_of(head) in ("code", "name")]
    return (gap or named) and all(i >= len(words) or not words[i] for i in blank)


def _distinct(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return distinct


def _section(filled: Sequence[object]) -> str:
    """The field that a line across the whole table announces ("II. LĨNH VỰC DƯỢC PHẨM")."""
    text = clean_line(str(filled[0])) if filled else ""
    if not _SECTION.match(text) or len(text) > 200:
        return ""
    field = _FIELD_WORD.sub("", _SECTION_MARK.sub("", text))
    return field.capitalize() if field.isupper() else field


def _cell(value: object) -> object:
    if isinstance(value, str) and len(value) > MAX_CELL:
        return value[:MAX_CELL]
    return value
