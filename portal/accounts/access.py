"""The door of the desk: who is asking, and nobody passes who was not let in on purpose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts import second_step, sessions
from portal.accounts.permissions import PERMISSIONS, Actor, may, require
from portal.core import clock
from portal.core.settings import Settings

DESK = "/ban-lam-viec"
ENROLMENT = "second_step_desk"
View = TypeVar("View", bound=Callable[..., Any])


class Principal(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """What Flask-Login carries through a request: the session's token and its actor.

    `enrol_by` is the moment until which a second step must be set up, None when none is owed.
    """

    def __init__(self, token: str, actor: Actor, enrol_by: datetime | None = None) -> None:
        self.token = token
        self.actor = actor
        self.enrol_by = enrol_by

    @property
    def must_enrol(self) -> bool:
        """Whether the days in which the second step could wait are over."""
        return self.enrol_by is not None and self.enrol_by <= clock.now()

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask, _settings: Settings) -> None:
    """Load staff from their sessions and close the desk to everyone else."""
    manager = LoginManager(app)
    manager.session_protection = None  # sessions live in the database, see `sessions`
    manager.user_loader(_load)
    app.before_request(_guard)
    app.jinja_env.globals["may"] = lambda permission, thing=None: may(
        current_actor(), permission, thing
    )


def needs(permission: str) -> Callable[[View], View]:
    """Mark a desk view with the permission it takes; the guard refuses views without one."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def desk_blueprint(room: str, folder: str) -> Blueprint:
    """The staff blueprint of a room, at `/ban-lam-viec/<folder>`."""
    return Blueprint(f"{room}_desk", f"portal.{room}.desk", url_prefix=f"{DESK}/{folder}")


def current_actor() -> Actor:
    """The signed-in member of staff. Aborts with 401 when there is none."""
    if not current_user.is_authenticated:
        abort(401)
    actor = current_user.actor
    assert isinstance(actor, Actor)
    return actor


def permission_of(app: Flask, endpoint: str) -> str | None:
    """The permission that a view is marked with."""
    return getattr(app.view_functions.get(endpoint), "permission", None)


def _load(token: str) -> Principal | None:
    row = sessions.find(token)
    return Principal(token, row.user.actor, second_step.deadline(row.user)) if row else None


def _guard() -> Response | BaseResponse | None:
    if not request.path.startswith(DESK):
        return None
    if not current_user.is_authenticated:
        if request.method not in ("GET", "HEAD"):
            abort(403)
        return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")), 303)
    if request.endpoint is None:
        return None  # 404 and 405 are answered as everywhere
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        abort(403)
    if current_user.must_enrol and request.blueprint != ENROLMENT:
        return _to_enrolment()
    require(current_actor(), permission)
    return None


def _to_enrolment() -> Response | BaseResponse:
    """Nothing of the desk opens before the second step is set up, but the pages that do it."""
    if request.method not in ("GET", "HEAD"):
        abort(403)
    return redirect(url_for(f"{ENROLMENT}.index"), 303)
