"""Where the words of a text stand, many times faster than the tokens of `analysis.scan`.

For marking only: codes and numbers are not told from words, and a text with loose combining marks,
invisible characters or emoji goes the slow way. One letter of the text is one of the folded text,
so places are the same in both.
"""

from collections.abc import Collection
from functools import cache

import numpy as np
import numpy.typing as npt

from portal.search.analysis import fold, word_places

_ALPHABET = 0x3000
"""All that Vietnamese is written with lies below."""
_OTHER_LETTER, _LOOSE = ord("~"), 1
_SPACE = ord(" ")


Place = tuple[int, int, str]
"""Where a word begins and ends, and the word: folded, but for a final y."""


def places(text: str, wanted: Collection[str]) -> list[Place]:
    """Where the wanted words stand in a text, in order."""
    folded = _table()[np.minimum(_code_points(text), _ALPHABET)]
    if (folded == _LOOSE).any():
        return [place for place in word_places(text) if place[2] in wanted]
    words = folded.tobytes().decode("ascii").split()
    found = [number for number, word in enumerate(words) if word in wanted]
    if not found:
        return []
    inside = np.zeros(len(folded) + 2, np.bool_)
    np.not_equal(folded, _SPACE, out=inside[1:-1])
    starts = np.flatnonzero(inside[1:] > inside[:-1])[found].tolist()
    return [
        (start, start + len(words[number]), words[number])
        for number, start in zip(found, starts, strict=True)
    ]


def spellings(words: Collection[str]) -> frozenset[str]:
    """Folded words as `places` wants them: mỹ is my there, mĩ is mi."""
    with_y = (word[:-1] + "y" for word in words if word.endswith("i"))
    return frozenset(words).union(word for word in with_y if fold(word) in words)


def _code_points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)


@cache
def _table() -> npt.NDArray[np.uint8]:
    """The folded letter of every character; the last place stands for all beyond the alphabet."""
    table = np.full(_ALPHABET + 1, _SPACE, np.uint8)
    for point in range(_ALPHABET):
        char, folded = chr(point), fold(chr(point))
        if len(folded) == 1 and folded.isascii():
            table[point] = ord(folded)
        elif char.isalnum():
            table[point] = _OTHER_LETTER
        elif _joins(char):
            table[point] = _LOOSE
    table[_ALPHABET] = _LOOSE
    return table


def _joins(char: str) -> bool:
    """Whether the character belongs to the word around it (a mark, a soft hyphen)."""
    return [(start, end) for start, end, _ in word_places(f"a{char}a")] == [(0, 3)]
