"""Files on disk: written whole or not at all, named so that nobody can guess them."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portal.core.errors import Invalid

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is durably on disk. `size` is in bytes, `sha256` in hex."""

    name: str
    size: int
    sha256: str


def write_atomically(path: Path, data: bytes, mode: int = 0o640) -> None:
    """Replace `path` with `data`: after a crash it holds the old bytes or the new ones."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write_durably(draft, data, mode)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def store(stream: BinaryIO, directory: Path, suffix: str, *, limit: int) -> StoredFile:
    """Keep an uploaded stream under a random name `<32 hex>.<suffix>` in `directory`.

    The file and its directory entry are on disk when this returns, so a row that names it may
    be committed. Raises `Invalid` when the stream has more than `limit` bytes, `OSError` when
    the disk fails; neither leaves a file.
    """
    directory.mkdir(mode=0o750, parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.{suffix}"
    draft = directory / f".{name}.part"
    digest, size = hashlib.sha256(), 0
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        with os.fdopen(descriptor, "wb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise Invalid({"": f"Tệp lớn hơn {limit // (1 << 20)} MB. Chọn tệp nhỏ hơn."})
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(directory / name)
        sync_directory(directory)
    except BaseException:
        draft.unlink(missing_ok=True)
        (directory / name).unlink(missing_ok=True)
        raise
    return StoredFile(name, size, digest.hexdigest())


def sync_directory(directory: Path) -> None:
    """Make the directory's entries durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_durably(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def format_size(size: int) -> str:
    """`24 kB`, `1,5 MB`: as a reader expects it beside a download."""
    if size < 1000:
        return f"{size} byte"
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f}".replace(".", ",").removesuffix(",0") + " MB"
