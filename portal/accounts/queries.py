"""Reads about accounts for the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from portal.accounts.models import OneTimeLink, User
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.text import fold


class Status(StrEnum):
    """How an account stands, computed from what is stored."""

    ACTIVE = "hoat-dong"
    INVITED = "da-moi"
    EXPIRED = "het-han-moi"
    DISABLED = "khoa"


STATUS_NAMES = {
    Status.ACTIVE: "đang hoạt động",
    Status.INVITED: "chờ kích hoạt",
    Status.EXPIRED: "thư mời hết hạn",
    Status.DISABLED: "đã khóa",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One account of the list."""

    user: User
    status: Status


def list_accounts(
    words: str = "", role: str = "", status: str = "", unit: str = ""
) -> Sequence[Row]:
    """Accounts by given name; an agency has hundreds, so words are compared here, marks or not."""
    rows = [Row(user, _status(user, invited)) for user, invited in db.session.execute(_accounts())]
    rows.sort(key=lambda row: sort_key(row.user.name, row.user.id))
    wanted = fold(words).split()
    return [
        row
        for row in rows
        if all(word in fold(f"{row.user.name} {row.user.email}") for word in wanted)
        and (not status or row.status == status)
        and _holds(row.user, role, unit)
    ]


def _holds(user: User, role: str, unit: str) -> bool:
    """Whether one grant is of that role and that unit; an empty word asks for nothing."""
    return not (role or unit) or any(
        (not role or grant.role == role) and (not unit or grant.unit_code == unit)
        for grant in user.grants
    )


def sort_key(name: str, number: int) -> tuple[str, str, str, int]:
    """Order of Vietnamese names: by the given name, which stands last."""
    folded = fold(name)
    return folded.rpartition(" ")[2], folded, name, number


def get_account(user_id: int) -> Row:
    """One account. Raises `NotFound`."""
    found = db.session.execute(_accounts().where(User.id == user_id)).first()
    if found is None:
        raise NotFound
    return Row(found[0], _status(*found))


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Names of the accounts with these ids."""
    query = select(User.id, User.name).where(User.id.in_(sorted(set(ids))))
    return {row.id: row.name for row in db.session.execute(query)}


def all_names() -> dict[str, str]:
    """Id (as text) → name of all accounts, by name; namesakes are told apart by their address."""
    rows = sorted(
        db.session.execute(select(User.id, User.name, User.email)),
        key=lambda row: sort_key(row.name, row.id),
    )
    names = Counter(row.name for row in rows)
    return {
        str(row.id): f"{row.name} ({row.email})" if names[row.name] > 1 else row.name
        for row in rows
    }


def _accounts() -> Select[User, bool]:
    """Each account, and whether a link to it lives."""
    living = (
        select(OneTimeLink.id)
        .where(
            OneTimeLink.user_id == User.id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
        .exists()
    )
    return select(User, living).options(selectinload(User.grants))


def _status(user: User, has_living_link: bool) -> Status:
    if user.disabled_at:
        return Status.DISABLED
    if user.password_hash:
        return Status.ACTIVE
    return Status.INVITED if has_living_link else Status.EXPIRED
