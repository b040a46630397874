"""Codes of procedures in every spelling that people, posters and old spreadsheets use."""

from __future__ import annotations

import re
import unicodedata

CANONICAL = re.compile(r"\d\.\d{6}", re.ASCII)
# 1.012289, 1012289, 1,012289, "1. 012289", then the agency as 1.012289.000.00.00.H24 or .H24
_SPELLING = re.compile(
    r"(?:m[aã]\s*)?(?:(?:số|so|tthc|ttcp)\s*)?[:.\s]*"
    r"(\d)\s*[.,·\-\s]?\s*(\d{6})"
    r"(?:\s*[.\-]\s*[0-9A-Za-z]{1,4}){0,5}[\s.,;]*",
    re.ASCII | re.IGNORECASE,
)
MAX_SPELLING = 60


def normalise_code(text: str) -> str | None:
    """`text` as a national code like `1.012289`, or None when it is not one.

    Accepts a comma, space or nothing for the dot, the suffix of a local copy and a few words
    like "Mã số:" in front. A text that merely contains a code among others is not a code.
    """
    if len(text) > MAX_SPELLING:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _SPELLING.fullmatch(plain)
    return f"{found[1]}.{found[2]}" if found else None
