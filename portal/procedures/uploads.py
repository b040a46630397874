"""Files between the dry run and the confirmation of an import: random names, bound to who
brought them, gone after a day."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portal.core import files
from portal.core.errors import Invalid, NotFound
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.procedures.importing.readers import SUFFIXES

MAX_BYTES = 8 * 1024 * 1024
_KEEP_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits for its owner's word; `name` is what its owner calls it."""

    token: str
    path: Path
    name: str


def keep(owner: int, stream: BinaryIO, name: str) -> Waiting:
    """Keep an upload of `owner`. Raises `Invalid` for a kind or size that is not taken."""
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise Invalid({"file": f"Chỉ nhận tệp {', '.join(SUFFIXES)}."})
    folder = _folder(owner)
    _sweep(folder)
    try:
        stored = files.store(stream, folder, suffix[1:], limit=MAX_BYTES)
    except Invalid:
        megabytes = MAX_BYTES // (1024 * 1024)
        raise Invalid(
            {"file": f"Tệp lớn hơn {megabytes} MB. Nhờ quản trị viên nhập bằng dòng lệnh."}
        ) from None
    path = folder / stored.name
    files.write_atomically(path.with_suffix(".name"), clean_line(name)[:150].encode())
    return Waiting(path.stem, path, clean_line(name)[:150])


def find(owner: int, token: str) -> Waiting:
    """A file that `owner` brought. Raises `NotFound` for anybody else's, or after a day."""
    folder = _folder(owner)
    if not _TOKEN.fullmatch(token):
        raise NotFound(token)
    for suffix in SUFFIXES:
        path = folder / f"{token}{suffix}"
        if path.is_file():
            return Waiting(token, path, path.with_suffix(".name").read_text("utf-8"))
    raise NotFound(token)


def forget(waiting: Waiting) -> None:
    """Remove a file that is done with."""
    for path in (waiting.path, waiting.path.with_suffix(".name")):
        path.unlink(missing_ok=True)


def _folder(owner: int) -> Path:
    return current_settings().instance / "imports" / str(owner)


def _sweep(folder: Path) -> None:
    if folder.is_dir():
        for path in folder.iterdir():
            if time.time() - path.stat().st_mtime > _KEEP_SECONDS:
                path.unlink(missing_ok=True)
