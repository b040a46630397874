"""Codes of procedures and numbers of legal documents, in every spelling that people use."""

import re
from collections.abc import Sequence

from portal.core import text

MAX_NUMBER = 40
DASHES = "\\-\u2010-\u2015\u2212"
"""Characters that people type for a dash, for a class in a pattern."""

_DASH_RE = re.compile(f"[{DASHES}]")
_NUMBER_RE = re.compile(r"^(\d+)/(?:((?:19|20)\d\d)[/-]?)?(.*)$")

# The kind of a legal document, by its sign and by its name; the values are how `refs` spells it.
_KINDS = {
    "nd": "nd", "ndcp": "nd", "nghi dinh": "nd", "tt": "tt", "thong tu": "tt",
    "ttlt": "ttlt", "thong tu lien tich": "ttlt", "qd": "qd", "quyet dinh": "qd",
    "nq": "nq", "nghi quyet": "nq", "qh": "qh", "luat": "qh", "bo luat": "qh",
    "ct": "ct", "chi thi": "ct", "vbhn": "vbhn", "cv": "cv", "cong van": "cv",
    "kh": "kh", "ke hoach": "kh",
}  # fmt: skip
_GLUED_NUMBER = re.compile(r"^(nd|tt|ttlt|qd|nq|ct|vbhn|ndcp)(\d{1,4})$")
_LONGEST_KIND = 4
LONGEST_NAME = _LONGEST_KIND + 1
"""Words of a document's name before its number: "thông tư liên tịch số"."""


def normalise(line: str) -> str:
    """One spelling of the same characters: as stored text, all dashes alike, on one line."""
    return _DASH_RE.sub("-", text.clean_line(line))


def canonical_code(piece: str) -> str:
    """`1012289.000.00.00.H24` → `1.012289`; only call it with what the scanner took for a code."""
    digits = re.sub(r"\D", "", piece)
    return f"{digits[0]}.{digits[1:7]}"


def canonical_number(piece: str) -> str:
    """`96 / 2023/NĐ – CP` → `96/2023/nd-cp`, without leading zeros."""
    folded = re.sub(r"\s", "", text.fold(normalise(piece)))
    match = _NUMBER_RE.match(folded)
    if not match:
        return folded[:MAX_NUMBER]
    number, year, sign = match.groups()
    parts = [number.lstrip("0") or "0", *filter(None, (year, sign.strip("-/")))]
    return "/".join(parts)[:MAX_NUMBER]


def document_kind(words: Sequence[str], end: int) -> tuple[str, int]:
    """The kind of document named by the words that stop before `end`, and where its name begins.

    ("", end) if they name none. A "số" between the name and the number is stepped over.
    """
    stop = end - 1 if end and words[end - 1] == "so" else end
    for length in range(_LONGEST_KIND, 0, -1):
        start = stop - length
        if start >= 0 and (kind := _KINDS.get(" ".join(words[start:stop]))):
            return kind, start
    return "", end


def number_refs(term: str) -> list[str]:
    """The names by which a document's number may be asked for, the whole one first."""
    match = _NUMBER_RE.match(term)
    if not match:
        return [term]
    number, year, sign = match.groups()
    kind = _KINDS.get(re.split(r"[-\d]", sign)[0], "")
    refs = [term]
    if year and sign:
        refs.append(f"{number}/{year}")
    if kind:
        refs.append(f"{kind}{number}")
        if year:
            refs.append(f"{kind}{number}/{year}")
    return refs


def named_refs(words: Sequence[str], position: int, term: str) -> tuple[list[str], int]:
    """Refs made of a name and the number at `position` ("nghị định số 96", "nd96"), and where
    the name begins; ([], position) if there is no such name."""
    glued = _GLUED_NUMBER.match(term)
    if glued:
        return [f"{_KINDS[glued[1]]}{int(glued[2])}"], position
    number = _NUMBER_RE.match(term)
    if not (number or (term.isdecimal() and len(term) <= 4)):
        return [], position
    kind, start = document_kind(words, position)
    if not kind:
        return [], position
    if number is None:
        return [f"{kind}{int(term)}"], start
    year = f"/{number[2]}" if number[2] else ""
    return [f"{kind}{number[1]}{year}"], start
