"""Commands of the operator about feedback."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.feedback import contacts

group = AppGroup("feedback", help="Citizens' feedback: keys of contacts.")


@group.command("reseal")
def reseal() -> None:
    """Seal every contact under the first key of keys/contacts.key; then the others can go."""
    changed, lost = contacts.reseal()
    click.echo(f"sealed anew: {changed}, not readable: {lost}")
    if lost:
        raise SystemExit(1)
