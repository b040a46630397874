"""Files that tests import: sheets and Word tables made as offices make them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    f'content-types"><Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)

Table = Sequence[Sequence[str | None]]


def jsonl(path: Path, *rows: object) -> Path:
    """One object a line."""
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def sheet(path: Path, *rows: Sequence[object], merged: Sequence[str] = ()) -> Path:
    """A workbook of one sheet."""
    return book(path, {"Sheet": rows}, merged)


def book(
    path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()
) -> Path:
    """A workbook; `merged` ranges are those of its first sheet."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(list(row))
    for area in merged:
        made.worksheets[0].merge_cells(area)
    made.save(path)
    return path


def document(path: Path, *blocks: str | Table) -> Path:
    """A Word document: a text is a paragraph; in a table "^" continues the cell above, and None
    widens the cell before."""
    body = "".join(_paragraph(one) if isinstance(one, str) else _table(one) for one in blocks)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        )
    return path


def _paragraph(text: str) -> str:
    lines = "<w:br/>".join(f"<w:t>{escape(line)}</w:t>" for line in text.split("\n"))
    return f"<w:p><w:r>{lines}</w:r></w:p>"


def _table(rows: Table) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{_cells(row)}</w:tr>' for row in rows)}</w:tbl>"


def _cells(row: Sequence[str | None]) -> str:
    made: list[tuple[str, int]] = []
    for cell in row:
        if cell is None and made:
            made[-1] = (made[-1][0], made[-1][1] + 1)
        else:
            made.append((cell or "", 1))
    return "".join(_cell(text, width) for text, width in made)


def _cell(text: str, width: int) -> str:
    span = f'<w:gridSpan w:val="{width}"/>' if width > 1 else ""
    merge = "<w:vMerge/>" if text == "^" else '<w:vMerge w:val="restart"/>'
    words = "" if text == "^" else text
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{_paragraph(words)}</w:tc>"
