"""Commands of the operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from portal.core import audit_anchor
from portal.core.content import Report
from portal.core.db import db
from portal.core.errors import PortalError
from portal.core.settings import current_settings, load_settings
from portal.ops import backup, check, prepare
from portal.ops.content import load_content

content = AppGroup("content", help="The agency's content files.")
audit_group = AppGroup("audit", help="The audit log.")
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


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


@click.command("prepare")
@with_appcontext
def prepare_command() -> None:
    """Migrations, content, index: all that must be there before the site serves."""
    with _one_line():
        prepare.prepare(current_settings(), click.echo)


@click.command("backup")
@click.argument("folder", type=FOLDER)
@click.option("--keep", default=0, help="Keep only the newest N backups in FOLDER (0: all).")
@with_appcontext
def backup_command(folder: Path, keep: int) -> None:
    """Write a consistent copy of database, uploads and keys into FOLDER while serving."""
    with _one_line():
        made = backup.make(current_settings(), folder, keep=keep)
    backup.record(made.path)
    click.echo(f"{made.path} ({made.files} files, {made.size} bytes)")


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Move the data that is there aside.")
@with_appcontext
def restore_command(file: Path, replace: bool) -> None:
    """Put a backup back in place, then migrate and index. Stop the service first."""
    with _one_line():
        count = backup.restore(current_settings(), file, replace=replace)
        current_app.extensions["settings"] = load_settings()  # the keys came with the backup
        prepare.after_restore(current_settings(), file, click.echo)
    click.echo(f"restored {count} files")


@click.command("check")
@with_appcontext
def check_command() -> None:
    """Say of each part of the installation whether it is sound; exit 1 on any fault."""
    findings = check.check(current_settings())
    for finding in findings:
        click.echo(f"{'ok   ' if finding.ok else 'FAULT'} {finding.part}: {finding.detail}")
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)


@audit_group.command("anchor")
def anchor() -> None:
    """Print the end of the chain, to be kept on paper or in a letter, and anchor it in the file."""
    present = audit_anchor.head(db.session())
    if present is None:
        raise click.ClickException("the log is empty")
    audit_anchor.drop(db.session())
    click.echo(str(present))


@audit_group.command("verify")
@click.option("--anchor", "kept", multiple=True, help="An anchor kept elsewhere: NUMBER:CHAIN.")
def verify(kept: tuple[str, ...]) -> None:
    """Walk the chain and its anchors; exit 1 when an entry was changed, is missing or cut off."""
    try:
        elsewhere = [audit_anchor.parse(text) for text in kept]
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    faults = list(audit_anchor.verify(db.session(), elsewhere))
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(1)
    click.echo("the chain is whole")


@contextmanager
def _one_line() -> Iterator[None]:
    """A refusal as one line on standard error and exit 1, not a traceback."""
    try:
        yield
    except PortalError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None


COMMANDS: tuple[click.Command, ...] = (
    content,
    audit_group,
    prepare_command,
    backup_command,
    restore_command,
    check_command,
)
