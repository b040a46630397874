"""Rows out of .json, .jsonl, .csv and .xlsx files. A file is untrusted: sizes are bounded."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from portal.procedures.importing.tables import Line, Row, Unreadable, rows_of_table

SUFFIXES = (".json", ".jsonl", ".csv", ".xlsx")
MAX_BYTES = 200 * 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024
MAX_ENTRIES = 2_000
_DELIMITERS = "|;\t,"
_LIST_KEYS = ("items", "data", "procedures", "result", "results")


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file with the names that it gives its columns.

    Raises `Unreadable` (with a Vietnamese message) for a file that is not what its name says,
    at the place where that shows: nothing read before may be applied.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(f"Chỉ nhận tệp {', '.join(SUFFIXES)}.")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(f"Tệp lớn hơn {MAX_BYTES // (1024 * 1024)} MB.")
        yield from reader(path)
    except UnicodeDecodeError as error:
        raise Unreadable("Tệp không phải chữ UTF-8. Hãy lưu lại với mã UTF-8.") from error


def _json(path: Path) -> Iterator[Row]:
    try:
        data = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"Tệp JSON hỏng: {error}") from error
    if isinstance(data, Mapping):
        data = next((data[key] for key in _LIST_KEYS if isinstance(data.get(key), list)), None)
    if not isinstance(data, list):
        raise Unreadable("Tệp JSON không chứa danh sách thủ tục.")
    for number, item in enumerate(data, start=1):
        yield _object(item, number)


def _jsonl(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                try:
                    item = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise Unreadable(f"Dòng {number} không phải JSON: {error}") from error
                yield _object(item, number)


def _object(item: object, number: int) -> Row:
    if not isinstance(item, dict):
        raise Unreadable(f"Mục {number} không phải một thủ tục.")
    return Row(number, item)


def _csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(1_000_000)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.read(64_000)
        file.seek(0)
        reader = csv.reader(file, delimiter=_delimiter(head))
        try:
            yield from rows_of_table(Line(reader.line_num, cells) for cells in reader)
        except csv.Error as error:
            raise Unreadable(f"Dòng {reader.line_num} không đọc được: {error}") from error


def _delimiter(head: str) -> str:
    """The separator of a CSV file: the one that stands most often in its first lines."""
    first = "\n".join(head.splitlines()[:5])
    return max(_DELIMITERS, key=first.count)


def _xlsx(path: Path) -> Iterator[Row]:
    _refuse_bombs(path)
    try:
        import openpyxl  # a third of a second that only an import of XLSX should cost

        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its XML raises
        raise Unreadable("Tệp XLSX hỏng hoặc có mật khẩu.") from error
    with closing(book):
        problem: Unreadable | None = None
        for sheet in book.worksheets:
            lines = (
                Line(number, list(cells))
                for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
            )
            try:
                yield from rows_of_table(lines)
            except Unreadable as error:
                problem = error
            else:
                return
        raise problem or Unreadable("Tệp XLSX không có trang tính nào.")


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Unreadable("Tệp không phải XLSX.") from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Unreadable("Tệp XLSX giải nén ra quá lớn.")


_READERS = {".json": _json, ".jsonl": _jsonl, ".csv": _csv, ".xlsx": _xlsx}
