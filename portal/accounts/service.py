"""What administrators do with accounts. Accounts are disabled, never deleted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import letters, links, sessions
from portal.accounts.models import LinkPurpose, RoleGrant, User
from portal.accounts.names import clean_email, clean_name
from portal.accounts.permissions import NEEDS_UNIT, ROLE_NAMES, Actor, Grant, Role, require
from portal.accounts.units import unit_names
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid, NotFound

LAST_ADMINISTRATOR = (
    "Đây là quản trị viên duy nhất đang hoạt động. Bạn mời thêm một quản trị viên trước đã."
)
CHANGED_MEANWHILE = "Có người vừa sửa tài khoản này. Bạn tải lại trang rồi làm tiếp."
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def invite(actor: Actor | None, email: str, name: str, grants: Iterable[Grant]) -> tuple[int, str]:
    """Make an account and write to its owner; returns its id and the one-time link.

    `actor` is None on the command line. Raises `Invalid` on `email`, `name` or `grants`.
    """
    _administer(actor)
    email, name, wanted = clean_email(email), clean_name(name), check_grants(grants)
    with write() as session:
        if session.scalar(select(User.id).where(User.email == email)):
            raise Invalid({"email": "Thư điện tử này đã thuộc một tài khoản khác. Nhập thư khác."})
        user = User(email=email, name=name, created_at=clock.now(), grants=_rows(wanted))
        session.add(user)
        session.flush()
        link = links.issue(session, LinkPurpose.INVITE, user)
        letters.invitation(session, user, link)
        _record(session, AuditEvent.USER_INVITED, actor, user, roles=("", describe(wanted)))
        return user.id, link


def send_link(actor: Actor | None, user_id: int) -> str:
    """Write to the owner again: a new invitation, or a reset link when there is a password."""
    _administer(actor)
    with write() as session:
        user = _get(session, user_id)
        if user.disabled_at:
            raise Conflict("Tài khoản đang khóa. Bạn mở lại trước khi gửi liên kết.")
        if user.password_hash is None:
            link = links.issue(session, LinkPurpose.INVITE, user)
            letters.invitation(session, user, link)
            _record(session, AuditEvent.USER_INVITED, actor, user)
        else:
            link = links.issue(session, LinkPurpose.RESET, user)
            letters.reset(session, user, link)
            _record(session, AuditEvent.USER_RESET_ASKED, actor, user, letter=(None, True))
        return link


def change_details(actor: Actor, user_id: int, email: str, name: str) -> None:
    """Correct name and e-mail address. A new address ends sessions and links of the account."""
    _administer(actor)
    email, name = clean_email(email), clean_name(name)
    with write() as session:
        user = _get(session, user_id)
        owner = session.scalar(select(User.id).where(User.email == email))
        if owner not in (None, user.id):
            raise Invalid({"email": "Thư điện tử này đã thuộc một tài khoản khác. Nhập thư khác."})
        before = {"name": user.name, "email": user.email}
        changes = audit.differences(before, {"name": name, "email": email})
        if not changes:
            return
        user.name, user.email = name, email
        if "email" in changes:
            sessions.end_all(session, user.id)
            links.end_all(session, user.id)
        _record(session, AuditEvent.USER_CHANGED, actor, user, **changes)


def change_grants(actor: Actor, user_id: int, grants: Iterable[Grant], seen: str) -> None:
    """Give an account exactly these roles; its sessions end, so nobody acts on old rights.

    `seen` is `fingerprint(...)` of the roles that the administrator saw. Raises `Conflict` when
    they were changed meanwhile, or when the last administrator would lose the role.
    """
    _administer(actor)
    wanted = check_grants(grants)
    with write() as session:
        user = _get(session, user_id)
        before = user.actor.grants
        if fingerprint(before) != seen:
            raise Conflict(CHANGED_MEANWHILE)
        if set(before) == set(wanted):
            return
        if Role.ADMINISTRATOR not in {grant.role for grant in wanted}:
            _keep_an_administrator(session, user)
        _replace(session, user, wanted)
        sessions.end_all(session, user.id)
        roles = (describe(before), describe(wanted))
        _record(session, AuditEvent.USER_CHANGED, actor, user, roles=roles)


def disable(actor: Actor, user_id: int) -> None:
    """Close an account: sessions and links end. Its name stays on what it did."""
    _administer(actor)
    with write() as session:
        user = _get(session, user_id)
        if user.disabled_at:
            return
        _keep_an_administrator(session, user)
        user.disabled_at = clock.now()
        sessions.end_all(session, user.id)
        links.end_all(session, user.id)
        _record(session, AuditEvent.USER_DISABLED, actor, user)


def enable(actor: Actor, user_id: int) -> None:
    """Open a closed account again, with its old password and roles."""
    _administer(actor)
    with write() as session:
        user = _get(session, user_id)
        if user.disabled_at:
            user.disabled_at = None
            _record(session, AuditEvent.USER_ENABLED, actor, user)


def check_grants(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants without repetition. Raises `Invalid` on field `grants`."""
    wanted = tuple(dict.fromkeys(grants))
    if not wanted:
        raise Invalid({"grants": "Chọn ít nhất một vai trò."})
    names = unit_names()
    for grant in wanted:
        code = grant.unit_code
        if code is None and grant.role in NEEDS_UNIT:
            raise Invalid({"grants": f"Chọn đơn vị cho vai trò {ROLE_NAMES[grant.role].lower()}."})
        if code is not None and not (code in names if names else _CODE.fullmatch(code)):
            said = f"Không có đơn vị nào mang mã {code[:40]}. Chọn đơn vị trong danh sách."
            raise Invalid({"grants": said})
    return wanted


def fingerprint(grants: Iterable[Grant]) -> str:
    """A short text that differs when the grants differ."""
    return ",".join(sorted(f"{grant.role.value}:{grant.unit_code or ''}" for grant in grants))


def describe(grants: Iterable[Grant]) -> str:
    """The grants in words, for the audit log: `Người viết (cdc), Quản trị viên`."""
    return ", ".join(
        ROLE_NAMES[grant.role] + (f" ({grant.unit_code})" if grant.unit_code else "")
        for grant in grants
    )


def _administer(actor: Actor | None) -> None:
    if actor is not None:  # None: the command line, whoever may run it holds the database
        require(actor, "user.manage")


def _get(session: Session, user_id: int) -> User:
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound
    return user


def _keep_an_administrator(session: Session, leaving: User) -> None:
    """Raise `Conflict` when nobody else could administer. Safe against two leaving at once."""
    administrators = links.active_administrators(session)
    if leaving.id in administrators and len(set(administrators)) == 1:
        raise Conflict(LAST_ADMINISTRATOR)


def _replace(session: Session, user: User, wanted: Iterable[Grant]) -> None:
    user.grants.clear()
    session.flush()  # old rows leave before equal new ones come
    user.grants.extend(_rows(wanted))


def _rows(grants: Iterable[Grant]) -> list[RoleGrant]:
    return [RoleGrant(role=grant.role.value, unit_code=grant.unit_code) for grant in grants]


def _record(
    session: Session,
    event: AuditEvent,
    actor: Actor | None,
    user: User,
    **changes: tuple[object, object],
) -> None:
    actor_id = actor.user_id if actor else None
    audit.record(session, event, actor_id=actor_id, thing=("user", user.id), changes=changes)
