"""What the search may know of feedback: published copies, nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from portal.feedback import queries
from portal.feedback.publishing import SEARCH_KIND
from portal.search import feed
from portal.search.engine import SearchDocument


def register() -> None:
    """Lend the search the builder of this room's documents."""
    feed.registry.register(SEARCH_KIND, document, keys)


def document(session: Session, public_id: str) -> SearchDocument | None:
    """The document of a published item, or None."""
    item = queries.published_item(session, public_id)
    if item is None:
        return None
    return SearchDocument(
        kind=SEARCH_KIND,
        key=item.public_id,
        title=item.public_subject or "",
        body=f"{item.public_question}\n{item.public_answer}",
        keywords=[item.procedure_code] if item.procedure_code else [],
        facets={
            "kind_of_feedback": item.kind,
            "answering_unit": item.unit_code or "",
            "about_procedure": item.procedure_code or "",
        },
        url=f"/phan-anh/{item.public_id}",
        updated_at=item.published_at,
    )


def keys(session: Session) -> Iterable[str]:
    """Public ids of all published items."""
    return queries.published_ids(session)
