"""`flask open-data publish`: today's open data files, now."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.api import snapshots

group = AppGroup("open-data", help="Open data files.")


@group.command("publish")
def publish() -> None:
    """Make a new snapshot of all open data; the portal makes one every night by itself."""
    snapshot = snapshots.publish()
    for name, one in snapshot.datasets.items():
        click.echo(f"{name}: {one.items} items, {one.files['json'].size} bytes as JSON")
