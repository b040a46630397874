"""The page of site-wide search: procedures first, then what else there is, kind by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from portal.core.web.pages import Page
from portal.procedures import cards, guidance, listing, queries
from portal.procedures.cards import Card
from portal.procedures.guidance import Led, WaysOut
from portal.procedures.listing import Listing, Wish
from portal.search import service as search
from portal.search.engine import SearchQuery, SearchResults, SearchUnavailable
from portal.site import found
from portal.site.found import KINDS, Found

PROCEDURE = "procedure"
FIRST, OTHERS = 5, 3
"""How many of each kind the first page shows."""
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Group:
    """The best of one kind, and how many there are."""

    kind: str
    total: int
    items: Sequence[Found]


@dataclass(frozen=True, slots=True)
class Everything:
    """What a search over everything found. `page` is set when one kind was chosen."""

    wish: Wish
    procedures: Listing
    cards: Sequence[Card]
    led: Sequence[Led]
    groups: Sequence[Group]
    words: frozenset[str]
    page: Page[Found] | None = None
    ways_out: WaysOut | None = None
    fields: Sequence[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Results of all kinds."""
        return self.procedures.total + sum(group.total for group in self.groups)

    @property
    def counts(self) -> dict[str, int]:
        """Kind → number, in the order of the page."""
        return {PROCEDURE: self.procedures.total} | {g.kind: g.total for g in self.groups}


def everything(session: Session, text: str, kind: str, number: int, verbatim: bool) -> Everything:
    """The page for some words: of all kinds, or page `number` of one kind. Without an index only
    procedures are looked for, in their table."""
    wish = Wish(text=text, limit=FIRST, verbatim=verbatim)
    procedures = listing.find(session, wish)
    results = {} if procedures.indexing else _of_each_kind(wish)
    shown = cards.load(session, list(procedures.codes)[:FIRST])
    page = _page(session, wish, kind, number) if kind and not procedures.indexing else None
    groups = [] if page else _groups(session, results)
    words = procedures.words.union(*(one.words for one in results.values()))
    if not any(one.total and not one.relaxed for one in results.values()):
        guidance.note_gap(wish, procedures)
    nothing = not (shown or any(one.total for one in results.values()))
    return Everything(
        wish=wish,
        procedures=procedures,
        cards=shown,
        led=guidance.led(session, wish, procedures, shown),
        groups=groups or [Group(name, one.total, ()) for name, one in results.items() if one.total],
        words=words,
        page=page,
        ways_out=guidance.ways_out(session, wish, procedures, []) if nothing else None,
        fields=queries.field_names(session) if nothing else [],
    )


def _of_each_kind(wish: Wish) -> dict[str, SearchResults]:
    try:
        return {
            kind: search.search(
                SearchQuery(wish.text, kinds=[kind], limit=OTHERS, verbatim=wish.verbatim)
            )
            for kind in KINDS
            if kind != PROCEDURE
        }
    except SearchUnavailable:
        return {}


def _groups(session: Session, results: dict[str, SearchResults]) -> list[Group]:
    hits = [hit for one in results.values() for hit in one.hits]
    items = found.load(session, hits)
    return [
        Group(kind, one.total, [item for item in items if item.kind == kind])
        for kind, one in results.items()
        if one.total
    ]


def _page(session: Session, wish: Wish, kind: str, number: int) -> Page[Found] | None:
    query = SearchQuery(
        wish.text,
        kinds=[kind],
        filters=wish.effective_filters if kind == PROCEDURE else {},
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
        verbatim=wish.verbatim,
    )
    try:
        results = search.search(query)
    except SearchUnavailable:
        return None
    return Page(found.load(session, results.hits), number, PAGE_SIZE, results.total)
