"""Reminders: each event once to each person whom it concerns, on the desk and by letter."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from portal.accounts.models import User
from portal.accounts.permissions import Actor, Role, may, require
from portal.boards import events
from portal.boards.events import Event
from portal.boards.models import LetterState, Mode, Notice, NoticeKind, NoticeReader
from portal.core import audit, clock, mail
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound
from portal.core.settings import current_settings

log = logging.getLogger(__name__)
FROM_HOUR = 6  # of the agency's clock: nobody is woken by a letter
KIND_NAMES: dict[NoticeKind, str] = {
    NoticeKind.DUE: "Nhiệm vụ, báo cáo sắp đến hạn",
    NoticeKind.LATE: "Nhiệm vụ quá hạn",
    NoticeKind.MISSED: "Kỳ vừa qua chưa đạt chỉ tiêu",
    NoticeKind.QUIET: "Lâu chưa có bài mới",
    NoticeKind.HOTLINES: "Đường dây nóng cần gọi thử",
    NoticeKind.PROCEDURES: "Thủ tục cần xem lại",
    NoticeKind.LINKS: "Liên kết ra ngoài bị hỏng",
}
MODE_NAMES: dict[Mode, str] = {
    Mode.OFF: "Không nhắc",
    Mode.DESK: "Chỉ ở bàn làm việc",
    Mode.NOW: "Gửi thư ngay",
    Mode.WEEKLY: "Gộp vào thư đầu tuần",
}
_PERMISSIONS = {
    NoticeKind.HOTLINES: "directory.edit", NoticeKind.PROCEDURES: "procedure.edit",
    NoticeKind.LINKS: "link.edit",
}  # fmt: skip
_URGENT = (NoticeKind.DUE, NoticeKind.LATE, NoticeKind.MISSED)
_FIRST_LETTER = {Mode.NOW: LetterState.NOW, Mode.WEEKLY: LetterState.WEEKLY}
_WAITING = (LetterState.NOW, LetterState.WEEKLY)


@dataclass(frozen=True, slots=True)
class _Everywhere:
    """Stands for what concerns every unit: who keeps any unit's board is told."""

    unit_code: str | None


def run_daily() -> int:
    """Once a day and process, from the morning on: work out reminders and send letters. Running
    it again changes nothing. Returns how many reminders are new."""
    today = clock.today()
    if clock.to_local(clock.now()).hour < FROM_HOUR:
        return 0
    if current_app.extensions.get("notices_ran_on") == today:
        return 0
    made = remind(today)
    current_app.extensions["notices_ran_on"] = today
    return made


def remind(today: date) -> int:
    """Bring everybody's reminders up to `today`; returns how many are new."""
    found = events.on(db.session(), today)
    db.session.rollback()
    with write() as session:
        active = select(User).where(User.disabled_at.is_(None))
        users = session.scalars(active.options(selectinload(User.grants))).all()
        readers = {row.user_id: row for row in session.scalars(select(NoticeReader))}
        wanted = {
            (user.id, event.name): (event, mode)
            for user in users
            for event, mode in _for(user.actor, readers.get(user.id), found)
        }
        made = _settle(session, wanted)
        _send(session, users, readers, today)
    if made:
        log.info("notices.made", extra={"count": made})
    return made


def mode_of(actor: Actor, reader: NoticeReader | None, kind: NoticeKind) -> Mode:
    """How a person wants reminders of a kind: as chosen, else as fits their role."""
    chosen = (reader.choices if reader else {}).get(kind.value)
    if chosen in list(Mode):
        return Mode(chosen)
    roles = {grant.role for grant in actor.grants}
    if roles & {Role.AUTHOR, Role.UNIT_EDITOR}:
        return Mode.NOW if kind in _URGENT else Mode.WEEKLY
    if Role.PUBLISHER in roles:
        return Mode.WEEKLY if kind in (*_URGENT, NoticeKind.QUIET) else Mode.DESK
    return Mode.OFF


def kinds_for(actor: Actor) -> list[NoticeKind]:
    """The kinds that can concern this person at all."""
    return [kind for kind in NoticeKind if may(actor, _permission(kind))]


def open_for(session: Session, user_id: int, limit: int = 200) -> Sequence[Notice]:
    """A person's reminders that still hold and were not put away, newest first; one statement."""
    query = select(Notice).where(
        Notice.user_id == user_id, Notice.closed_at.is_(None), Notice.over_at.is_(None)
    )
    return session.scalars(
        query.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit)
    ).all()


def close(actor: Actor, notice_id: int | None) -> None:
    """Put one of the own reminders away, or (None) all of them. Raises `NotFound`."""
    require(actor, "account.own")
    query = update(Notice).where(Notice.user_id == actor.user_id, Notice.closed_at.is_(None))
    with write() as session:
        if notice_id is not None:
            row = session.get(Notice, notice_id)
            if row is None or row.user_id != actor.user_id:
                raise NotFound(str(notice_id))
            query = query.where(Notice.id == notice_id)
        session.execute(query.values(closed_at=clock.now()))


def choices_of(session: Session, actor: Actor) -> dict[NoticeKind, Mode]:
    """How this person gets reminders of each kind that can concern them."""
    reader = session.get(NoticeReader, actor.user_id)
    return {kind: mode_of(actor, reader, kind) for kind in kinds_for(actor)}


def choose(actor: Actor, choices: Mapping[str, str]) -> None:
    """Say how to get reminders: kind → mode. What still waits follows the new choice."""
    require(actor, "account.own")
    kinds = {kind.value for kind in kinds_for(actor)}
    for kind, mode in choices.items():
        if kind not in kinds or mode not in list(Mode):
            raise Invalid({kind: "Chọn một cách nhắc trong danh sách."})
    with write() as session:
        reader = session.get(NoticeReader, actor.user_id)
        before = {kind.value: mode_of(actor, reader, kind).value for kind in kinds_for(actor)}
        changes = audit.differences(before, choices)
        if not changes:
            return
        if reader is None:
            reader = NoticeReader(user_id=actor.user_id, choices={})
            session.add(reader)
        reader.choices = {**reader.choices, **choices}
        for kind in changes:
            letter = _FIRST_LETTER.get(Mode(choices[kind]), LetterState.NONE)
            mine = update(Notice).where(Notice.user_id == actor.user_id, Notice.kind == kind)
            session.execute(mine.where(Notice.letter.in_(_WAITING)).values(letter=letter.value))
        audit.record(
            session, AuditEvent.NOTICES_CHOSEN, actor_id=actor.user_id,
            thing=("user", actor.user_id), changes=changes,
        )  # fmt: skip


def _permission(kind: NoticeKind) -> str:
    return _PERMISSIONS.get(kind, "board.view")


def _for(
    actor: Actor, reader: NoticeReader | None, found: Iterable[Event]
) -> Iterable[tuple[Event, Mode]]:
    """The events that concern a person who wants to know of them."""
    for event in found:
        mode = mode_of(actor, reader, event.kind)
        if mode is Mode.OFF:
            continue
        thing = _Everywhere(event.unit_code)
        anybody = event.unit_code is None and may(actor, _permission(event.kind))
        if anybody or may(actor, _permission(event.kind), thing):
            yield event, mode


def _settle(session: Session, wanted: Mapping[tuple[int, str], tuple[Event, Mode]]) -> int:
    """Rows for what is new; what no longer holds is over, what holds again is not."""
    moment = clock.now()
    names = {name for _, name in wanted}
    rows = session.scalars(
        select(Notice).where((Notice.over_at.is_(None)) | Notice.event.in_(names))
    ).all()
    known = {(row.user_id, row.event): row for row in rows}
    for key, row in known.items():
        if key not in wanted:
            row.over_at = row.over_at or moment
        elif row.over_at is not None:
            row.over_at = None
    fresh = [key for key in wanted if key not in known]
    for user_id, name in fresh:
        event, mode = wanted[user_id, name]
        letter = _FIRST_LETTER.get(mode, LetterState.NONE)
        session.add(
            Notice(
                user_id=user_id, kind=event.kind.value, event=name, unit_code=event.unit_code,
                text=event.text, url=event.url, created_at=moment, letter=letter.value,
            )
        )  # fmt: skip
    session.flush()
    return len(fresh)


def _send(
    session: Session, users: Iterable[User], readers: Mapping[int, NoticeReader], today: date
) -> None:
    """One letter a person at most: what is to be told at once, and once a week the rest."""
    waiting: dict[int, list[Notice]] = {}
    query = select(Notice).where(
        Notice.letter.in_(_WAITING), Notice.over_at.is_(None), Notice.closed_at.is_(None)
    )
    for row in session.scalars(query.order_by(Notice.id)):
        waiting.setdefault(row.user_id, []).append(row)
    for user in users:
        rows, reader = waiting.get(user.id, []), readers.get(user.id)
        if not _digest_due(reader, today):
            rows = [row for row in rows if row.letter == LetterState.NOW]
        if not rows:
            continue
        if any(row.letter == LetterState.WEEKLY for row in rows):
            if reader is None:
                reader = NoticeReader(user_id=user.id, choices={})
                session.add(reader)
            reader.digest_on = today
        _write_letter(session, user, rows)
        for row in rows:
            row.letter = LetterState.SENT.value


def _digest_due(reader: NoticeReader | None, today: date) -> bool:
    """Whether no digest went out in the week of `today`. A row that was sent is never sent again,
    so a clock that jumps brings a digest early at worst."""
    last = reader.digest_on if reader else None
    return last is None or _monday(last) != _monday(today)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _write_letter(session: Session, user: User, rows: Collection[Notice]) -> None:
    settings = current_settings()
    lines = [f"- {row.text}\n  {settings.address(row.url)}" for row in rows]
    choose_at = settings.address("/ban-lam-viec/tai-khoan/cua-toi/nhac-viec")
    mail.enqueue(
        session, user.email, f"Nhắc việc: {len(rows)} việc của kế hoạch cải cách hành chính",
        f"Kính gửi {user.name},\n\n" + "\n".join(lines) + "\n\n"
        f"Bạn chọn việc muốn được nhắc và cách nhắc tại: {choose_at}\n\n"
        f"{settings.site.site.title}, {settings.site.agency.short_name}\n"
        "(Thư gửi tự động, bạn không cần trả lời.)\n",
    )  # fmt: skip
