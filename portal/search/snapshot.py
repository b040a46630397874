"""One state of the index, held in memory as far as queries need it.

Postings come from immutable segments; here they are turned into impacts (BM25, field by field,
times the field's weight) and kept for the next query that has the same word. A new state of the
index is a new snapshot over mostly the same segments.
"""

import math
from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from portal.search import spelling
from portal.search.analysis import fold
from portal.search.engine import DocumentId
from portal.search.ranking import Impacts

K1 = 1.2

# (weight, b, scored by length?) of every field a term is looked up in.
TITLE, KEYWORDS, BODY = "title", "keywords", "body"
CODE, FORMER, REFS, MENTIONS = "code", "former", "refs", "mentions"
PAIRS, ACCENTS = "pairs", "accents"
LENGTH_FIELDS = (TITLE, KEYWORDS, BODY)
TERM_FIELDS: dict[str, tuple[float, float]] = {
    TITLE: (1.0, 0.4),
    KEYWORDS: (0.6, 0.4),
    BODY: (0.15, 0.75),
    CODE: (20.0, 0.0),
    FORMER: (10.0, 0.0),
    REFS: (3.0, 0.0),
    MENTIONS: (1.0, 0.0),
}
PAIR_FIELDS: dict[str, tuple[float, float]] = {PAIRS: (0.5, 0.0)}
ACCENT_FIELDS: dict[str, tuple[float, float]] = {ACCENTS: (0.15, 0.0)}

MAX_CACHED_POSTINGS = 300_000

Postings = Sequence[tuple[int, float]]
"""(document of the segment, frequency)."""


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


class Segment(Protocol):
    """An immutable part of an index, with documents 0..len(records)-1."""

    @property
    def records(self) -> Sequence[Record]: ...

    def postings(self, field_name: str, term: str) -> Postings: ...

    def frequency(self, field_name: str, term: str) -> int: ...

    def lexicon(self, field_name: str) -> dict[str, int]: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, where its documents begin, and which of them are deleted."""

    segment: Segment
    base: int
    deleted: frozenset[int]


@dataclass
class Snapshot:
    """TermSource for ranking and Vocabulary for query building, over the parts of one state."""

    parts: Sequence[Part]
    _cache: "OrderedDict[tuple[str, str], dict[int, float]]" = field(default_factory=OrderedDict)
    _cached: int = 0

    @cached_property
    def records(self) -> dict[int, Record]:
        return {
            part.base + doc: record
            for part in self.parts
            for doc, record in enumerate(part.segment.records)
            if doc not in part.deleted
        }

    @cached_property
    def numbers(self) -> dict[DocumentId, int]:
        """The number of every document."""
        return {(record.kind, record.key): doc for doc, record in self.records.items()}

    @cached_property
    def boosts(self) -> list[float]:
        return [record.boost for part in self.parts for record in part.segment.records]

    @cached_property
    def title_lengths(self) -> list[int]:
        return [record.lengths[0] for part in self.parts for record in part.segment.records]

    @cached_property
    def _average_lengths(self) -> dict[str, float]:
        count = max(len(self.records), 1)
        totals = [0] * len(LENGTH_FIELDS)
        for record in self.records.values():
            for i, length in enumerate(record.lengths):
                totals[i] += length
        return {
            name: max(total / count, 1.0) for name, total in zip(LENGTH_FIELDS, totals, strict=True)
        }

    # What ranking asks.

    def term(self, term: str) -> Impacts:
        return self._impacts("term", term, TERM_FIELDS)

    def pair(self, term: str) -> Impacts:
        return self._impacts("pair", term, PAIR_FIELDS)

    def accent(self, term: str) -> Impacts:
        return self._impacts("accent", term, ACCENT_FIELDS)

    def idf(self, term: str) -> float:
        return self._idf(len(self.term(term)))

    def _idf(self, documents: int) -> float:
        return math.log(1 + (len(self.records) - documents + 0.5) / (documents + 0.5))

    def _impacts(
        self, group: str, term: str, fields: dict[str, tuple[float, float]]
    ) -> dict[int, float]:
        key = (group, term)
        found = self._cache.get(key)
        if found is None:
            found = self._compute(term, fields)
            self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, str], impacts: dict[int, float]) -> None:
        self._cache[key] = impacts
        self._cached += len(impacts) + 1
        while self._cached > MAX_CACHED_POSTINGS and len(self._cache) > 1:
            try:
                _, dropped = self._cache.popitem(last=False)
            except KeyError:  # another thread was faster
                return
            self._cached -= len(dropped) + 1

    def _compute(self, term: str, fields: dict[str, tuple[float, float]]) -> dict[int, float]:
        impacts: dict[int, float] = {}
        for part in self.parts:
            for name, (weight, b) in fields.items():
                for doc, frequency in part.segment.postings(name, term):
                    if doc not in part.deleted:
                        norm = self._norm(part.segment.records[doc], name, b)
                        gain = weight * frequency * (K1 + 1) / (frequency + K1 * norm)
                        impacts[part.base + doc] = impacts.get(part.base + doc, 0.0) + gain
        idf = self._idf(len(impacts))
        return {doc: gain * idf for doc, gain in impacts.items()}

    def _norm(self, record: Record, name: str, b: float) -> float:
        if not b:
            return 1.0
        length = record.lengths[LENGTH_FIELDS.index(name)]
        return 1 - b + b * length / self._average_lengths[name]

    # What query building asks.

    def frequency(self, word: str) -> int:
        return self._words.get(word, 0)

    def pair_frequency(self, first: str, second: str) -> int:
        return self._frequency(PAIRS, f"{first} {second}")

    def has_ref(self, term: str) -> bool:
        if term in self._codes_set:
            return True
        return any(self._frequency(name, term) for name in (REFS, MENTIONS))

    def codes_like(self, digits: str, limit: int) -> Sequence[str]:
        ends = [code for plain, code in self._codes if plain.endswith(digits)]
        start = bisect_left(self._codes, (digits, ""))
        begins = []
        for plain, code in self._codes[start : start + limit]:
            if not plain.startswith(digits):
                break
            begins.append(code)
        return list(dict.fromkeys([*begins, *ends]))[:limit]

    def spelling(self, word: str) -> str:
        return self._spellings.get(word, word)

    def words_from(self, prefix: str, limit: int) -> list[str]:
        """The most frequent syllables of titles that begin so."""
        start = bisect_left(self._title_words, prefix)
        found = []
        for word in self._title_words[start:]:
            if not word.startswith(prefix):
                break
            found.append(word)
        return sorted(found, key=lambda word: (-self.frequency(word), word))[:limit]

    def _frequency(self, name: str, term: str) -> int:
        return sum(part.segment.frequency(name, term) for part in self.parts)

    def _lexicon(self, names: Iterable[str]) -> Counter[str]:
        total: Counter[str] = Counter()
        for part in self.parts:
            for name in names:
                total.update(part.segment.lexicon(name))
        return total

    @cached_property
    def _words(self) -> Counter[str]:
        return self._lexicon((TITLE, KEYWORDS, BODY))

    @cached_property
    def _title_words(self) -> list[str]:
        return sorted(self._lexicon((TITLE, KEYWORDS)))

    @cached_property
    def _codes(self) -> list[tuple[str, str]]:
        return sorted((code.replace(".", ""), code) for code in self._codes_set)

    @cached_property
    def _codes_set(self) -> frozenset[str]:
        return frozenset(self._lexicon((CODE, FORMER)))

    @cached_property
    def _spellings(self) -> dict[str, str]:
        best: dict[str, tuple[int, str]] = {}
        for form, count in self._lexicon((ACCENTS,)).items():
            word = fold(spelling.spell(form))
            best[word] = max(best.get(word, (0, "")), (count, form))
        return {
            word: spelling.spell(form)
            for word, (count, form) in best.items()
            if 2 * count >= self._titles.get(word, 0)
        }

    @cached_property
    def _titles(self) -> Counter[str]:
        return self._lexicon((TITLE,))
