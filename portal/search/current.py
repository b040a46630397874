"""Keeping a process on the newest state of the index, whoever has written it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal.search.engine import SearchUnavailable
from portal.search.snapshot import Snapshot
from portal.search.store import IndexStore

_TRIES = 5

Latest = Callable[[Path], int]
"""The newest state of a generation."""

Load = Callable[[Path, int], Snapshot]


@dataclass(frozen=True, slots=True)
class _Opened:
    path: Path
    state: int
    snapshot: Snapshot


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

    def get(self) -> Snapshot:
        """Raises SearchUnavailable."""
        for _ in range(_TRIES):
            try:
                return self._newest().snapshot
            except FileNotFoundError:  # a writer moved on between two of our looks
                continue
        raise SearchUnavailable("files of the index are missing")

    def _newest(self) -> _Opened:
        path = self._store.current()
        state = self._latest(path)
        opened = self._opened
        if opened and (opened.path, opened.state) == (path, state):
            return opened
        with self._lock:
            opened = self._opened
            if opened and (opened.path, opened.state) == (path, state):
                return opened
            self._opened = _Opened(path, state, self._read(path, state))
            return self._opened

    def _read(self, path: Path, state: int) -> Snapshot:
        try:
            return self._load(path, state)
        except (FileNotFoundError, SearchUnavailable):
            raise
        except Exception as error:
            raise SearchUnavailable(f"the index cannot be read: {error!r}") from error
