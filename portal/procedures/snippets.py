"""Where the words of a search stand when they are not in a name: a result, a paper, a step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from portal.procedures.cards import Card
from portal.procedures.listing import Listing
from portal.procedures.models import DossierCase, DossierComponent, Procedure
from portal.search.analysis import is_stop_word, scan, word_places
from portal.search.highlight import Segments, excerpt

WIDTH = 160
MOST_LOOKED_AT = 800
"""Characters of the steps in which words are looked for."""
MOST_LINES = 8
"""Lines of a page, from the best, that get a piece: further down nobody weighs one against another.
"""
_CODES: BindParameter[list[str]] = bindparam("codes", expanding=True)
_PAPERS = (
    select(Procedure.code, DossierComponent.name)
    .join(DossierCase, DossierCase.id == DossierComponent.case_id)
    .join(Procedure, Procedure.id == DossierCase.procedure_id)
    .where(Procedure.code.in_(_CODES))
    .order_by(DossierComponent.id)
)
_TEXTS = select(Procedure.code, Procedure.results, Procedure.steps).where(
    Procedure.code.in_(_CODES)
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """`label` says which part of the record the piece is from."""

    label: str
    piece: Segments


def of(session: Session, listing: Listing, shown: Sequence[Card]) -> Mapping[str, Snippet]:
    """For each of the first lines whose name lacks a word that was typed, the part that has it, as
    far as there is one. Two statements, and none when all names say everything."""
    typed = {token.term for token in scan(listing.understood_as) if not is_stop_word(token.text)}
    lacking: dict[str, frozenset[str]] = {}
    for card in shown:
        said = _terms(card.name)
        if typed - said and len(lacking) < MOST_LINES:
            lacking[card.code] = listing.words - said
    if not (lacking and typed):
        return {}
    found: dict[str, Snippet] = {}
    for code, label, text in _parts(session, list(lacking)):
        if code not in found and _has(text, lacking[code]):
            found[code] = Snippet(label, excerpt(text, listing.words, WIDTH))
    return found


@lru_cache(4096)
def _terms(name: str) -> frozenset[str]:
    """Names come again and again on pages of results."""
    return frozenset(token.term for token in scan(name))


def _parts(session: Session, codes: list[str]) -> Iterable[tuple[str, str, str]]:
    """(code, label, text), what says most of a procedure first."""
    texts = session.execute(_TEXTS, {"codes": codes}).all()
    for code, results, _ in texts:
        yield from ((code, "Kết quả", result.name) for result in results)
    for code, name in session.execute(_PAPERS, {"codes": codes}):
        yield code, "Hồ sơ", name
    for code, _, steps in texts:
        text = " ".join(f"{step.title} {step.text}".strip() for step in steps)
        yield code, "Các bước", text[:MOST_LOOKED_AT]


def _has(text: str, words: Collection[str]) -> bool:
    return any(place[-1] in words for place in word_places(text))
