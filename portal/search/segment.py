"""Immutable parts of an index, and what a process keeps of each in memory.

Engines implement `Segment`, or `Documents` alone where another place keeps the words. `Columns` and
`SegmentView` derive columns and word lists from it, once, and live as long as the segment: a commit
that adds one document makes one new small view.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from portal.search.analysis import fold
from portal.search.engine import DocumentId
from portal.search.postings import Numbers, Postings, Weights
from portal.search.spelling import spell

TITLE, KEYWORDS, BODY = "title", "keywords", "body"
CODE, FORMER, REFS, MENTIONS = "code", "former", "refs", "mentions"
PAIRS, ACCENTS = "pairs", "accents"
FIELDS = (TITLE, KEYWORDS, BODY, CODE, FORMER, REFS, MENTIONS, PAIRS, ACCENTS)
LENGTH_FIELDS = (TITLE, KEYWORDS, BODY)
KIND = "kind"

Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Record:
    """What is kept of each document, beside its postings."""

    kind: str
    key: str
    digest: str
    boost: float
    updated: float
    facets: dict[str, list[str]]
    title: str
    code: str
    url: str
    lengths: tuple[int, ...]

    def values(self, facet: str) -> Sequence[str]:
        return (self.kind,) if facet == KIND else self.facets.get(facet, ())


class Documents(Protocol):
    """Documents 0..len(records)-1, never changed."""

    @property
    def records(self) -> Sequence[Record]: ...

    def postings(self, field: str, term: str) -> Postings: ...


class Segment(Documents, Protocol):
    """Documents with the words that stand in them."""

    def frequency(self, field: str, term: str) -> int: ...

    def lexicon(self, field: str) -> dict[str, int]:
        """Every term of a field, in order, with the number of its documents."""


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """The values of a facet: document `d` has all of `sets[codes[d]]`. Few sets are in use, so
    filtering and counting look at one number a document, however many values it has."""

    codes: Numbers
    sets: Sequence[tuple[str, ...]]


class Columns:
    """A segment with its columns, made when first asked for."""

    def __init__(self, segment: Documents) -> None:
        self.segment = segment
        self.records = segment.records
        self._facets: dict[str, FacetColumn] = {}

    @cached_property
    def numbers(self) -> dict[DocumentId, int]:
        return {(record.kind, record.key): doc for doc, record in enumerate(self.records)}

    @cached_property
    def boosts(self) -> Weights:
        return np.array([record.boost for record in self.records], np.float32)

    @cached_property
    def updated(self) -> npt.NDArray[np.float64]:
        return np.array([record.updated for record in self.records], np.float64)

    @cached_property
    def lengths(self) -> npt.NDArray[np.int32]:
        """One row a document, one column for each of LENGTH_FIELDS."""
        rows = [record.lengths for record in self.records]
        return np.array(rows, np.int32).reshape(len(rows), len(LENGTH_FIELDS))

    @cached_property
    def facet_names(self) -> frozenset[str]:
        return frozenset({KIND}.union(*(record.facets for record in self.records)))

    def facet(self, name: str) -> FacetColumn:
        if name not in self._facets:
            sets: dict[tuple[str, ...], int] = {}
            codes = [
                sets.setdefault(tuple(dict.fromkeys(record.values(name))), len(sets))
                for record in self.records
            ]
            self._facets[name] = FacetColumn(np.array(codes, np.int32), list(sets))
        return self._facets[name]


class SegmentView(Columns):
    """A segment with its columns and word lists."""

    segment: Segment

    def __init__(self, segment: Segment) -> None:
        super().__init__(segment)

    @cached_property
    def words(self) -> Counter[str]:
        return self._count((TITLE, KEYWORDS, BODY))

    @cached_property
    def title_words(self) -> Sequence[str]:
        return sorted(self._count((TITLE, KEYWORDS)))

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(self._count((CODE, FORMER)))

    @cached_property
    def plain_codes(self) -> Sequence[str]:
        """The digits of all codes, in order."""
        return sorted(code.replace(".", "") for code in self.codes)

    @cached_property
    def backward_codes(self) -> Sequence[str]:
        """The digits of all codes from right to left, in order: to find codes by their end."""
        return sorted(plain[::-1] for plain in self.plain_codes)

    @cached_property
    def spellings(self) -> dict[str, Counter[str]]:
        """How titles write each folded word; the folded form counts where it stands without."""
        found: dict[str, Counter[str]] = {}
        for word, count in self.segment.lexicon(TITLE).items():
            found[word] = Counter({word: count})
        for form, count in self.segment.lexicon(ACCENTS).items():
            written = spell(form)
            forms = found.setdefault(fold(written), Counter())
            forms[written] += count
            forms[fold(written)] -= count
        return found

    def _count(self, fields: Iterable[str]) -> Counter[str]:
        total: Counter[str] = Counter()
        for field in fields:
            total.update(self.segment.lexicon(field))
        return total


def starting_with(ordered: Sequence[str], prefix: str) -> Iterable[str]:
    """The strings of an ordered list that begin with a prefix."""
    for word in ordered[bisect_left(ordered, prefix) :]:
        if not word.startswith(prefix):
            return
        yield word
