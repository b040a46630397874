"""The list of what was erased, outside the database and its backups: numbers and times alone.

A backup from before an erasure brings the data back; this list says what to erase again. It is
only added to. A line is there before the erasure is committed, so that none can be missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from portal.core import clock, files

NAME = "erasures.log"


def note(instance: Path, public_ids: Iterable[str]) -> None:
    """Add lines, durably."""
    moment = clock.now().isoformat(timespec="seconds")
    _add(instance / NAME, [f"{moment} {public_id}" for public_id in public_ids])


def listed(instance: Path) -> list[str]:
    """Public ids of everything that was ever erased here, the oldest first."""
    return list(dict.fromkeys(line.split()[1] for line in _lines(instance / NAME)))


def merge(source: Path, instance: Path) -> int:
    """Take over the lines of another list that are not known here; returns how many."""
    known = set(_lines(instance / NAME))
    fresh = [line for line in _lines(source) if line not in known]
    _add(instance / NAME, fresh)
    return len(fresh)


def copy_beside(instance: Path, folder: Path) -> None:
    """Bring the list in `folder`, where backups lie, up to date. What it had stays there."""
    merge(instance / NAME, folder)


def _lines(path: Path) -> list[str]:
    """Whole lines; a last one that a crash cut off counts for nothing."""
    try:
        text = path.read_text("ascii", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.split("\n")[:-1] if len(line.split()) == 2]


def _add(path: Path, lines: list[str]) -> None:
    if not lines:
        return
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            torn = b"" if file.read(1) == b"\n" else b"\n"
        else:
            torn = b""
        file.write(torn + "".join(f"{line}\n" for line in lines).encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        files.sync_directory(path.parent)
