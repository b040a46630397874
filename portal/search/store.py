"""The files of an index: generations side by side, one of them current, each provably whole.

    <root>/CURRENT              the name of the current generation
    <root>/g2-5f3c.../          an index
    <root>/g2-5f3c.../sums_7    length and CRC of every file that state 7 of it consists of
    <root>/writer.lock          held by whoever writes

A generation becomes current by one rename; the old one is deleted after. Whatever a crash leaves
behind (a half-built generation, a file cut short) is either not current or fails its check.
"""

import json
import os
import secrets
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from portal.core.locks import file_lock
from portal.search.analysis import ANALYSIS_VERSION
from portal.search.engine import SearchUnavailable

_CURRENT = "CURRENT"
_CHUNK = 1 << 20

Sum = tuple[int, int]
"""Length and CRC-32 of a file."""


class IndexStore:
    """Generations under one directory; knows nothing of what is inside them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._prefix = f"g{ANALYSIS_VERSION}-"

    def current(self) -> Path:
        """The current generation; SearchUnavailable if there is none of today's rules."""
        try:
            name = (self.root / _CURRENT).read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise SearchUnavailable("no index yet") from error
        path = self.root / name
        if not name.startswith(self._prefix) or "/" in name or not path.is_dir():
            raise SearchUnavailable("the index is of another version or gone")
        return path

    @contextmanager
    def new_generation(self) -> Iterator[Path]:
        """A directory that nobody sees; the current generation when the block ends, or nothing."""
        path = self.root / f"{self._prefix}{time.time_ns():x}{secrets.token_hex(2)}"
        path.mkdir(parents=True, mode=0o750)
        try:
            yield path
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        self._publish(path)

    def _publish(self, path: Path) -> None:
        """Make a finished generation the current one, durably, and delete all others."""
        sync_directory(path)
        draft = self.root / f"{_CURRENT}.new"
        with draft.open("w", encoding="ascii") as stream:
            stream.write(path.name)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.root / _CURRENT)
        sync_directory(self.root)
        self.sweep()

    def sweep(self) -> None:
        """Delete generations that are not current: the last one, and what a killed build left."""
        try:
            keep = self.current().name
        except SearchUnavailable:
            keep = ""
        for path in self.root.glob("g*-*"):
            if path.name != keep:
                shutil.rmtree(path, ignore_errors=True)

    def writer_lock(self, *, wait: bool = False) -> AbstractContextManager[bool]:
        """Try to become the one writer among all processes; the kernel frees it on any death."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o750)
        return file_lock(self.root / "writer.lock", wait=wait)


def sync_directory(path: Path) -> None:
    """Make names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> Sum:
    """Make a finished file durable and tell its sum."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
    return file_sum(path)


def file_sum(path: Path) -> Sum:
    length, crc = 0, 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            length += len(chunk)
            crc = zlib.crc32(chunk, crc)
    return length, crc


def write_sums(directory: Path, state: int, sums: dict[str, Sum]) -> None:
    """Say durably what files state `state` will consist of; before the state becomes visible."""
    path = directory / f"sums_{state}"
    with path.open("w", encoding="utf-8") as stream:
        json.dump(sums, stream)
        stream.flush()
        os.fsync(stream.fileno())


def read_sums(directory: Path, state: int) -> dict[str, Sum]:
    """The sums of a state; {} if there are none to be read."""
    try:
        data = json.loads((directory / f"sums_{state}").read_text(encoding="utf-8"))
        return {str(name): (int(length), int(crc)) for name, (length, crc) in data.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def drop_sums(directory: Path, before: int) -> None:
    """Forget the sums of states that are no more."""
    for path in directory.glob("sums_*"):
        number = path.name.removeprefix("sums_")
        if number.isdecimal() and int(number) < before:
            path.unlink(missing_ok=True)


def read_whole(directory: Path, name: str, sums: dict[str, Sum]) -> bytes:
    """The bytes of one file of a state, checked against its sum.

    Raises FileNotFoundError when a writer has moved on meanwhile, SearchUnavailable when damaged.
    """
    expected = sums.get(name)
    if expected is None:
        raise FileNotFoundError(directory / name)
    data = (directory / name).read_bytes()
    if (len(data), zlib.crc32(data)) != expected:
        raise SearchUnavailable(f"{name} is damaged")
    return data
