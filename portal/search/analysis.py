"""The one place that knows how Vietnamese is written, for documents and queries alike.

Text is cut into tokens whose `term` is what the index holds:

* a **word** is one syllable, folded: no case, no marks, đ as d, final y as i where both are in use
  (mỹ = mĩ, kỳ = kì, quý = quí), so hoà = hòa = hoa;
* a **code** of a procedure is `1.012289` however it was typed (`1012289`, `1,012289`,
  `1.012289.000.00.00.H24`);
* a **number** of a legal document is `96/2023/nd-cp`; `refs` adds its short names
  (`96/2023`, `nd96`, `nd96/2023`), so that "nd 96" finds it.

`accented` keeps the marks, in a spelling that does not depend on where the tone is put.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

# Whoever changes what a term looks like raises this: an index built by other rules is built anew.
ANALYSIS_VERSION = 1

MAX_WORD = 40
"""Longer runs of letters are junk (a link, a key); they are cut so that a term stays short."""


class Kind(StrEnum):
    WORD = "word"
    CODE = "code"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the original text: `text[start:end]`, and the term it stands for."""

    start: int
    end: int
    text: str
    term: str
    kind: Kind


@dataclass(slots=True)
class Analysed:
    """What one field of a document gives to the index."""

    words: list[str] = field(default_factory=list)
    pairs: list[str] = field(default_factory=list)
    accents: list[str] = field(default_factory=list)
    refs: list[str] = field(default_factory=list)


# Invisible inside words: soft hyphen, zero-width characters, directional marks, word joiner, BOM.
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
_MARKS = "\u0300-\u036f"
_DASH = "\\-\u2010-\u2015\u2212"
_LETTERS = {ord("đ"): "d", ord("ð"): "d", ord("ƣ"): "ư"}
_OCR = {ord("ƣ"): "ư", ord("Ƣ"): "Ư", ord("ð"): "đ", ord("Ð"): "Đ"}

_SCANNER = re.compile(
    rf"""
    (?P<code>
        (?<![\w.,/]) \d (?:[.,]\s?)? \d{{6}}
        (?: \. (?:\d{{3}}\.\d{{2}}\.\d{{2}}\.)? [Hh]\d{{2}} )?
        (?![\w/]) (?![.,]\d)
    )
  | (?P<number>
        (?<![\w/]) \d{{1,5}} \s?/\s? (?:(?:19|20)\d{{2}} (?:\s?[/{_DASH}]\s?)? )?
        [^\W\d_]{{2,}} \d{{0,2}} (?: \s?[{_DASH}]\s?[^\W\d_]{{2,}}\d{{0,2}} ){{0,4}} (?![\w/])
      | (?<![\w/]) \d{{1,5}} / (?:19|20)\d{{2}} (?![\w/])
    )
  | (?P<word> (?: [^\W_] | [{_MARKS}{_INVISIBLE}] )+ )
    """,
    re.VERBOSE,
)
_INVISIBLE_RE = re.compile(f"[{_INVISIBLE}]")
_DASH_RE = re.compile(f"[{_DASH}]")
_NOT_WORD = re.compile(r"[\W_]+")
_SPACE_RE = re.compile(r"\s+")
_FINAL_Y = re.compile(r"^(qu|[bcdđghklmnprstvx]{1,3})y$")
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


def normalise(text: str) -> str:
    """One spelling of the same characters: NFC, no invisible characters, OCR letters put right."""
    text = unicodedata.normalize("NFC", _INVISIBLE_RE.sub("", text)).translate(_OCR)
    return _SPACE_RE.sub(" ", _DASH_RE.sub("-", text)).strip()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without marks; word characters only are expected, but any text is accepted."""
    text = unicodedata.normalize("NFKC", _INVISIBLE_RE.sub("", text)).casefold()
    text = unicodedata.normalize("NFD", text.translate(_LETTERS))
    plain = "".join(c for c in text if unicodedata.category(c) != "Mn")
    plain = _NOT_WORD.sub("", unicodedata.normalize("NFC", plain))
    return _FINAL_Y.sub(r"\1i", plain)[:MAX_WORD]


_TONES = {"\u0300": "2", "\u0301": "1", "\u0303": "4", "\u0309": "3", "\u0323": "5"}


@lru_cache(maxsize=65536)
def accented(word: str) -> str:
    """The word with its marks, the tone as a digit at the end: hoà and hòa are both `hoa2`."""
    text = unicodedata.normalize("NFC", _INVISIBLE_RE.sub("", word)).translate(_OCR).casefold()
    letters, tone = [], ""
    for char in unicodedata.normalize("NFD", text):
        if char in _TONES:
            tone = _TONES[char]
        else:
            letters.append(char)
    plain = unicodedata.normalize("NFC", "".join(letters))
    return (_FINAL_Y.sub(r"\1i", plain) + tone)[:MAX_WORD]


def has_marks(word: str) -> bool:
    """Whether the writer typed diacritics in this word (and so meant them)."""
    return accented(word) != fold(word)


def canonical_code(text: str) -> str:
    """`1012289.000.00.00.H24` → `1.012289`; only call it with what the scanner took for a code."""
    digits = re.sub(r"\D", "", text)
    return f"{digits[0]}.{digits[1:7]}"


def canonical_number(text: str) -> str:
    """`96 / 2023/NĐ – CP` → `96/2023/nd-cp`, without leading zeros."""
    folded = re.sub(r"\s", "", fold_number(text))
    match = _NUMBER_RE.match(folded)
    if not match:
        return folded[:MAX_WORD]
    number, year, sign = match.groups()
    parts = [number.lstrip("0") or "0", *filter(None, (year, sign.strip("-/")))]
    return "/".join(parts)[:MAX_WORD]


def fold_number(text: str) -> str:
    return "".join(
        c
        for c in unicodedata.normalize("NFD", normalise(text).casefold().translate(_LETTERS))
        if unicodedata.category(c) != "Mn"
    )


def scan(text: str) -> Iterator[Token]:
    """Every token of a text, in order, with its place in the text as given."""
    for match in _SCANNER.finditer(text):
        piece = match.group()
        if match.lastgroup == "code":
            yield Token(match.start(), match.end(), piece, canonical_code(piece), Kind.CODE)
        elif match.lastgroup == "number":
            yield Token(match.start(), match.end(), piece, canonical_number(piece), Kind.NUMBER)
        elif term := fold(piece):
            yield Token(match.start(), match.end(), piece, term, Kind.WORD)


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


def analyse(text: str) -> Analysed:
    """What the index holds of a document's text."""
    found = Analysed()
    terms: list[str] = []
    previous = ""
    for token in scan(text):
        terms.append(token.term)
        if token.kind is Kind.WORD:
            found.words.append(token.term)
            if previous:
                found.pairs.append(pair(previous, token.term))
            if has_marks(token.text):
                found.accents.append(accented(token.text))
            previous = token.term
        else:
            whole = [token.term] if token.kind is Kind.CODE else number_refs(token.term)
            found.refs.extend(whole)
            previous = ""
        found.refs.extend(named_refs(terms, len(terms) - 1, token.term)[0])
    return found


def pair(first: str, second: str) -> str:
    """The shingle of two neighbouring syllables, most of what a Vietnamese word is."""
    return f"{first} {second}"


# Words that carry no subject of their own. They count a little, never decide, never exclude.
_STOP_ACCENTED = """
cho của đối với trong theo thủ tục cần gì xin muốn làm về và các những là thì ở tôi em mình ai
được có không như thế nào đâu bao lâu nhiêu phải để từ khi tại bị này kia ạ ơi với nhé hỏi
""".split()
_STOP_PLAIN = frozenset("cho cua doi voi theo thu tuc gi xin muon ve va cac nhung thi toi".split())
_STOP_MARKED = frozenset(accented(word) for word in _STOP_ACCENTED)


def is_stop_word(word: str) -> bool:
    """`word` as typed: with its marks `cần` is a stop word, without them `can` may be `cán`."""
    return accented(word) in _STOP_MARKED if has_marks(word) else fold(word) in _STOP_PLAIN
