"""What the search knows of standing pages."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.html import plain_text
from portal.pages.models import Page
from portal.search import feed
from portal.search.engine import SearchDocument


def register() -> None:
    """Lend the builder to the search."""
    feed.registry.register("page", _page, lambda session: session.scalars(select(Page.slug)))


def _page(session: Session, slug: str) -> SearchDocument | None:
    page = session.scalar(select(Page).where(Page.slug == slug, Page.removed_at.is_(None)))
    if page is None:
        return None
    return SearchDocument(
        kind="page",
        key=slug,
        title=page.title,
        keywords=[page.summary],
        body=plain_text(page.body),
        url=f"/trang/{slug}",
    )
