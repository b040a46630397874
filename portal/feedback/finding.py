"""Published questions and answers, found by words, kind, unit and procedure, with counts.

Words go through the search engine, so they are found without marks, misspelt and by synonyms.
While it has no index, and where no word is asked for, the table itself answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.core.web.pages import Page
from portal.feedback import queries
from portal.feedback.models import Feedback
from portal.feedback.publishing import SEARCH_KIND
from portal.search import service as search
from portal.search.engine import SearchQuery, SearchResults, SearchUnavailable

SIZE = queries.PUBLIC_PAGE
# Of our documents in the index: what each filter is called there.
FACETS = {"kind": "kind_of_feedback", "unit": "answering_unit", "procedure": "about_procedure"}
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; empty values ask for nothing. `number` is the page."""

    text: str = ""
    kind: str = ""
    unit: str = ""
    procedure: str = ""
    number: int = 1

    @property
    def filters(self) -> dict[str, str]:
        """The filters in use, by name."""
        chosen = {"kind": self.kind, "unit": self.unit, "procedure": self.procedure}
        return {name: value for name, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of them; `counts` say what choosing each value would give beside the others."""

    page: Page[Feedback]
    counts: Counts
    words: frozenset[str] = field(default_factory=frozenset)
    understood_as: str = ""
    indexing: bool = False


def find(session: Session, wish: Wish) -> Found:
    """The page that fits; at most two statements."""
    if not wish.text:
        return _from_table(session, wish)
    try:
        return _from_index(session, wish, _ask(wish))
    except SearchUnavailable:
        return replace(_from_table(session, wish), indexing=True)


def _ask(wish: Wish) -> SearchResults:
    filters = {FACETS[name]: [value] for name, value in wish.filters.items()}
    offset = (wish.number - 1) * SIZE
    return search.search(
        SearchQuery(wish.text, kinds=[SEARCH_KIND], filters=filters, limit=SIZE, offset=offset)
    )


def _from_index(session: Session, wish: Wish, results: SearchResults) -> Found:
    keys = [hit.key for hit in results.hits]
    known = {item.public_id: item for item in queries.published_by_ids(session, keys)}
    items = [known[key] for key in keys if key in known]  # one may have been taken off just now
    return Found(
        Page(items, wish.number, SIZE, results.total),
        {name: results.facets.get(facet, {}) for name, facet in FACETS.items()},
        results.words,
        results.understood_as if results.corrected else "",
    )


def _from_table(session: Session, wish: Wish) -> Found:
    columns = {
        "kind": Feedback.kind, "unit": Feedback.unit_code, "procedure": Feedback.procedure_code
    }  # fmt: skip
    query = queries.published_with(wish.text)
    rows = session.execute(
        query.with_only_columns(*columns.values(), func.count()).group_by(*columns.values())
    ).all()
    counts: dict[str, Counter[str]] = {name: Counter() for name in columns}
    total = 0
    for *values, number in rows:
        here = dict(zip(columns, values, strict=True))
        wrong = {name for name, value in wish.filters.items() if here[name] != value}
        total += 0 if wrong else number
        for name, value in here.items():
            if value and not wrong - {name}:
                counts[name][value] += number
    for name, value in wish.filters.items():
        query = query.where(columns[name] == value)
    order = query.order_by(Feedback.published_at.desc(), Feedback.id.desc())
    items = session.scalars(order.limit(SIZE).offset((wish.number - 1) * SIZE)).all()
    return Found(Page(items, wish.number, SIZE, total), counts)


def published(
    session: Session, unit: str, procedure: str, limit: int, offset: int
) -> tuple[int, list[Feedback]]:
    """For machines: how many there are of a unit, about a procedure, and some of the newest."""
    query = queries.published_with("")
    if unit:
        query = query.where(Feedback.unit_code == unit)
    if procedure:
        query = query.where(Feedback.procedure_code == procedure)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = query.order_by(Feedback.published_at.desc(), Feedback.id.desc())
    return total, list(session.scalars(order.limit(limit).offset(offset)))
