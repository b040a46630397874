"""Trying addresses at night, a few at a time; and what people decide about those that fail."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from portal.accounts.permissions import Actor, may, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Invalid, NotAllowed, NotFound
from portal.core.settings import current_settings
from portal.links import collecting
from portal.links.models import ExternalLink, LinkState
from portal.links.network import Answer, Network, Outcome, RealNetwork, probe

log = logging.getLogger(__name__)
NIGHT = range(1, 5)  # hours of the agency's clock in which nobody waits for the ticker
MOST_A_NIGHT = 400
AT_ONCE = 3  # addresses of one tick, of different hosts: a host is asked once in a few seconds
DAYS_TO_BREAK = 3
PAUSE = timedelta(hours=1)
_AGAIN = {
    LinkState.GOOD: 7, LinkState.UNCLEAR: 7, LinkState.FAILING: 1, LinkState.BROKEN: 3,
}  # fmt: skip
EDIT = "link.edit"


@dataclass(slots=True)
class _Night:
    """What this process remembers between ticks. Losing it costs a little work, no truth."""

    synced_on: date | None = None
    paused_until: datetime | None = None
    reached_on: date | None = None


def check_due(network: Network | None = None) -> int:
    """Try a few addresses: at night those that are due, at any hour those that people ask for.
    Returns how many were tried. Must not be called inside `write()`: others take their time."""
    settings, moment, night = current_settings(), clock.now(), _night()
    if not settings.check_links or (night.paused_until and moment < night.paused_until):
        return 0
    today, at_night = clock.today(), clock.to_local(moment).hour in NIGHT
    if at_night and night.synced_on != today:
        collecting.sync()
        night.synced_on = today
    chosen = _next(today, at_night=at_night)
    agent = f"CongCCHC/1 (+{settings.base_url})"
    outcomes = [(link_id, probe(url, network or RealNetwork(), agent)) for link_id, url in chosen]
    _keep(outcomes, today, night)
    return len(outcomes)


def ask(actor: Actor, link_id: int) -> ExternalLink:
    """Let an address be tried as soon as the ticker comes to it."""
    with write() as session:
        link = _open(session, actor, link_id)
        link.asked = True
        _log(session, actor, link, AuditEvent.LINK_ASKED, "")
        return link


def ignore(actor: Actor, link_id: int, reason: str) -> ExternalLink:
    """Stop reporting an address. Raises `Invalid` without a reason."""
    with write() as session:
        link = _open(session, actor, link_id)
        if not reason:
            raise Invalid({"reason": "Ghi lý do bỏ qua liên kết này."})
        link.ignored_at, link.ignored_by = clock.now(), actor.user_id
        link.ignored_reason = reason[:500]
        _log(session, actor, link, AuditEvent.LINK_IGNORED, link.ignored_reason)
        return link


def watch(actor: Actor, link_id: int) -> ExternalLink:
    """Report an address again."""
    with write() as session:
        link = _open(session, actor, link_id)
        if link.ignored_at is not None:
            link.ignored_at, link.ignored_by, link.ignored_reason = None, None, ""
            _log(session, actor, link, AuditEvent.LINK_WATCHED, "")
        return link


def record(link: ExternalLink, outcome: Outcome, today: date) -> None:
    """Note what became of a try. Failures count once a day, and not backwards in time."""
    link.checked_at, link.asked = clock.now(), False
    link.reason, link.moved_to = outcome.reason, outcome.moved_to[:1000]
    if outcome.answer in (Answer.GOOD, Answer.UNCLEAR):
        good = outcome.answer is Answer.GOOD
        link.state = (LinkState.GOOD if good else LinkState.UNCLEAR).value
        link.failures, link.failed_on, link.broken_on = 0, None, None
    elif link.failed_on is None or today > link.failed_on:
        link.failures, link.failed_on = link.failures + 1, today
        broken = link.failures >= DAYS_TO_BREAK
        link.state = (LinkState.BROKEN if broken else LinkState.FAILING).value
        link.broken_on = (link.broken_on or today) if broken else None
    link.due_on = today + timedelta(days=_AGAIN[LinkState(link.state)])


def _next(today: date, *, at_night: bool) -> list[tuple[int, str]]:
    """A few addresses to try now, each of another host."""
    session = db.session()
    wanted: ColumnElement[bool] = ExternalLink.asked.is_(True)
    if at_night:
        begin = clock.from_local(datetime.combine(today, time.min))
        tried = session.scalar(
            select(func.count(ExternalLink.id)).where(ExternalLink.checked_at >= begin)
        )
        if (tried or 0) < MOST_A_NIGHT:
            live = ExternalLink.ignored_at.is_(None)
            wanted = or_(wanted, live & (ExternalLink.due_on <= today))
    rows = session.execute(
        select(ExternalLink.id, ExternalLink.url, ExternalLink.host)
        .where(wanted)
        .order_by(ExternalLink.asked.desc(), ExternalLink.due_on, ExternalLink.id)
        .limit(50)
    ).all()
    hosts: dict[str, tuple[int, str]] = {}
    for row in rows:
        hosts.setdefault(row.host, (row.id, row.url))
    session.rollback()
    return list(hosts.values())[:AT_ONCE]


def _keep(outcomes: Sequence[tuple[int, Outcome]], today: date, night: _Night) -> None:
    """Note the outcomes. While nothing outside answered today, a silence may be our own: it is
    not held against anybody, and we wait for an hour."""
    if not outcomes:
        return
    if any(one.answer is not Answer.OFFLINE for _, one in outcomes):
        night.reached_on = today
    offline = night.reached_on != today
    if offline:
        log.warning("links.offline", extra={"count": len(outcomes)})
        night.paused_until = clock.now() + PAUSE
    with write() as session:
        for link_id, outcome in outcomes:
            link = session.get(ExternalLink, link_id)
            if link is not None and offline:
                link.asked = False
            elif link is not None:
                record(link, outcome, today)


def _open(session: Session, actor: Actor, link_id: int) -> ExternalLink:
    """An address that this person may decide about: it stands in something of their unit."""
    query = select(ExternalLink).where(ExternalLink.id == link_id)
    link = session.scalar(query.options(selectinload(ExternalLink.places)))
    if link is None:
        raise NotFound(str(link_id))
    require(actor, EDIT)
    if not any(may(actor, EDIT, place) for place in link.places):
        raise NotAllowed(EDIT)
    return link


def _log(
    session: Session, actor: Actor, link: ExternalLink, event: AuditEvent, reason: str
) -> None:
    session.flush()
    changes = {"url": (None, link.url), **({"reason": (None, reason)} if reason else {})}
    audit.record(session, event, actor_id=actor.user_id, thing=("link", link.id), changes=changes)


def _night() -> _Night:
    found: _Night = current_app.extensions.setdefault("links_night", _Night())
    return found
