"""Procedures that a sentence of a citizen may be about: few, and rather none than wrong ones."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.procedures.documents import KIND
from portal.procedures.listing import Wish
from portal.procedures.models import Procedure
from portal.search import service as search
from portal.search.engine import SearchQuery

_SURE = 20.0
"""A sentence holds many words that every procedure has: below this score they alone have met."""
_NEAR_THE_BEST = 0.6


def likely(session: Session, text: str, limit: int) -> list[tuple[str, str]]:
    """Code and name of procedures in force that fit nearly all of `text`, best first; one
    statement beside the search. Raises `SearchUnavailable`."""
    wish = Wish(text=text)
    query = SearchQuery(text, kinds=[KIND], filters=wish.effective_filters, limit=limit)
    results = search.search(query)
    if results.relaxed or not results.hits:
        return []
    least = max(_SURE, results.hits[0].score * _NEAR_THE_BEST)
    codes = [hit.key for hit in results.hits if hit.score >= least]
    rows = session.execute(select(Procedure.code, Procedure.name).where(Procedure.code.in_(codes)))
    names = {row.code: row.name for row in rows}
    return [(code, names[code]) for code in codes if code in names]
