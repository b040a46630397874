"""Rate limits that hold across worker processes and restarts.

Strategies come from the `limits` package; this module adds an SQL storage. Counters live in
their own SQLite file (`instance/limits.sqlite3`, no fsync: losing a counter in a power cut is
harmless), or in the shared PostgreSQL database, or in Redis when PORTAL_REDIS_URL is set.
Keys are keyed hashes, so no address or e-mail is stored.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from limits import RateLimitItem, parse
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import (
    Column,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    TextClause,
    create_engine,
    delete,
    event,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError

from portal.core import secrets
from portal.core.db import db
from portal.core.errors import TooMany
from portal.core.settings import Settings

log = logging.getLogger(__name__)
# Outside Base.metadata on purpose: a cache of the limiter, not data of the portal.
_counters = Table(
    "rate_counter",
    MetaData(),
    Column("key", String(120), primary_key=True),
    Column("amount", Integer, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)
SEARCH_LIMIT, SUGGEST_LIMIT = "120/minute", "300/minute"
"""Of one address: a whole office or waiting room stands behind it. A search costs some
milliseconds, so nobody can keep a server busy with this."""
_SWEEP_EVERY = 500
_CLOCK_SLACK = 60  # seconds between the clocks of two machines


class SqlStorage(Storage):  # type: ignore[misc]  # the package's types are not followed
    """Fixed-window counters in an SQL table, one upsert an increment."""

    STORAGE_SCHEME = None

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._since_sweep = 0
        self._has_table = False

    @property
    def engine(self) -> Engine:
        """The engine; its table is made at first use, so that starting needs no database."""
        if not self._has_table:
            try:
                _counters.metadata.create_all(self._engine)
            except (ProgrammingError, IntegrityError, OperationalError):
                # Another process made it between our look and our word; or else this fails again.
                _counters.metadata.create_all(self._engine)
            self._has_table = True
        return self._engine

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        return self.incr_all({key: expiry}, amount)[key]

    def incr_all(self, expiries: Mapping[str, float], amount: int = 1) -> dict[str, int]:
        """Increment the counters of all these keys (key → seconds that it lives) by one statement;
        key → what it holds now."""
        moment = time.time()
        values: dict[str, Any] = {"by": amount, "first": max(amount, 0), "moment": moment}
        for number, key in enumerate(sorted(expiries)):  # in one order: nobody waits in a circle
            values |= {f"key{number}": key, f"end{number}": moment + expiries[key]}
        with self.engine.begin() as connection:
            rows = connection.execute(_upsert(len(expiries)), values)
            totals = {row.key: int(row.amount) for row in rows}
        self._sweep_sometimes(moment)
        return totals

    def _sweep_sometimes(self, moment: float) -> None:
        self._since_sweep += 1
        if self._since_sweep >= _SWEEP_EVERY:
            self._since_sweep = 0
            with self.engine.begin() as connection:
                connection.execute(delete(_counters).where(_counters.c.expires_at < moment))

    def get(self, key: str) -> int:
        query = select(_counters.c.amount).where(
            _counters.c.key == key, _counters.c.expires_at > time.time()
        )
        with self.engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def get_expiry(self, key: str) -> float:
        query = select(_counters.c.expires_at).where(_counters.c.key == key)
        with self.engine.connect() as connection:
            return float(connection.execute(query).scalar() or time.time())

    def check(self) -> bool:
        with self.engine.connect() as connection:
            connection.execute(select(1))
        return True

    def reset(self) -> int:
        with self.engine.begin() as connection:
            return connection.execute(delete(_counters)).rowcount

    def clear(self, key: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(delete(_counters).where(_counters.c.key == key))


@lru_cache
def _upsert(count: int) -> TextClause:
    """Count one use of `count` counters, or begin anew; made once, for it runs in every search.

    A counter that ends later than it could have been set to was made before the clock was put
    back; it starts anew, or everybody would wait until the old time comes again.
    """
    rows = ", ".join(f"(:key{number}, :first, :end{number})" for number in range(count))
    live = f"rate_counter.expires_at BETWEEN :moment AND excluded.expires_at + {_CLOCK_SLACK}"
    return text(
        f"INSERT INTO rate_counter (key, amount, expires_at) VALUES {rows}"  # noqa: S608  # nosec B608 - numbers of ours
        f" ON CONFLICT (key) DO UPDATE SET"
        f" amount = CASE WHEN {live} THEN rate_counter.amount + :by ELSE excluded.amount END,"
        f" expires_at = CASE WHEN {live} THEN rate_counter.expires_at"
        f" ELSE excluded.expires_at END"
        f" RETURNING key, amount"
    )


@dataclass(frozen=True, slots=True)
class Use:
    """One use of `name` by `who`, under a limit like `"10/5 minutes"`."""

    limit: str
    name: str
    who: tuple[str, ...] = ()


class Limiter:
    """Named limits over one storage."""

    def __init__(self, storage: Storage, key: str) -> None:
        self._strategy = FixedWindowRateLimiter(storage)
        self._key = key

    def hit(self, limit: str, name: str, *who: str) -> None:
        """Count one use of `name` by `who`; `limit` reads like `"10/5 minutes"`.

        Raises `TooMany` when the limit is used up.
        """
        item = _parsed(limit)
        hashed = self._hash(name, who)
        if not self._strategy.hit(item, hashed):
            raise TooMany(self._wait(item, hashed))

    def count(self, *uses: Use) -> list[Use]:
        """Count several uses at once, which costs hardly more than one; returns those that are
        beyond their limit. All are counted, these too."""
        items = [_parsed(use.limit) for use in uses]
        keys = [
            item.key_for(self._hash(u.name, u.who)) for u, item in zip(uses, items, strict=True)
        ]
        totals = self._increment(dict(zip(keys, (i.get_expiry() for i in items), strict=True)))
        ways = zip(uses, keys, items, strict=True)
        return [use for use, key, item in ways if totals[key] > item.amount]

    def is_used_up(self, use: Use) -> bool:
        """Whether the next such use would be beyond its limit. Counts nothing."""
        return not self._strategy.test(_parsed(use.limit), self._hash(use.name, use.who))

    def wait(self, use: Use) -> int:
        """In how many seconds the count of `use` begins anew."""
        return self._wait(_parsed(use.limit), self._hash(use.name, use.who))

    def _increment(self, expiries: Mapping[str, float]) -> dict[str, int]:
        storage = self._strategy.storage
        if isinstance(storage, SqlStorage):
            return storage.incr_all(expiries)
        return {key: int(storage.incr(key, int(expiry))) for key, expiry in expiries.items()}

    def hit_by_reader(self, limit: str, name: str, *who: str) -> None:
        """Like `hit`, for what only reads: while counters cannot be written (a full disk),
        readers go on uncounted."""
        try:
            self.hit(limit, name, *who)
        except self._strategy.storage.base_exceptions as error:
            log.warning("limits.not_counted", extra={"error": type(error).__name__})

    def check(self, limit: str, name: str, *who: str) -> None:
        """Raise `TooMany` when the limit is used up, without counting."""
        item = _parsed(limit)
        hashed = self._hash(name, who)
        if not self._strategy.test(item, hashed):
            raise TooMany(self._wait(item, hashed))

    def give_back(self, limit: str, name: str, *who: str) -> None:
        """Take back one counted use: it turned out to be honest. Others' uses stay counted."""
        item = _parsed(limit)
        key = item.key_for(self._hash(name, who))
        self._strategy.storage.incr(key, item.get_expiry(), amount=-1)

    def clear(self, limit: str, name: str, *who: str) -> None:
        """Forget the uses counted so far (after a success)."""
        self._strategy.clear(_parsed(limit), self._hash(name, who))

    def _hash(self, name: str, who: tuple[str, ...]) -> str:
        return f"{name}:{secrets.keyed_hash(self._key, name, *who)[:32]}"

    def _wait(self, item: RateLimitItem, hashed: str) -> int:
        reset = self._strategy.get_window_stats(item, hashed).reset_time
        return max(1, min(int(reset - time.time()) + 1, int(item.get_expiry())))


@lru_cache
def _parsed(limit: str) -> RateLimitItem:
    return parse(limit)


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` its limiter."""
    with app.app_context():
        app.extensions["limiter"] = Limiter(_storage(settings), settings.session_keys[0])


def limiter() -> Limiter:
    """The limiter of the running application."""
    found = current_app.extensions["limiter"]
    assert isinstance(found, Limiter)
    return found


def _storage(settings: Settings) -> Storage:
    if settings.redis_url:
        return storage_from_string(settings.redis_url)
    if not settings.is_sqlite:
        # The portal's pool of connections, but past the caller's transaction: a use stays counted
        # when what it counts is rolled back.
        return SqlStorage(db.engine.execution_options(isolation_level="AUTOCOMMIT"))
    engine = create_engine(f"sqlite:///{settings.instance / 'limits.sqlite3'}")
    event.listen(engine, "connect", _quick)
    return SqlStorage(engine)


def _quick(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=OFF", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")
