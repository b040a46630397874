"""Passwords: hashed with argon2id, a few at a time, never kept and never logged.

One hash takes 32 MiB and about a tenth of a second on a small server. Only `SLOTS` of them run
at once on one machine, whatever the number of workers, so that fifty logins in the same second
wait a little and do not take gigabytes.
"""

from __future__ import annotations

import fcntl
import os
import random
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from portal.core.settings import current_settings

LONGEST = 256
SLOTS = 4
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1, type=Type.ID)
# Checked when there is no account, so that the answer takes as long. Made of random bytes.
_DUMMY = (
    "$argon2id$v=19$m=32768,t=3,p=1$dtrN/8qTVXS6aJ6oDo22LA$"
    "MggP3rBDJqHdnS9IUn8+0NADjuwHYfuc08iaRoijAfw"
)


def normal_form(password: str) -> str:
    """The form that is hashed: the same keys give the same password on every device."""
    return unicodedata.normalize("NFKC", password)


def make_hash(password: str) -> str:
    """A hash to store. Slow: never inside a `write()` block."""
    with _slot():
        return _hasher.hash(_bytes(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether `password` is the one of `stored`; None (no account) costs the same and is False."""
    if len(password) > LONGEST:
        return False
    with _slot():
        try:
            matches = _hasher.verify(stored or _DUMMY, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return matches and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _bytes(password: str) -> bytes:
    return normal_form(password).encode("utf-8", "surrogatepass")


@contextmanager
def _slot() -> Iterator[None]:
    """Hold one of the machine's places for hashing; wait when all are taken."""
    folder = current_settings().instance / "locks"
    folder.mkdir(mode=0o700, exist_ok=True)
    places = [folder / f"password-{number}.lock" for number in range(SLOTS)]
    random.shuffle(places)  # spreads the load, guards nothing
    descriptor = _take_first_free(places)
    try:
        yield
    finally:
        os.close(descriptor)


def _take_first_free(places: list[Path]) -> int:
    for place in places:
        descriptor = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        last = place is places[-1]
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if last else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        else:
            return descriptor
    raise AssertionError("the last place is waited for")
