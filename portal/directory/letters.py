"""The letter to a unit whose number does not answer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.accounts.models import User
from portal.accounts.permissions import Role, may
from portal.core import mail
from portal.core.clock import format_date
from portal.core.settings import current_settings
from portal.directory.models import Hotline
from portal.directory.reported import Reports

PLACE = "/ban-lam-viec/danh-ba/can-kiem-tra"


def tell_unit(session: Session, hotline: Hotline, found: Reports) -> None:
    """Write to everybody who keeps the line, inside `write()`."""
    settings = current_settings()
    for user in keepers(session, hotline):
        mail.enqueue(
            session, user.email, f"Người dân báo số không liên lạc được: {hotline.name}",
            f"Kính gửi {user.name},\n\n"
            f"{found.count} mạng khác nhau báo số {hotline.phone} của “{hotline.name}” có vấn đề"
            f" từ ngày {format_date(found.since)}: {found.in_words}.\n\n"
            "Bạn gọi thử, rồi ghi “Đã kiểm tra, số đúng” hoặc sửa số tại:\n"
            f"{settings.address(PLACE)}\n\n"
            f"{settings.site.site.title}, {settings.site.agency.short_name}\n"
            "(Thư gửi tự động, nhiều nhất một thư mỗi ngày cho một đường dây.)\n",
        )  # fmt: skip


def keepers(session: Session, hotline: Hotline) -> Sequence[User]:
    """Those of the line's unit who may edit it; where there is nobody, the publishers."""
    active = select(User).where(User.disabled_at.is_(None)).options(selectinload(User.grants))
    able = [
        user
        for user in session.scalars(active.order_by(User.id))
        if may(user.actor, "directory.edit", hotline)
    ]
    own = [user for user in able if hotline.unit_code in user.actor.units]
    return own or [user for user in able if any(g.role == Role.PUBLISHER for g in user.grants)]
