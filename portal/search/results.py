"""From a query and a snapshot of the index to one page of results."""

from collections.abc import Collection, Mapping

import numpy as np

from portal.search import query as planning
from portal.search.analysis import fold, scan
from portal.search.engine import (
    MAX_LIMIT,
    MAX_OFFSET,
    MAX_WORDS,
    SearchHit,
    SearchQuery,
    SearchResults,
    Sort,
    Suggestion,
)
from portal.search.impacts import Places
from portal.search.plan import Alternative, Plan, Slot
from portal.search.ranking import Ranking, rank
from portal.search.segment import KIND, Mask, Record
from portal.search.snapshot import Snapshot
from portal.search.synonyms import Synonyms

MAX_COMPLETIONS = 20
MAX_SUGGESTIONS = 20
MIN_PREFIX = 2
COMPLETION_WEIGHT = 0.8


def find(snapshot: Snapshot, query: SearchQuery, synonyms: Synonyms) -> SearchResults:
    """The page of results that a query asks for, with counts of facets."""
    plan = planning.build(query.text, snapshot.words, synonyms, query.verbatim)
    ranking = rank(plan, snapshot) if plan.slots else _everything(snapshot)
    passed, facets = _filter(snapshot, ranking.docs, _wanted(query))
    kept = Ranking(ranking.docs[passed], ranking.scores[passed], ranking.relaxed)
    limit = max(0, min(query.limit, MAX_LIMIT))
    offset = max(0, min(query.offset, MAX_OFFSET))
    page = _best(snapshot, kept, query.sort, offset + limit)[offset:]
    return SearchResults(
        total=len(kept.docs),
        hits=[_hit(snapshot.records[doc], score) for doc, score in page],
        facets=facets,
        understood_as=plan.understood_as,
        corrected=plan.corrected,
        relaxed=ranking.relaxed and len(kept.docs) > 0,
        words=plan.words,
        typed=planning.cut(query.text),
        led_from=dict(plan.led),
    )


def _everything(snapshot: Snapshot) -> Ranking:
    docs = np.flatnonzero(snapshot.alive)
    return Ranking(docs, snapshot.boosts[docs], relaxed=False)


def _wanted(query: SearchQuery) -> dict[str, frozenset[str]]:
    wanted = {name: frozenset(values) for name, values in query.filters.items() if values}
    if query.kinds:
        wanted[KIND] = frozenset(query.kinds)
    return wanted


def _filter(
    snapshot: Snapshot, docs: Places, wanted: Mapping[str, frozenset[str]]
) -> tuple[Mask, dict[str, dict[str, int]]]:
    """Which of the documents pass every filter, and the counts. A document that fails one filter
    alone still counts in that filter's own facet: it is what another choice there would give."""
    failed = np.zeros(len(docs), np.int8)
    passes = {name: _passes(snapshot, docs, name, values) for name, values in wanted.items()}
    for mask in passes.values():
        failed += ~mask
    passed = failed == 0
    kept = docs[passed]
    facets = {}
    for name in snapshot.facet_names:
        chosen = passes.get(name)
        counted = kept if chosen is None else docs[passed | ((failed == 1) & ~chosen)]
        if counts := _count(snapshot, name, counted):
            facets[name] = counts
    return passed, facets


def _passes(snapshot: Snapshot, docs: Places, name: str, values: frozenset[str]) -> Mask:
    if name not in snapshot.facet_names:
        return np.zeros(len(docs), np.bool_)
    column = snapshot.facet(name)
    good = np.array([not values.isdisjoint(own) for own in column.sets], np.bool_)
    mask: Mask = good[column.codes[docs]]
    return mask


def _count(snapshot: Snapshot, name: str, docs: Places) -> dict[str, int]:
    column = snapshot.facet(name)
    numbers = np.bincount(column.codes[docs], minlength=len(column.sets))
    counts: dict[str, int] = {}
    for code in np.flatnonzero(numbers).tolist():
        for value in column.sets[code]:
            counts[value] = counts.get(value, 0) + int(numbers[code])
    return counts


def _best(snapshot: Snapshot, ranking: Ranking, sort: Sort, count: int) -> list[tuple[int, float]]:
    """The first `count` documents with their scores; equals go by kind and key, whatever their
    numbers are."""
    records, docs, scores = snapshot.records, ranking.docs, ranking.scores
    if count <= 0:
        return []
    if sort is Sort.TITLE:
        places = range(len(docs))
        names = [(_title_key(records[doc].title), records[doc].key) for doc in docs.tolist()]
        ordered = sorted(places, key=names.__getitem__)[:count]
        return [(int(docs[place]), float(scores[place])) for place in ordered]
    values = snapshot.updated[docs] if sort is Sort.NEWEST else scores
    if 0 < count < len(docs):
        least = np.partition(values, len(docs) - count)[len(docs) - count]
        chosen = values >= least
        docs, values, scores = docs[chosen], values[chosen], scores[chosen]
    named = zip((-values).tolist(), docs.tolist(), scores.tolist(), strict=True)
    rows = sorted((v, records[doc].kind, records[doc].key, doc, score) for v, doc, score in named)
    return [(doc, score) for *_, doc, score in rows[:count]]


def _title_key(title: str) -> list[str]:
    return [token.term for token in scan(title)]


def _hit(record: Record, score: float) -> SearchHit:
    return SearchHit(record.kind, record.key, round(score, 4))


def complete(
    snapshot: Snapshot, prefix: str, kinds: Collection[str], limit: int
) -> list[Suggestion]:
    """Titles and codes that begin or continue what has been typed so far."""
    plan = _completion_plan(prefix, snapshot)
    if not plan.slots:
        return []
    ranking = rank(plan, snapshot)
    if ranking.relaxed:
        return []
    passed, _ = _filter(snapshot, ranking.docs, {KIND: frozenset(kinds)} if kinds else {})
    count = max(0, min(limit, MAX_SUGGESTIONS))
    kept = Ranking(ranking.docs[passed], ranking.scores[passed], ranking.relaxed)
    records = [snapshot.records[doc] for doc, _ in _best(snapshot, kept, Sort.RELEVANCE, count)]
    return [Suggestion(r.kind, r.key, r.title, r.code, r.url) for r in records]


def _completion_plan(prefix: str, snapshot: Snapshot) -> Plan:
    text = planning.cut(prefix)
    plan = planning.build(text, snapshot.words, Synonyms(), verbatim=True)
    tokens = list(scan(text))[:MAX_WORDS]
    if not tokens or not plan.slots or not text.endswith(tokens[-1].text):
        return plan
    last = fold(tokens[-1].text)
    if not last.isalpha():
        return plan
    longer = snapshot.words.words_from(last, MAX_COMPLETIONS) if len(last) >= MIN_PREFIX else []
    others = (Alternative((word,), COMPLETION_WEIGHT) for word in longer if word != last)
    slot = Slot((Alternative((last,)), *others))
    return Plan(
        (*plan.slots[:-1], slot), plan.pairs, plan.accents, plan.understood_as, plan.corrected
    )
