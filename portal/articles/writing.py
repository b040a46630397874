"""From a draft to the article that says it, and who wrote what it says."""

from __future__ import annotations

from sqlalchemy import select

from portal.articles.case import Case, Changes
from portal.articles.drafts import Draft
from portal.articles.models import ArticleAttachment
from portal.articles.references import link_references
from portal.articles.revisions import link_files, link_procedures
from portal.core import audit
from portal.core.html import RULES_VERSION
from portal.core.text import clean_line, fold
from portal.plan.models import PlanTask


def apply_draft(case: Case, draft: Draft, *, text_by_id: int | None) -> None:
    """Make the article say what the draft says."""
    article = case.article
    article.title, article.summary, article.body = draft.title, draft.summary, draft.body
    article.rules_version = RULES_VERSION
    article.kind, article.topic_id, article.unit_code = draft.kind, draft.topic_id, draft.unit_code
    article.cover_id, article.sources = draft.cover_id, draft.source_rows()
    article.folded = fold(clean_line(f"{draft.title} {draft.summary}"))
    article.text_by_id = text_by_id
    kept = {attachment.media_id: attachment for attachment in article.attachments}
    article.attachments = [
        kept.get(number) or ArticleAttachment(media_id=number) for number in draft.attachment_ids
    ]
    for position, attachment in enumerate(article.attachments):
        attachment.position = position
    query = select(PlanTask).where(PlanTask.id.in_(draft.task_ids)).order_by(PlanTask.id)
    article.tasks = list(case.session.scalars(query)) if draft.task_ids else []
    link_files(case.session, article)
    link_procedures(case.session, article)
    link_references(case.session, article)


def apply_correction(case: Case) -> None:
    """The correction that waits, if any, becomes what the article says."""
    article = case.article
    if article.pending is None:
        return
    draft = Draft.of_revision(article.pending)
    apply_draft(case, draft, text_by_id=article.pending.text_by_id)
    article.pending = None


def working_draft(case: Case) -> Draft:
    """What the editor opens: the correction that waits, else the article."""
    pending = case.article.pending
    return Draft.of_revision(pending) if pending else Draft.of_article(case.article)


def writer_of(case: Case, ready: Draft) -> int | None:
    """Who wrote what readers would read: the actor, unless the text is as others left it."""
    article, digest = case.article, ready.text_digest()
    if article.pending and Draft.of_revision(article.pending).text_digest() == digest:
        return article.pending.text_by_id
    if Draft.of_article(article).text_digest() == digest:
        return article.text_by_id
    return case.actor.user_id


def told(before: Draft, after: Draft) -> Changes:
    """Old → new for the audit log; of the body only its length and the fact."""
    old, new = before.details(), after.details()
    old |= {"title": before.title, "summary": before.summary}
    new |= {"title": after.title, "summary": after.summary}
    changes = audit.differences(old, new)
    if before.body != after.body:
        changes["body"] = (f"{len(before.body)} ký tự", f"{len(after.body)} ký tự")
    return changes
