"""`flask procedures import FILE [--dry-run]`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from portal.core.db import db
from portal.procedures.comparing import FACT_NAMES
from portal.procedures.importing import importer
from portal.procedures.importing.importer import DECISION_NAMES, Decision, Outcome
from portal.procedures.importing.notes import SEVERITY_NAMES
from portal.procedures.importing.tables import Unreadable

group = AppGroup("procedures", help="Thủ tục hành chính.")
_SHOWN = 200


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Chỉ báo sẽ làm gì, không ghi.")
@click.option("--all", "everything", is_flag=True, help="In mọi ghi chú, không chỉ 200 dòng đầu.")
def import_file(file: Path, *, dry_run: bool, everything: bool) -> None:
    """Nhập thủ tục từ tệp .json, .jsonl, .csv hoặc .xlsx: tất cả hoặc không gì cả."""
    try:
        if dry_run:
            outcome = importer.propose(db.session(), file, file.name, _progress)
        else:
            outcome = importer.apply(file, file.name, None, _progress)
    except Unreadable as error:
        raise click.ClickException(f"{error} Chưa ghi gì.") from None
    _print_notes(outcome, everything=everything)
    _print_counts(outcome)


def _progress(done: int, total: int) -> None:
    click.echo(f"  {done}/{total} thủ tục", err=True)


def _print_notes(outcome: Outcome, *, everything: bool) -> None:
    for proposal in outcome.proposals:
        if proposal.decision is Decision.KEPT:
            what = ", ".join(FACT_NAMES[name] for name in proposal.differences)
            click.echo(
                f"dòng {proposal.row} ({proposal.code}), {DECISION_NAMES[Decision.KEPT]}: {what}"
            )
    notes = outcome.notes.found
    for note in notes if everything else notes[:_SHOWN]:
        click.echo(str(note))
    if not everything and len(notes) > _SHOWN:
        click.echo(f"… còn {len(notes) - _SHOWN} ghi chú, thêm --all để xem hết.")


def _print_counts(outcome: Outcome) -> None:
    counts = outcome.counts()
    done = ", ".join(f"{DECISION_NAMES[decision]} {counts[decision]}" for decision in Decision)
    noted = outcome.notes.counts()
    found = ", ".join(f"{name} {noted[severity]}" for severity, name in SEVERITY_NAMES.items())
    head = "Đã nhập" if outcome.applied else "Chạy thử, chưa ghi gì"
    click.echo(f"{head}: {done}. Ghi chú: {found}.")
