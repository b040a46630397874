"""Sheets of an XLSX file as lines: merged cells filled, hidden and computed ones told.

The archive has been checked before (`media.archives`): bounded sizes, no entities, no macros.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import fromstring

from portal.procedures.importing.notes import Notes
from portal.procedures.importing.tables import Line, Unreadable

MAX_LINES = 200_000
MAX_COLUMNS = 200
_MOST_MERGED = 50_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_HIDDEN_ROW = re.compile(rb"<row\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*?\br=\"(\d+)\"")
_MERGED = re.compile(rb'<mergeCell\b[^>]*?ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_FORMULA = re.compile(rb"<f[ >/]")
_OVERLAP = 200


@dataclass(slots=True)
class Sheet:
    """One visible sheet; `lines` is read once."""

    name: str
    lines: Iterator[Line]


@dataclass(slots=True)
class _Layout:
    """What the cells alone do not say."""

    hidden: set[int] = field(default_factory=set)
    merged: dict[tuple[int, int], int] = field(default_factory=dict)  # first cell → last row
    computed: bool = False


def sheets_of(path: Path, notes: Notes) -> Iterator[Sheet]:
    """The visible sheets of a workbook with rows in them."""
    import openpyxl  # a third of a second that only an import of XLSX should cost

    with ExitStack() as stack:
        try:
            book = stack.enter_context(
                closing(openpyxl.load_workbook(path, read_only=True, data_only=True))
            )
            parts = _parts(path)
        except Exception as error:  # openpyxl raises whatever its XML raises
            raise Unreadable("Tệp XLSX hỏng hoặc có mật khẩu.") from error
        raw: Any = None
        for page in book.worksheets:
            if page.sheet_state != "visible":
                notes.at(0, sheet=page.title)
                notes.skipped("trang tính bị ẩn")
                continue
            layout = _layout(path, parts.get(page.title, ""))
            if layout.computed and raw is None:
                raw = stack.enter_context(closing(openpyxl.load_workbook(path, read_only=True)))
            formulas = raw[page.title] if layout.computed else None
            yield Sheet(page.title, _lines(page, formulas, layout, notes))


def _lines(page: Any, formulas: Any, layout: _Layout, notes: Notes) -> Iterator[Line]:
    page.reset_dimensions()  # some programs write wrong ones
    rows = page.iter_rows(values_only=True)
    if formulas is not None:
        formulas.reset_dimensions()
    texts = formulas.iter_rows(values_only=True) if formulas is not None else None
    fill: dict[int, tuple[int, object]] = {}  # column → last row and value of a merged cell
    try:
        for number, cells in enumerate(rows, start=1):
            if number > MAX_LINES:
                raise Unreadable(f"Trang tính có hơn {MAX_LINES} dòng. Hãy xóa dòng trống thừa.")
            line = list(cells[:MAX_COLUMNS])
            if texts is not None:
                _tell_computed(number, line, next(texts, ()), page.title, notes)
            _fill(number, line, layout, fill)
            if not any(cell not in (None, "") for cell in line):
                continue
            if number in layout.hidden:
                notes.at(number, sheet=page.title)
                notes.doubtful("dòng bị ẩn trong bảng tính, vẫn đọc")
            yield Line(number, line)
    except Unreadable:
        raise
    except Exception as error:  # as above
        raise Unreadable(f"Trang tính {page.title} bị hỏng.") from error


def _fill(
    number: int, line: list[Any], layout: _Layout, fill: dict[int, tuple[int, object]]
) -> None:
    """Give the lower cells of a merged one its value."""
    for column, value in enumerate(line):
        if last := layout.merged.get((number, column)):
            fill[column] = (last, value)
    for column, (last, value) in list(fill.items()):
        if number > last:
            del fill[column]
        elif value is not None:
            line.extend([None] * (column + 1 - len(line)))
            line[column] = value


def _tell_computed(
    number: int, line: list[Any], formulas: tuple[Any, ...], sheet: str, notes: Notes
) -> None:
    for column, formula in enumerate(formulas[: len(line)]):
        if not (isinstance(formula, str) and formula.startswith("=")):
            continue
        notes.at(number, sheet=sheet)
        if line[column] in (None, ""):
            notes.doubtful(
                f"cột {column + 1} là công thức chưa có giá trị, coi như trống", found=formula
            )
        elif str(line[column]).startswith("#"):
            notes.doubtful(f"cột {column + 1} là công thức lỗi, coi như trống", found=line[column])
            line[column] = None


def _parts(path: Path) -> dict[str, str]:
    """Title of each sheet → the part of the archive that holds it."""
    with zipfile.ZipFile(path) as archive:
        relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
        targets = {one.get("Id"): one.get("Target") or "" for one in relations}
        book = fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
    sheets = [one for one in book.iter() if one.tag.endswith("}sheet")]
    return {
        one.get("name") or "": posixpath.normpath(
            posixpath.join("/xl", targets.get(one.get(_RELATION), ""))
        ).lstrip("/")
        for one in sheets
    }


def _layout(path: Path, part: str) -> _Layout:
    """Hidden rows, merged cells over several rows, whether anything is computed: found in the
    bytes of the sheet, which openpyxl does not tell while it streams."""
    layout = _Layout()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(part) as file:
            tail = b""
            while chunk := file.read(1 << 20):
                _look(tail + chunk, layout)
                tail = (tail + chunk)[-_OVERLAP:]
    except KeyError:
        return _Layout()
    return layout


def _look(piece: bytes, layout: _Layout) -> None:
    layout.hidden.update(int(number) for number in _HIDDEN_ROW.findall(piece))
    layout.computed = layout.computed or bool(_FORMULA.search(piece))
    for left, top, _, bottom in _MERGED.findall(piece):
        if int(bottom) > int(top) and len(layout.merged) < _MOST_MERGED:
            layout.merged[int(top), _column(left)] = int(bottom)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
