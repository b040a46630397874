"""Register and report as files: XLSX, and DOCX in the form of Decree 30/2020/NĐ-CP."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from portal.core import clock
from portal.core.docx import Document
from portal.core.settings import Settings
from portal.core.tables import Sheet, workbook
from portal.feedback.figures import Figures
from portal.feedback.overview import Group, Overview
from portal.feedback.register_rows import Line

TITLE = "Sổ tiếp nhận, xử lý phản ánh, kiến nghị"
REPORT = "Tình hình tiếp nhận, xử lý phản ánh, kiến nghị"
LINE_HEAD = (
    "STT", "Số vào sổ", "Ngày nhận", "Kênh", "Loại", "Về việc", "Đơn vị xử lý", "Hạn trả lời",
    "Ngày kết thúc", "Kết quả", "Thời hạn", "Nơi chuyển đến",
)  # fmt: skip
FIGURE_HEAD = (
    "Đã nhận", "Đã trả lời", "Đúng hạn", "Trễ hạn", "Đang xử lý", "Quá hạn", "Không tiếp nhận",
    "Chuyển cơ quan khác", "Người gửi rút", "Số ngày làm việc (trung vị)", "Hài lòng",
)  # fmt: skip
COMPLAINED_HEAD = ("Đối tượng", "Tên", "Số phản ánh")
WITHOUT_PEOPLE = (
    "Sổ không ghi tên, liên hệ và lời của người gửi; không gồm nội dung tố cáo. Ngày làm việc đã"
    " trừ thứ Bảy, Chủ nhật và ngày nghỉ lễ, Tết."
)
_LINE_WIDTHS = (6, 12, 12, 16, 12, 50, 28, 12, 14, 20, 12, 28)


def figure_cells(of: Figures) -> Sequence[object]:
    """The figures in the order of `FIGURE_HEAD`; what is not known or not shown is empty."""
    content = "" if of.satisfied_percent is None else f"{of.satisfied_percent}%"
    days = "" if of.median_days is None else of.median_days
    return (
        of.received, of.answered, of.on_time, of.late, of.waiting, of.overdue, of.refused,
        of.forwarded, of.withdrawn, days, content,
    )  # fmt: skip


def register_xlsx(lines: Iterable[Line]) -> bytes:
    """The register as a workbook."""
    rows = [_line_cells(number, line) for number, line in enumerate(lines, 1)]
    return workbook([Sheet("Sổ", LINE_HEAD, rows, _LINE_WIDTHS)])


def figures_xlsx(shown: Overview) -> bytes:
    """All figures, a sheet for each table."""
    sheets = [
        Sheet(
            group.title, (group.head, *FIGURE_HEAD),
            [(name, *figure_cells(of)) for name, of in _with_total(group, shown)], (45,),
        )
        for group in shown.groups
    ]  # fmt: skip
    sheets.append(Sheet("Phản ánh nhiều nhất", COMPLAINED_HEAD, shown.complained, (14, 60, 14)))
    return workbook(sheets)


def register_docx(lines: Sequence[Line], period: str, settings: Settings) -> bytes:
    """The register on A4 across."""
    paper = _paper(TITLE, f"({period.capitalize()})", TITLE, settings, landscape=True)
    if lines:
        rows = [[_said(c) for c in _line_cells(n, line)] for n, line in enumerate(lines, 1)]
        paper.table(LINE_HEAD, rows, (3, 6, 7, 7, 6, 17, 11, 7, 7, 9, 7, 9), size=10)
    else:
        paper.text("Trong kỳ không tiếp nhận phản ánh, kiến nghị nào.")
    paper.text(WITHOUT_PEOPLE)
    paper.signature(("Lưu: VT.",), "Người lập sổ")
    return paper.save()


def report_docx(shown: Overview, settings: Settings) -> bytes:
    """The report: figures in sentences, then in tables, for somebody to finish and to sign."""
    name = f"{REPORT} {shown.period.name}"
    paper = _paper("Báo cáo", name, name, settings, landscape=False)
    for sentence in sentences(shown):
        paper.text(sentence)
    for group in shown.groups if shown.total.received else ():
        paper.heading(group.title)
        rows = [[name, *_short(of)] for name, of in _with_total(group, shown)]
        paper.table((group.head, *_SHORT_HEAD), rows, (30, 10, 10, 10, 10, 10, 10, 10), size=11)
    if shown.complained:
        paper.heading("Bị phản ánh nhiều nhất")
        rows = [[what, name, str(count)] for what, name, count in shown.complained]
        paper.table(COMPLAINED_HEAD, rows, (20, 60, 20), size=11)
    paper.text(WITHOUT_PEOPLE)
    paper.signature(("Như trên;", "Lưu: VT."), "Thủ trưởng cơ quan")
    return paper.save()


def sentences(shown: Overview) -> list[str]:
    """What the figures say, for the page and for the report."""
    of = shown.total
    if not of.received:
        return ["Trong kỳ không tiếp nhận phản ánh, kiến nghị nào."]
    first = (
        f"Trong kỳ đã tiếp nhận {of.received} phản ánh, kiến nghị, câu hỏi, lời khen; đã trả lời"
        f" {of.answered}, trong đó {of.on_time} đúng hạn, {of.late} trễ hạn; đang xử lý"
        f" {of.waiting}, trong đó {of.overdue} quá hạn; không tiếp nhận {of.refused}; chuyển cơ"
        f" quan khác {of.forwarded}; người gửi rút {of.withdrawn}."
    )
    said = [first]
    if of.median_days is not None:
        days = f"trong {decimal(of.median_days)} ngày làm việc"
        said.append(f"Một nửa số câu trả lời có {days if of.median_days else 'ngay ngày nhận'}.")
    if of.satisfied_percent is not None:
        said.append(f"{of.satisfied_percent}% trong {of.rated} lượt đánh giá là hài lòng.")
    return said


def decimal(number: float) -> str:
    """`2,5` and `2`."""
    return f"{number:g}".replace(".", ",")


_SHORT_HEAD = ("Đã nhận", "Đã trả lời", "Đúng hạn", "Trễ hạn", "Đang xử lý", "Quá hạn", "Khác")


def _short(of: Figures) -> list[str]:
    other = of.refused + of.forwarded + of.withdrawn
    shown = (of.received, of.answered, of.on_time, of.late, of.waiting, of.overdue, other)
    return [str(number) for number in shown]


def _with_total(group: Group, shown: Overview) -> Sequence[tuple[str, Figures]]:
    return [*group.rows, ("Cộng", shown.total)]


def _paper(kind: str, about: str, title: str, settings: Settings, *, landscape: bool) -> Document:
    paper = Document(title, landscape=landscape)
    paper.official_head(settings.site.agency.parent, settings.site.agency.name)
    paper.name(kind, about)
    return paper


def _line_cells(number: int, line: Line) -> Sequence[object]:
    return (
        number, line.number, line.received, line.channel, line.kind, line.about, line.unit,
        line.due, line.closed, line.state, line.standing, line.forwarded_to,
    )  # fmt: skip


def _said(value: object) -> str:
    if isinstance(value, date):
        return clock.format_date(value)
    return "" if value is None else str(value)
