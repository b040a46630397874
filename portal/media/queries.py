"""Reads of the library for the desk, the editor and other rooms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal.core.text import fold
from portal.core.web.pages import Page, paginate
from portal.media.models import MediaFile, MediaKind

PAGE_SIZE = 24
MOST_WORDS = 6


def by_public_id(session: Session, public_id: str) -> MediaFile | None:
    """The file behind an address; one statement."""
    return session.scalar(select(MediaFile).where(MediaFile.public_id == public_id))


def by_id(session: Session, media_id: int) -> MediaFile | None:
    """One file with who took it in; one statement."""
    query = select(MediaFile).where(MediaFile.id == media_id)
    return session.scalar(query.options(joinedload(MediaFile.author)))


def matching(
    words: str, kinds: Sequence[MediaKind] = (), *, removed: bool = False
) -> Select[MediaFile]:
    """Files whose title, description or name hold every one of `words`, newest first."""
    query = select(MediaFile).where(
        MediaFile.removed_at.is_not(None) if removed else MediaFile.removed_at.is_(None)
    )
    if kinds:
        query = query.where(MediaFile.kind.in_([kind.value for kind in kinds]))
    for word in fold(words).split()[:MOST_WORDS]:
        query = query.where(MediaFile.folded.contains(word, autoescape=True))
    return query.order_by(MediaFile.created_at.desc(), MediaFile.id.desc())


def page_of(session: Session, query: Select[MediaFile], number: int) -> Page[MediaFile]:
    """One page of a list, with who took each file in; two statements."""
    return paginate(session, query.options(joinedload(MediaFile.author)), number, PAGE_SIZE)


def recent(session: Session, kinds: Sequence[MediaKind], limit: int = 40) -> Sequence[MediaFile]:
    """The newest files, to choose from; one statement."""
    return session.scalars(matching("", kinds).limit(limit)).all()


def newest(kinds: Sequence[MediaKind], limit: int = 40) -> Select[Any]:
    """Ids of the newest files, to choose from."""
    return matching("", kinds).limit(limit).with_only_columns(MediaFile.id)
