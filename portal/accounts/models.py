"""Accounts, what they were granted, their sessions and their one-time links."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.permissions import Actor, Grant, Role
from portal.core.db import Base


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


class User(Base):
    """A member of staff. Never deleted: the audit log and bylines point here."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200), default=None)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None] = mapped_column(default=None)
    disabled_at: Mapped[datetime | None] = mapped_column(default=None)
    # When the second step was set up, and when the portal first asked for it.
    second_step_at: Mapped[datetime | None] = mapped_column(default=None)
    second_step_asked_at: Mapped[datetime | None] = mapped_column(default=None)
    # Read when somebody acts, not wherever a name is shown; lists that need them say so.
    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="user", cascade="all, delete-orphan"
    )

    @property
    def actor(self) -> Actor:
        """This account as services see it."""
        grants = tuple(Grant(Role(g.role), g.unit_code) for g in self.grants)
        return Actor(self.id, self.name, grants)


class RoleGrant(Base):
    """One role of one account, for a unit (by code, see directory) or for the whole agency."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "unit_code"),
        CheckConstraint(_one_of("role", Role), name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    unit_code: Mapped[str | None] = mapped_column(String(80), default=None)
    user: Mapped[User] = relationship(back_populates="grants")


class DeskList(StrEnum):
    """The lists of the desk whose filters a person may save, by their folder in addresses."""

    ARTICLES = "bai-viet"
    FEEDBACK = "phan-anh"
    PROCEDURES = "thu-tuc"
    MEDIA = "tu-lieu"
    ACCOUNTS = "tai-khoan"
    AUDIT = "nhat-ky"


class SavedView(Base):
    """A list with filters that one person gave a name; `query` is that of its address."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("user_id", "list_name", "name"),
        CheckConstraint(_one_of("list_name", DeskList), name="list_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    list_name: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(1000))
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class LoginSession(Base):
    """A signed-in browser. The cookie holds a random token, the row only its hash."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    user: Mapped[User] = relationship(lazy="joined")


class LinkPurpose(StrEnum):
    """What a one-time link is good for. `FIRST` makes the first administrator's account."""

    INVITE = "invite"
    RESET = "reset"
    FIRST = "first"


class OneTimeLink(Base):
    """A link that sets a password once. Only a hash of its token is kept."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint(_one_of("purpose", LinkPurpose), name="purpose"),
        CheckConstraint("(purpose = 'first') = (user_id IS NULL)", name="owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    user: Mapped[User | None] = relationship(lazy="joined")


class SecondStep(Base):
    """The shared secret of an authenticator application, sealed; it counts once confirmed.

    `session_hash` is the session that set it up: nobody else sees the secret. `last_step` is the
    time step of the last code that was taken, for none is taken twice.
    """

    __tablename__ = "second_step"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(200))
    session_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A way in without the telephone, good for once. Only its keyed hash is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class PendingSignIn(Base):
    """Somebody whose password was right and whose code is awaited. It opens nothing."""

    __tablename__ = "pending_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)


class KnownBrowser(Base):
    """A browser in which an account has signed in: a hash of the token in its cookie."""

    __tablename__ = "known_browser"
    __table_args__ = (UniqueConstraint("user_id", "token_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime] = mapped_column(index=True)
