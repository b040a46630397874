"""The part of a file that a request asks for (RFC 9110, section 14)."""

from __future__ import annotations

import re

_ONE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class UnsatisfiableError(ValueError):
    """The part lies outside of the file, or the header cannot be understood."""


def wanted(header: str, length: int) -> tuple[int, int] | None:
    """First and last byte of the part that `header` asks for, None for the whole file.

    Several parts at once and units other than bytes are not offered: the whole file is a right
    answer to them. Raises `UnsatisfiableError` when there is nothing to send.
    """
    if not header.strip().lower().startswith("bytes") or "," in header:
        return None
    found = _ONE.fullmatch(header)
    if found is None or not (found[1] or found[2]):
        raise UnsatisfiableError(header)
    if not found[1]:  # the last so many bytes
        count = min(int(found[2]), length)
        first, last = length - count, length - 1
    else:
        first = int(found[1])
        last = min(int(found[2]), length - 1) if found[2] else length - 1
        if found[2] and int(found[2]) < first:
            raise UnsatisfiableError(header)
    if first > last:
        raise UnsatisfiableError(header)
    return first, last
