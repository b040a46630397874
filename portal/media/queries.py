"""Reads of the library for the desk, the editor and other rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, UnaryExpression, not_, select
from sqlalchemy.orm import Session, joinedload

from portal.core.text import fold
from portal.core.web.pages import Page, paginate
from portal.media import usage
from portal.media.lacks import Lack, lacking
from portal.media.models import MediaFile, MediaKind, MediaVersion, widths_of

PAGE_SIZE = 24
MOST_WORDS = 6


def by_public_id(session: Session, public_id: str) -> MediaFile | None:
    """The file behind an address; one statement."""
    return session.scalar(select(MediaFile).where(MediaFile.public_id == public_id))


def by_id(session: Session, media_id: int) -> MediaFile | None:
    """One file with who took it in; one statement."""
    query = select(MediaFile).where(MediaFile.id == media_id)
    return session.scalar(query.options(joinedload(MediaFile.author)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody looks for. `unit` is a code, "-" for files of no unit; `used` None for both;
    `lack` a `Lack` or "any"."""

    words: str = ""
    kinds: Sequence[MediaKind] = ()
    removed: bool = False
    unit: str = ""
    used: bool | None = None
    lack: str = ""
    order: str = ""


ORDERS: dict[str, tuple[str, tuple[UnaryExpression[Any], ...]]] = {
    "": ("Mới nhất", (MediaFile.created_at.desc(),)),
    "cu-nhat": ("Cũ nhất", (MediaFile.created_at.asc(),)),
    "ten": ("Tên, A đến Z", (MediaFile.folded.asc(),)),
    "lon-nhat": ("Lớn nhất", (MediaFile.size.desc(),)),
}


def wished(wish: Wish) -> Select[MediaFile]:
    """Files that fit a wish, in its order."""
    query = matching(wish.words, wish.kinds, removed=wish.removed)
    if wish.unit:
        query = query.where(
            MediaFile.unit_code.is_(None) if wish.unit == "-" else MediaFile.unit_code == wish.unit
        )
    if wish.used is not None:
        query = query.where(usage.is_used() if wish.used else not_(usage.is_used()))
    if wish.lack:
        query = query.where(lacking(None if wish.lack == "any" else Lack(wish.lack)))
    _, order = ORDERS.get(wish.order, ORDERS[""])
    return query.order_by(None).order_by(*order, MediaFile.id.desc())


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


def versions(session: Session, media_id: int) -> Sequence[MediaVersion]:
    """Former contents of a file, the last one first; one statement."""
    query = select(MediaVersion).where(MediaVersion.media_id == media_id)
    query = query.options(joinedload(MediaVersion.replaced_by))
    return session.scalars(query.order_by(MediaVersion.id.desc())).all()


def former_widths(session: Session, media_id: int) -> set[int]:
    """In which widths former contents of a picture were kept; one statement."""
    query = select(MediaVersion.width).where(MediaVersion.media_id == media_id)
    return {w for width in session.scalars(query) if width for w in widths_of(width)}


def recent(session: Session, kinds: Sequence[MediaKind], limit: int = 40) -> Sequence[MediaFile]:
    """The newest files, to choose from; one statement."""
    return session.scalars(matching("", kinds).limit(limit)).all()


def newest(kinds: Sequence[MediaKind], limit: int = 40) -> Select[Any]:
    """Ids of the newest files, to choose from."""
    return matching("", kinds).limit(limit).with_only_columns(MediaFile.id)
