"""Where files are used. Rooms above lend a lookup each; the library imports none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_
from sqlalchemy.orm import Session

from portal.media.models import MediaFile


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that shows a file; `url` is where staff see it, `public` if readers do now."""

    title: str
    url: str
    public: bool


Lookup = Callable[[Session, int], Iterable[Use]]
Used = Callable[[], Select[Any]]
Listener = Callable[[Session, int], None]
_lookups: dict[str, Lookup] = {}
_used: dict[str, Used] = {}
_listeners: dict[str, Listener] = {}


def register(
    room: str, lookup: Lookup, *, used: Used | None = None, listener: Listener | None = None
) -> None:
    """Say how `room` finds what uses a file. Again for the same room replaces.

    `used` selects the ids of all files that the room uses, for lists; `listener` is told, in the
    transaction, that a file or what is said of it changed.
    """
    _lookups[room] = lookup
    if used is not None:
        _used[room] = used
    if listener is not None:
        _listeners[room] = listener


def uses(session: Session, media_id: int) -> list[Use]:
    """Everything that uses a file."""
    return [use for lookup in _lookups.values() for use in lookup(session, media_id)]


def is_used() -> ColumnElement[bool]:
    """Whether anything uses a file, as a condition for lists."""
    return or_(false(), *(MediaFile.id.in_(used()) for used in _used.values()))


def changed(session: Session, media_id: int) -> None:
    """Tell the rooms that a file changed: what they lent the search may hold its words."""
    for listener in _listeners.values():
        listener(session, media_id)


def is_public(session: Session, media: MediaFile) -> bool:
    """Whether readers may fetch a file: it is flagged so, or something published shows it."""
    if media.removed_at is not None:
        return False
    return media.is_public or any(use.public for use in uses(session, media.id))
