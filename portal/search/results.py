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
from portal.search.query import Alternative, Plan, Slot
from portal.search.ranking import Ranking, rank
from portal.search.segment import KIND, Mask, Numbers, Reals, Record
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
    kept = ranking.docs[passed]
    limit = max(0, min(query.limit, MAX_LIMIT))
    offset = max(0, min(query.offset, MAX_OFFSET))
    page = _best(snapshot, kept, ranking.scores, query.sort, offset + limit)[offset:]
    return SearchResults(
        total=len(kept),
        hits=[_hit(snapshot.records[doc], ranking.scores[doc]) for doc in page],
        facets=facets,
        understood_as=plan.understood_as,
        corrected=plan.corrected,
        relaxed=ranking.relaxed and len(kept) > 0,
        words=plan.words,
    )


def _everything(snapshot: Snapshot) -> Ranking:
    docs = np.flatnonzero(snapshot.alive).astype(np.int32)
    return Ranking(docs, snapshot.boosts, relaxed=False)


def _wanted(query: SearchQuery) -> dict[str, frozenset[str]]:
    wanted = {name: frozenset(values) for name, values in query.filters.items() if values}
    if query.kinds:
        wanted[KIND] = frozenset(query.kinds)
    return wanted


def _filter(
    snapshot: Snapshot, docs: Numbers, wanted: Mapping[str, frozenset[str]]
) -> tuple[Mask, dict[str, dict[str, int]]]:
    """Which of the documents pass every filter, and the counts. A document that fails one filter
    alone still counts in that filter's own facet: it is what another choice there would give."""
    failed = np.zeros(snapshot.size, np.int8)
    passes = {name: _passes(snapshot, name, values) for name, values in wanted.items()}
    for mask in passes.values():
        failed += ~mask
    found = np.zeros(snapshot.size, np.bool_)
    found[docs] = True
    passed = found & (failed == 0)
    facets = {}
    for name in snapshot.facet_names:
        chosen = passes.get(name)
        counted = passed if chosen is None else passed | (found & (failed == 1) & ~chosen)
        if counts := _count(snapshot, name, counted):
            facets[name] = counts
    return passed[docs], facets


def _passes(snapshot: Snapshot, name: str, values: Collection[str]) -> Mask:
    mask = np.zeros(snapshot.size, np.bool_)
    column = snapshot.facet(name)
    codes = [code for code, value in enumerate(column.values) if value in values]
    mask[column.docs[np.isin(column.codes, codes)]] = True
    return mask


def _count(snapshot: Snapshot, name: str, counted: Mask) -> dict[str, int]:
    column = snapshot.facet(name)
    counts = np.bincount(column.codes[counted[column.docs]], minlength=len(column.values))
    return {v: int(n) for v, n in zip(column.values, counts, strict=True) if n}


def _best(snapshot: Snapshot, docs: Numbers, scores: Reals, sort: Sort, count: int) -> list[int]:
    """The first `count` documents; equals go by kind and key, whatever their numbers are."""
    records = snapshot.records
    if sort is Sort.TITLE:
        titles = {doc: (_title_key(records[doc].title), records[doc].key) for doc in docs.tolist()}
        return sorted(titles, key=lambda doc: titles[doc])[:count]
    values = snapshot.updated[docs] if sort is Sort.NEWEST else scores[docs]
    if 0 < count < len(docs):
        least = np.partition(values, len(docs) - count)[len(docs) - count]
        docs, values = docs[values >= least], values[values >= least]
    named = zip((-values).tolist(), docs.tolist(), strict=True)
    ordered = sorted((value, records[doc].kind, records[doc].key, doc) for value, doc in named)
    return [doc for *_, doc in ordered[:count]]


def _title_key(title: str) -> list[str]:
    return [token.term for token in scan(title)]


def _hit(record: Record, score: float) -> SearchHit:
    return SearchHit(record.kind, record.key, round(float(score), 6))


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
    best = _best(snapshot, ranking.docs[passed], ranking.scores, Sort.RELEVANCE, count)
    records = [snapshot.records[doc] for doc in best]
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
