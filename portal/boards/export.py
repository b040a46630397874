"""The overview for somebody's spreadsheet: what the page says, cell by cell."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from portal.boards.board import Overview, UnitRow
from portal.boards.lights import LIGHT_NAMES
from portal.core.clock import format_date
from portal.core.tables import BOM, csv_line, safe_cell
from portal.plan.periods import STANDING_NAMES
from portal.plan.queries import STATE_NAMES, TaskState

Cells = Sequence[object]
UNIT_HEAD = (
    "Đơn vị", "Mã", "Tình hình", "Nhiệm vụ chủ trì", "Quá hạn", "Sắp đến hạn", "Đã xong",
    "Bài đăng trong quý", "Bài gần nhất", "Số ngày chưa có bài", "Đường dây cần gọi thử",
    "Thủ tục cần xem lại", "Liên kết hỏng",
)  # fmt: skip
TASK_HEAD = (
    "Số", "Nhiệm vụ", "Chủ trì", "Hạn", "Tình hình", "Trạng thái", "Minh chứng", "Kỳ", "Đã làm",
    "Chỉ tiêu", "Kết quả của kỳ",
)  # fmt: skip


def unit_rows(shown: Overview) -> Iterable[Cells]:
    """One row for each unit."""
    return (_unit(row) for row in shown.units)


def task_rows(shown: Overview) -> Iterable[Cells]:
    """One row for each task of the plan and each period of its target."""
    for line in shown.tasks:
        head = (
            line.task.number, line.task.title, shown.names.get(line.task.lead, line.task.lead),
            format_date(line.task.due_on) if line.task.due_on else "", LIGHT_NAMES[line.light],
            STATE_NAMES[line.state], line.count,
        )  # fmt: skip
        steps: list[Cells] = [
            (one.period.name, one.done, one.target, STANDING_NAMES[one.standing])
            for one in line.progress
        ]
        for step in steps or [("", "", "", "")]:
            yield (*head, *step)


def csv_text(shown: Overview) -> str:
    """The units as CSV with a byte order mark, which spreadsheets need to see UTF-8."""
    return BOM + "".join(map(csv_line, [UNIT_HEAD, *unit_rows(shown)]))


def xlsx_bytes(shown: Overview) -> bytes:
    """A workbook with a sheet of units and one of tasks."""
    import openpyxl  # a third of a second that only a download should cost

    book = openpyxl.Workbook(write_only=True)
    for name, head, rows in (
        ("Đơn vị", UNIT_HEAD, unit_rows(shown)), ("Nhiệm vụ", TASK_HEAD, task_rows(shown)),
    ):  # fmt: skip
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "B2"
        for row in [head, *rows]:
            sheet.append([cell if isinstance(cell, int) else safe_cell(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _unit(row: UnitRow) -> Cells:
    own = row.figures
    return (
        row.name, row.code, LIGHT_NAMES[row.light], len(row.tasks), row.count(TaskState.LATE),
        row.soon, row.count(TaskState.DONE), own.posts,
        format_date(own.last_post) if own.last_post else "",
        "" if row.quiet_days is None else row.quiet_days, own.hotlines, own.procedures, own.links,
    )  # fmt: skip
