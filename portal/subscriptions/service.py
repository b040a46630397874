"""Use cases: ask, confirm, end, and tell subscribers of what is new.

Nobody learns here whether an address is known: asking answers the same for every address, and
what depends on it is said in a letter to that address alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from portal.core import clock, mail
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound, TooMany
from portal.core.limits import limiter
from portal.core.secrets import keyed_hash
from portal.core.settings import current_settings
from portal.procedures.models import Announcement
from portal.subscriptions import letters
from portal.subscriptions.models import Subscriber

LINK_LIFE = timedelta(days=2)
UNCONFIRMED_LIFE = timedelta(days=7)
PER_NETWORK = "20/hour"
PER_ADDRESS = "3/day"  # letters that ask for confirmation: nobody is bombed with them
_BATCH = 100


def ask(email: str, fields: Sequence[str], *, consent: bool, network: str) -> None:
    """Send the link that confirms. Raises `Invalid` for no address or no consent, `TooMany` when
    the network asked too often; says nothing of whether the address is known."""
    if not consent:
        raise Invalid({"consent": "Đánh dấu ô đồng ý để cơ quan được gửi thư cho bạn."})
    address = mail.check_address(email)
    limiter().hit(PER_NETWORK, "subscription.network", network)
    try:
        limiter().hit(PER_ADDRESS, "subscription.address", address.casefold())
    except TooMany:
        return
    token, moment = secrets.token_urlsafe(24), clock.now()
    with write() as session:
        row = session.scalar(
            select(Subscriber).where(func.lower(Subscriber.email) == address.lower())
        )
        if row is None:
            row = Subscriber(email=address, key=secrets.token_urlsafe(24), fields=[])
            session.add(row)
        row.asked_fields, row.asked_at = list(fields), moment
        row.confirm_hash = _hash(token)
        row.consent_version = current_settings().site.feedback.privacy_notice_version
        session.flush()
        letters.confirm(session, row, token)


def find_asked(token: str) -> Subscriber | None:
    """Who may confirm with this link; None when it was used, replaced or is too old."""
    row = db.session.scalar(select(Subscriber).where(Subscriber.confirm_hash == _hash(token)))
    fresh = row is not None and clock.now() - row.asked_at < LINK_LIFE
    return row if fresh else None


def confirm(token: str) -> Subscriber:
    """Begin, or change what is wished for. The link works once. Raises `NotFound`."""
    with write() as session:
        row = find_asked(token)
        if row is None:
            raise NotFound("subscription")
        if row.confirmed_at is None:
            row.confirmed_at = clock.now()
            row.seen_id = _newest(session)
        row.fields, row.confirm_hash = list(row.asked_fields), None
    return row


def find(key: str) -> Subscriber | None:
    """The subscriber of a link that ends it."""
    return db.session.scalar(select(Subscriber).where(Subscriber.key == key))


def end(key: str) -> None:
    """Take an address out. Doing it again changes nothing."""
    with write() as session:
        session.execute(delete(Subscriber).where(Subscriber.key == key))


def purge() -> int:
    """Take out addresses that nobody confirmed within a week; how many."""
    oldest = clock.now() - UNCONFIRMED_LIFE
    unanswered = (Subscriber.confirmed_at.is_(None)) & (Subscriber.asked_at < oldest)
    if not db.session.scalar(select(func.count()).where(unanswered)):
        return 0
    with write() as session:
        gone = session.scalars(delete(Subscriber).where(unanswered).returning(Subscriber.id)).all()
    return len(gone)


def send_due(limit: int = _BATCH) -> int:
    """Put letters about new decisions into the outbox, at most one a day for each reader.

    Letter and mark are one transaction: a crash neither loses nor doubles one.
    """
    due = db.session.scalars(_due(db.session(), limit)).all()
    return sum(_tell(one) for one in due)


def counts(session: Session) -> tuple[int, int]:
    """(confirmed, waiting for confirmation): all that staff get to see."""
    confirmed = func.count(Subscriber.confirmed_at)
    row = session.execute(select(confirmed, func.count(Subscriber.id))).one()
    return row[0], row[1] - row[0]


def _due(session: Session, limit: int) -> Select[int]:
    rested = or_(Subscriber.last_letter_on.is_(None), Subscriber.last_letter_on < clock.today())
    return (
        select(Subscriber.id)
        .where(Subscriber.confirmed_at.is_not(None), rested)
        .where(Subscriber.seen_id < _newest(session))
        .order_by(Subscriber.id)
        .limit(limit)
    )


def _tell(subscriber_id: int) -> int:
    with write() as session:
        row = session.get(Subscriber, subscriber_id)
        if row is None or row.confirmed_at is None or row.last_letter_on == clock.today():
            return 0
        news = letters.news_for(session, row)
        row.seen_id = max(row.seen_id, _newest(session))
        if not news:
            return 0
        letters.digest(session, row, news)
        row.last_letter_on = clock.today()
    return 1


def _newest(session: Session) -> int:
    return session.scalar(select(func.max(Announcement.id))) or 0


def _hash(token: str) -> str:
    return keyed_hash(current_settings().tracking_key, "subscription", token)
