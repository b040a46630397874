"""Commands of the operator."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from portal.core.content import Report
from portal.core.settings import current_settings
from portal.ops.content import load_content

content = AppGroup("content", help="The agency's content files.")


def init_app(app: Flask) -> None:
    """Add the operator's commands to `flask`."""
    app.cli.add_command(content)


@content.command("load")
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
def load(folder: Path | None) -> None:
    """Load or refresh FOLDER (by default the content folder of the settings)."""
    report = load_content((folder or current_settings().content).resolve())
    for fault in report.faults:
        click.echo(str(fault), err=True)
    if report.faults:
        click.echo(f"{len(report.faults)} faults; nothing was changed.", err=True)
        raise SystemExit(1)
    click.echo(_summary(report))


def _summary(report: Report) -> str:
    counts = (
        f"created {report.created}, updated {report.updated}, unchanged {report.unchanged}, "
        f"removed {report.removed}, kept {len(report.kept)}"
    )
    kept = [f"kept as edited at the desk: {name}" for name in report.kept]
    return "\n".join([counts, *kept])
