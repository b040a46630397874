"""Where the library's files lie: outside the web root, under random names, never half-written."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import files
from portal.core.settings import current_settings
from portal.media.models import (
    CAPTIONS,
    POSTER,
    Content,
    MediaFile,
    MediaKind,
    MediaVersion,
    widths_of,
)
from portal.media.pictures import Rendered

_VARIANT = re.compile(r"([1-9][0-9]{0,3})\.(webp|jpg)")
_YOUNG = 3600  # seconds in which a file may still be waiting for its row


def folder() -> Path:
    """The library's own part of the uploads."""
    return current_settings().uploads / "media"


def file_names(media: MediaFile) -> list[str]:
    """Names of all files of a row as it is now; former contents are not among them."""
    names = content_names(media.kind, media)
    if media.poster_name:
        names.append(f"{media.poster_name}.jpg")
    if media.captions_name:
        names.append(f"{media.captions_name}.vtt")
    return names


def content_names(kind: str, content: Content) -> list[str]:
    """Names of the files that a present or former content is made of."""
    if kind != MediaKind.IMAGE:
        return [f"{content.stored_name}.{content.extension}"]
    widths = widths_of(content.width or 1)
    return [f"{content.stored_name}-{w}.{e}" for w in widths for e in ("webp", "jpg")]


def path_of(media: MediaFile, variant: str, former_widths: Iterable[int] = ()) -> Path | None:
    """The file behind the last part of an address; None when there is no such variant.

    A picture may have been replaced by one of other widths: an address with one of the
    `former_widths` leads to the nearest that there is.
    """
    if media.kind == MediaKind.IMAGE:
        return _picture_path(media, variant, former_widths)
    if variant == POSTER and media.poster_name:
        return folder() / f"{media.poster_name}.jpg"
    if variant == CAPTIONS and media.captions_name:
        return folder() / f"{media.captions_name}.vtt"
    known = variant == media.stored_variant
    return folder() / f"{media.stored_name}.{media.extension}" if known else None


def _picture_path(media: MediaFile, variant: str, former_widths: Iterable[int]) -> Path | None:
    found = _VARIANT.fullmatch(variant)
    if found is None:
        return None
    width, widths = int(found[1]), media.widths
    if width not in widths:
        if width not in set(former_widths):
            return None
        width = min((w for w in widths if w >= width), default=widths[-1])
    return folder() / f"{media.stored_name}-{width}.{found[2]}"


def keep_picture(picture: Rendered) -> str:
    """Write all variants durably; returns the stored name. Raises `OSError` and leaves nothing."""
    place, stem = folder(), secrets.token_hex(16)
    place.mkdir(mode=0o750, parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        for (width, extension), data in picture.variants.items():
            path = place / f"{stem}-{width}.{extension}"
            written.append(path)
            files.write_atomically(path, data)
    except BaseException:
        remove(written)
        raise
    return stem


def keep_small(data: bytes, extension: str) -> str:
    """Write a file that accompanies another durably; returns the stored name."""
    place, stem = folder(), secrets.token_hex(16)
    place.mkdir(mode=0o750, parents=True, exist_ok=True)
    files.write_atomically(place / f"{stem}.{extension}", data)
    return stem


def remove(paths: Iterable[Path]) -> None:
    """Delete files; those that are gone already do not matter."""
    for path in paths:
        path.unlink(missing_ok=True)


def findings(session: Session) -> tuple[list[str], list[str]]:
    """(files without a row, rows' files that are missing): names, for `flask check`.

    A file younger than an hour may belong to an upload that is under way and is left out.
    """
    place = folder()
    there = {path.name: path for path in place.iterdir()} if place.is_dir() else {}
    wanted = {name for media in session.scalars(select(MediaFile)) for name in file_names(media)}
    former = select(MediaFile.kind, MediaVersion).join(
        MediaVersion, MediaVersion.media_id == MediaFile.id
    )
    for kind, version in session.execute(former):
        wanted.update(content_names(kind, version))
    oldest = time.time() - _YOUNG
    orphans = [
        name for name, path in there.items() if name not in wanted and _changed(path) < oldest
    ]
    return sorted(orphans), sorted(wanted - there.keys())


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
