"""Commands of the operator that concern articles."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from portal.articles.cleaning import resanitise


@click.command("resanitise")
@with_appcontext
def resanitise_command() -> None:
    """Clean stored articles again after the rules for markup have changed."""
    click.echo(f"{resanitise()} articles cleaned by the present rules")
