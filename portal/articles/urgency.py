"""Publications in urgency that nobody confirmed in time."""

from __future__ import annotations

from sqlalchemy import select

from portal.articles import letters
from portal.articles.models import Article, visible
from portal.articles.process_models import UrgentPublication
from portal.core import clock
from portal.core.db import db, write

_MOST = 100


def tell_overdue() -> int:
    """Remind the other publishers once of each; returns the number of articles told of."""
    query = (
        select(UrgentPublication, Article)
        .join(Article, Article.id == UrgentPublication.article_id)
        .where(
            UrgentPublication.closed_at.is_(None), UrgentPublication.told_at.is_(None),
            UrgentPublication.due_at <= clock.now(), visible(),
        )
        .order_by(UrgentPublication.id).limit(_MOST)
    )  # fmt: skip
    if db.session.execute(query.with_only_columns(UrgentPublication.id)).first() is None:
        return 0
    with write() as session:
        rows = session.execute(query.with_for_update(of=UrgentPublication)).all()
        for urgent, article in rows:
            urgent.told_at = clock.now()
            letters.urgency_overdue(session, article, urgent.by_id, urgent.due_at)
        return len(rows)
