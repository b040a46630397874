"""Legal documents that procedures rest on: the list, the page of one, and how search finds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from portal.core import clock
from portal.core.text import fold
from portal.procedures.models import LegalBasis, LegalLink, Procedure
from portal.procedures.terms import LEGAL_STATES, LegalState
from portal.search import feed
from portal.search.engine import SearchDocument

KIND = "legal_basis"
_BOOST = 0.5  # people look for what to do; the documents behind it come last
_EXPIRED = 0.4


@dataclass(frozen=True, slots=True)
class Counted:
    """A document and how many procedures rest on it."""

    basis: LegalBasis
    count: int


def register() -> None:
    """Lend legal documents to the search."""
    feed.registry.register(KIND, build, keys, build_many)


def keys(session: Session) -> Iterable[str]:
    """Slugs of all documents on which something rests."""
    return session.scalars(select(LegalBasis.slug).where(_is_used())).all()


def build(session: Session, slug: str) -> SearchDocument | None:
    """The search's document of one legal document."""
    return build_many(session, [slug]).get(slug)


def build_many(session: Session, slugs: Sequence[str]) -> dict[str, SearchDocument]:
    """The search's documents of several; one statement."""
    query = select(LegalBasis).where(LegalBasis.slug.in_(slugs), _is_used())
    return {basis.slug: _document(basis) for basis in session.scalars(query)}


def by_slugs(session: Session, slugs: Sequence[str]) -> Sequence[LegalBasis]:
    """Documents for a list of results; one statement."""
    return session.scalars(select(LegalBasis).where(LegalBasis.slug.in_(slugs))).all()


def find(session: Session, slug: str) -> LegalBasis | None:
    """One document; one statement."""
    return session.scalar(select(LegalBasis).where(LegalBasis.slug == slug))


def procedures_on(session: Session, basis: LegalBasis) -> Sequence[Procedure]:
    """Every procedure that rests on a document, by field and name; one statement."""
    query = (
        select(Procedure)
        .join(LegalLink)
        .where(LegalLink.legal_basis_id == basis.id)
        .options(joinedload(Procedure.field))
        .order_by(Procedure.field_id, Procedure.name_folded, Procedure.code)
    )
    return session.scalars(query).all()


def listed(session: Session, text: str, state: str) -> list[Counted]:
    """Documents whose number, title or issuer hold every word of `text`, those that most rests on
    first; one statement, for they are hundreds, not thousands."""
    count = func.count(LegalLink.procedure_id)
    query = (
        select(LegalBasis, count)
        .join(LegalLink)
        .group_by(LegalBasis.id)
        .order_by(count.desc(), LegalBasis.number)
    )
    if state in set(LegalState):
        query = query.where(LegalBasis.state == state)
    words = fold(text).split()[:16]
    return [
        Counted(basis, number)
        for basis, number in session.execute(query)
        if not words or _holds(basis, words)
    ]


def _holds(basis: LegalBasis, words: Iterable[str]) -> bool:
    folded = fold(f"{basis.number} {basis.title} {basis.issuer}")
    return all(word in folded for word in words)


def _is_used() -> ColumnElement[bool]:
    return select(LegalLink.procedure_id).where(LegalLink.legal_basis_id == LegalBasis.id).exists()


def _document(basis: LegalBasis) -> SearchDocument:
    day = basis.issued_on
    state = LegalState(basis.state)
    return SearchDocument(
        kind=KIND,
        key=basis.slug,
        title=f"{basis.number} {basis.title}".strip(),
        code=basis.number,
        body=f"{basis.issuer}\n{LEGAL_STATES[state]}",
        url=f"/thu-tuc/can-cu/{basis.slug}",
        updated_at=clock.from_local(datetime.combine(day, time.min)) if day else None,
        boost=_BOOST * (_EXPIRED if state is LegalState.EXPIRED else 1),
    )
