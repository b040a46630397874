"""Signed-in browsers: rows in the database, so that any of them can be ended at once.

The cookie holds a random token (256 bits), the table its hash. A session ends after 30 minutes
without a request or 12 hours in all, at sign-out, and with a change of password or roles.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import LoginSession, PendingSignIn, User
from portal.core import clock
from portal.core.db import db, write

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_TOUCH_EVERY = timedelta(minutes=1)
_CLOCK_SLACK = timedelta(minutes=2)
KEPT = timedelta(days=30)


def start(session: Session, user: User, device: str = "") -> str:
    """Open a session for `user` inside a `write()` block; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    session.add(
        LoginSession(
            token_hash=hash_token(token), user_id=user.id, device=device[:120],
            created_at=moment, seen_at=moment,
        )
    )  # fmt: skip
    return token


def find(token: str) -> LoginSession | None:
    """The living session of a token, or None. Notes (at most once a minute) that it was seen."""
    row = db.session.scalar(
        select(LoginSession).where(LoginSession.token_hash == hash_token(token))
    )
    moment = clock.now()
    if row is None or not is_alive(row):
        return None
    if moment - row.seen_at >= _TOUCH_EVERY and not _touch(row.id):
        return None
    return row


def is_alive(row: LoginSession) -> bool:
    """Whether a session still opens doors.

    One from the future is dead: the clock was put back, and it would live until that time.
    """
    moment = clock.now()
    return (
        row.ended_at is None
        and row.user.disabled_at is None
        and -_CLOCK_SLACK <= moment - row.seen_at < IDLE
        and -_CLOCK_SLACK <= moment - row.created_at < ABSOLUTE
    )


def end(session: Session, token: str) -> None:
    """End the session of `token`; nothing happens when there is none."""
    _end_where(session, LoginSession.token_hash == hash_token(token))


def end_one(session: Session, session_id: int) -> None:
    """End the session of that row."""
    _end_where(session, LoginSession.id == session_id)


def end_all(session: Session, user_id: int, *, except_token: str = "") -> None:
    """End all sessions of an account, but for the one given; who waits for a code, too."""
    session.execute(delete(PendingSignIn).where(PendingSignIn.user_id == user_id))
    kept = LoginSession.token_hash != hash_token(except_token)
    _end_where(session, (LoginSession.user_id == user_id) & kept)


def forget_old(session: Session) -> None:
    """Delete rows that have been over for long."""
    session.execute(delete(LoginSession).where(LoginSession.created_at < clock.now() - KEPT))
    session.execute(delete(PendingSignIn).where(PendingSignIn.created_at < clock.now() - ABSOLUTE))


def hash_token(token: str) -> str:
    """What the database keeps of a random token (it has enough entropy for a plain hash)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _touch(session_id: int) -> bool:
    """Note that a session was seen. False when it was ended meanwhile: it stays ended."""
    with write() as session:
        touched = session.execute(
            update(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.ended_at.is_(None))
            .values(seen_at=clock.now())
        )
    return bool(touched.rowcount)  # type: ignore[attr-defined]


def _end_where(session: Session, condition: object) -> None:
    session.execute(
        update(LoginSession)
        .where(condition, LoginSession.ended_at.is_(None))  # type: ignore[arg-type]
        .values(ended_at=clock.now())
    )
