"""Locks between processes of one machine; the kernel frees them on any death."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LONGEST_NAP = 0.005


@contextmanager
def file_lock(path: Path, *, wait: bool = False, patience: float | None = None) -> Iterator[bool]:
    """Be the only one who holds `path`. False when somebody else does, unless told to wait: in the
    kernel's queue, as long as it takes, or for `patience` seconds at most."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if wait and patience is None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield True
        else:
            yield _try(descriptor, patience or 0.0)
    finally:
        os.close(descriptor)


def _try(descriptor: int, patience: float) -> bool:
    """The kernel's queue knows no time limit, so whoever has one looks again and again."""
    end, nap = time.monotonic() + patience, 0.0002
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(nap)
            nap = min(2 * nap, _LONGEST_NAP)
        else:
            return True
