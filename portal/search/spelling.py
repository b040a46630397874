"""Repair of single syllables: leftovers of typing methods, slips of the finger.

Pure functions over a set of known syllables; `query` decides when to call them. Each looks at a
bounded number of candidates, whatever the input.
"""

import string
import unicodedata
from collections.abc import Callable, Iterator

from portal.search.analysis import fold

Known = Callable[[str], bool]

LONGEST = 12
"""No Vietnamese syllable is longer than 7 letters; glued pairs go up to this."""

_TELEX_TONES = {"s": "1", "f": "2", "r": "3", "x": "4", "j": "5"}
_VNI_TONES = frozenset("12345")
_VNI_SHAPES = {"6": "^", "7": "+", "8": "(", "9": "-"}
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"a": "ă", "o": "ơ", "u": "ư"}
_TONE_MARKS = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VOWELS = frozenset("aeiouyăâêôơư")
_SHAPED = frozenset("ăâêôơư")

# Rows of the keyboard: a neighbour is the likelier slip.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR = {
    (a, b)
    for row in _ROWS
    for a, b in zip(row, row[1:] + " ", strict=True)
    for a, b in ((a, b), (b, a))
}


def spell(form: str) -> str:
    """The way to write a form that `analysis.accented` made: `giây1` → `giấy`."""
    if not form or form[-1] not in _TONE_MARKS:
        return form
    plain, mark = form[:-1], _TONE_MARKS[form[-1]]
    place = _tone_place(plain)
    if place < 0:
        return plain
    return unicodedata.normalize("NFC", plain[: place + 1] + mark + plain[place + 1 :])


def _tone_place(plain: str) -> int:
    start = 2 if plain.startswith("qu") or (plain.startswith("gi") and len(plain) > 2) else 0
    vowels = [i for i, c in enumerate(plain) if c in _VOWELS and i >= start]
    if not vowels:
        return plain.find("i") if plain.startswith("gi") else -1
    shaped = [i for i in vowels if plain[i] in _SHAPED]
    if shaped:
        return shaped[-1]
    if len(vowels) == 1 or vowels[-1] != len(plain) - 1:
        return vowels[-1] if len(vowels) < 3 else vowels[1]
    return vowels[-2]


def decode_keys(word: str) -> str:
    """What the keys of Telex or VNI would have written (`giaays` → `giấy`); "" if nothing would."""
    letters: list[str] = []
    tone = ""
    changed = False
    for char in unicodedata.normalize("NFC", word).casefold():
        step = _press(letters, char)
        if step:
            changed = True
            tone = step if step in _TONE_MARKS else tone
        else:
            letters.append(char)
    if not changed:
        return ""
    written = "".join(letters)
    if any(mark in unicodedata.normalize("NFD", written) for mark in _TONE_MARKS.values()):
        return written
    return spell(written + tone)


def _press(letters: list[str], char: str) -> str:
    """Apply one key to what is written so far: the tone it sets, "x" for a changed letter, or ""
    when it is just a letter."""
    has_vowel = any(fold(letter) in _VOWELS for letter in letters)
    if has_vowel and char in _TELEX_TONES:
        return _TELEX_TONES[char]
    if has_vowel and char in _VNI_TONES:
        return char
    if char in _CIRCUMFLEX and letters and letters[-1] == char:
        letters[-1] = _CIRCUMFLEX[char]
        return "x"
    if char == "6":
        return _reshape(letters, _CIRCUMFLEX)
    if char in "w78":
        return _reshape(letters, _HORN)
    if char in "d9" and letters and letters[0] == "d":
        letters[0] = "đ"
        return "x"
    return ""


def _reshape(letters: list[str], shapes: dict[str, str]) -> str:
    """Give the last vowels their hat or horn; `uo` + w becomes `ươ`."""
    for i in range(len(letters) - 1, -1, -1):
        if letters[i] in shapes:
            if letters[i] == "o" and shapes is _HORN and i and letters[i - 1] == "u":
                letters[i - 1] = "ư"
            letters[i] = shapes[letters[i]]
            return "x"
    return ""


def near(word: str) -> Iterator[tuple[str, float]]:
    """Every string one slip away from a folded syllable, with how likely that slip is (0..1)."""
    if not 2 <= len(word) <= LONGEST:
        return
    letters = string.ascii_lowercase
    for i in range(len(word) - 1):
        if word[i] != word[i + 1]:
            yield word[:i] + word[i + 1] + word[i] + word[i + 2 :], 1.0
    for i in range(len(word)):
        doubled = i > 0 and word[i] == word[i - 1]
        yield word[:i] + word[i + 1 :], 1.0 if doubled else 0.7
        for letter in letters:
            if letter != word[i]:
                yield (
                    word[:i] + letter + word[i + 1 :],
                    0.8 if (letter, word[i]) in _NEAR else 0.5,
                )
    for i in range(len(word) + 1):
        for letter in letters:
            yield word[:i] + letter + word[i:], 0.8


_ONSETS = (
    "b", "c", "ch", "d", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p",
    "ph", "qu", "r", "s", "t", "th", "tr", "v", "x",
)  # fmt: skip
_OPEN = (
    "ai", "ao", "au", "ay", "eo", "eu", "ia", "iu", "ieu", "yeu", "oi", "oai", "oao", "oay", "oeo",
    "ui", "uoi", "uou", "uu", "uya", "uyu", "uay", "uao", "uai",
)  # fmt: skip
_FINALS = ("", "c", "ch", "m", "n", "ng", "nh", "p", "t")
# Vowels, folded, with the ends that stand after them.
_RHYMES = {
    "a": _FINALS, "e": _FINALS, "i": _FINALS, "o": _FINALS, "u": _FINALS,
    "y": ("", "t", "ch", "nh", "n"),
    **dict.fromkeys(("ie", "ye", "uo"), ("", "c", "m", "n", "ng", "p", "t")),
    **dict.fromkeys(("oa", "oe", "ua", "ue", "uy", "uye", "oo"), ("", *_FINALS[1:])),
    **dict.fromkeys(_OPEN, ("",)),
}  # fmt: skip
_SYLLABLES = frozenset(
    fold(onset + vowel + final)
    for onset in ("", *_ONSETS)
    for vowel, finals in _RHYMES.items()
    for final in finals
    if (onset not in ("gh", "k", "ngh") or vowel[0] in "eiy")
    and (onset not in ("c", "ng", "g") or vowel[0] not in "ey")
    and (onset not in ("c", "ng") or vowel[0] != "i")
)


def is_syllable(word: str) -> bool:
    """Whether a folded word can be Vietnamese: such a word is meant, known or not."""
    return word in _SYLLABLES


def splits(word: str, known: Known) -> Iterator[tuple[str, str]]:
    """The ways to cut a glued word into two known syllables (`giayphep` → giay, phep)."""
    if 4 <= len(word) <= LONGEST + 2:
        for i in range(2, len(word) - 1):
            if known(word[:i]) and known(word[i:]):
                yield word[:i], word[i:]
