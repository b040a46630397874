"""One-time links: how people set a password that nobody else ever knew.

A link carries 256 random bits; the database keeps their hash. A new link ends the older ones of
the same account. Looking at a link does not use it up (mail scanners look), setting the password
does.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from portal.accounts import letters, password_rules, passwords, sessions, throttle
from portal.accounts.models import LinkPurpose, OneTimeLink, RoleGrant, User
from portal.accounts.names import clean_email, clean_name, typed_email
from portal.accounts.permissions import Role
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import NotFound
from portal.core.settings import current_settings

LIFETIME = {
    LinkPurpose.INVITE: timedelta(days=7),
    LinkPurpose.RESET: timedelta(hours=1),
    LinkPurpose.FIRST: timedelta(days=7),
}
PATH = "/tai-khoan/kich-hoat/"


def issue(session: Session, purpose: LinkPurpose, user: User | None) -> str:
    """Make a link inside the caller's `write()`; returns its public address, shown only now."""
    moment, token = clock.now(), secrets.token_urlsafe(32)
    user_id = user.id if user else None
    end_all(session, user_id)
    session.add(
        OneTimeLink(
            token_hash=sessions.hash_token(token), user_id=user_id, purpose=purpose.value,
            created_at=moment, expires_at=moment + LIFETIME[purpose],
        )
    )  # fmt: skip
    return current_settings().address(PATH + token)


def find(token: str) -> OneTimeLink | None:
    """The living link of a token. One of an account that was disabled is dead."""
    link = db.session.scalar(
        select(OneTimeLink).where(OneTimeLink.token_hash == sessions.hash_token(token), _living())
    )
    if link is None or (link.user and link.user.disabled_at):
        return None
    return link


def end_all(session: Session, user_id: int | None) -> None:
    """End the living links of an account (None: of the first administrator to come)."""
    owner = OneTimeLink.user_id == user_id if user_id else OneTimeLink.user_id.is_(None)
    session.execute(update(OneTimeLink).where(owner, _living()).values(used_at=clock.now()))


def set_password(token: str, password: str) -> None:
    """Use an invitation or a reset link. All sessions of the account end.

    Raises `NotFound` when the link is used up, `Invalid` when the password is refused.
    """
    link = find(token)
    if link is None or link.user is None:
        raise NotFound
    password_rules.check(password, (link.user.name, link.user.email))
    digest = passwords.make_hash(password)
    with write() as session:
        user = session.get_one(User, _use(session, token))
        is_new = user.password_hash is None
        user.password_hash = digest
        sessions.end_all(session, user.id)
        if not is_new:
            letters.password_changed(session, user)
        event = AuditEvent.USER_ACTIVATED if is_new else AuditEvent.USER_PASSWORD_CHANGED
        audit.record(session, event, actor_id=user.id, thing=("user", user.id))


def create_first_administrator(token: str, email: str, name: str, password: str) -> None:
    """Use the link of the first start: makes the account, with all its rights.

    Raises `NotFound` when there is an administrator already, `Invalid` for bad input.
    """
    if find(token) is None:
        raise NotFound
    email, name = clean_email(email), clean_name(name)
    password_rules.check(password, (name, email))
    digest = passwords.make_hash(password)
    with write() as session:
        _use(session, token, LinkPurpose.FIRST)
        if has_active_administrator(session):
            raise NotFound
        user = session.scalar(select(User).where(User.email == email))
        if user is None:
            user = User(email=email, name=name, created_at=clock.now())
            session.add(user)
        user.name, user.password_hash, user.disabled_at = name, digest, None
        user.grants = [RoleGrant(role=Role.ADMINISTRATOR.value)]
        session.flush()
        end_all(session, user.id)
        changes = {"roles": ("", Role.ADMINISTRATOR.value)}
        event = AuditEvent.USER_ACTIVATED
        audit.record(session, event, actor_id=user.id, thing=("user", user.id), changes=changes)


def ask_reset(email: str, address: str) -> None:
    """Send a reset link if there is such an account; the caller never learns whether.

    `address` is the sender's network address. Raises `TooMany` when it asked too often.
    """
    email = typed_email(email)
    enough_letters = not throttle.reset_asked(email, address)
    with write() as session:
        user = session.scalar(select(User).where(User.email == email, User.disabled_at.is_(None)))
        sent = user is not None and not enough_letters
        if user and sent:
            letters.reset(session, user, issue(session, LinkPurpose.RESET, user))
        # Written for unknown accounts too: the answer takes as long.
        audit.record(
            session, AuditEvent.USER_RESET_ASKED, actor_id=None,
            thing=("user", user.id if user else "-"), changes={"letter": (None, sent)},
        )  # fmt: skip


def ensure_first_administrator() -> str | None:
    """A fresh link for the first administrator, or None when nobody needs one.

    Needed while there is no administrator who can sign in and no invited one whose link lives.
    Each call ends the link before: whoever starts the portal again sees one that works.
    """
    with write() as session:
        if has_active_administrator(session) or _invited_administrator(session):
            return None
        return issue(session, LinkPurpose.FIRST, None)


def active_administrators(session: Session) -> list[int]:
    """Ids of the accounts that can administer; locked against changes by others."""
    query = (
        select(User.id)
        .join(RoleGrant)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR.value,
            User.disabled_at.is_(None),
            User.password_hash.is_not(None),
        )
        .with_for_update()
    )
    return list(session.scalars(query))


def has_active_administrator(session: Session) -> bool:
    """Whether somebody can administer."""
    return bool(active_administrators(session))


def _invited_administrator(session: Session) -> int | None:
    return session.scalar(
        select(User.id)
        .join(RoleGrant)
        .join(OneTimeLink, OneTimeLink.user_id == User.id)
        .where(RoleGrant.role == Role.ADMINISTRATOR.value, User.disabled_at.is_(None), _living())
        .limit(1)
    )


def _living() -> ColumnElement[bool]:
    return OneTimeLink.used_at.is_(None) & (OneTimeLink.expires_at > clock.now())


def _use(session: Session, token: str, purpose: LinkPurpose | None = None) -> int | None:
    """Mark the link used, once, whoever is faster; returns its account."""
    link = find(token)
    if link is None or (link.purpose == LinkPurpose.FIRST) != (purpose == LinkPurpose.FIRST):
        raise NotFound
    claimed = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    return link.user_id
