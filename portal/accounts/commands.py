"""`flask users`: what an operator does without signing in."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from portal.accounts import links, queries, second_step, service
from portal.accounts.models import User
from portal.accounts.names import typed_email
from portal.accounts.permissions import Grant, Role
from portal.core.db import db
from portal.core.errors import PortalError

group = AppGroup("users", help="Staff accounts.")
ROLES = [role.value for role in Role]
FIRST_TEXT = "Mở liên kết này để tạo tài khoản quản trị đầu tiên (dùng một lần, trong 7 ngày):"


@group.command("invite")
@click.argument("email")
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice(ROLES))
@click.option("--unit", help="Code of the unit that the roles are bound to.")
@click.option("--name", help="Name of the person; default is the address up to the @.")
def invite(email: str, roles: tuple[str, ...], unit: str | None, name: str | None) -> None:
    """Make an account for EMAIL and print its one-time link. A letter with it is sent, too."""
    grants = [Grant(Role(role), unit or None) for role in roles]
    try:
        _, link = service.invite(None, email, name or email.partition("@")[0], grants)
    except PortalError as error:
        raise click.ClickException(str(error)) from None
    click.echo(link)


@group.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a new one-time link for the account of EMAIL; the one before stops working."""
    user_id = db.session.scalar(select(User.id).where(User.email == typed_email(email)))
    if user_id is None:
        raise click.ClickException(f"no account with the address {email}")
    try:
        click.echo(service.send_link(None, user_id))
    except PortalError as error:
        raise click.ClickException(str(error)) from None


@group.command("reset-second-step")
@click.argument("email")
def reset_second_step(email: str) -> None:
    """Switch the second step of EMAIL off: for an administrator who lost telephone and codes."""
    user_id = db.session.scalar(select(User.id).where(User.email == typed_email(email)))
    if user_id is None:
        raise click.ClickException(f"no account with the address {email}")
    try:
        second_step.reset(None, user_id)
    except PortalError as error:
        raise click.ClickException(str(error)) from None
    click.echo("The second step is off; a letter tells the owner.")


@group.command("first")
def first() -> None:
    """Print a link to make the first administrator; nothing when there is one."""
    address = links.ensure_first_administrator()
    if address:
        click.echo(f"{FIRST_TEXT}\n{address}")


@group.command("list")
def list_accounts() -> None:
    """One line an account: address, state, roles."""
    for row in queries.list_accounts():
        roles = service.fingerprint(row.user.actor.grants)
        click.echo(f"{row.user.email}\t{row.status.name.lower()}\t{roles}")
