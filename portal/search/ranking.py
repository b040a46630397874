"""Which documents answer a plan, best first.

Works on impacts (what a term is worth in each document) that the engine keeps in memory; knows
nothing of files. A document's score is the sum of its best alternative for every slot, with bonuses
for neighbouring syllables and typed diacritics, times the share of the query that it covers, times
its own boost. So documents with every word come first, and one missing word loses little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.search.query import Alternative, Plan, Slot

Impacts = Mapping[int, float]

COVERAGE_POWER = 1.5
STRONG_GAIN = 0.6
"""A term counts as wholly covered by a document that it gains this much in (before idf): one
mention in a title does, one in the body covers a part."""
NEAR_SHARE = 0.4
"""Documents that lack words stay if they score at least this share of the best one."""


class TermSource(Protocol):
    """What ranking asks of an index; documents are numbers below `size`."""

    @property
    def boosts(self) -> Sequence[float]: ...

    def term(self, term: str) -> Impacts: ...

    def pair(self, term: str) -> Impacts: ...

    def accent(self, term: str) -> Impacts: ...

    def idf(self, term: str) -> float: ...


@dataclass(frozen=True, slots=True)
class Ranking:
    scores: dict[int, float]
    relaxed: bool


@dataclass(slots=True)
class _Match:
    """What one slot or alternative finds: score, how well it is covered (0..1), and whether every
    word of it is there at all."""

    scores: dict[int, float]
    coverage: dict[int, float]
    whole: set[int]
    importance: float


def rank(plan: Plan, source: TermSource) -> Ranking:
    """Every document that answers the plan, with its score (greater is better)."""
    required = [_score_slot(slot, source) for slot in plan.slots if not slot.optional]
    optional = [_score_slot(slot, source) for slot in plan.slots if slot.optional]
    if not required:
        required, optional = optional, []
    total = sum(match.importance for match in required) or 1.0
    scores: dict[int, float] = {}
    covered: dict[int, float] = {}
    for match in required:
        share = match.importance / total
        for doc, score in match.scores.items():
            scores[doc] = scores.get(doc, 0.0) + score
            covered[doc] = covered.get(doc, 0.0) + share * match.coverage[doc]
    for bonus in _bonuses(plan, optional, source):
        for doc, score in bonus.items():
            if doc in scores:
                scores[doc] += score
    boosts = source.boosts
    for doc in scores:
        scores[doc] *= boosts[doc] * covered[doc] ** COVERAGE_POWER
    return _choose(scores, required)


def _bonuses(plan: Plan, optional: Sequence[_Match], source: TermSource) -> list[Impacts]:
    pairs = [source.pair(pair) for pair in plan.pairs]
    accents = [source.accent(accent) for accent in plan.accents]
    return [*pairs, *accents, *(match.scores for match in optional)]


def _choose(scores: dict[int, float], required: Sequence[_Match]) -> Ranking:
    """Documents with every word, and those that come near the best; never none if any has one."""
    whole = set.intersection(*(match.whole for match in required)) if required else set()
    floor = NEAR_SHARE * max(scores.values(), default=0.0)
    kept = {doc: score for doc, score in scores.items() if score >= floor or doc in whole}
    return Ranking(kept, relaxed=not whole)


def _score_slot(slot: Slot, source: TermSource) -> _Match:
    result = _Match({}, {}, set(), 0.0)
    for alternative in slot.alternatives:
        found = _score_alternative(alternative, source)
        result.importance = max(result.importance, found.importance)
        result.whole |= found.whole
        _take_better(result.scores, found.scores, slot.weight)
        _take_better(result.coverage, found.coverage, 1.0)
    return result


def _take_better(best: dict[int, float], values: dict[int, float], weight: float) -> None:
    for doc, value in values.items():
        weighted = value * weight
        if weighted > best.get(doc, 0.0):
            best[doc] = weighted


def _score_alternative(alternative: Alternative, source: TermSource) -> _Match:
    """The words of an alternative and their pairs, worth much less when words are missing."""
    idfs = [source.idf(term) for term in alternative.terms]
    total = sum(idfs) or 1.0
    scores: dict[int, float] = {}
    coverage: dict[int, float] = {}
    present: list[set[int]] = []
    for term, idf in zip(alternative.terms, idfs, strict=True):
        impacts = source.term(term)
        present.append(set(impacts))
        strong = idf * STRONG_GAIN or 1.0
        for doc, impact in impacts.items():
            scores[doc] = scores.get(doc, 0.0) + impact
            coverage[doc] = coverage.get(doc, 0.0) + min(1.0, impact / strong) * idf / total
    if len(alternative.terms) > 1:
        for first, second in zip(alternative.terms, alternative.terms[1:], strict=False):
            for doc, impact in source.pair(f"{first} {second}").items():
                if doc in scores:
                    scores[doc] += impact
        scores = {doc: score * coverage[doc] ** 2 for doc, score in scores.items()}
    if alternative.weight != 1.0:
        scores = {doc: score * alternative.weight for doc, score in scores.items()}
    return _Match(scores, coverage, set.intersection(*present), total)
