"""The second step of signing in: a code from a telephone, or a recovery code from a drawer.

Setting up, renewing and removing ask for the password again, so a browser left open gives nobody
another way in. The codes themselves are computed in `codes`; here is who may, and what is noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.accounts import codes, letters, passwords, sessions, throttle
from portal.accounts.models import RecoveryCode, SecondStep, User
from portal.accounts.permissions import Actor, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.sealing import seal, unseal
from portal.core.settings import current_settings

WRONG_CODE = "Mã không đúng, đã dùng hoặc đã hết hạn. Bạn chờ mã mới hiện ra rồi nhập lại."
WRONG_PASSWORD = "Mật khẩu không đúng. Bạn nhập lại."  # noqa: S105 - words, not a secret
ALREADY = "Tài khoản này đã bật xác nhận hai bước."
NOT_ON = "Tài khoản này chưa bật xác nhận hai bước."
TO_SCAN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the person's application has to learn: by camera, or by typing."""

    address: str
    secret: str


def is_required(actor: Actor) -> bool:
    """Whether one of the person's roles has to sign in with a second step."""
    roles = current_settings().site.accounts.second_step
    return any(grant.role.value in roles for grant in actor.grants)


def deadline(user: User) -> datetime | None:
    """Until when the account may do without; None when nobody asks, or when it is set up."""
    if user.second_step_at or user.second_step_asked_at is None or not is_required(user.actor):
        return None
    return user.second_step_asked_at + timedelta(days=current_settings().site.accounts.grace_days)


def codes_left(user_id: int) -> int:
    """How many recovery codes nobody has used."""
    query = select(func.count()).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(query) or 0


def begin(actor: Actor, token: str, password: str) -> None:
    """Make a secret for the session of `token` to show. Raises `Invalid` on `current`."""
    _check_password(actor, password)
    with write() as session:
        user = session.get_one(User, actor.user_id, with_for_update=True)
        if user.second_step_at:
            raise Conflict(ALREADY)
        _forget(session, user.id)
        secret = seal(current_settings().sealing_keys, _purpose(user.id), codes.new_secret())
        session.add(
            SecondStep(
                user_id=user.id, secret=secret, created_at=clock.now(),
                session_hash=sessions.hash_token(token),
            )
        )  # fmt: skip


def enrolment(actor: Actor, token: str) -> Enrolment | None:
    """What `begin` made for this very session, while it is fresh and not confirmed."""
    row = db.session.get(SecondStep, actor.user_id)
    if row is None or not _is_open(row, token):
        return None
    user, secret = db.session.get_one(User, actor.user_id), _secret(row)
    issuer = current_settings().site.agency.short_name
    return Enrolment(codes.address(secret, user.email, issuer), codes.grouped(secret))


def confirm(actor: Actor, token: str, typed: str, device: str) -> tuple[list[str], str]:
    """Switch the second step on, with the first code of the application as proof.

    Returns the recovery codes, shown only now, and the token of a new session: all older ones
    were opened without a code and end. Raises `Invalid` on `code`, `NotFound`, `TooMany`.
    """
    require(actor, "account.own")
    throttle.code_tried(actor.user_id)
    made = codes.new_recovery_codes()
    with write() as session:
        user = session.get_one(User, actor.user_id, with_for_update=True)
        row = session.get(SecondStep, user.id)
        if row is None or user.second_step_at or not _is_open(row, token):
            raise NotFound
        step = codes.matching_step(_secret(row), typed, row.last_step)
        if step is None:
            raise Invalid({"code": WRONG_CODE})
        row.last_step, row.confirmed_at = step, clock.now()
        user.second_step_at = clock.now()
        _keep_codes(session, user.id, made)
        sessions.end_all(session, user.id)
        fresh = sessions.start(session, user, device)
        letters.second_step_on(session, user)
        record(session, AuditEvent.SECOND_STEP_ENABLED, user.id, user)
    throttle.code_right(actor.user_id)
    return made, fresh


def renew_codes(actor: Actor, password: str, typed: str) -> list[str]:
    """A new set of recovery codes; the old ones are void. Raises `Invalid`, `TooMany`."""
    _check_password(actor, password)
    made = codes.new_recovery_codes()
    with _proven(actor, typed) as (session, user):
        _keep_codes(session, user.id, made)
        letters.recovery_codes_renewed(session, user)
        record(session, AuditEvent.RECOVERY_CODES_RENEWED, user.id, user)
    return made


def remove(actor: Actor, token: str, password: str, typed: str) -> None:
    """Switch the second step off; all sessions but that of `token` end. Raises as above."""
    _check_password(actor, password)
    with _proven(actor, typed) as (session, user):
        _switch_off(session, user)
        sessions.end_all(session, user.id, except_token=token)
        letters.second_step_off(session, user, by_themselves=True)
        record(session, AuditEvent.SECOND_STEP_REMOVED, user.id, user)


def reset(actor: Actor | None, user_id: int) -> None:
    """Switch it off for somebody who lost telephone and codes; their sessions end.

    `actor` is None on the command line. Nobody resets their own: that would need no proof.
    """
    if actor is not None:
        require(actor, "user.manage")
        if actor.user_id == user_id:
            raise Conflict("Bạn tắt xác nhận hai bước của mình ở trang “Tài khoản của tôi”.")
    with write() as session:
        user = session.get(User, user_id, with_for_update=True)
        if user is None:
            raise NotFound
        if user.second_step_at is None:
            raise Conflict(NOT_ON)
        _switch_off(session, user)
        sessions.end_all(session, user.id)
        letters.second_step_off(session, user, by_themselves=False)
        record(session, AuditEvent.SECOND_STEP_RESET, actor.user_id if actor else None, user)


def accept(session: Session, user: User, typed: str) -> bool:
    """Take a code of the application or a recovery code, each once, whoever is faster.

    Inside the caller's `write()`: what is taken is noted in the same transaction.
    """
    row = session.get(SecondStep, user.id, with_for_update=True)
    if row is None or row.confirmed_at is None:
        return False
    if codes.is_recovery_shaped(typed):
        return _take_recovery_code(session, user, typed)
    step = codes.matching_step(_secret(row), typed, row.last_step)
    if step is None:
        return False
    row.last_step = step
    return True


def record(session: Session, event: AuditEvent, actor_id: int | None, user: User) -> None:
    """One entry about an account's second step."""
    audit.record(session, event, actor_id=actor_id, thing=("user", user.id))


def _take_recovery_code(session: Session, user: User, typed: str) -> bool:
    key = current_settings().sealing_keys
    hashes = [codes.recovery_hash(one, user.id, typed) for one in key]
    claimed = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash.in_(hashes),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    left = codes_left(user.id)
    letters.recovery_code_used(session, user, left)
    audit.record(
        session, AuditEvent.RECOVERY_CODE_USED, actor_id=user.id, thing=("user", user.id),
        changes={"codes_left": (left + 1, left)},
    )  # fmt: skip
    return True


@contextmanager
def _proven(actor: Actor, typed: str) -> Iterator[tuple[Session, User]]:
    """A `write()` block for somebody whose code was right; a wrong one raises `Invalid`."""
    throttle.code_tried(actor.user_id)
    with write() as session:
        user = session.get_one(User, actor.user_id, with_for_update=True)
        if user.second_step_at is None:
            raise Conflict(NOT_ON)
        if not accept(session, user, typed):
            raise Invalid({"code": WRONG_CODE})
        yield session, user
    throttle.code_right(actor.user_id)


def _check_password(actor: Actor, password: str) -> None:
    require(actor, "account.own")
    throttle.own_password_tried(actor.user_id)
    stored = db.session.get_one(User, actor.user_id).password_hash
    if not passwords.verify(stored, password):
        raise Invalid({"current": WRONG_PASSWORD})


def _keep_codes(session: Session, user_id: int, made: Sequence[str]) -> None:
    """Exactly these codes are good from now on."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    key = current_settings().sealing_keys[0]
    session.add_all(
        RecoveryCode(user_id=user_id, code_hash=codes.recovery_hash(key, user_id, code))
        for code in made
    )


def _switch_off(session: Session, user: User) -> None:
    user.second_step_at = None
    _forget(session, user.id)


def _forget(session: Session, user_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.execute(delete(SecondStep).where(SecondStep.user_id == user_id))


def _is_open(row: SecondStep, token: str) -> bool:
    """Whether this session may still see and confirm the secret."""
    age = clock.now() - row.created_at
    is_own = row.session_hash == sessions.hash_token(token)
    return row.confirmed_at is None and is_own and timedelta() <= age < TO_SCAN


def _secret(row: SecondStep) -> str:
    return unseal(current_settings().sealing_keys, _purpose(row.user_id), row.secret)


def _purpose(user_id: int) -> str:
    return f"second-step:{user_id}"
