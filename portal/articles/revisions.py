"""Versions of an article: kept whole with every save, read back as a draft."""

from __future__ import annotations

import re

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from portal.articles.body import file_ids
from portal.articles.drafts import Draft
from portal.articles.models import Article, ArticleRevision, article_procedure
from portal.core import clock
from portal.media.models import MediaFile

_PROCEDURE_CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?!\d)", re.ASCII)


def keep_revision(
    session: Session,
    article: Article,
    *,
    author_id: int | None,
    correction: tuple[Draft, int | None] | None = None,
) -> ArticleRevision:
    """Add a version: of the article as it stands, or of a correction that waits beside it, given
    with who wrote its text. Inside `write()`."""
    session.flush()
    draft, text_by_id = correction or (Draft.of_article(article), article.text_by_id)
    last = session.scalar(
        select(func.max(ArticleRevision.number)).where(ArticleRevision.article_id == article.id)
    )
    revision = ArticleRevision(
        article_id=article.id,
        number=(last or 0) + 1,
        author_id=author_id,
        created_at=clock.now(),
        title=draft.title,
        summary=draft.summary,
        body=draft.body,
        details=draft.details(),
        text_by_id=text_by_id,
    )
    session.add(revision)
    session.flush()
    return revision


def link_files(session: Session, article: Article) -> None:
    """Note which files of the library stand in the body, so that readers may fetch them."""
    wanted = file_ids(article.body)
    if {media.public_id for media in article.inline_files} != wanted:
        query = select(MediaFile).where(MediaFile.public_id.in_(wanted))
        article.inline_files = list(session.scalars(query))


def link_procedures(session: Session, article: Article) -> None:
    """Note which procedures the text names by their codes, so that their pages can lead here."""
    session.flush()
    here = article_procedure.c.article_id == article.id
    wanted = set(_PROCEDURE_CODE.findall(f"{article.summary} {article.body}"))
    known = set(session.scalars(select(article_procedure.c.code).where(here)))
    for code in known - wanted:
        session.execute(delete(article_procedure).where(here, article_procedure.c.code == code))
    for code in sorted(wanted - known):
        session.execute(insert(article_procedure).values(article_id=article.id, code=code))
