"""A turnstile: so many workers at once may be busy with what can take long, and no more.

The others go on answering readers. Who finds no place waits a moment, and where that was in vain,
those who come next are told at once: a queue of waiting workers would be what it guards against.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from portal.core.errors import Overloaded
from portal.core.locks import file_lock

PATIENCE = 1.0
JAMMED_FOR = 10.0
RETRY_AFTER = 5


class Turnstile:
    """`places` for all worker processes of one machine; the kernel frees those of dead ones."""

    def __init__(self, folder: Path, name: str, places: int) -> None:
        first = os.getpid() % places  # neighbours begin to look at different places
        order = [*range(first, places), *range(first)]
        self._paths = [folder / f"{name}-{number}.lock" for number in order]
        self._jammed_until = 0.0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place for as long as the block runs. Raises `Overloaded` when there is none."""
        with ExitStack() as taken:
            if not self._enter(taken):
                raise Overloaded(RETRY_AFTER)
            yield

    def _enter(self, taken: ExitStack) -> bool:
        begun = time.monotonic()
        end = begun if begun < self._jammed_until else begun + PATIENCE
        while not any(_take(path, taken) for path in self._paths):
            if time.monotonic() >= end:
                if end > begun:
                    self._jammed_until = time.monotonic() + JAMMED_FOR
                return False
            time.sleep(0.002)
        self._jammed_until = 0.0
        return True


def _take(path: Path, taken: ExitStack) -> bool:
    with ExitStack() as trial:
        if trial.enter_context(file_lock(path)):
            taken.push(trial.pop_all())
            return True
    return False
