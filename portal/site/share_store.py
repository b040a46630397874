"""Drawn pictures, kept so that each is drawn once. A cache: it may be lost, full or unwritable."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from portal.core.files import write_atomically

log = logging.getLogger(__name__)
MOST = 600  # some 12 MB
_START, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


def kept_or_made(folder: Path, name: str, make: Callable[[], bytes]) -> bytes:
    """The picture `name` from `folder`, or `make()`, which is then kept if the disk allows."""
    path = folder / f"{name}.png"
    if found := _read(path):
        return found
    data = make()
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        _make_room(folder)
        write_atomically(path, data)
    except OSError as error:
        log.warning("share_image.not_kept", extra={"error": type(error).__name__})
    return data


def _read(path: Path) -> bytes | None:
    """A whole PNG, or None: a damaged file is drawn anew."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if data.startswith(_START) and data.endswith(_END) else None


def _make_room(folder: Path) -> None:
    """Drop the oldest tenth when there are too many, leftovers of a crash among them."""
    files = list(folder.iterdir())
    if len(files) < MOST:
        return
    files.sort(key=_age)
    for path in files[: len(files) - MOST * 9 // 10]:
        path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another worker was quicker
        return 0.0
