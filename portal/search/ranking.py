"""Which documents answer a plan, best first.

Works on impacts (what a term is worth in each document) that the engine keeps in memory; knows
nothing of files. A document's score is the sum of its best alternative for every slot, with bonuses
for neighbouring syllables and typed diacritics, times the share of the query that it covers, times
its own boost. So documents with every word come first, and one missing word loses little.

Sums are columns, one place a document: adding a term is one operation whatever the number of
documents, and a query is a few dozen of them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from portal.search.impacts import ALL, Impacts, PhraseImpacts, Places, Sums
from portal.search.plan import Plan, Slot
from portal.search.postings import Weights
from portal.search.segment import Mask

NAMED_GAIN = np.float32(1)
"""How much more a document is worth whose whole title is what was typed."""
NEAR_SHARE = 0.4
"""Documents that lack words stay if they score at least this share of the best one."""
LEAST_COVERED = 0.3
"""Those that cover less than this share of what the best one covers cannot come near it."""
LEAST_IDF = 0.5
"""What a word in nearly every document is taken to tell, when phrases are compared."""


class TermSource(Protocol):
    """What ranking asks of an index; documents are numbers below `size`."""

    @property
    def size(self) -> int: ...

    @property
    def boosts(self) -> Weights: ...

    @property
    def title_lengths(self) -> Weights: ...

    def expect(self, plan: Plan) -> None: ...

    def term(self, term: str) -> Impacts: ...

    def pair(self, term: str) -> Impacts: ...

    def accent(self, term: str) -> Impacts: ...

    def phrase(self, terms: tuple[str, ...]) -> PhraseImpacts: ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """The documents found, in their own order, with their scores. `relaxed`: no document has every
    word."""

    docs: Places
    scores: Weights
    relaxed: bool


def rank(plan: Plan, source: TermSource) -> Ranking:
    """Every document that answers the plan, with its score (greater is better)."""
    source.expect(plan)
    required = [slot for slot in plan.slots if not slot.optional] or list(plan.slots)
    optional = [slot for slot in plan.slots if slot not in required]
    matches = [_match(slot, source) for slot in required]
    total = sum(match.idf for match in matches) or 1.0
    sums = Sums(source.size)
    for match in matches:
        match.add_to(sums, match.idf / total)
    whole = sums.met >= len(matches)
    found = np.flatnonzero(whole | (sums.covered > LEAST_COVERED * sums.covered.max(initial=0)))
    _add_bonuses(plan, optional, source, sums.scores)
    covered = sums.covered[found]
    scores = sums.scores[found] * covered * np.sqrt(covered) * source.boosts[found]
    if plan.pairs:
        scores *= 1 + NAMED_GAIN * _named(plan, source, found)
    return _choose(found, scores, whole[found])


def _named(plan: Plan, source: TermSource, found: Places) -> Weights:
    """How nearly the title of each document is what was typed, no less and no more (0..1),
    steeply."""
    met = np.zeros(source.size, np.float32)
    for pair in plan.pairs:
        source.pair(pair).count(met)
    whole = np.maximum(source.title_lengths[found] - 1, len(plan.pairs))
    share = np.minimum(met[found] / whole, np.float32(1))
    share *= share
    share *= share
    return share


def _add_bonuses(plan: Plan, optional: Sequence[Slot], source: TermSource, scores: Weights) -> None:
    """What only raises documents that are found anyway."""
    for impacts in (*map(source.pair, plan.pairs), *map(source.accent, plan.accents)):
        impacts.raise_scores(scores)
    for slot in optional:
        source.term(slot.alternatives[0].terms[0]).raise_scores(scores, slot.weight)


def _choose(found: Places, scores: Weights, whole: Mask) -> Ranking:
    """Documents with every word, and those that come near the best."""
    if not len(found):
        return Ranking(found, scores, relaxed=True)
    kept = whole | (scores >= NEAR_SHARE * scores.max())
    return Ranking(found[kept], scores[kept], relaxed=not whole.any())


def _match(slot: Slot, source: TermSource) -> Impacts | PhraseImpacts:
    """The best alternative of a slot for each document. A phrase of frequent words that means the
    same as one of rare words is worth more than its words tell."""
    impacts = [
        source.term(alternative.terms[0])
        if len(alternative.terms) == 1
        else source.phrase(alternative.terms)
        for alternative in slot.alternatives
    ]
    if len(impacts) == 1:
        return impacts[0]
    sums = Sums(source.size)
    importance = max(each.idf for each in impacts)
    for number, (each, alternative) in enumerate(zip(impacts, slot.alternatives, strict=True)):
        gain = math.sqrt(importance / max(each.idf, LEAST_IDF)) if number else 1.0
        each.offer_to(sums, alternative.weight * gain)
    return PhraseImpacts(ALL, sums.scores, sums.covered, sums.met > 0, importance)
