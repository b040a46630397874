"""Rows out of .json, .jsonl, .csv, .xlsx and .docx files. A file is untrusted: sizes are
bounded, archives are looked at before they are unpacked."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from portal.core.errors import Invalid
from portal.media.archives import check_office
from portal.procedures.importing.decoding import text_of
from portal.procedures.importing.records import rows_of_objects
from portal.procedures.importing.tables import (
    Line,
    Reading,
    Row,
    UnknownColumns,
    Unreadable,
    rows_of_table,
)
from portal.procedures.importing.wordfile import lines_of_document
from portal.procedures.importing.workbook import sheets_of

SUFFIXES = (".json", ".jsonl", ".csv", ".xlsx", ".docx", ".json.gz", ".jsonl.gz", ".csv.gz")
MAX_BYTES = 200 * 1024 * 1024
MAX_ROWS = 50_000
_DELIMITERS = "|;\t,"
_LIST_KEYS = ("items", "data", "procedures", "result", "results", "content")
_OFFICE = (".xlsx", ".docx")


def suffix_of(name: str) -> str:
    """The ending of a file's name that says how to read it, "" for one that is not taken."""
    lower = name.lower()
    return max((one for one in SUFFIXES if lower.endswith(one)), key=len, default="")


def read_rows(path: Path, reading: Reading | None = None) -> Iterator[Row]:
    """The rows of a file with the names that it gives its columns.

    Raises `Unreadable` (with a Vietnamese message) for a file that is not what its name says,
    at the place where that shows: nothing read before may be applied. Raises `UnknownColumns`
    when no table in it has columns that are known as code and name.
    """
    reader = _READERS.get(suffix_of(path.name).removesuffix(".gz"))
    if reader is None:
        raise Unreadable(f"Chỉ nhận tệp {', '.join(SUFFIXES)}.")
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable(f"Tệp lớn hơn {MAX_BYTES // (1024 * 1024)} MB.")
    if path.suffix.lower() in _OFFICE:
        _check_archive(path)
    rows = reader(path, reading or Reading())
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise Unreadable(f"Tệp có hơn {MAX_ROWS} dòng. Hãy chia thành nhiều tệp.")
        yield row


def _check_archive(path: Path) -> None:
    try:
        check_office(path, path.suffix.lower()[1:])
    except Invalid as error:
        raise Unreadable(" ".join(error.problems.values())) from error


def _text(path: Path, reading: Reading) -> str:
    text, encoding = text_of(path)
    if encoding:
        reading.notes.at(0)
        reading.notes.repaired(f"tệp lưu bằng mã {encoding}, đã chuyển sang Unicode")
    return text


def _json(path: Path, reading: Reading) -> Iterator[Row]:
    try:
        data = json.loads(_text(path, reading))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"Tệp JSON hỏng: {error}") from error
    if isinstance(data, Mapping):
        data = next((data[key] for key in _LIST_KEYS if isinstance(data.get(key), list)), None)
    if not isinstance(data, list):
        raise Unreadable("Tệp JSON không chứa danh sách thủ tục.")
    yield from rows_of_objects(enumerate(data, start=1), reading.vocabulary)


def _jsonl(path: Path, reading: Reading) -> Iterator[Row]:
    yield from rows_of_objects(_parsed(_text(path, reading)), reading.vocabulary)


def _parsed(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in _lines(text):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                raise Unreadable(f"Dòng {number} không phải JSON: {error}") from error


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a long text one by one, with their ends, without a second copy of it all."""
    start, number = 0, 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        number += 1
        yield number, text[start:end]
        start = end


def _csv(path: Path, reading: Reading) -> Iterator[Row]:
    csv.field_size_limit(1_000_000)
    text = _text(path, reading)
    if "\n" not in text:
        text = text.replace("\r", "\n")  # as old Macintosh programs end their lines
    reader = csv.reader((line for _, line in _lines(text)), delimiter=_delimiter(text[:64_000]))
    lines = (Line(reader.line_num, list(cells)) for cells in reader)
    try:
        yield from rows_of_table(lines, reading)
    except csv.Error as error:
        raise Unreadable(f"Dòng {reader.line_num} không đọc được: {error}") from error


def _delimiter(head: str) -> str:
    """The separator of a CSV file: the one that stands most often in its first lines."""
    first = "\n".join(head.splitlines()[:5])
    return max(_DELIMITERS, key=first.count)


def _xlsx(path: Path, reading: Reading) -> Iterator[Row]:
    problems: dict[str, Unreadable] = {}
    found = False
    for sheet in sheets_of(path, reading.notes):
        try:
            for row in rows_of_table(sheet.lines, reading, sheet.name):
                found = True
                yield row
        except Unreadable as error:
            problems[sheet.name] = error
    if not found:
        asked = [error for error in problems.values() if isinstance(error, UnknownColumns)]
        raise next(iter([*asked, *problems.values()]), Unreadable("Tệp XLSX không có thủ tục nào."))
    for name in problems:
        reading.notes.at(0, sheet=name)
        reading.notes.skipped("trang tính không có bảng thủ tục nào đọc được")


def _docx(path: Path, reading: Reading) -> Iterator[Row]:
    yield from rows_of_table(lines_of_document(path), reading, look_for_header=20_000)


_READERS: Mapping[str, Callable[[Path, Reading], Iterator[Row]]] = {
    ".json": _json, ".jsonl": _jsonl, ".csv": _csv, ".xlsx": _xlsx, ".docx": _docx,
}  # fmt: skip
