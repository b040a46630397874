"""Commands of the operator about feedback."""

from __future__ import annotations

from collections.abc import Sequence

import click
from flask.cli import AppGroup

from portal.feedback import contacts, erasing

group = AppGroup("feedback", help="Citizens' feedback: keys of contacts, erasure.")


@group.command("reseal")
def reseal() -> None:
    """Seal every contact under the first key of keys/contacts.key; then the others can go."""
    changed, lost = contacts.reseal()
    click.echo(f"sealed anew: {changed}, not readable: {lost}")
    if lost:
        raise SystemExit(1)


@group.command("purge")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def purge(dry_run: bool) -> None:
    """Erase what was asked for two days ago and what was kept long enough. Numbers alone."""
    found = erasing.due()
    click.echo(_numbers("asked for by their senders", found.asked))
    click.echo(_numbers("kept long enough", found.kept_long_enough))
    click.echo(f"files: {found.files}")
    if found.clock_is_new:
        click.echo("the clock is new to this database: what was kept long enough waits a day")
    if not dry_run:
        click.echo(f"erased: {erasing.purge()}")


@group.command("reapply-erasures")
def reapply() -> None:
    """After a restore: erase again what erasures.log names and the backup brought back."""
    click.echo(f"erased again: {erasing.reapply()}")


def _numbers(what: str, ids: Sequence[int]) -> str:
    listed = f" (numbers {', '.join(map(str, ids))})" if ids else ""
    return f"{what}: {len(ids)}{listed}"
