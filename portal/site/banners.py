"""Banners: urgent news and planned maintenance above every public page, until their end.

Pages cost no statement: each process keeps the banners to come (`core.live`), the clock picks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, require
from portal.core import audit, clock, live
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.text import clean_line
from portal.site.models import Banner, BannerKind

KIND_NAMES = {
    BannerKind.URGENT: "Tin khẩn",
    BannerKind.MAINTENANCE: "Bảo trì hệ thống",
    BannerKind.NEWS: "Thông báo",
}
LONGEST_TEXT, LONGEST_LINK, LONGEST_LINK_TEXT = 300, 300, 80
LONGEST = timedelta(days=92)
_RANK = list(BannerKind)
_OWN_PATH = re.compile(r"/(?!/)[^\s\\]*")
_FIELDS = ("kind", "text", "link", "link_text", "starts_at", "ends_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A banner as somebody wrote it; `id` and `version` name it for those who closed it."""

    kind: BannerKind
    text: str
    link: str = ""
    link_text: str = ""
    starts_at: datetime
    ends_at: datetime
    id: int = 0
    version: int = 0

    @property
    def name(self) -> str:
        """Its kind in words: colour says nothing alone."""
        return KIND_NAMES[self.kind]


def init_app(app: Flask) -> None:
    """Keep the banners in this process and let templates ask for the one to show."""
    app.extensions["banners"] = ()
    live.keep(app, live.Kept("banners", _read, _use))
    app.jinja_env.globals["banner_now"] = now


def now() -> Wanted | None:
    """The banner of this moment: the most urgent, of equal ones the latest to begin."""
    return of_moment(current_app.extensions["banners"], clock.now())


def of_moment(banners: Iterable[Wanted], moment: datetime) -> Wanted | None:
    """Which one of `banners` is shown at `moment`."""
    fitting = [one for one in banners if one.starts_at <= moment < one.ends_at]
    order = sorted(fitting, key=lambda one: (one.starts_at, one.id), reverse=True)
    return min(order, key=lambda one: _RANK.index(one.kind), default=None)


def all_banners() -> Sequence[Banner]:
    """All that were ever written, the last to end first; an agency has a few a year."""
    query = select(Banner).order_by(Banner.ends_at.desc(), Banner.id.desc()).limit(200)
    return db.session.scalars(query).all()


def get(session: Session, banner_id: int) -> Banner:
    """One banner. Raises `NotFound`."""
    found = session.get(Banner, banner_id)
    if found is None:
        raise NotFound(f"banner {banner_id}")
    return found


def as_wanted(banner: Banner) -> Wanted:
    """What a stored banner says."""
    values = {name: getattr(banner, name) for name in ("id", "version", *_FIELDS)}
    return Wanted(**{**values, "kind": BannerKind(banner.kind)})


def check(wanted: Wanted) -> Wanted:
    """The banner with clean words. Raises `Invalid` by field."""
    text, link_text = clean_line(wanted.text), clean_line(wanted.link_text)
    problems: dict[str, str] = {}
    if not text:
        problems["text"] = "Nhập nội dung băng thông báo."
    if wanted.link and not _is_link(wanted.link):
        problems["link"] = "Nhập địa chỉ bắt đầu bằng / (trang của cổng) hoặc https://."
    if wanted.link and not link_text:
        problems["link_text"] = "Nhập chữ của liên kết: nói nơi sẽ đến."
    if wanted.starts_at >= wanted.ends_at:
        problems["ends_at"] = "Giờ kết thúc phải sau giờ bắt đầu."
    elif wanted.ends_at - wanted.starts_at > LONGEST:
        problems["ends_at"] = "Băng thông báo hiện dài nhất 3 tháng. Chọn ngày kết thúc gần hơn."
    if problems:
        raise Invalid(problems)
    return Wanted(
        kind=wanted.kind, text=text, link=wanted.link, link_text=link_text if wanted.link else "",
        starts_at=wanted.starts_at, ends_at=wanted.ends_at, id=wanted.id, version=wanted.version,
    )  # fmt: skip


def add(actor: Actor, wanted: Wanted) -> int:
    """Write a banner; it shows by itself between its two moments. Raises `Invalid`."""
    require(actor, "banner.edit")
    wanted = check(wanted)
    _refuse_over(wanted.ends_at)
    with write() as session:
        banner = Banner(version=0)
        _fill(banner, wanted)
        _touch(actor, banner)
        session.add(banner)
        session.flush()
        changes = audit.differences({}, _facts(banner))
        _log(session, AuditEvent.BANNER_ADDED, actor, banner, changes)
        banner_id = banner.id
    live.refresh()
    return banner_id


def change(actor: Actor, banner_id: int, version: int, wanted: Wanted) -> None:
    """Change a banner as it was at `version`. Raises `Invalid`, `Conflict`, `NotFound`."""
    require(actor, "banner.edit")
    wanted = check(wanted)
    with write() as session:
        banner = get(session, banner_id)
        if banner.version != version or banner.removed_at:
            raise Conflict("Có người vừa sửa băng này sau khi bạn mở. Bạn xem lại rồi lưu lần nữa.")
        before = _facts(banner)
        _fill(banner, wanted)
        if changes := audit.differences(before, _facts(banner)):
            _touch(actor, banner)
            _log(session, AuditEvent.BANNER_CHANGED, actor, banner, changes)
    live.refresh()


def remove(actor: Actor, banner_id: int) -> None:
    """Take a banner off at once. It can be put back."""
    _switch(actor, banner_id, on=False)


def restore(actor: Actor, banner_id: int) -> None:
    """Put a banner back that was taken off. Raises `Invalid` when its time is over."""
    _switch(actor, banner_id, on=True)


def _switch(actor: Actor, banner_id: int, *, on: bool) -> None:
    require(actor, "banner.edit")
    with write() as session:
        banner = get(session, banner_id)
        if on:
            _refuse_over(banner.ends_at)
        if (banner.removed_at is None) != on:
            banner.removed_at = None if on else clock.now()
            _touch(actor, banner)
            event = AuditEvent.BANNER_RESTORED if on else AuditEvent.BANNER_REMOVED
            _log(session, event, actor, banner, {"text": (banner.text, banner.text)})
    live.refresh()


def _refuse_over(ends_at: datetime) -> None:
    if ends_at <= clock.now():
        raise Invalid({"ends_at": "Giờ kết thúc đã qua. Chọn giờ kết thúc sau lúc này."})


def _is_link(link: str) -> bool:
    if _OWN_PATH.fullmatch(link):
        return True
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _fill(banner: Banner, wanted: Wanted) -> None:
    for name in _FIELDS:
        setattr(banner, name, getattr(wanted, name))
    banner.kind = wanted.kind.value


def _facts(banner: Banner) -> dict[str, object]:
    facts = {name: getattr(banner, name) for name in _FIELDS}
    return {**facts, "kind": KIND_NAMES[BannerKind(banner.kind)]}


def _touch(actor: Actor, banner: Banner) -> None:
    banner.version += 1
    banner.changed_at, banner.changed_by = clock.now(), actor.name


def _log(
    session: Session, event: AuditEvent, actor: Actor, banner: Banner,
    changes: dict[str, tuple[object, object]],
) -> None:  # fmt: skip
    audit.record(
        session, event, actor_id=actor.user_id, thing=("banner", banner.id), changes=changes
    )


def _read(session: Session) -> tuple[Wanted, ...]:
    query = select(Banner).where(Banner.removed_at.is_(None), Banner.ends_at > clock.now())
    return tuple(as_wanted(banner) for banner in session.scalars(query))


def _use(app: Flask, banners: tuple[Wanted, ...]) -> None:
    app.extensions["banners"] = banners
