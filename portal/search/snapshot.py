"""One state of the index, as arrays: what ranking and filtering work on.

Postings come from immutable segments; here they are turned into impacts (BM25, field by field,
times the field's weight) and kept for the next query that has the same word. A new state of the
index is a new snapshot over mostly the same segments.
"""

import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from portal.search import segment as seg
from portal.search.cache import BoundedCache
from portal.search.engine import DocumentId
from portal.search.impacts import ALL, DENSE, Impacts, PhraseImpacts, Places, Sums, compact
from portal.search.lexicon import Words
from portal.search.plan import Plan
from portal.search.postings import Numbers, Weights
from portal.search.segment import Columns, FacetColumn, Mask, Record

K1 = 1.2

# (weight, b) of every field a term is looked up in; b says how much a long field dilutes it.
Fields = Mapping[str, tuple[float, float]]
TERM_FIELDS: Fields = {
    seg.TITLE: (1.0, 0.4),
    seg.KEYWORDS: (0.6, 0.4),
    seg.BODY: (0.15, 0.75),
}
REF_FIELDS: Fields = {
    seg.CODE: (20.0, 0.0),
    seg.FORMER: (10.0, 0.0),
    seg.REFS: (3.0, 0.0),
    seg.MENTIONS: (1.0, 0.0),
}
ALL_FIELDS: Fields = {**TERM_FIELDS, **REF_FIELDS}
PAIR_FIELDS: Fields = {seg.PAIRS: (0.5, 0.0)}
ACCENT_FIELDS: Fields = {seg.ACCENTS: (0.15, 0.0)}
STRONG_GAIN = 0.6
"""A term counts as wholly covered by a document that it gains this much in (before idf): one
mention in a title does, one in the body covers a part."""
PHRASE_LEAST = 0.25
"""A document that lacks words of a phrase and has less of it is as good as without it."""

MAX_IMPACTS, MAX_PHRASES = 20_000_000, 8_000_000
"""Bytes that a process keeps, and a further part for each document: the same frequent words have
longer columns in a greater index."""
IMPACTS_EACH, PHRASES_EACH = 1_600, 400
WARM_WORDS = 400


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, the number of its first document, and which of them are deleted."""

    view: Columns
    base: int
    deleted: Collection[int]


class Snapshot:
    """`ranking.TermSource` over the parts of one state; `words` is the vocabulary of it."""

    def __init__(self, parts: Sequence[Part], words: Words) -> None:
        self.parts = parts
        self.words = words
        size = sum(len(part.view.records) for part in parts)
        self._impacts: BoundedCache[tuple[str, str], Impacts] = BoundedCache(
            MAX_IMPACTS + IMPACTS_EACH * size
        )
        self._phrases: BoundedCache[tuple[str, ...], PhraseImpacts] = BoundedCache(
            MAX_PHRASES + PHRASES_EACH * size
        )
        self._facets: dict[str, FacetColumn] = {}
        self._warm = False

    @cached_property
    def records(self) -> Sequence[Record]:
        """Of every document by its number, deleted ones too."""
        return [record for part in self.parts for record in part.view.records]

    @cached_property
    def alive(self) -> Mask:
        mask = np.ones(len(self.records), np.bool_)
        for part in self.parts:
            mask[[part.base + doc for doc in part.deleted]] = False
        return mask

    @cached_property
    def count(self) -> int:
        return int(self.alive.sum())

    @cached_property
    def alive_all(self) -> bool:
        return self.count == len(self.records)

    def number(self, key: DocumentId) -> int | None:
        """The number of a document, None if it is not in the index."""
        for part in self.parts:
            doc = part.view.numbers.get(key)
            if doc is not None and self.alive[part.base + doc]:
                return part.base + doc
        return None

    @cached_property
    def boosts(self) -> Weights:
        return self._join([part.view.boosts for part in self.parts])

    @cached_property
    def updated(self) -> npt.NDArray[np.float64]:
        return np.concatenate([np.empty(0), *(part.view.updated for part in self.parts)])

    @cached_property
    def title_lengths(self) -> Weights:
        return self._join([part.view.lengths[:, 0] for part in self.parts])

    @staticmethod
    def _join(columns: Sequence[npt.NDArray[np.generic]]) -> Weights:
        return np.concatenate([np.empty(0, np.float32), *columns]).astype(np.float32)

    def warm(self) -> None:
        """Make what the first queries would wait for: columns, word lists, frequent words."""
        if self._warm:
            return
        self._warm = True
        for name in self.facet_names:
            self.facet(name)
        for word in self.words.most_frequent(WARM_WORDS):
            self.term(word)
        self.words.spelling("")

    # What ranking asks.

    def expect(self, plan: Plan) -> None:
        """A chance to fetch at once whatever ranking will ask for this plan."""

    @property
    def size(self) -> int:
        return len(self.records)

    def term(self, term: str) -> Impacts:
        fields = TERM_FIELDS if term.isalpha() else ALL_FIELDS
        return self._single("term", term, fields)

    def pair(self, term: str) -> Impacts:
        return self._single("pair", term, PAIR_FIELDS)

    def accent(self, term: str) -> Impacts:
        return self._single("accent", term, ACCENT_FIELDS)

    def phrase(self, terms: tuple[str, ...]) -> PhraseImpacts:
        found = self._phrases.get(terms)
        if found is None:
            found = self._phrase(terms)
            self._phrases.put(terms, found, found.nbytes)
        return found

    def idf(self, documents: int) -> float:
        return math.log(1 + (self.count - documents + 0.5) / (documents + 0.5))

    def _single(self, group: str, term: str, fields: Fields) -> Impacts:
        found = self._impacts.get((group, term))
        if found is None:
            found = self._compute(term, fields)
            self._impacts.put((group, term), found, found.nbytes)
        return found

    def _compute(self, term: str, fields: Fields) -> Impacts:
        pieces = [
            (docs + np.int32(part.base), self._gains(name, fields, docs + part.base, often))
            for part in self.parts
            for name in fields
            for docs, often in [part.view.segment.postings(name, term)]
            if len(docs)
        ]
        if len(pieces) == 1 and self.alive_all:
            docs, gains = pieces[0]
        else:
            column = np.zeros(self.size, np.float32)
            for docs, gains in pieces:
                column[docs] += gains
            column *= self.alive
            docs = np.flatnonzero(column).astype(np.int32)
            gains = column[docs]
        return compact(self.size, docs, gains, self.idf(len(docs)), STRONG_GAIN)

    def _gains(self, name: str, fields: Fields, docs: Numbers, often: Weights) -> Weights:
        weight, b = fields[name]
        norm = self._norms[name][docs] if b else np.float32(1)
        gains = np.float32(weight * (K1 + 1)) * often / (often + np.float32(K1) * norm)
        return gains.astype(np.float32, copy=False)

    def _phrase(self, terms: tuple[str, ...]) -> PhraseImpacts:
        """The words of a phrase and their pairs, worth much less when words are missing."""
        impacts = [self.term(term) for term in terms]
        total = sum(each.idf for each in impacts)
        sums = Sums(self.size)
        for each in impacts:
            each.add_to(sums, each.idf / total)
        for first, second in itertools.pairwise(terms):
            self.pair(f"{first} {second}").raise_scores(sums.scores)
        whole = sums.met >= len(terms)
        found = np.flatnonzero(whole | (sums.covered >= PHRASE_LEAST))
        docs: Places | slice = ALL if len(found) * DENSE >= self.size else found
        covered = sums.covered[docs]
        return PhraseImpacts(
            docs, sums.scores[docs] * covered * covered, covered, whole[docs], total
        )

    @cached_property
    def _norms(self) -> dict[str, Weights]:
        """By field, how much each document's length dilutes a term in it."""
        norms = {}
        for column, name in enumerate(seg.LENGTH_FIELDS):
            lengths = self._join([part.view.lengths[:, column] for part in self.parts])
            average = max(float(lengths[self.alive].sum()) / max(self.count, 1), 1.0)
            b = TERM_FIELDS[name][1]
            norms[name] = (1 - b + b * lengths / average).astype(np.float32)
        return norms

    # What filtering asks.

    @cached_property
    def facet_names(self) -> Sequence[str]:
        return sorted(frozenset({seg.KIND}.union(*(p.view.facet_names for p in self.parts))))

    def facet(self, name: str) -> FacetColumn:
        if name not in self._facets:
            sets: dict[tuple[str, ...], int] = {}
            codes = [np.empty(0, np.int32)]
            for part in self.parts:
                column = part.view.facet(name)
                here = [sets.setdefault(values, len(sets)) for values in column.sets]
                codes.append(np.array(here, np.int32)[column.codes])
            self._facets[name] = FacetColumn(np.concatenate(codes), list(sets))
        return self._facets[name]
