"""The two letters: is this address yours, and what is new. Each says how to end it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.core import clock, mail
from portal.core.settings import current_settings
from portal.procedures.models import Announcement, AnnouncementChange, Procedure
from portal.procedures.terms import CHANGES, ChangeKind
from portal.subscriptions.models import Subscriber

_MOST_DECISIONS = 20
_MOST_CHANGES = 12


def confirm(session: Session, subscriber: Subscriber, token: str) -> None:
    """Ask whether the address is theirs. Says the same to the known and the unknown."""
    settings = current_settings()
    link = settings.address(f"/nhan-thu/xac-nhan/{token}")
    mail.enqueue(
        session, subscriber.email, "Xác nhận nhận thư về thủ tục hành chính",
        "Chào bạn,\n\n"
        f"Có người vừa nhập địa chỉ này để nhận thư của {settings.site.agency.name} khi có thủ tục"
        " mới, sửa đổi, thay thế hoặc bãi bỏ.\n\n"
        f"Nếu đúng là bạn, bạn mở liên kết sau trong 2 ngày rồi bấm xác nhận:\n{link}\n\n"
        "Nếu không phải bạn, bạn bỏ qua thư này: chưa xác nhận thì không có thư nào khác, và địa"
        f" chỉ được xóa sau 7 ngày.\n\n{settings.site.agency.name}\n",
    )  # fmt: skip


def news_for(session: Session, subscriber: Subscriber) -> Sequence[Announcement]:
    """Decisions that the reader was not told of and that touch the fields of their choice."""
    rows = session.scalars(
        select(Announcement)
        .where(Announcement.id > subscriber.seen_id)
        .options(
            selectinload(Announcement.changes)
            .joinedload(AnnouncementChange.procedure)
            .joinedload(Procedure.field)
        )
        .order_by(Announcement.id)
    ).all()
    wished = set(subscriber.fields)
    return [row for row in rows if not wished or wished & _fields_of(row)]


def digest(session: Session, subscriber: Subscriber, news: Sequence[Announcement]) -> None:
    """Tell of the decisions in one letter, with the link that ends all letters."""
    settings = current_settings()
    end = settings.address(f"/nhan-thu/huy/{subscriber.key}")
    parts = [_told(row, settings.address(f"/thu-tuc/cong-bo/{row.slug}")) for row in news]
    more = len(parts) - _MOST_DECISIONS
    if more > 0:
        rest = f"Còn {more} quyết định: {settings.address('/thu-tuc/cong-bo')}"
        parts = [*parts[:_MOST_DECISIONS], rest]
    mail.enqueue(
        session, subscriber.email, f"Thủ tục mới công bố: {len(news)} quyết định",
        "Chào bạn,\n\n" + "\n\n".join(parts) + "\n\n"
        f"Bạn nhận thư này vì đã đăng ký ngày {_since(subscriber)}. Thôi nhận thư, địa chỉ của bạn"
        f" được xóa ngay: {end}\n\n{settings.site.agency.name}\n",
        unsubscribe=end,
    )  # fmt: skip


def _told(row: Announcement, address: str) -> str:
    lines = [f"Quyết định {row.number}{f' ({row.title})' if row.title else ''}"]
    if row.issued_on:
        lines[0] += f", ký ngày {clock.format_date(row.issued_on)}"
    for change in row.changes[:_MOST_CHANGES]:
        name = change.procedure.name if change.procedure else change.name
        begin = change.effective_from
        since = f", hiệu lực từ {clock.format_date(begin)}" if begin else ""
        kind = CHANGES[ChangeKind(change.kind)].name
        lines.append(f"- {kind}: {name or 'thủ tục'} (mã {change.code}){since}")
    if len(row.changes) > _MOST_CHANGES:
        lines.append(f"- và {len(row.changes) - _MOST_CHANGES} thủ tục khác")
    return "\n".join([*lines, f"Xem đầy đủ: {address}"])


def _fields_of(row: Announcement) -> set[str]:
    return {change.procedure.field.key for change in row.changes if change.procedure}


def _since(subscriber: Subscriber) -> str:
    return clock.format_date(subscriber.confirmed_at or subscriber.asked_at)
