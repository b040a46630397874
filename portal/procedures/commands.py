"""`flask procedures import FILE [--dry-run]`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from portal.core.db import db
from portal.procedures.comparing import FACT_NAMES
from portal.procedures.import_models import Decision, RowOutcome
from portal.procedures.importing import importer
from portal.procedures.importing.decisions import About
from portal.procedures.importing.importer import DECISION_NAMES, Outcome, Wishes
from portal.procedures.importing.notes import SEVERITY_NAMES
from portal.procedures.importing.tables import UnknownColumns, Unreadable

group = AppGroup("procedures", help="Thủ tục hành chính.")
_SHOWN = 200
_DAY = click.DateTime(["%d/%m/%Y", "%Y-%m-%d"])


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Chỉ báo sẽ làm gì, không ghi.")
@click.option("--all", "everything", is_flag=True, help="In mọi ghi chú, không chỉ 200 dòng đầu.")
@click.option("--foreign", is_flag=True, help="Nhập cả dòng của địa phương khác, bản ghi thử.")
@click.option("--decision", default="", help="Số quyết định công bố, ví dụ 3501/QĐ-UBND.")
@click.option("--issuer", default="", help="Cơ quan ban hành quyết định.")
@click.option("--issued-on", type=_DAY, help="Ngày ban hành quyết định, ví dụ 01/09/2026.")
@click.option("--effective-from", type=_DAY, help="Ngày quyết định có hiệu lực.")
def import_file(file: Path, *, dry_run: bool, everything: bool, foreign: bool, **said: Any) -> None:
    """Nhập thủ tục từ tệp .json, .jsonl, .csv (hoặc .gz của chúng), .xlsx, .docx: tất cả hoặc
    không gì cả. Dòng của địa phương khác và bản ghi thử được để lại."""
    try:
        if dry_run:
            outcome = importer.propose(db.session(), file, file.name, _progress)
        else:
            wishes = Wishes(foreign, _about(**said))
            outcome = importer.apply(file, file.name, None, _progress, wishes)
    except UnknownColumns as error:
        columns = ", ".join(header for header in error.head.headers if header)
        raise click.ClickException(
            f"{error} Các cột của tệp: {columns}. Tải tệp lên ở bàn làm việc để ghép cột một lần; "
            "lần sau lệnh này tự hiểu. Chưa ghi gì."
        ) from None
    except Unreadable as error:
        raise click.ClickException(f"{error} Chưa ghi gì.") from None
    _print_rows(outcome)
    _print_notes(outcome, everything=everything)
    _print_counts(outcome)


def _about(
    decision: str, issuer: str, issued_on: datetime | None, effective_from: datetime | None
) -> About:
    return About(
        number=decision, issuer=issuer, issued_on=issued_on.date() if issued_on else None,
        effective_from=effective_from.date() if effective_from else None,
    )  # fmt: skip


def _progress(done: int) -> None:
    end = "\r" if sys.stderr.isatty() else "\n"
    if end == "\r" or done % 1000 < 250:
        click.echo(f"  {done} thủ tục{end}", err=True, nl=False)


def _print_rows(outcome: Outcome) -> None:
    for one in outcome.proposals:
        if one.decision is Decision.KEPT and not one.taken:
            what = ", ".join(FACT_NAMES[name] for name in one.differences)
            click.echo(
                f"dòng {one.row} ({one.code}), giữ bản {DECISION_NAMES[one.decision]}: {what}"
            )
        elif one.outcome is RowOutcome.STALE:
            click.echo(f"dòng {one.row} ({one.code}), không ghi: có người vừa sửa thủ tục này")


def _print_notes(outcome: Outcome, *, everything: bool) -> None:
    notes = outcome.notes.found
    for note in notes if everything else notes[:_SHOWN]:
        click.echo(str(note))
    if not everything and len(notes) > _SHOWN:
        click.echo(f"… còn {len(notes) - _SHOWN} ghi chú, thêm --all để xem hết.")


def _print_counts(outcome: Outcome) -> None:
    counts = outcome.counts()
    shown = (decision for decision in Decision if counts[decision])
    done = ", ".join(f"{DECISION_NAMES[decision]} {counts[decision]}" for decision in shown)
    noted = outcome.notes.counts()
    found = ", ".join(f"{name} {noted[severity]}" for severity, name in SEVERITY_NAMES.items())
    waiting = sum(bool(one.reason) and not one.taken for one in outcome.proposals)
    head = "Đã nhập" if outcome.applied else "Chạy thử, chưa ghi gì"
    left = f" Để lại {waiting} dòng chờ bạn xem, thêm --foreign để nhập cả." if waiting else ""
    click.echo(f"{head}: {done or 'không có dòng nào'}. Ghi chú: {found}.{left}")
