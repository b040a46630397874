"""A Word document as lines: each paragraph one line of one cell, each row of a table a line.

The archive has been checked before (`media.archives`): bounded sizes, no entities, no macros.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from portal.procedures.importing.tables import Line, Unreadable

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_XML = 40_000_000


def lines_of_document(path: Path) -> Iterator[Line]:
    """Paragraphs and rows of tables from top to bottom, numbered one after the other. Raises
    `Unreadable`."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("word/document.xml").file_size > _MOST_XML:
                raise Unreadable("Tệp Word quá dài. Hãy tách phần bảng thành tệp riêng.")
            root = fromstring(archive.read("word/document.xml"), forbid_dtd=True)
    except (KeyError, ParseError, DefusedXmlException, zipfile.BadZipFile) as error:
        raise Unreadable("Tệp Word hỏng.") from error
    body = root.find(f"{_W}body")
    number = 0
    for block in _blocks(body) if body is not None else ():
        rows = _rows(block) if block.tag == f"{_W}tbl" else [[_text(block)]]
        for cells in rows:
            number += 1
            if any(cells):
                yield Line(number, cells)


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables, also those inside content controls."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag == f"{_W}sdt":
            content = child.find(f"{_W}sdtContent")
            if content is not None:
                yield from _blocks(content)


def _rows(table: Element) -> Iterator[list[Any]]:
    above: dict[int, str] = {}
    for row in table.iter(f"{_W}tr"):
        cells: list[Any] = []
        for cell in row.findall(f"{_W}tc"):
            properties = cell.find(f"{_W}tcPr")
            merged = properties.find(f"{_W}vMerge") if properties is not None else None
            span = properties.find(f"{_W}gridSpan") if properties is not None else None
            text, column = _text(cell), len(cells)
            if merged is not None and merged.get(f"{_W}val") != "restart":
                text = above.get(column, "")
            above[column] = text
            cells.append(text or None)
            width = (span.get(f"{_W}val") or "1") if span is not None else "1"
            cells += [None] * (min(int(width), 60) - 1 if width.isdecimal() else 0)
        yield cells


def _text(element: Element) -> str:
    """The words of a paragraph or of a cell, its paragraphs on lines of their own. What was
    deleted under tracked changes is not among them."""
    if element.tag == f"{_W}p":
        return "".join(_pieces(element)).strip()
    return "\n".join(filter(None, (_text(one) for one in element.iter(f"{_W}p"))))


def _pieces(paragraph: Element) -> Iterator[str]:
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.tag == f"{_W}tab":
            yield " "
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
