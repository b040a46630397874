"""Lists and cards as PDF: contents with page numbers, one table a field, cards to cut out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.core import clock
from portal.core.pdf.document import Document
from portal.core.pdf.lines import wrap
from portal.core.pdf.paper import Column, Paper
from portal.core.pdf.parts import Box, Style, Tag
from portal.procedures.posting.lists import Listing, Row
from portal.procedures.posting.sheet_pdf import SIZES, Size, code_of

_BODY = {Size.A4: 9.0, Size.A3: 13.0}
_CODE = {Size.A4: 50.0, Size.A3: 76.0}
_ROOM = 0.3  # the part of a sheet that must be left for a field to begin on it
CARDS_ACROSS, CARDS_DOWN = 2, 4
_CARD_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0)


def draw_list(
    listing: Listing, contacts: Sequence[tuple[str, str]], agency: str, size: Size,
    made_at: datetime,
) -> bytes:  # fmt: skip
    """The whole list. Raises `OSError` when the faces cannot be read."""
    document = Document(listing.title, agency, made_at)
    text = Style(_BODY[size])
    paper = Paper(document, SIZES[size], margin=text.size * 4)
    _title(paper, listing, agency, text)
    waiting = _contents(paper, listing, text)
    _contacts(paper, contacts, text)
    for (name, rows), fill in zip(listing.groups, waiting, strict=True):
        paper.space(text.size * 1.5)
        paper.keep((paper.bottom - paper.margin) * _ROOM if paper.sheet else paper.bottom)
        fill(paper.sheet)
        title = Style(text.size * 1.4, "semibold")
        paper.heading(f"{name} ({len(rows)} thủ tục)", title, 2, mark=0)
        _table(paper, rows, text, _CODE[size])
    paper.number_sheets(f"{listing.note}. {agency}", Style(text.size * 0.9))
    return document.save()


class _Waiting:
    """A line of the contents whose page is not known yet."""

    def __init__(self, paper: Paper, top: float, text: Style, tag: Tag) -> None:
        self.paper, self.sheet, self.top, self.text, self.tag = paper, paper.sheet, top, text, tag

    def __call__(self, sheet: int) -> None:
        """Write the page of `sheet` and make the line lead there."""
        paper, words = self.paper, str(sheet + 1)
        here, paper.sheet = paper.sheet, self.sheet
        x = paper.right - self.text.face.width(words, self.text.size)
        paper.draw_at(x, self.top, [words], self.text, self.tag)
        box = Box(paper.left, self.top, paper.width, self.text.line)
        paper.document.link(self.sheet, box, sheet)
        paper.sheet = here


def _title(paper: Paper, listing: Listing, agency: str, text: Style) -> None:
    root = paper.document.root
    paper.write(agency.upper(), text, tag=root.add("P"))
    paper.space(text.size)
    paper.write(listing.title, Style(text.size * 2.2, "semibold"), tag=root.add("H1"))
    paper.space(text.size * 0.5)
    part = f", phần {listing.part}/{listing.parts}" if listing.parts > 1 else ""
    note = f"{listing.note}{part}. Quét mã ở cuối mỗi dòng để xem hồ sơ và các bước."
    paper.write(note, Style(text.size * 1.15), tag=root.add("P"))
    paper.space(text.size)
    paper.rule(0.0, 1.2)
    paper.space(text.size)


def _contents(paper: Paper, listing: Listing, text: Style) -> list[_Waiting]:
    if not listing.groups:
        words = "Không có thủ tục nào trong danh mục này."
        paper.write(words, text, tag=paper.document.root.add("P"))
        return []
    line = Style(text.size * 1.15)
    paper.heading("Mục lục", Style(text.size * 1.4, "semibold"), 2)
    whole, waiting = paper.document.root.add("TOC"), []
    for name, rows in listing.groups:
        lines = wrap(f"{name} ({len(rows)})", line, paper.width - line.size * 4)
        paper.keep(line.line * len(lines))
        tag = whole.add("TOCI").add("P")
        waiting.append(_Waiting(paper, paper.y, line, tag))
        paper.draw_at(paper.left, paper.y, lines, line, tag)
        paper.y += line.line * len(lines) + line.size * 0.3
    return waiting


def _contacts(paper: Paper, contacts: Sequence[tuple[str, str]], text: Style) -> None:
    paper.space(text.size * 1.5)
    paper.heading("Phản ánh, kiến nghị", Style(text.size * 1.4, "semibold"), 2)
    paper.facts(contacts, Style(text.size * 1.1), label=text.size * 11)


def _table(paper: Paper, rows: Sequence[Row], text: Style, side: float) -> None:
    columns = [
        Column("TT", fixed=text.size * 3.4), Column("Tên thủ tục, mã", share=3.2),
        Column("Thời hạn", share=1.2), Column("Phí, lệ phí", share=1.4),
        Column("Nơi nộp, cách nộp", share=1.7), Column("Mã QR", fixed=side + text.size),
    ]  # fmt: skip
    paper.table(
        columns,
        [
            [
                str(row.number),
                _named(row),
                row.time, row.fee, row.place, code_of(row.address, side),
            ]
            for row in rows
        ],
        text,
    )  # fmt: skip


def _named(row: Row) -> str:
    known = f"Mã {row.code}, phiên bản {row.version}"
    return "\n".join(filter(None, [row.name, known, row.validity.capitalize()]))


def draw_cards(listing: Listing, agency: str, made_at: datetime) -> bytes:
    """Cards with name, number and code, eight a sheet, with lines to cut along."""
    document = Document(f"Thẻ mã QR. {listing.title}", agency, made_at)
    paper = Paper(document, margin=0.0, foot=0.0)
    edge = 24.0
    width = (paper.size[0] - 2 * edge) / CARDS_ACROSS
    height = (paper.size[1] - 2 * edge) / CARDS_DOWN
    each = CARDS_ACROSS * CARDS_DOWN
    for i, row in enumerate(listing.rows):
        if i and i % each == 0:
            paper.turn()
        if i % each == 0:
            _cuts(paper, Box(edge, edge, width, height))
            document.bookmark(f"{row.field}: từ số {row.number}", paper.sheet, 0)
        down, across = divmod(i % each, CARDS_ACROSS)
        place = Box(edge + across * width, edge + down * height, width, height)
        _card(paper, row, agency, clock.format_date(listing.day), place)
    if not listing.rows:
        words = "Không có thủ tục nào trong danh mục này."
        paper.draw_at(edge, edge, [words], Style(11), document.root.add("P"))
    return document.save()


def _cuts(paper: Paper, first: Box) -> None:
    """Lines along the cards, of which `first` is the one in the corner."""
    x, y, width, height = first
    with paper.document.furniture(paper.sheet):
        for i in range(CARDS_ACROSS + 1):
            line = Box(x + i * width, y, 0, CARDS_DOWN * height)
            paper.document.dashes(paper.sheet, line)
        for i in range(CARDS_DOWN + 1):
            line = Box(x, y + i * height, CARDS_ACROSS * width, 0)
            paper.document.dashes(paper.sheet, line)


def _card(paper: Paper, row: Row, agency: str, day: str, place: Box) -> None:
    x, y, width, height = place
    pad, side = 12.0, 104.0
    small = Style(7.5)
    left, room = x + pad + side + 8, width - side - 2 * pad - 8
    tag = paper.document.root.add("Sect")
    foot = wrap(f"{row.field}. {agency}", small, width - 2 * pad)[:2]
    foot.append(f"Phiên bản {row.version}, in ngày {day}. Quét mã để xem hồ sơ, thời hạn, phí")
    free = height - 2 * pad - len(foot) * small.line - 4
    code_line = Style(11, "semibold")
    name, lines = _name(row.name, room, free - code_line.line)
    top = y + pad
    paper.draw_at(left, top, lines, name, tag.add("P"))
    paper.draw_at(
        left, top + len(lines) * name.line + 3, [f"Mã {row.code}"], code_line, tag.add("P")
    )
    paper.code(code_of(row.address, side), x + pad, top, tag)
    at = y + height - pad - len(foot) * small.line
    paper.draw_at(x + pad, at, foot, small, tag.add("P"))


def _name(text: str, width: float, height: float) -> tuple[Style, list[str]]:
    """The name in the largest letters that fit; in the smallest it may end with an ellipsis."""
    for size in _CARD_SIZES:
        style = Style(size, "semibold")
        lines = wrap(text, style, width)
        most = int(height / style.line)
        if len(lines) <= most:
            return style, lines
    return style, [*lines[: most - 1], f"{lines[most - 1].rstrip(' ,;')}…"]
