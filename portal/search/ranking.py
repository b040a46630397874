"""Which documents answer a plan, best first.

Works on impacts (what a term is worth in each document) that the engine keeps in memory; knows
nothing of files. A document's score is the sum of its best alternative for every slot, with bonuses
for neighbouring syllables and typed diacritics, times the share of the query that it covers, times
its own boost. So documents with every word come first, and one missing word loses little.

Scores are dense arrays, one place a document: adding a term is one operation whatever the number of
documents, and a query is a few dozen of them.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from portal.search.query import Alternative, Plan, Slot
from portal.search.segment import Mask, Numbers, Reals, Weights

COVERAGE_POWER = 1.5
STRONG_GAIN = 0.6
"""A term counts as wholly covered by a document that it gains this much in (before idf): one
mention in a title does, one in the body covers a part."""
NAMED_GAIN = 1.0
NAMED_POWER = 4
"""How much more a document is worth whose whole title is what was typed."""
NEAR_SHARE = 0.4
"""Documents that lack words stay if they score at least this share of the best one."""


class Impacts(NamedTuple):
    """The documents with a term, what it is worth in each, and its idf (that worth's unit)."""

    docs: Numbers
    weights: Weights
    idf: float


class TermSource(Protocol):
    """What ranking asks of an index; documents are numbers below `size`."""

    @property
    def size(self) -> int: ...

    @property
    def boosts(self) -> Reals: ...

    @property
    def title_lengths(self) -> Reals: ...

    def term(self, term: str) -> Impacts: ...

    def pair(self, term: str) -> Impacts: ...

    def accent(self, term: str) -> Impacts: ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """The documents found, in no order, and the score of every document. `relaxed`: no document
    has every word."""

    docs: Numbers
    scores: Reals
    relaxed: bool


class _Sums:
    """Scores, coverage (0..1) and number of terms or slots found, by document."""

    def __init__(self, size: int) -> None:
        self.scores = np.zeros(size)
        self.covered = np.zeros(size)
        self.met = np.zeros(size, np.int32)

    def add(self, impacts: Impacts, share: float) -> None:
        """Add a term that is `share` of the whole."""
        docs, weights, idf = impacts
        self.scores[docs] += weights
        self.covered[docs] += np.minimum(weights * (share / (idf * STRONG_GAIN)), share)
        self.met[docs] += 1


def rank(plan: Plan, source: TermSource) -> Ranking:
    """Every document that answers the plan, with its score (greater is better)."""
    required = [slot for slot in plan.slots if not slot.optional] or list(plan.slots)
    optional = [slot for slot in plan.slots if slot not in required]
    matches = [_match(slot, source) for slot in required]
    total = sum(match.importance for match in matches) or 1.0
    sums = _Sums(source.size)
    for match in matches:
        match.add_to(sums, match.importance / total)
    found = np.flatnonzero(sums.scores).astype(np.int32)
    gains = _bonuses(plan, optional, source)
    scores = np.zeros(source.size)
    scores[found] = (
        (sums.scores[found] + gains.scores[found])
        * sums.covered[found] ** COVERAGE_POWER
        * source.boosts[found]
        * (1 + NAMED_GAIN * _named(gains, source, found))
    )
    return _choose(found, scores, sums.met[found] == len(matches))


def _named(bonuses: _Sums, source: TermSource, found: Numbers) -> Reals:
    """How nearly the title of each document is what was typed (0..1), steeply."""
    pairs = np.maximum(source.title_lengths[found] - 1, 1)
    share: Reals = np.minimum(bonuses.met[found] / pairs, 1.0) ** NAMED_POWER
    return share


def _bonuses(plan: Plan, optional: Sequence[Slot], source: TermSource) -> _Sums:
    """What only raises documents that are found anyway; `met` counts pairs of the query."""
    sums = _Sums(source.size)
    for pair in plan.pairs:
        sums.add(source.pair(pair), 0.0)
    for accent in plan.accents:
        impacts = source.accent(accent)
        sums.scores[impacts.docs] += impacts.weights
    for slot in optional:
        impacts = source.term(slot.alternatives[0].terms[0])
        sums.scores[impacts.docs] += impacts.weights * slot.weight
    return sums


def _choose(found: Numbers, scores: Reals, whole: Mask) -> Ranking:
    """Documents with every word, and those that come near the best."""
    if not len(found):
        return Ranking(found, scores, relaxed=True)
    values = scores[found]
    kept = found[whole | (values >= NEAR_SHARE * values.max())]
    return Ranking(kept, scores, relaxed=not whole.any())


class _Single:
    """A slot with one term: added to the sums as it is."""

    def __init__(self, impacts: Impacts) -> None:
        self._impacts = impacts
        self.importance = impacts.idf

    def add_to(self, sums: _Sums, share: float) -> None:
        sums.add(self._impacts, share)


class _Best:
    """A slot with several alternatives: for each document the best of them."""

    def __init__(self, size: int) -> None:
        self._scores = np.zeros(size)
        self._covered = np.zeros(size)
        self._whole = np.zeros(size, np.bool_)
        self.importance = 0.0

    def offer(self, alternative: Alternative, source: TermSource) -> None:
        if len(alternative.terms) == 1:
            self._offer_term(source.term(alternative.terms[0]), alternative.weight)
        else:
            self._offer_phrase(alternative, source)

    def _offer_term(self, impacts: Impacts, weight: float) -> None:
        docs, weights, idf = impacts
        self._scores[docs] = np.maximum(self._scores[docs], weights * weight)
        gain = np.minimum(weights / (idf * STRONG_GAIN), 1.0)
        self._covered[docs] = np.maximum(self._covered[docs], gain)
        self._whole[docs] = True
        self.importance = max(self.importance, idf)

    def _offer_phrase(self, alternative: Alternative, source: TermSource) -> None:
        """The words of a phrase and their pairs, worth much less when words are missing."""
        terms = alternative.terms
        impacts = [source.term(term) for term in terms]
        total = sum(each.idf for each in impacts)
        sums = _Sums(source.size)
        for each in impacts:
            sums.add(each, each.idf / total)
        for first, second in itertools.pairwise(terms):
            pair = source.pair(f"{first} {second}")
            sums.scores[pair.docs] += pair.weights
        scores = sums.scores * sums.covered * sums.covered * alternative.weight
        np.maximum(self._scores, scores, out=self._scores)
        np.maximum(self._covered, sums.covered, out=self._covered)
        self._whole |= sums.met == len(terms)
        self.importance = max(self.importance, total)

    def add_to(self, sums: _Sums, share: float) -> None:
        sums.scores += self._scores
        sums.covered += share * self._covered
        sums.met += self._whole


def _match(slot: Slot, source: TermSource) -> _Single | _Best:
    first = slot.alternatives[0]
    if len(slot.alternatives) == 1 and len(first.terms) == 1:
        return _Single(source.term(first.terms[0]))
    best = _Best(source.size)
    for alternative in slot.alternatives:
        best.offer(alternative, source)
    return best
