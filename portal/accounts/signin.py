"""Signing in and out. The answer never tells which accounts exist.

Where an account has a second step, the right password opens nothing: it leaves a row that says
who waits for a code, and a token of that row which is no session.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts import (
    devices,
    letters,
    links,
    passwords,
    second_step,
    sessions,
    throttle,
)
from portal.accounts.devices import NOBODYS, Browser
from portal.accounts.models import LinkPurpose, PendingSignIn, User
from portal.accounts.names import typed_email
from portal.accounts.permissions import Actor
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound, TooMany

WRONG = "Thư điện tử hoặc mật khẩu không đúng. Bạn kiểm tra rồi nhập lại."
CODE_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: `token` goes into the cookie and nowhere else."""

    token: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Waiting:
    """The password was right, a code is awaited: `token` brings it to `finish`, no more."""

    token: str


def login(
    email: str, password: str, address: str, browser: Browser = NOBODYS
) -> SignedIn | Waiting:
    """Open a session for the account of `email`, or have it wait for its code.

    `address` is the sender's network address. Raises `TooMany` when this place has to wait,
    `Invalid` with the same words for an unknown account, a disabled one and a wrong password.
    """
    account = typed_email(email)
    throttle.reserve(account, address)
    user_id, stored = _stored(account)
    if not passwords.verify(stored, password) or stored is None or user_id is None:
        _note_failure(account, user_id)
        raise Invalid({"": WRONG})
    newer = passwords.make_hash(password) if passwords.is_outdated(stored) else stored
    found = _go_on(user_id, stored, newer, browser)
    throttle.succeeded(account, address)
    return found


def is_waiting(token: str) -> bool:
    """Whether somebody may still bring a code for this token."""
    return _waiting(db.session(), token) is not None


def finish(token: str, typed: str, browser: Browser) -> SignedIn:
    """Open the session that waited for this code.

    Raises `NotFound` when nobody waits (any more), `Invalid` on `code`, `TooMany`.
    """
    row = _waiting(db.session(), token)
    if row is None:
        raise NotFound
    user_id = row.user_id
    _count_code(user_id)
    with write() as session:
        signed_in = _finish(session, token, typed, browser)
        if signed_in is None:
            second_step.record(
                session, AuditEvent.SECOND_STEP_FAILED, None, session.get_one(User, user_id)
            )
    if signed_in is None:
        raise Invalid({"code": second_step.WRONG_CODE})
    throttle.code_right(user_id)
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


def _go_on(user_id: int, stored: str, newer: str, browser: Browser) -> SignedIn | Waiting:
    with write() as session:
        user = session.get_one(User, user_id, with_for_update=True)
        if user.disabled_at or user.password_hash != stored:  # changed while we were hashing
            raise Invalid({"": WRONG})
        user.password_hash = newer
        sessions.forget_old(session)
        if user.second_step_at is None:
            return _open(session, user, browser)
        token = secrets.token_urlsafe(32)
        digest = sessions.hash_token(token)
        session.add(PendingSignIn(token_hash=digest, user_id=user.id, created_at=clock.now()))
        return Waiting(token)


def _open(session: Session, user: User, browser: Browser) -> SignedIn:
    user.signed_in_at = clock.now()
    if second_step.is_required(user.actor) and user.second_step_asked_at is None:
        user.second_step_asked_at = clock.now()
    devices.note(session, user, browser)
    token = sessions.start(session, user, browser.name)
    event = AuditEvent.SESSION_STARTED
    audit.record(session, event, actor_id=user.id, thing=("user", user.id))
    return SignedIn(token, user.actor)


def _finish(session: Session, token: str, typed: str, browser: Browser) -> SignedIn | None:
    """The session, or None for a wrong code. What waited is used up by a right one alone."""
    row = _waiting(session, token)
    if row is None:
        raise NotFound
    user = session.get_one(User, row.user_id, with_for_update=True)
    if user.disabled_at:
        raise NotFound
    if not second_step.accept(session, user, typed):
        return None
    session.execute(delete(PendingSignIn).where(PendingSignIn.user_id == user.id))
    return _open(session, user, browser)


def _waiting(session: Session, token: str) -> PendingSignIn | None:
    digest = sessions.hash_token(token)
    row = session.scalar(select(PendingSignIn).where(PendingSignIn.token_hash == digest))
    # One from the future was made before the clock was put back.
    fresh = row is not None and timedelta() <= clock.now() - row.created_at < CODE_WITHIN
    return row if fresh else None


def _count_code(user_id: int) -> None:
    """Count a code; who guesses too many knows the password, so its owner gets a letter."""
    try:
        throttle.code_tried(user_id)
    except TooMany:
        if throttle.code_letter_due(user_id):
            with write() as session:
                letters.many_wrong_codes(session, session.get_one(User, user_id))
        raise


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
