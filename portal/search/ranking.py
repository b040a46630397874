"""Which documents answer a plan, best first.

Works on impacts (what a term is worth in each document) that the engine keeps in memory; knows
nothing of files. A document's score is the sum of its best alternative for every slot, with bonuses
for neighbouring syllables and typed diacritics, times the share of the query that it covers, times
its own boost. So documents with every word come first, and one missing word loses little.
"""

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.search.query import Alternative, Plan, Slot

Impacts = Mapping[int, float]

COVERAGE_POWER = 1.5
STRONG_GAIN = 0.6
"""A term counts as wholly covered by a document that it gains this much in (before idf): one
mention in a title does, one in the body covers a part."""
PHRASE_POWER = 2.0
"""A synonym of several words is worth little when some of them are missing."""
NAMED_GAIN = 1.0
"""How much more a document is worth whose whole title is what was typed."""
NEAR_SHARE = 0.4
"""Documents that lack words stay if they score at least this share of the best one."""


class TermSource(Protocol):
    """What ranking asks of an index; documents are numbers below `size`."""

    @property
    def boosts(self) -> Sequence[float]: ...

    @property
    def title_lengths(self) -> Sequence[int]: ...

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
    word of it is there at all. Without `coverage` a score of `strong` covers it wholly."""

    scores: Impacts
    whole: Collection[int]
    importance: float
    coverage: Impacts | None = None
    strong: float = 1.0

    def coverages(self) -> Impacts:
        if self.coverage is not None:
            return self.coverage
        return {doc: min(1.0, score / self.strong) for doc, score in self.scores.items()}


def rank(plan: Plan, source: TermSource) -> Ranking:
    """Every document that answers the plan, with its score (greater is better)."""
    required = [_score_slot(slot, source) for slot in plan.slots if not slot.optional]
    optional = [_score_slot(slot, source) for slot in plan.slots if slot.optional]
    if not required:
        required, optional = optional, []
    scores, covered = _add_up(required)
    named = _add_bonuses(scores, plan, optional, source)
    boosts, lengths = source.boosts, source.title_lengths
    for doc, share in covered.items():
        scores[doc] *= boosts[doc] * share**COVERAGE_POWER
    for doc, pairs in named.items():
        scores[doc] *= 1 + NAMED_GAIN * min(1.0, pairs / max(lengths[doc] - 1, 1)) ** 4
    return _choose(scores, required)


def _add_up(matches: Sequence[_Match]) -> tuple[dict[int, float], dict[int, float]]:
    """Scores, and the share of the query that each document covers."""
    total = sum(match.importance for match in matches) or 1.0
    scores: dict[int, float] = {}
    covered: dict[int, float] = {}
    score_so_far, covered_so_far = scores.get, covered.get
    for match in matches:
        share = match.importance / total
        if match.coverage is None:
            strong, rate = match.strong, share / match.strong
            for doc, score in match.scores.items():
                scores[doc] = score_so_far(doc, 0.0) + score
                part = share if score >= strong else score * rate
                covered[doc] = covered_so_far(doc, 0.0) + part
        else:
            coverage = match.coverage
            for doc, score in match.scores.items():
                scores[doc] = score_so_far(doc, 0.0) + score
                covered[doc] = covered_so_far(doc, 0.0) + share * coverage[doc]
    return scores, covered


def _add_bonuses(
    scores: dict[int, float], plan: Plan, optional: Sequence[_Match], source: TermSource
) -> dict[int, int]:
    """Add what only raises documents already found; tells how many pairs of the query each has."""
    named: dict[int, int] = {}
    for pair in plan.pairs:
        for doc, score in source.pair(pair).items():
            if doc in scores:
                scores[doc] += score
                named[doc] = named.get(doc, 0) + 1
    accents = [source.accent(accent) for accent in plan.accents]
    for bonus in [*accents, *(match.scores for match in optional)]:
        for doc, score in bonus.items():
            if doc in scores:
                scores[doc] += score
    return named


def _choose(scores: dict[int, float], required: Sequence[_Match]) -> Ranking:
    """Documents with every word, and those that come near the best; never none if any has one."""
    whole = _in_all([match.whole for match in required])
    floor = NEAR_SHARE * max(scores.values(), default=0.0)
    kept = {doc: score for doc, score in scores.items() if score >= floor or doc in whole}
    return Ranking(kept, relaxed=not whole)


def _in_all(sets: Sequence[Collection[int]]) -> set[int]:
    smallest, *others = sorted(sets, key=len) or [()]
    return {doc for doc in smallest if all(doc in other for other in others)}


def _score_slot(slot: Slot, source: TermSource) -> _Match:
    found = [_score_alternative(alternative, source) for alternative in slot.alternatives]
    if len(found) == 1 and slot.weight == 1.0:
        return found[0]
    scores: dict[int, float] = {}
    coverage: dict[int, float] = {}
    whole: set[int] = set()
    for match in found:
        whole.update(match.whole)
        _take_better(scores, match.scores, slot.weight)
        _take_better(coverage, match.coverages(), 1.0)
    return _Match(scores, whole, max(match.importance for match in found), coverage)


def _take_better(best: dict[int, float], values: Impacts, weight: float) -> None:
    so_far = best.get
    for doc, value in values.items():
        weighted = value * weight
        if weighted > so_far(doc, 0.0):
            best[doc] = weighted


def _score_alternative(alternative: Alternative, source: TermSource) -> _Match:
    if len(alternative.terms) > 1:
        return _score_phrase(alternative, source)
    term = alternative.terms[0]
    impacts, idf = source.term(term), source.idf(term)
    weight = alternative.weight
    if weight != 1.0:
        weighted = {doc: impact * weight for doc, impact in impacts.items()}
        return _Match(weighted, impacts, idf, strong=idf * STRONG_GAIN * weight)
    return _Match(impacts, impacts, idf, strong=idf * STRONG_GAIN)


def _score_phrase(alternative: Alternative, source: TermSource) -> _Match:
    """The words of a phrase and their pairs, worth much less when words are missing."""
    terms = alternative.terms
    singles = [_score_alternative(Alternative((term,)), source) for term in terms]
    scores, coverage = _add_up(singles)
    for first, second in itertools.pairwise(terms):
        for doc, impact in source.pair(f"{first} {second}").items():
            if doc in scores:
                scores[doc] += impact
    weight = alternative.weight
    for doc, share in coverage.items():
        scores[doc] *= weight * share**PHRASE_POWER
    whole = _in_all([single.whole for single in singles])
    return _Match(scores, whole, sum(single.importance for single in singles), coverage)
