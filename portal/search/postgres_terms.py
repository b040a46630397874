"""Terms as lexemes of PostgreSQL: one word of a `tsvector` says field, term and how often.

`t/giay` stands in a title once, `b3/giay` three times in a body. So a GIN index alone, without a
look at any document, tells everything that ranking asks of a term. Terms come from `documents`,
folded by our own rules: the configurations of PostgreSQL ('simple', `unaccent`) know neither đ
nor hoà = hòa nor codes, and a query must be cut exactly as documents were.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from portal.search import segment as seg
from portal.search.analysis import fold
from portal.search.spelling import spell

LETTERS = {
    seg.TITLE: "t",
    seg.KEYWORDS: "k",
    seg.BODY: "b",
    seg.CODE: "c",
    seg.FORMER: "f",
    seg.REFS: "r",
    seg.MENTIONS: "m",
    seg.PAIRS: "p",
    seg.ACCENTS: "a",
}
FIELDS = {letter: field for field, letter in LETTERS.items()}

WORD_LETTERS = [LETTERS[field] for field in (seg.TITLE, seg.KEYWORDS, seg.BODY)]
NAME_LETTERS = [LETTERS[field] for field in (seg.TITLE, seg.KEYWORDS)]
CODE_LETTERS = [LETTERS[field] for field in (seg.CODE, seg.FORMER)]
REF_LETTERS = [*CODE_LETTERS, LETTERS[seg.REFS], LETTERS[seg.MENTIONS]]

MOST = 32_767
"""A term that stands more often in a document counts as this often: what a smallint holds."""


class Lexeme(NamedTuple):
    """A term of a field, standing so often in a document."""

    letter: str
    term: str
    often: int

    @property
    def text(self) -> str:
        return f"{self.letter}{self.often if self.often > 1 else ''}/{self.term}"


def lexeme(text: str) -> Lexeme:
    """The lexeme that is written so."""
    head, _, term = text.partition("/")
    return Lexeme(head[0], term, int(head[1:] or 1))


def stored(field: str, term: str) -> str:
    """How a term of a field is stored. Forms with marks begin with the folded word, so that all
    spellings of a word stand together."""
    return f"{fold(spell(term))}/{term}" if field == seg.ACCENTS else term


def original(field: str, term: str) -> str:
    """The opposite of `stored`."""
    return term.partition("/")[2] if field == seg.ACCENTS else term


def lexemes(terms: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """A document's terms, by field, as texts of lexemes."""
    for field, counted in terms.items():
        for term, often in counted.items():
            yield Lexeme(LETTERS[field], stored(field, term), min(often, MOST)).text


def vector(texts: Iterable[str]) -> str:
    """Lexemes in the input form of a `tsvector`."""
    return " ".join("'" + text.replace("\\", "\\\\").replace("'", "''") + "'" for text in texts)
