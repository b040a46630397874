"""Signing in and out. The answer never tells which accounts exist."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts import letters, links, passwords, sessions, throttle
from portal.accounts.models import LinkPurpose, User
from portal.accounts.names import typed_email
from portal.accounts.permissions import Actor
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Invalid

WRONG = "Thư điện tử hoặc mật khẩu không đúng. Bạn kiểm tra rồi nhập lại."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: `token` goes into the cookie and nowhere else."""

    token: str
    actor: Actor


def login(email: str, password: str, address: str, device: str = "") -> SignedIn:
    """Open a session for the account of `email`.

    `address` is the sender's network address, `device` a name for the browser. Raises
    `TooMany` when this place has to wait, `Invalid` with the same words for an unknown account,
    a disabled one and a wrong password.
    """
    account = typed_email(email)
    throttle.reserve(account, address)
    user_id, stored = _stored(account)
    if not passwords.verify(stored, password) or stored is None or user_id is None:
        _note_failure(account, user_id)
        raise Invalid({"": WRONG})
    newer = passwords.make_hash(password) if passwords.is_outdated(stored) else stored
    signed_in = _open(user_id, stored, newer, device)
    throttle.succeeded(account, address)
    return signed_in


def logout(token: str, actor: Actor) -> None:
    """End the session of `token`."""
    with write() as session:
        sessions.end(session, token)
        audit.record(
            session, AuditEvent.SESSION_ENDED, actor_id=actor.user_id,
            thing=("user", actor.user_id),
        )  # fmt: skip


def _stored(account: str) -> tuple[int | None, str | None]:
    """Id and password hash of an account; no hash when it may not sign in."""
    user = db.session.scalar(select(User).where(User.email == account))
    if user is None:
        return None, None
    return user.id, None if user.disabled_at else user.password_hash


def _open(user_id: int, stored: str, newer: str, device: str) -> SignedIn:
    with write() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        if user.disabled_at or user.password_hash != stored:  # changed while we were hashing
            raise Invalid({"": WRONG})
        user.password_hash = newer
        user.signed_in_at = clock.now()
        sessions.forget_old(session)
        token = sessions.start(session, user, device)
        event = AuditEvent.SESSION_STARTED
        audit.record(session, event, actor_id=user.id, thing=("user", user.id))
        return SignedIn(token, user.actor)


def _note_failure(account: str, user_id: int | None) -> None:
    """Count and log it; both for unknown accounts too, so that the answer takes as long."""
    wants_letter = throttle.failed(account)
    with write() as session:
        user = session.get(User, user_id) if user_id else None
        if wants_letter and user and not user.disabled_at:
            letters.many_failures(session, user, links.issue(session, LinkPurpose.RESET, user))
        audit.record(
            session, AuditEvent.LOGIN_FAILED, actor_id=None, thing=("user", user_id or "-")
        )
