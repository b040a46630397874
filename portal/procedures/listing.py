"""One page of the list: through the search index, or plainly through SQL while there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session, load_only

from portal.core import clock
from portal.core.text import fold
from portal.procedures import queries
from portal.procedures.codes import normalise_code
from portal.procedures.documents import KIND
from portal.procedures.facets import CURRENT, ENDED, FACETS, STATUS, facets_of
from portal.procedures.models import Procedure
from portal.search import service as search
from portal.search.engine import SearchQuery, SearchUnavailable
from portal.search.engine import Sort as EngineSort

PAGE_SIZE = 20
MAX_TEXT = 200
SORTED_BY_DATE = 500
"""Procedures whose announcements are looked up while there is no index: one statement."""


class Sort(StrEnum):
    """Orders of the list, as written in addresses."""

    RELEVANCE = "phu-hop"
    NAME = "ten"
    NEWEST = "moi-nhat"


SORT_NAMES = {
    Sort.RELEVANCE: "Phù hợp nhất",
    Sort.NAME: "Tên thủ tục",
    Sort.NEWEST: "Mới công bố",
}
_ENGINE_SORT = {
    Sort.RELEVANCE: EngineSort.RELEVANCE,
    Sort.NAME: EngineSort.TITLE,
    Sort.NEWEST: EngineSort.NEWEST,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader asked for; `filters` maps the name of a facet to the chosen slugs."""

    text: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = PAGE_SIZE
    verbatim: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing was asked for yet."""
        chosen = any(self.filters.values())
        return not (self.text or chosen or self.offset or self.sort is not Sort.RELEVANCE)

    @property
    def order(self) -> Sort:
        """The order that is really used: without words nothing is more relevant, so by name."""
        return self.sort if self.text or self.sort is not Sort.RELEVANCE else Sort.NAME

    @property
    def effective_filters(self) -> dict[str, Sequence[str]]:
        """The filters as searched: what has ended stays out unless asked for or named by code."""
        chosen = {name: values for name, values in self.filters.items() if values}
        if STATUS.name not in chosen and normalise_code(self.text) is None:
            chosen[STATUS.name] = CURRENT
        return chosen


@dataclass(frozen=True, slots=True)
class Listing:
    """`indexing` is set when the answer comes without the index; `words` are to be marked.

    `ended` tells how many more match that are left out because they have ended; `ended_best` is
    the code of the one of them that comes nearest to the words.
    """

    codes: Sequence[str]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    understood_as: str = ""
    corrected: bool = False
    relaxed: bool = False
    words: frozenset[str] = frozenset()
    indexing: bool = False
    ended: int = 0
    ended_best: str = ""


def find(session: Session, wish: Wish) -> Listing:
    """One page of what `wish` asks for."""
    try:
        return _by_index(wish)
    except SearchUnavailable:
        return _by_sql(session, wish)


def _by_index(wish: Wish) -> Listing:
    query = SearchQuery(
        text=wish.text,
        kinds=(KIND,),
        filters=wish.effective_filters,
        limit=wish.limit,
        offset=wish.offset,
        sort=_ENGINE_SORT[wish.order],
        verbatim=wish.verbatim,
    )
    results = search.search(query)
    left_out = ENDED not in query.filters.get(STATUS.name, [ENDED]) and wish.text != ""
    ended = results.facets.get(STATUS.name, {}).get(ENDED, 0) if left_out else 0
    return Listing(
        codes=[hit.key for hit in results.hits],
        total=results.total,
        facets=results.facets,
        understood_as=results.understood_as,
        corrected=results.corrected,
        relaxed=results.relaxed,
        words=results.words,
        ended=ended,
        ended_best=_best_ended(query) if ended and wish.limit and not wish.offset else "",
    )


def _best_ended(query: SearchQuery) -> str:
    """What has ended and comes nearest to the words: somebody may have typed its name."""
    wanted = {**query.filters, STATUS.name: [ENDED]}
    found = search.search(replace(query, filters=wanted, limit=1, sort=EngineSort.RELEVANCE))
    return found.hits[0].key if found.hits else ""


def _by_sql(session: Session, wish: Wish) -> Listing:
    words = fold(wish.text).split()[:16]
    query = queries.by_words(words, normalise_code(wish.text)).options(
        load_only(
            Procedure.code, Procedure.name, Procedure.name_folded, Procedure.levels,
            Procedure.subjects, Procedure.online_level, Procedure.status,
            Procedure.effective_from, Procedure.effective_to, Procedure.decision_issued_on,
        )
    )  # fmt: skip
    kept, counts = _filter(session.scalars(query).all(), wish.effective_filters)
    if wish.order is Sort.NAME:
        kept.sort(key=lambda row: row.name_folded)
    elif wish.order is Sort.NEWEST:
        announced = queries.announced_on(session, [row.code for row in kept][:SORTED_BY_DATE])
        kept.sort(key=lambda row: _newest(row, announced.get(row.code)), reverse=True)
    return Listing(
        codes=[row.code for row in kept[wish.offset : wish.offset + wish.limit]],
        total=len(kept),
        facets=counts,
        words=frozenset(words),
        indexing=True,
    )


def _newest(row: Procedure, announced_on: date | None) -> date:
    return max(day for day in (row.decision_issued_on, announced_on, date.min) if day)


def _filter(
    rows: Sequence[Procedure], wanted: Mapping[str, Sequence[str]]
) -> tuple[list[Procedure], dict[str, Counter[str]]]:
    """Rows that pass all filters, and for each value what choosing it beside the others gives."""
    kept: list[Procedure] = []
    counts: dict[str, Counter[str]] = {facet.name: Counter() for facet in FACETS}
    today = clock.today()
    for row in rows:
        values = facets_of(row, row.field.key, today)
        failed = [name for name, slugs in wanted.items() if not set(slugs) & set(values[name])]
        if not failed:
            kept.append(row)
        for name, counter in counts.items():
            if not set(failed) - {name}:
                counter.update(values[name])
    return kept, counts
