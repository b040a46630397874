"""What people do with their own account: password and signed-in browsers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts import letters, links, password_rules, passwords, sessions, throttle
from portal.accounts.models import LoginSession, User
from portal.accounts.permissions import Actor, require
from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotFound

WRONG_CURRENT = "Mật khẩu hiện tại không đúng. Bạn nhập lại."


def change_password(actor: Actor, token: str, current: str, new: str) -> None:
    """Set a new password; all sessions but that of `token` end, and so do one-time links.

    Raises `Invalid` on field `current` or `password`, `TooMany` after many wrong tries.
    """
    require(actor, "account.own")
    throttle.own_password_tried(actor.user_id)
    user = db.session.get_one(User, actor.user_id)
    stored, known = user.password_hash, (user.name, user.email)
    if not passwords.verify(stored, current):
        raise Invalid({"current": WRONG_CURRENT})
    password_rules.check(new, known)
    digest = passwords.make_hash(new)
    with write() as session:
        user = session.get_one(User, actor.user_id, with_for_update=True)
        if user.password_hash != stored or user.disabled_at:
            raise Conflict("Mật khẩu của bạn vừa được đổi ở nơi khác. Bạn đăng nhập lại.")
        user.password_hash = digest
        sessions.end_all(session, user.id, except_token=token)
        links.end_all(session, user.id)
        letters.password_changed(session, user)
        event = AuditEvent.USER_PASSWORD_CHANGED
        audit.record(session, event, actor_id=user.id, thing=("user", user.id))


def living_sessions(actor: Actor) -> Sequence[LoginSession]:
    """The browsers in which this person is signed in, the latest first."""
    query = (
        select(LoginSession)
        .where(LoginSession.user_id == actor.user_id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    )
    return [row for row in db.session.scalars(query) if sessions.is_alive(row)]


def end_session(actor: Actor, session_id: int) -> None:
    """End one own session. Raises `NotFound` for somebody else's."""
    require(actor, "account.own")
    with write() as session:
        row = session.get(LoginSession, session_id)
        if row is None or row.user_id != actor.user_id:
            raise NotFound
        sessions.end_one(session, session_id)
        _note_ended(actor)


def end_other_sessions(actor: Actor, token: str) -> None:
    """End all own sessions but that of `token`."""
    require(actor, "account.own")
    with write() as session:
        sessions.end_all(session, actor.user_id, except_token=token)
        _note_ended(actor)


def end_all_sessions(actor: Actor) -> None:
    """End all own sessions, this one too."""
    end_other_sessions(actor, "")


def _note_ended(actor: Actor) -> None:
    with write() as session:
        audit.record(
            session, AuditEvent.SESSION_ENDED, actor_id=actor.user_id,
            thing=("user", actor.user_id),
        )  # fmt: skip
