"""Tracking codes: what a citizen writes down, reads out on the phone and types back months later.

Sixteen characters of Crockford's base 32 (no I, L, O, U): fifteen carry 75 bits, the last checks
them. The code itself is stored nowhere; the database keeps a keyed hash of it.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_BITS = 75
_VALUES = {char: value for value, char in enumerate(ALPHABET)}
_SPELLINGS = str.maketrans({"O": "0", "I": "1", "L": "1"})
# As letters and digits are said aloud in Vietnamese, in the order of the alphabet.
_SAID = (
    "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "a", "bê", "xê",
    "dê", "e", "ép-phờ", "giê", "hát", "gi", "ca", "em-mờ", "en-nờ", "pê", "quy", "e-rờ",
    "ét-xì", "tê", "vê", "vê-kép", "ích-xì", "i-dài", "dét",
)  # fmt: skip
_NAMES = dict(zip(ALPHABET, _SAID, strict=True))
_IGNORED = frozenset(" \t\u00a0\r\n-‐‑‒–—−._")  # every dash that keyboards make


def derive(key: str, seed: str) -> str:
    """The code that belongs to a random `seed`: the same one each time, for nobody else.

    So a form that is sent twice gets the same code twice although no code is stored.
    `seed` must hold at least 128 random bits.
    """
    digest = hmac.new(key.encode(), b"tracking code\0" + seed.encode(), hashlib.sha256).digest()
    return _encode(int.from_bytes(digest, "big") & ((1 << _BITS) - 1))


def parse(typed: str) -> str | None:
    """The code that a person meant: case, spaces, hyphens and O, I, L do not matter.

    None when it cannot be a code: wrong length, foreign characters or a failing check.
    """
    if len(typed) > 200:
        return None
    plain = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(char for char in plain if char not in _IGNORED).translate(_SPELLINGS)
    if len(code) != LENGTH or not set(code) <= _VALUES.keys() or _checksum(code) != 0:
        return None
    return code


def show(code: str) -> str:
    """`XXXX-XXXX-XXXX-XXXX`."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def spoken(code: str) -> list[tuple[str, str]]:
    """Each group of four with how it is read out on the telephone."""
    groups = show(code).split("-")
    return [(group, ", ".join(_NAMES[char] for char in group)) for group in groups]


def stored(key: str, code: str) -> str:
    """What the database keeps of `code`."""
    return hmac.new(key.encode(), b"stored code\0" + code.encode(), hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two stored forms in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def _encode(number: int) -> str:
    data = "".join(ALPHABET[number >> shift & 31] for shift in range(_BITS - 5, -1, -5))
    # The check character is what makes the sum below vanish.
    return data + ALPHABET[_checksum(data + ALPHABET[0])]


def _checksum(code: str) -> int:
    """The code as a polynomial at a generator of GF(32), zero for a valid code.

    Every place has its own non-zero weight, so any one wrong character and any two exchanged
    characters change the sum.
    """
    total = 0
    for char in code:
        total <<= 1
        if total & 32:
            total ^= 0b100101  # x⁵ + x² + 1
        total ^= _VALUES[char]
    return total
