"""Staff for tests: an account with grants, signed in without the login page."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from portal.accounts import sessions
from portal.accounts.models import RoleGrant, User
from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.db import write

_count = iter(range(1, 1_000_000))


def make_user(app: Flask, role: Role, unit: str | None = None, name: str = "") -> Actor:
    """A new active account with one role."""
    with app.app_context(), write() as session:
        number = next(_count)
        user = User(
            email=f"nguoi{number}@vidu.vn",
            name=name or f"Nguyễn Văn Thử {number}",
            created_at=clock.now(),
            grants=[RoleGrant(role=role.value, unit_code=unit)],
        )
        session.add(user)
        session.flush()
        return user.actor


def sign_in(app: Flask, client: FlaskClient, actor: Actor) -> str:
    """Give `client` a living session of `actor`; returns the session's token."""
    with app.app_context(), write() as session:
        user = session.get_one(User, actor.user_id)
        token = sessions.start(session, user, "kiểm thử")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return token
