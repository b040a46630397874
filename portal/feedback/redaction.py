"""What must not stand in a published copy: phone, identity, insurance and account numbers, number
plates, addresses, days of birth, and the sender's own name in whatever spelling.

A net for the eyes of the person who publishes, not a proof: names are found only where they
are the contact's own. Codes of procedures, numbers of laws, money and dates must pass.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.core.text import fold

OWN = "thông tin của người gửi"
PERHAPS_OWN = "có thể là tên người gửi"
_GAP = r"[\s.\-–()]{0,3}"
_SHORTEST_OWN = 6  # with its two spaces; a name of three letters is in every text
_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+){1,6}")
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
    (
        "số tài khoản",
        re.compile(r"(?i:số tài khoản|tài khoản số|\bstk)\s{0,2}:?\s{0,2}\d(?:[\s.-]?\d){5,18}"),
    ),
    # 15A-123.45, 29-X1 234.56, 16LD-012.34, 15B1-1234; in small letters only with its hyphen.
    (
        "biển số xe",
        re.compile(
            r"(?<![\w./-])\d{2}[\s-]?(?:[A-ZĐ]{1,2}\d?)[\s.-]{0,3}\d{3}[.\s]?\d{2}(?![\w/]|[.,]\d)"
            r"|(?<![\w./-])\d{2}-?(?:[A-ZĐ]{1,2}\d?)(?:-|\s-\s)\d{4}(?![\w/]|[.,]\d)"
            r"|(?<![\w./-])\d{2}-?[a-zđ]{1,2}\d?-\d{3}\.?\d{2}(?![\w/]|[.,]\d)"
        ),
    ),
    (
        "địa chỉ",
        re.compile(
            r"(?i:\b(?:nhà số|số nhà|số)\s{1,2}\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?){0,3}\s{0,2},?\s{0,2}"
            r"(?:ngõ|ngách|hẻm|kiệt|phố|đường(?!\s+dây)|tổ|thôn|xóm)\b"
            r"|\b(?:ngõ|ngách|hẻm|kiệt)\s{1,2}(?:số\s)?\d{1,4}(?:/\d{1,4}){0,3}\b)"
        ),
    ),
    (
        "ngày sinh",
        re.compile(
            r"(?i:(?<!khai )(?<!chứng )(?<!học )(?<!tuyển )(?<!vệ )(?<!phát )(?<!giáo )(?<!thí )"
            r"(?<!\w)sinh\s{1,2}(?:năm\s|ngày\s)?\s?:?\s?"
            r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|(?<=năm )(?:19|20)\d{2}\b"
            r"|\d{1,2} tháng \d{1,2} năm \d{4})"
            r"|ngày sinh\s{0,2}:?\s{0,2}\d{1,2}[/.-]\d{1,2}[/.-]\d{4})"
        ),
    ),
)
_HONORIFICS = frozenset(["ông", "bà", "anh", "chị", "em", "cô", "chú", "bác", "cháu", "bé", "cụ"])
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
            for spelling in [*_spellings(text, plain.split())] or [value]:
                found.setdefault(spelling, Finding(OWN, spelling))
        elif _NAME.fullmatch(value.strip()):
            for part in _parts_of_name(text, plain.split()):
                found.setdefault(part, Finding(PERHAPS_OWN, part))
    return list(found.values())


def _spellings(text: str, words: list[str]) -> Iterator[str]:
    """How `text` writes these folded words, one after the other."""
    places = list(_WORD.finditer(text))
    for start in range(len(places) - len(words) + 1):
        window = places[start : start + len(words)]
        if [fold(place[0]).strip() for place in window] == words:
            yield text[window[0].start() : window[-1].end()]


def _parts_of_name(text: str, name: list[str]) -> Iterator[str]:
    """Two words of a name side by side, in any order, or the given name after an honorific.

    Both written with capitals: without that, every second text would hold some "văn an".
    """
    if len(name) < 2:
        return
    pairs = {(name[-2], name[-1]), (name[0], name[-1]), (name[-1], name[0])}
    places = list(_WORD.finditer(text))
    for left, right in itertools.pairwise(places):
        between = text[left.end() : right.start()]
        if between.strip() or not right[0][0].isupper():
            continue
        called = left[0].casefold() in _HONORIFICS and fold(right[0]).strip() == name[-1]
        both = (fold(left[0]).strip(), fold(right[0]).strip()) in pairs
        if called or (both and left[0][0].isupper()):
            yield text[left.start() : right.end()]


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
