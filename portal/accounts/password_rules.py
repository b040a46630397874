"""Which passwords are refused: too short, too long, or what an attacker tries first.

No rules about capitals and signs: length counts. What is left of a password once the words that
anybody would guess are taken out of it (the agency's, the person's own, at most two from the list
of common passwords, runs on the keyboard) must still be worth something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

from portal.accounts.passwords import LONGEST, normal_form
from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.core.text import fold

SHORTEST = 15
_LEAST_WORTH = 6
_LEAST_DIFFERENT = 5
_COMMON_WORDS_TAKEN = 2
_LONGEST_WORD = 24
# The most frequent leaked passwords (drawn from the public Pwned Passwords collection by Royce
# Williams) and what Vietnamese offices use, lower case, without marks and signs.
_LIST = Path(__file__).with_name("common_passwords.txt")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "01234567890", "1qaz2wsx3edc")
_SIGNS = re.compile(r"[\s!-/:-@\[-`{-~]+")
_RUN = 4
# The same for short and for guessable ones: neither is an insult.
TOO_SHORT = f"Mật khẩu cần ít nhất {SHORTEST} ký tự. Bạn có thể ghép vài từ thành một câu dễ nhớ."
TOO_LONG = f"Mật khẩu dài quá {LONGEST} ký tự. Bạn rút ngắn lại."
GUESSABLE = (
    "Mật khẩu này dễ đoán: gần với mật khẩu nhiều người dùng, tên của bạn hoặc tên cơ quan. "
    "Bạn chọn một câu khác."
)


def check(password: str, own_words: Iterable[str] = ()) -> None:
    """Raise `Invalid` on field `password` unless it is good enough.

    `own_words` are what others know of the person: name, e-mail address.
    """
    if len(password) > LONGEST:
        raise Invalid({"password": TOO_LONG})
    if len(normal_form(password)) < SHORTEST:
        raise Invalid({"password": TOO_SHORT})
    if is_guessable(password, [*own_words, *_agency_words()]):
        raise Invalid({"password": GUESSABLE})


def is_guessable(password: str, known_words: Iterable[str]) -> bool:
    """Whether little is left of `password` without the words that anybody would try."""
    signs = len(set(_SIGNS.findall(password)))
    bare = _bare(password)
    if len(set(bare)) + signs < _LEAST_DIFFERENT or bare in common_passwords():
        return True
    rest = _one_period(bare)
    for word in sorted(_parts(known_words), key=len, reverse=True):
        rest = rest.replace(word, " ")
    rest = _without_runs(_without_common_words(rest))
    digits = sum(char.isdigit() for char in rest)
    letters = sum(not char.isspace() for char in rest) - digits
    return letters + digits // 2 + signs < _LEAST_WORTH


@cache
def common_passwords() -> frozenset[str]:
    """The list, read once a process."""
    return frozenset(_LIST.read_text("ascii").split())


def _agency_words() -> list[str]:
    site = current_settings().site
    return [site.agency.name, site.agency.short_name, site.agency.code, site.site.title]


def _bare(text: str) -> str:
    return _SIGNS.sub("", fold(normal_form(text)))


def _parts(words: Iterable[str]) -> set[str]:
    """Whole names, their neighbouring syllables, and long single syllables."""
    found: set[str] = set()
    for text in words:
        syllables = [part for part in re.split(r"[\W_]+", fold(normal_form(text))) if part]
        pieces = [*syllables, *map("".join, pairwise(syllables))]
        found |= {"".join(syllables), *pieces}
    return {part for part in found if len(part) >= 4}


def _one_period(text: str) -> str:
    """`abcabcab` → `abc`: what is repeated is worth its first time only."""
    for period in range(1, len(text) // 2 + 1):
        if text[period:] == text[:-period]:
            return text[:period]
    return text


def _without_common_words(text: str) -> str:
    for _ in range(_COMMON_WORDS_TAKEN):
        word = _longest_common_word(text)
        if word:
            text = text.replace(word, " ")
    return text


def _longest_common_word(text: str) -> str:
    words = common_passwords()
    for length in range(min(len(text), _LONGEST_WORD), 3, -1):
        for start in range(len(text) - length + 1):
            if text[start : start + length] in words:
                return text[start : start + length]
    return ""


def _without_runs(text: str) -> str:
    """Keyboard rows, the alphabet and counting, forwards and backwards, in pieces of four."""
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for start in range(len(row) - _RUN + 1):
            text = text.replace(row[start : start + _RUN], " ")
    return text
