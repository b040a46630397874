"""Cells of tables that leave the portal for somebody's spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

BOM = "\ufeff"
_LONGEST_CELL = 32_000  # Excel refuses a file with more in one cell
# What a spreadsheet may take for a formula; the wide forms are the same to some of them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: object) -> str:
    """`value` as a cell that no spreadsheet computes: an apostrophe keeps a formula a text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_line(values: Iterable[object]) -> str:
    """One line of a CSV file, its cells safe, with the line end of RFC 4180."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe_cell(value) for value in values])
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name, its head and its rows; `widths` in letters."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] = ()


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """An XLSX file. Numbers and days stay what they are; all else is text, whatever it begins
    with: no cell is ever computed."""
    from openpyxl import Workbook  # a third of a second that only a download should cost
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book, bold = Workbook(write_only=True), Font(bold=True)
    for wanted in sheets:
        sheet = book.create_sheet(wanted.name)
        sheet.freeze_panes = "A2"
        for number, width in enumerate(wanted.widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        head = [_cell(sheet, title) for title in wanted.head]
        for cell in head:
            cell.font = bold
        sheet.append(head)
        for row in wanted.rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: object) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, datetime(value.year, value.month, value.day))  # noqa: DTZ001
        cell.number_format = "dd/mm/yyyy"
        return cell
    if isinstance(value, int | float):
        return WriteOnlyCell(sheet, value)
    said = "" if value is None else ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell = WriteOnlyCell(sheet, said[:_LONGEST_CELL])
    cell.data_type = "s"
    return cell
