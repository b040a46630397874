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
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from portal.core import text
from portal.search.citations import (
    DASHES,
    LONGEST_NAME,
    canonical_code,
    canonical_number,
    named_refs,
    number_refs,
)

# Whoever changes what a term looks like, or adds a filter, raises this: an index built by other
# rules (or written by other modules) is built anew.
ANALYSIS_VERSION = 6

MAX_WORD = 40
"""Longer runs of letters are junk (a link, a key); they are cut so that a term stays short."""


class Kind(StrEnum):
    WORD = "word"
    CODE = "code"
    NUMBER = "number"


class Token(NamedTuple):
    """The characters of the original from `start` to `end`, and the term they stand for."""

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
_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_MARKS = "\u0300-\u036f"

_SIGN = "A-Za-zĐđÐð"
"""Letters of a document's sign: no others are in use."""

_CODE_OR_NUMBER = rf"""
    (?P<code>
        (?<![\w.,/]) \d (?:[.,]\s?)? \d{{6}}
        (?: \. (?:\d{{3}}\.\d{{2}}\.\d{{2}}\.)? [Hh]\d{{2}} )?
        (?![\w/]) (?![.,]\d)
    )
  | (?P<number>
        (?<![\w/]) \d{{1,5}} \s?/\s? (?:(?:19|20)\d{{2}} (?:\s?[/{DASHES}]\s?)? )?
        [{_SIGN}]{{2,}} \d{{0,2}} (?: \s?[{DASHES}]\s?[{_SIGN}]{{2,}}\d{{0,2}} ){{0,4}}
        (?![\w/{_MARKS}])
      | (?<![\w/]) \d{{1,5}} / (?:19|20)\d{{2}} (?![\w/{_MARKS}])
    )
"""
_L, _M = r"[^\W_]", f"[{_MARKS}{_INVISIBLE}]"
_WORD = rf"(?: {_L}+ (?:{_M}+{_L}+)* {_M}* | {_M}+ (?:{_L}+{_M}+)* {_L}* )"
"""Letters, digits and marks; written so that no text makes the pattern try twice."""

# Most of a text is words that begin with a letter; they are tried first.
_SCANNER = re.compile(
    rf"(?P<word> (?!\d) {_WORD} ) | {_CODE_OR_NUMBER} | (?P<rest> {_WORD} )", re.VERBOSE
)
# A stretch without digits, up to the word that a digit stands in: nothing in it but words.
_STRETCHES = re.compile(
    rf"""
    (?P<stretch> \D+ (?: \Z | (?<= [\W_] ) (?<! {_M} ) ) )
  | (?P<word> (?!\d) {_WORD} ) | {_CODE_OR_NUMBER} | (?P<rest> {_WORD} )
    """,
    re.VERBOSE,
)
_WORDS = re.compile(_WORD, re.VERBOSE)
_REFS = re.compile(_CODE_OR_NUMBER, re.VERBOSE)
_INVISIBLE_RE = re.compile(f"[{_INVISIBLE}]")
_NOT_WORD = re.compile(r"[\W_]+")
_FINAL_Y = re.compile(r"^(qu|[bcdđghklmnprstvx]{1,3})y$")


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The term of a syllable: `text.fold`, nothing but word characters, final y as i."""
    return _FINAL_Y.sub(r"\1i", _NOT_WORD.sub("", text.fold(word)))[:MAX_WORD]


_TONES = {"\u0300": "2", "\u0301": "1", "\u0303": "4", "\u0309": "3", "\u0323": "5"}


@lru_cache(maxsize=65536)
def accented(word: str) -> str:
    """The word with its marks, the tone as a digit at the end: hoà and hòa are both `hoa2`."""
    letters, tone = [], ""
    for char in unicodedata.normalize("NFD", text.nfc(_INVISIBLE_RE.sub("", word)).lower()):
        if char in _TONES:
            tone = _TONES[char]
        else:
            letters.append(char)
    plain = unicodedata.normalize("NFC", "".join(letters))
    return (_FINAL_Y.sub(r"\1i", plain) + tone)[:MAX_WORD]


def has_marks(word: str) -> bool:
    """Whether the writer typed diacritics in this word (and so meant them)."""
    return accented(word) != fold(word)


def scan(original: str) -> Iterator[Token]:
    """Every token of a text, in order, with its place in the text as given."""
    for match in _SCANNER.finditer(original):
        if token := _token(match):
            yield token


def _token(match: re.Match[str]) -> Token | None:
    piece = match.group()
    if match.lastgroup == "code":
        return Token(match.start(), match.end(), piece, canonical_code(piece), Kind.CODE)
    if match.lastgroup == "number":
        return Token(match.start(), match.end(), piece, canonical_number(piece), Kind.NUMBER)
    term = fold(piece)
    return Token(match.start(), match.end(), piece, term, Kind.WORD) if term else None


def analyse(original: str) -> Analysed:
    """What the index holds of a name or a phrase."""
    found = Analysed()
    tokens = list(scan(original))
    terms = [token.term for token in tokens]
    previous = ""
    for position, token in enumerate(tokens):
        if token.kind is Kind.WORD:
            found.words.append(token.term)
            if previous:
                found.pairs.append(pair(previous, token.term))
            if has_marks(token.text):
                found.accents.append(accented(token.text))
            previous = token.term
        else:
            previous = ""
        found.refs.extend(_refs(token, terms, position))
    return found


def _refs(token: Token, terms: Sequence[str], position: int) -> Iterator[str]:
    """The codes and document numbers that a token stands for, with the words before it."""
    if token.kind is Kind.CODE:
        yield token.term
    elif token.kind is Kind.NUMBER:
        yield from number_refs(token.term)
    if not token.term.isalpha():
        yield from named_refs(terms, position, token.term)[0]


def count(original: str) -> tuple[Counter[str], list[str]]:
    """The words of a long text with their numbers, and its refs: as `analyse`, many times faster,
    because stretches without digits are cut and folded at once."""
    words: Counter[str] = Counter()
    refs: list[str] = []
    before: list[str] = []
    for match in _STRETCHES.finditer(original):
        if match.lastgroup == "stretch":
            terms = [term for term in map(fold, _WORDS.findall(match.group())) if term]
            words.update(terms)
            before = terms[-LONGEST_NAME:] if len(terms) >= LONGEST_NAME else before + terms
        elif token := _token(match):
            before = [*before[-LONGEST_NAME:], token.term]
            if token.kind is Kind.WORD:
                words[token.term] += 1
            refs.extend(_refs(token, before, len(before) - 1))
    return words, refs


def word_places(original: str) -> Iterator[tuple[int, int, str]]:
    """Where each word begins and ends, and its term; codes and numbers are not told from words."""
    for match in _WORDS.finditer(original):
        if term := fold(match.group()):
            yield match.start(), match.end(), term


def codes_and_numbers(original: str) -> Iterator[Token]:
    """The tokens of a text that are no words."""
    for match in _REFS.finditer(original):
        if token := _token(match):
            yield token


def pair(first: str, second: str) -> str:
    """The shingle of two neighbouring syllables, most of what a Vietnamese word is."""
    return f"{first} {second}"


# Words that carry no subject of their own. They count a little, never decide, never exclude.
_STOP_WITH_MARKS = """
cho của đối với trong theo thủ tục cần gì xin muốn làm về và các những là thì ở tôi em mình ai
được có không như thế nào đâu bao lâu nhiêu phải để từ khi tại bị này kia ạ ơi nhé hỏi
đang đã sẽ rồi cũng nên mà nữa vậy sao nếu hay anh chị ông bà
"""
_STOP_WITHOUT = "cho cua doi voi theo thu tuc gi xin muon ve va cac nhung thi toi"
_STOP_ACCENTED = frozenset(map(accented, _STOP_WITH_MARKS.split()))
_STOP_FOLDED = frozenset(_STOP_WITHOUT.split())


def is_stop_word(word: str) -> bool:
    """`word` as typed: with its marks `cần` is a stop word, without them `can` may be `cán`."""
    return accented(word) in _STOP_ACCENTED if has_marks(word) else fold(word) in _STOP_FOLDED
