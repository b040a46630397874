"""Small things of the database that every page needs, kept in each process.

A page costs no statement for them: the ticker of each process reads them anew every few seconds,
and the process that changes one reads it at once. A process without a ticker looks every
`LOOK_EVERY` seconds before a request. Whatever fails, what was read last goes on serving.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.core.db import db

log = logging.getLogger(__name__)
LOOK_EVERY = 30.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """One thing that is kept: `read` takes it from the database, `use` puts it to work."""

    name: str
    read: Callable[[Session], T]
    use: Callable[[Flask, T], None]


@dataclass(slots=True)
class _State:
    kept: list[Kept[Any]] = field(default_factory=list)
    looked: float = field(default_factory=time.monotonic)


def init_app(app: Flask) -> None:
    """Let rooms keep things in `app`, and look before a request when nobody else does."""
    app.extensions["live"] = _State()

    @app.before_request
    def look() -> None:
        if time.monotonic() - _state().looked > LOOK_EVERY:
            refresh()


def keep(app: Flask, thing: Kept[T]) -> None:
    """Keep `thing` fresh in this application."""
    app.extensions["live"].kept.append(thing)


def refresh() -> None:
    """Read everything anew. Outside of any `write()`: what is not committed is nobody's yet."""
    state = _state()
    state.looked = time.monotonic()
    for thing in state.kept:
        try:
            value = thing.read(db.session())
        except SQLAlchemyError as error:
            db.session.rollback()
            log.warning("live.failed", extra={"kind": thing.name, "error": type(error).__name__})
        else:
            thing.use(current_app._get_current_object(), value)  # type: ignore[attr-defined]  # noqa: SLF001


def _state() -> _State:
    found = current_app.extensions["live"]
    assert isinstance(found, _State)
    return found
