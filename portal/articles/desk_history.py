"""Any two versions of an article side by side, and the way back to either."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.access import current_actor, needs
from portal.articles import desk_queries
from portal.articles.comparing import changed_fields, compare_texts
from portal.articles.desk import ARTICLE, blueprint
from portal.articles.desk_pages import can_do
from portal.articles.models import Article, ArticleRevision
from portal.articles.states import Verb
from portal.core.db import db
from portal.core.errors import NotFound


@blueprint.get(ARTICLE + "/lich-su/so-sanh")
@needs("article.list")
def compare_versions(article_id: int) -> str:
    """Two versions, by their numbers: the last and the one before it unless others are chosen."""
    session = db.session()
    article = desk_queries.find(session, current_actor(), article_id)
    numbers = [revision.number for revision in desk_queries.revisions(session, article)]
    if not numbers:
        raise NotFound("no revision")
    later = _chosen("den", numbers, numbers[0])
    earlier = _chosen("tu", numbers, next((n for n in numbers if n < later), later))
    texts = _texts(session, article, (earlier, later))
    before, after = texts[earlier], texts[later]
    return render_template(
        "articles/desk/compare.html", article=article, earlier=before, later=after,
        revisions=desk_queries.revisions(session, article),
        comparison=compare_texts(before, after),
        changed=changed_fields(session, before.details, after.details),
        can_save=can_do(article, Verb.SAVE),
    )  # fmt: skip


def _chosen(name: str, known: Sequence[int], otherwise: int) -> int:
    text = request.args.get(name, "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    return number if number in known else otherwise


def _texts(
    session: Session, article: Article, numbers: Sequence[int]
) -> dict[int, ArticleRevision]:
    """Versions whole, by their numbers; one statement."""
    rows = session.scalars(
        select(ArticleRevision)
        .where(ArticleRevision.article_id == article.id, ArticleRevision.number.in_(numbers))
        .options(joinedload(ArticleRevision.author))
        .execution_options(populate_existing=True)
    )
    return {row.number: row for row in rows}
