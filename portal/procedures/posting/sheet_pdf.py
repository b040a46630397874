"""The posting sheet as PDF: A4 to be pinned up, A3 as a poster in the largest type that fits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from portal.core.pdf.document import Document
from portal.core.pdf.lines import wrap
from portal.core.pdf.paper import Column, Paper
from portal.core.pdf.parts import A3, A4, LEADING, Code, Style
from portal.core.web import qr
from portal.procedures.posting.sheet import Part, Sheet


class Size(StrEnum):
    """Paper that can be asked for; the value stands in addresses."""

    A4 = "a4"
    A3 = "a3"


SIZES = {Size.A4: A4, Size.A3: A3}
_A4_BODY = 10.5
# A poster is read from a step away: the largest of these that keeps it on one sheet. What no size
# keeps there goes on over several.
_A3_BODIES = (24.0, 21.0, 19.0, 17.5, 16.0, 14.5, 13.0, 12.0)
_A3_MANY = 13.0


def size_from(text: str | None) -> Size:
    """The paper that an address asks for; A4 for everything else."""
    return Size.A3 if text == Size.A3 else Size.A4


def draw(sheet: Sheet, agency: str, size: Size, made_at: datetime) -> bytes:
    """The file. Raises `OSError` when the faces cannot be read."""
    for body in _A3_BODIES if size is Size.A3 else ():
        document = _lay(sheet, agency, size, body, made_at)
        if len(document.sheets) == 1:
            return document.save()
    body = _A3_MANY if size is Size.A3 else _A4_BODY
    return _lay(sheet, agency, size, body, made_at).save()


def code_of(address: str, side: float) -> Code:
    """A code of this size that leads to `address`."""
    runs, modules = qr.runs(address)
    return Code(side, runs, modules, address)


def _lay(sheet: Sheet, agency: str, size: Size, body: float, made_at: datetime) -> Document:
    document = Document(f"Niêm yết thủ tục {sheet.code}: {sheet.name}", agency, made_at)
    paper = Paper(document, SIZES[size], margin=42 if size is Size.A4 else 56, foot=body * 2.4)
    text = Style(body)
    _head(paper, sheet, agency, text)
    paper.facts(sheet.facts, Style(body * 1.1), label=body * 10)
    if size is Size.A3:
        paper.split(2, gap=body * 2)
    for number, part in enumerate(sheet.parts, 1):
        _part(paper, f"{number}. {part.title}", part, text)
    _feedback(paper, sheet, len(sheet.parts) + 1, text)
    paper.number_sheets(
        f"{sheet.note}. Trang trên mạng là bản mới nhất: {sheet.address.partition('?')[0]}",
        Style(max(8.5, body * 0.75)),
    )
    return document


def _head(paper: Paper, sheet: Sheet, agency: str, text: Style) -> None:
    """Whose sheet, of what, which version; the code on the right."""
    side = text.size * 8.6
    room = paper.width - side - text.size * 1.5
    top, root, small = paper.y, paper.document.root, Style(text.size * 0.95)
    paper.document.bookmark(sheet.name, paper.sheet, paper.y)
    paper.write(agency.upper(), small, tag=root.add("P"), width=room)
    paper.write("Niêm yết thủ tục hành chính", small.bold(), tag=root.add("P"), width=room)
    paper.space(text.size * 0.4)
    name = Style(text.size * (1.6 if len(sheet.name) < 160 else 1.3), "semibold")
    paper.write(sheet.name, name, tag=root.add("H1"), width=room)
    paper.space(text.size * 0.3)
    line = " · ".join(filter(None, [f"Mã {sheet.code}", sheet.field, sheet.levels]))
    paper.write(line, small, tag=root.add("P"), width=room)
    paper.write(sheet.note, small.bold(), tag=root.add("P"), width=room)
    x = paper.right - side
    paper.code(code_of(sheet.address, side), x, top, root)
    words = wrap("Quét để xem bản mới nhất", Style(text.size * 0.8), side)
    under = root.add("P")
    paper.draw_at(x, top + side + 3, words, Style(text.size * 0.8), under)
    paper.y = max(paper.y, top + side + (len(words) + 0.5) * text.size * 0.8 * LEADING)
    paper.space(text.size * 0.5)
    if sheet.state == "ended":
        paper.write("Thủ tục này đã hết hiệu lực, không niêm yết.", text.bold(), tag=root.add("P"))


def _part(paper: Paper, title: str, part: Part, text: Style) -> None:
    paper.space(text.size * 0.5)
    paper.heading(title, Style(text.size * 1.15, "semibold"), 2, mark=1)
    for words in part.paragraphs:
        paper.write(words, text, tag=paper.document.root.add("P"))
        paper.space(text.size * 0.2)
    for heading, entries in part.lists:
        if heading:
            paper.space(text.size * 0.4)
            paper.heading(heading, text.bold(), 3, after=2)
        numbered = [
            (f"{i}.", "\n".join(filter(None, [f"{x.title}:" if x.title else "", x.text])))
            for i, x in enumerate(entries, 1)
        ]
        paper.items(numbered, text, indent=text.size * 2)
    if part.rows:
        _rows(paper, part.heads, part.rows, text)


def _rows(paper: Paper, heads: Sequence[str], rows: Sequence[Sequence[str]], text: Style) -> None:
    first, *rest = heads
    columns = [Column(first, share=1, weight="semibold"), *(Column(one, share=1.2) for one in rest)]
    paper.table(columns, rows, text)


def _feedback(paper: Paper, sheet: Sheet, number: int, text: Style) -> None:
    paper.space(text.size * 0.5)
    title = f"{number}. Phản ánh, kiến nghị về thủ tục này"
    paper.heading(title, Style(text.size * 1.15, "semibold"), 2, mark=1)
    for words in filter(None, sheet.feedback_note.split("\n")):
        paper.write(words, text, tag=paper.document.root.add("P"))
        paper.space(text.size * 0.2)
    paper.space(text.size * 0.3)
    paper.facts(sheet.feedback, text, label=text.size * 8)
