"""Keeping a process on the newest state of the index, whoever has written it."""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portal.search.engine import SearchUnavailable
from portal.search.snapshot import Snapshot
from portal.search.store import IndexStore

_TRIES = 5
_GREAT = 2_000
"""Documents of an index that takes longer to open than a request should wait."""
_SETTLED = 1_000_000_000
"""Nanoseconds; file systems tell times of change in steps of some milliseconds."""

Latest = Callable[[Path], int]
"""The newest state of a generation."""

Load = Callable[[Path, int], Snapshot]


@dataclass(frozen=True, slots=True)
class _Opened:
    path: Path
    state: int
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found when two directories had these times of change."""

    stamp: tuple[int, ...]
    opened: _Opened


def _stamp(*directories: Path) -> tuple[int, ...]:
    try:
        return tuple(os.stat(directory).st_mtime_ns for directory in directories)  # noqa: PTH116
    except OSError:
        return ()


class CurrentSnapshot:
    """The snapshot of the newest state; two look-ups in the file system when nothing has changed.

    `load` may raise anything on a damaged index; callers of `get` see SearchUnavailable.
    """

    def __init__(self, store: IndexStore, latest: Latest, load: Load) -> None:
        self._store = store
        self._latest = latest
        self._load = load
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._looked: _Looked | None = None
        self._beside: threading.Thread | None = None

    def get(self) -> Snapshot:
        """For readers. A great index that was made anew is loaded beside, and the one before it
        serves until then. Raises SearchUnavailable."""
        looked = self._looked
        if looked and looked.stamp == _stamp(self._store.root, looked.opened.path):
            return looked.opened.snapshot
        return self._look(patient=True)

    def newest(self) -> Snapshot:
        """For writers, who must know the very state that they change. Raises SearchUnavailable."""
        return self._look(patient=False)

    def _look(self, *, patient: bool) -> Snapshot:
        for _ in range(_TRIES):
            try:
                return self._look_once(patient=patient).snapshot
            except FileNotFoundError:  # a writer moved on between two of our looks
                continue
        raise SearchUnavailable("files of the index are missing")

    def _look_once(self, *, patient: bool) -> _Opened:
        path = self._store.current()
        stamp = _stamp(self._store.root, path)
        opened = self._open(path, self._latest(path), patient=patient)
        # A directory that changed just now may change again without showing it in its time.
        settled = stamp and opened.path == path and time.time_ns() - max(stamp) > _SETTLED
        self._looked = _Looked(stamp, opened) if settled else None
        return opened

    def _open(self, path: Path, state: int, *, patient: bool) -> _Opened:
        opened = self._opened
        if opened and (opened.path, opened.state) == (path, state):
            return opened
        with self._lock:
            opened = self._opened
            if opened and (opened.path, opened.state) == (path, state):
                return opened
            if patient and opened and opened.path != path and opened.snapshot.size > _GREAT:
                self._read_beside(path, state)
                return opened
            self._opened = _Opened(path, state, self._read(path, state))
            return self._opened

    def _read_beside(self, path: Path, state: int) -> None:
        """Load a great index made anew without keeping anybody waiting; the old one serves on."""
        if self._beside and self._beside.is_alive():
            return

        def load() -> None:
            with suppress(SearchUnavailable, FileNotFoundError):
                snapshot = self._read(path, state)
                snapshot.warm()
                self._opened, self._looked = _Opened(path, state, snapshot), None

        self._beside = threading.Thread(target=load, name="search-open", daemon=True)
        self._beside.start()

    def _read(self, path: Path, state: int) -> Snapshot:
        try:
            return self._load(path, state)
        except (FileNotFoundError, SearchUnavailable):
            raise
        except Exception as error:
            raise SearchUnavailable(f"the index cannot be read: {error!r}") from error
