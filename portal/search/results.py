"""From a query and a snapshot of the index to one page of results."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from portal.search import query as planning
from portal.search.analysis import MAX_WORD, fold, scan
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
from portal.search.ranking import rank
from portal.search.snapshot import Record, Snapshot
from portal.search.synonyms import Synonyms

KIND = "kind"
MAX_COMPLETIONS = 20
MIN_PREFIX = 2


def find(snapshot: Snapshot, query: SearchQuery, synonyms: Synonyms) -> SearchResults:
    """The page of results that a query asks for, with counts of facets."""
    plan = planning.build(query.text, snapshot, synonyms, query.verbatim)
    if plan.slots:
        ranking = rank(plan, snapshot)
        scores, relaxed = ranking.scores, ranking.relaxed
    else:
        scores, relaxed = dict(zip(snapshot.records, _own(snapshot), strict=True)), False
    wanted = _wanted(query)
    kept, facets = _filter(snapshot, scores, wanted)
    limit = max(0, min(query.limit, MAX_LIMIT))
    offset = max(0, min(query.offset, MAX_OFFSET))
    page = _order(snapshot, kept, scores, query.sort)[offset : offset + limit]
    return SearchResults(
        total=len(kept),
        hits=[_hit(snapshot.records[doc], scores[doc]) for doc in page],
        facets=facets,
        understood_as=plan.understood_as,
        corrected=plan.corrected,
        relaxed=relaxed and bool(kept),
        words=plan.words,
    )


def _own(snapshot: Snapshot) -> Iterable[float]:
    return (record.boost for record in snapshot.records.values())


def _wanted(query: SearchQuery) -> dict[str, frozenset[str]]:
    wanted = {name: frozenset(values) for name, values in query.filters.items() if values}
    if query.kinds:
        wanted[KIND] = frozenset(query.kinds)
    return wanted


def _values(record: Record, name: str) -> Collection[str]:
    return (record.kind,) if name == KIND else record.facets.get(name, ())


def _filter(
    snapshot: Snapshot, found: Iterable[int], wanted: Mapping[str, frozenset[str]]
) -> tuple[list[int], dict[str, dict[str, int]]]:
    """The documents that pass every filter, and the counts. A document that fails one filter alone
    still counts in that filter's own facet: it is what choosing another value would give."""
    kept: list[int] = []
    counts: dict[str, Counter[str]] = {}
    for doc in found:
        record = snapshot.records[doc]
        failed = [name for name, values in wanted.items() if not values & {*_values(record, name)}]
        if not failed:
            kept.append(doc)
            for name in (KIND, *record.facets):
                counts.setdefault(name, Counter()).update(_values(record, name))
        elif len(failed) == 1:
            counts.setdefault(failed[0], Counter()).update(_values(record, failed[0]))
    return kept, {name: dict(counter) for name, counter in counts.items()}


def _order(
    snapshot: Snapshot, docs: list[int], scores: Mapping[int, float], sort: Sort
) -> list[int]:
    records = snapshot.records
    if sort is Sort.TITLE:
        return sorted(docs, key=lambda doc: (_title_key(records[doc].title), records[doc].key))
    if sort is Sort.NEWEST:
        return sorted(docs, key=lambda doc: (-records[doc].updated, records[doc].key))
    return sorted(docs, key=lambda doc: (-scores[doc], records[doc].kind, records[doc].key))


def _title_key(title: str) -> list[str]:
    return [token.term for token in scan(title)]


def _hit(record: Record, score: float) -> SearchHit:
    return SearchHit(record.kind, record.key, round(score, 6))


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
    found = [doc for doc in ranking.scores if not kinds or snapshot.records[doc].kind in kinds]
    best = _order(snapshot, found, ranking.scores, Sort.RELEVANCE)[: max(0, min(limit, 20))]
    return [
        Suggestion(r.kind, r.key, r.title, r.code, r.url)
        for r in (snapshot.records[doc] for doc in best)
    ]


def _completion_plan(prefix: str, snapshot: Snapshot) -> Plan:
    text = planning.cut(prefix)
    plan = planning.build(text, snapshot, Synonyms(), verbatim=True)
    tokens = list(scan(text))[:MAX_WORDS]
    if not tokens or not plan.slots:
        return plan
    last = fold(tokens[-1].text)[:MAX_WORD]
    if not text.endswith(tokens[-1].text) or not last.isalpha():
        return plan
    whole = Alternative((last,))
    longer = snapshot.words_from(last, MAX_COMPLETIONS) if len(last) >= MIN_PREFIX else []
    slot = Slot((whole, *(Alternative((word,), 0.8) for word in longer if word != last)))
    return Plan(
        (*plan.slots[:-1], slot), plan.pairs, plan.accents, plan.understood_as, plan.corrected
    )
