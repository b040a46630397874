"""Numbers that citizens could not reach: taken without a word about the sender, given to the unit.

One report says little: it may be a slip or a joke. The unit hears of the first one; the public
page tells it only when several networks say so (`reported.PUBLIC_FROM`).
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.core import clock, secrets
from portal.core.db import write
from portal.core.errors import NotFound
from portal.core.limits import limiter
from portal.core.settings import current_settings
from portal.directory import letters, reported
from portal.directory.models import Hotline, HotlineReport, Outcome, Trouble
from portal.directory.queries import get_hotline

log = logging.getLogger(__name__)
KEPT = timedelta(days=90)
LIMIT = "20/hour"
"""Of one address, for all lines together: a whole waiting room may stand behind it."""
_V4_NET, _V6_NET = 24, 48  # what one customer of a provider can hardly walk through


def stamp() -> str:
    """What a page's button must send: made by us, today. The same for everybody all day long, so
    that the page can be kept by caches; foreign pages are turned away by `Origin`."""
    return _stamp(clock.today())


def is_stamp(text: str) -> bool:
    """Whether `text` stood on a page of ours of today or yesterday."""
    today = clock.today()
    days = (today, today - timedelta(days=1))
    return any(hmac.compare_digest(text.encode(), _stamp(day).encode()) for day in days)


def take(key: str, reason: Trouble, address: str) -> None:
    """Note that somebody at a network address could not reach the line, and tell its unit, with
    one letter a day at most. Raises `NotFound` and `TooMany`."""
    limiter().hit(LIMIT, "hotline-report", address)
    with write() as session:
        hotline = get_hotline(session, key)
        if hotline.removed_at is not None or not hotline.phone:
            raise NotFound(key)
        row = _row(session, hotline, network_of(address))
        row.reason = reason.value
        if not row.told_on and not _told_today(session, hotline):
            row.told_on = clock.today()
            session.flush()
            letters.tell_unit(session, hotline, reported.of(session, [hotline.id])[hotline.id])


def close(session: Session, hotline: Hotline, outcome: Outcome) -> int:
    """End the open reports of a line, inside `write()`; returns how many there were."""
    query = select(HotlineReport).where(
        HotlineReport.hotline_id == hotline.id, HotlineReport.closed_at.is_(None)
    )
    rows = session.scalars(query).all()
    for row in rows:
        row.closed_at, row.outcome = clock.now(), outcome.value
    return len(rows)


def purge() -> int:
    """Forget reports of more than `KEPT` ago; returns how many."""
    with write() as session:
        old = delete(HotlineReport).where(HotlineReport.at < clock.now() - KEPT)
        gone = int(session.execute(old).rowcount)  # type: ignore[attr-defined]
    if gone:
        log.info("hotline_reports.purged", extra={"count": gone})
    return gone


def network_of(address: str) -> str:
    """A keyed hash of the wider network of an address: whoever gets a new address of the same
    provider is still one voice."""
    wide = address
    try:
        net = ipaddress.ip_network(address, strict=False)
        length = min(net.prefixlen, _V4_NET if net.version == 4 else _V6_NET)
        wide = str(net.supernet(new_prefix=length))
    except ValueError:
        pass
    return secrets.keyed_hash(current_settings().tracking_key, "hotline-report", wide)


def _row(session: Session, hotline: Hotline, network: str) -> HotlineReport:
    """The row of this network, open: as it was, begun anew, or new."""
    row = session.scalar(
        select(HotlineReport).where(
            HotlineReport.hotline_id == hotline.id, HotlineReport.network == network
        )
    )
    if row is None:
        row = HotlineReport(hotline_id=hotline.id, network=network, at=clock.now())
        session.add(row)
    elif row.closed_at is not None:
        row.at, row.closed_at, row.outcome = clock.now(), None, None
        if row.told_on != clock.today():  # its letter of today stays sent
            row.told_on = None
    return row


def _told_today(session: Session, hotline: Hotline) -> bool:
    told = select(HotlineReport.id).where(
        HotlineReport.hotline_id == hotline.id, HotlineReport.told_on == clock.today()
    )
    return session.scalar(told.limit(1)) is not None


def _stamp(day: date) -> str:
    key = current_settings().session_keys[0]
    return secrets.keyed_hash(key, "hotline-report-page", day.isoformat())[:32]
