"""What must not stand in a published copy: phone, identity and insurance numbers, addresses.

A net for the eyes of the person who publishes, not a proof: names are found only where they
are the contact's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.text import fold

OWN = "thông tin của người gửi"
_GAP = r"[\s.\-–()]{0,3}"
_WORD = re.compile(r"[^\W_]+")
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("thư điện tử", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    ("mã thẻ BHYT", re.compile(rf"\b[A-Za-zĐđ]{{2}}{_GAP}\d(?:{_GAP}\d){{12}}\b")),
    ("số định danh hoặc CCCD", re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{11}}(?!{_GAP}\d)")),
    ("mã số BHXH, BHYT", re.compile(r"(?<![\d.,])\d{10}(?![\d.,]*\d)")),
    (
        "số điện thoại",
        re.compile(rf"(?<!\d)(?:\+?84|0){_GAP}[2-9](?:{_GAP}\d){{7,9}}(?!\d)"),
    ),
    ("số CMND", re.compile(r"(?<![\d.,/-])\d{9}(?![\d.,/-]*\d)")),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of a text that looks like personal data."""

    what: str
    text: str


def find(text: str, secrets: Iterable[str] = ()) -> list[Finding]:
    """Everything in `text` that looks like personal data or is one of `secrets` (a contact)."""
    found: dict[str, Finding] = {}
    covered: list[tuple[int, int]] = []
    for what, pattern in _PATTERNS:
        for hit in pattern.finditer(text):
            if not any(start < hit.end() and hit.start() < end for start, end in covered):
                covered.append(hit.span())
                found.setdefault(hit[0], Finding(what, hit[0]))
    folded = _spaced(text)
    for secret in secrets:
        if len(plain := _spaced(secret).strip()) >= 4 and f" {plain} " in folded:
            found.setdefault(secret, Finding(OWN, secret))
    return list(found.values())


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with every finding that stands there literally replaced by dots."""
    for finding in find(text, secrets):
        text = re.sub(re.escape(finding.text), "[…]", text, flags=re.IGNORECASE)
    return text


def _spaced(text: str) -> str:
    """Folded words with one space around each, so that whole words are compared."""
    return " ".join(["", *_WORD.findall(fold(text)), ""])
