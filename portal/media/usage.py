"""Where files are used. Rooms above lend a lookup each; the library imports none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.media.models import MediaFile


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that shows a file; `url` is where staff see it, `public` if readers do now."""

    title: str
    url: str
    public: bool


Lookup = Callable[[Session, int], Iterable[Use]]
_lookups: dict[str, Lookup] = {}


def register(room: str, lookup: Lookup) -> None:
    """Say how `room` finds what uses a file. Again for the same room replaces."""
    _lookups[room] = lookup


def uses(session: Session, media_id: int) -> list[Use]:
    """Everything that uses a file."""
    return [use for lookup in _lookups.values() for use in lookup(session, media_id)]


def is_public(session: Session, media: MediaFile) -> bool:
    """Whether readers may fetch a file: it is flagged so, or something published shows it."""
    if media.removed_at is not None:
        return False
    return media.is_public or any(use.public for use in uses(session, media.id))
