"""What must not stand in a published copy: phone, identity and insurance numbers, addresses.

A net for the eyes of the person who publishes, not a proof: names are found only where they
are the contact's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.core.text import fold

OWN = "thông tin của người gửi"
_GAP = r"[\s.\-–()]{0,3}"
_SHORTEST_OWN = 6  # with its two spaces; a name of three letters is in every text
_WORD = re.compile(r"[^\W_]+")
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("thư điện tử", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    ("mã thẻ BHYT", re.compile(rf"\b[A-Za-zĐđ]{{2}}{_GAP}\d(?:{_GAP}\d){{12}}\b")),
    ("số định danh hoặc CCCD", re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{11}}(?!{_GAP}\d)")),
    (
        "số điện thoại",
        re.compile(rf"(?<!\d)(?:\+?84|0){_GAP}[2-9](?:{_GAP}\d){{8,9}}(?!\d)"),
    ),
    ("mã số BHXH, BHYT", re.compile(r"(?<![\d.,])\d{10}(?![\d.,]*\d)")),
    ("số CMND", re.compile(r"(?<![\d.,/-])\d{9}(?![\d.,/-]*\d)")),
)
_SAME_PHONE = 9  # the last digits: 0912… and +84 912… are one number


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of a text that looks like personal data."""

    what: str
    text: str


def find(text: str, own: Iterable[str] = ()) -> list[Finding]:
    """Everything in `text` that looks like personal data, or that is of the citizen's `own`
    contact in whatever spelling."""
    own = list(own)
    found = {hit: Finding(OWN if _is_own(hit, own) else what, hit) for what, hit in _hits(text)}
    folded = _spaced(text)
    for value in own:
        plain = _spaced(value)
        if len(plain) >= _SHORTEST_OWN and plain in folded:
            found.setdefault(value, Finding(OWN, value))
    return list(found.values())


def _hits(text: str) -> Iterator[tuple[str, str]]:
    """What patterns match, each place once."""
    covered: list[tuple[int, int]] = []
    for what, pattern in _PATTERNS:
        for hit in pattern.finditer(text):
            if not any(start < hit.end() and hit.start() < end for start, end in covered):
                covered.append(hit.span())
                yield what, hit[0]


def _is_own(hit: str, own: list[str]) -> bool:
    digits = _digits(hit)
    return any(
        hit.casefold() == value.casefold()
        or (len(digits) >= _SAME_PHONE and digits[-_SAME_PHONE:] == _digits(value)[-_SAME_PHONE:])
        for value in own
    )


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def masked(text: str, own: Iterable[str] = ()) -> str:
    """`text` with every finding that stands there literally replaced by dots."""
    for finding in find(text, own):
        text = re.sub(re.escape(finding.text), "[…]", text, flags=re.IGNORECASE)
    return text


def _spaced(text: str) -> str:
    """Folded words with one space around each, so that whole words are compared."""
    return " ".join(["", *_WORD.findall(fold(text)), ""])
