"""One state of the index, as arrays: what ranking and filtering work on.

Postings come from immutable segments; here they are turned into impacts (BM25, field by field,
times the field's weight) and kept for the next query that has the same word. A new state of the
index is a new snapshot over mostly the same segments.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from portal.search import segment as seg
from portal.search.cache import BoundedCache
from portal.search.engine import DocumentId
from portal.search.lexicon import Lexicon
from portal.search.ranking import Impacts
from portal.search.segment import FacetColumn, Mask, Reals, Record, SegmentView

K1 = 1.2

# (weight, b) of every field a term is looked up in; b says how much a long field dilutes it.
TERM_FIELDS: Mapping[str, tuple[float, float]] = {
    seg.TITLE: (1.0, 0.4),
    seg.KEYWORDS: (0.6, 0.4),
    seg.BODY: (0.15, 0.75),
    seg.CODE: (20.0, 0.0),
    seg.FORMER: (10.0, 0.0),
    seg.REFS: (3.0, 0.0),
    seg.MENTIONS: (1.0, 0.0),
}
PAIR_FIELDS: Mapping[str, tuple[float, float]] = {seg.PAIRS: (0.5, 0.0)}
ACCENT_FIELDS: Mapping[str, tuple[float, float]] = {seg.ACCENTS: (0.15, 0.0)}

MAX_IMPACTS = 1_500_000


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, the number of its first document, and which of them are deleted."""

    view: SegmentView
    base: int
    deleted: Collection[int]


class Snapshot:
    """`ranking.TermSource` over the parts of one state; `words` is the vocabulary of it."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.words = Lexicon([part.view for part in parts])
        self._impacts: BoundedCache[tuple[str, str], Impacts] = BoundedCache(MAX_IMPACTS)
        self._facets: dict[str, FacetColumn] = {}

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

    def number(self, key: DocumentId) -> int | None:
        """The number of a document, None if it is not in the index."""
        for part in self.parts:
            doc = part.view.numbers.get(key)
            if doc is not None and self.alive[part.base + doc]:
                return part.base + doc
        return None

    @cached_property
    def boosts(self) -> Reals:
        return self._join([part.view.boosts for part in self.parts])

    @cached_property
    def updated(self) -> Reals:
        return self._join([part.view.updated for part in self.parts])

    @cached_property
    def title_lengths(self) -> Reals:
        return self._join([part.view.lengths[:, 0] for part in self.parts])

    @staticmethod
    def _join(columns: Sequence[np.typing.NDArray[np.generic]]) -> Reals:
        return np.concatenate([np.empty(0), *columns]).astype(np.float64)

    # What ranking asks.

    @property
    def size(self) -> int:
        return len(self.records)

    def term(self, term: str) -> Impacts:
        return self._cached("term", term, TERM_FIELDS)

    def pair(self, term: str) -> Impacts:
        return self._cached("pair", term, PAIR_FIELDS)

    def accent(self, term: str) -> Impacts:
        return self._cached("accent", term, ACCENT_FIELDS)

    def idf(self, documents: int) -> float:
        return math.log(1 + (self.count - documents + 0.5) / (documents + 0.5))

    def _cached(self, group: str, term: str, fields: Mapping[str, tuple[float, float]]) -> Impacts:
        found = self._impacts.get((group, term))
        if found is None:
            found = self._compute(term, fields)
            self._impacts.put((group, term), found, len(found.docs))
        return found

    def _compute(self, term: str, fields: Mapping[str, tuple[float, float]]) -> Impacts:
        gains = np.zeros(self.size)
        for part in self.parts:
            for name, (weight, b) in fields.items():
                docs, often = part.view.postings(name, term)
                if len(docs):
                    docs = docs + part.base
                    norm = self._norms[name][docs] if b else 1.0
                    gains[docs] += weight * often * (K1 + 1) / (often + K1 * norm)
        gains *= self.alive
        docs = np.flatnonzero(gains).astype(np.int32)
        idf = self.idf(len(docs))
        return Impacts(docs, (gains[docs] * idf).astype(np.float32), idf)

    @cached_property
    def _norms(self) -> dict[str, Reals]:
        """By field, how much each document's length dilutes a term in it."""
        norms = {}
        for column, name in enumerate(seg.LENGTH_FIELDS):
            lengths = self._join([part.view.lengths[:, column] for part in self.parts])
            average = max(float(lengths[self.alive].sum()) / max(self.count, 1), 1.0)
            b = TERM_FIELDS[name][1]
            norms[name] = 1 - b + b * lengths / average
        return norms

    # What filtering asks.

    @cached_property
    def facet_names(self) -> Sequence[str]:
        return sorted(frozenset({seg.KIND}.union(*(p.view.facet_names for p in self.parts))))

    def facet(self, name: str) -> FacetColumn:
        if name not in self._facets:
            codes: dict[str, int] = {}
            docs, values = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
            for part in self.parts:
                column = part.view.facet(name)
                here = [codes.setdefault(value, len(codes)) for value in column.values]
                docs.append(column.docs + part.base)
                values.append(np.array(here, np.int32)[column.codes])
            joined = np.concatenate(docs).astype(np.int32), np.concatenate(values).astype(np.int32)
            self._facets[name] = FacetColumn(*joined, list(codes))
        return self._facets[name]
