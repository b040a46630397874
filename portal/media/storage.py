"""Where the library's files lie: outside the web root, under random names, never half-written."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import files
from portal.core.settings import current_settings
from portal.media.models import MediaFile, MediaKind
from portal.media.pictures import Rendered

_YOUNG = 3600  # seconds in which a file may still be waiting for its row


def folder() -> Path:
    """The library's own part of the uploads."""
    return current_settings().uploads / "media"


def file_names(media: MediaFile) -> list[str]:
    """Names of all files of a row."""
    if media.kind != MediaKind.IMAGE:
        return [f"{media.stored_name}.{media.extension}"]
    return [f"{media.stored_name}-{w}.{e}" for w in media.widths for e in ("webp", "jpg")]


def path_of(media: MediaFile, variant: str) -> Path | None:
    """The file behind the last part of an address; None when there is no such variant."""
    if media.kind != MediaKind.IMAGE:
        known = variant == media.stored_variant
        return folder() / f"{media.stored_name}.{media.extension}" if known else None
    wanted = f"{media.stored_name}-{variant}"
    return folder() / wanted if wanted in file_names(media) else None


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
