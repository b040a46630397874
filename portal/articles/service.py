"""The use cases of articles: each verb checks, changes, tells the audit log, letters and search.

Verbs take the `version` that the person saw; when the article has changed since, they raise
`Conflict` and change nothing.
"""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.permissions import Actor, require
from portal.articles import autosaves, letters, remarks, search
from portal.articles import case as cases
from portal.articles.addresses import change_slug, free_slug
from portal.articles.autosaves import Item, Page
from portal.articles.case import Case, Changes, open_for
from portal.articles.checks import check_references, refuse_unfinished
from portal.articles.drafts import Draft, prepare
from portal.articles.models import Article, ArticleRevision
from portal.articles.publishing import FARTHEST, confirm, pass_on, publish, unschedule
from portal.articles.revisions import keep_revision
from portal.articles.states import State, Verb
from portal.articles.withdrawing import keep, plan_withdrawal, restore, withdraw
from portal.articles.writing import apply_draft, told, working_draft, writer_of
from portal.core import audit
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.text import clean_text

REMARK_LIMIT = 2000
__all__ = [
    "FARTHEST", "arrange", "confirm", "create", "discard", "keep", "pass_on", "plan_withdrawal",
    "publish", "restore", "restore_revision", "return_with_remark", "save", "submit", "unschedule",
    "withdraw",
]  # fmt: skip


def create(actor: Actor, draft: Draft, form: tuple[Item, Page] | None = None) -> int:
    """Begin an article; returns its id. Raises `Invalid` by field.

    `form` names the form that it was written in: what was kept of it meanwhile is done with.
    """
    require(actor, "article.create")
    ready = prepare(draft)
    with write() as session:
        check_references(session, actor, ready, None)
        article = Article(
            slug=free_slug(session, ready.title), author_id=actor.user_id, title=ready.title,
            kind=ready.kind, version=0, attachments=[], tasks=[], inline_files=[],
        )  # fmt: skip
        session.add(article)
        case = Case(session, actor, article)
        apply_draft(case, ready, text_by_id=actor.user_id)
        keep_revision(session, article, author_id=actor.user_id)
        case.settle(AuditEvent.ARTICLE_CREATED, {"title": (None, ready.title)})
        if form:
            autosaves.close(session, actor, *form)
        return article.id


def save(
    actor: Actor, article_id: int, version: int, draft: Draft, page: Page | None = None
) -> bool:
    """Keep what somebody wrote; False when nothing changed. What was kept of their writing in
    `page` meanwhile is done with.

    The text of an approved article stays as readers see it: what was written becomes a
    correction that waits for `publish`.
    """
    ready = prepare(draft)
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.SAVE)
        if page:
            autosaves.close(session, actor, Item(article_id), page)
        return _change(case, ready, {})


def submit(actor: Actor, article_id: int, version: int) -> None:
    """Ask for publication. Raises `Invalid` while the article is not complete."""
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.SUBMIT)
        article = case.article
        refuse_unfinished(session, article)
        case.move(Verb.SUBMIT, AuditEvent.ARTICLE_SUBMITTED)
        article.remark = ""
        letters.submitted(session, actor, article)


def return_with_remark(actor: Actor, article_id: int, version: int, remark: str) -> None:
    """Give an article back to its author with what to mend: here, or in remarks on passages."""
    remark = clean_text(remark)
    if len(remark) > REMARK_LIMIT:
        raise Invalid({"remark": f"Nhận xét dài quá {REMARK_LIMIT} ký tự. Bạn rút ngắn lại."})
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.RETURN)
        article = case.article
        said = remarks.as_text(remarks.open_remarks(session, article))
        if not remark and not said:
            raise Invalid({"remark": "Viết điều cần sửa để người viết biết."})
        article.remark = remark
        case.move(Verb.RETURN, AuditEvent.ARTICLE_RETURNED)
        letters.returned(session, actor, article, said)


def discard(actor: Actor, article_id: int, version: int) -> None:
    """Drop the correction that waits; it stays in the history."""
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.DISCARD)
        article = case.article
        if article.pending is None:
            raise Conflict("Bài không có bản sửa nào đang chờ.")
        number = article.pending.number
        article.pending = None
        case.settle(AuditEvent.ARTICLE_CHANGED, {"pending": (number, None)})


def restore_revision(actor: Actor, article_id: int, version: int, number: int) -> bool:
    """Save an earlier version again, as `save` does: a new version, of an approved article a
    correction that waits. The audit log says which. False when the article is as it was."""
    with write() as session:
        open_for(session, actor, article_id, version, Verb.SAVE)
        revision = session.scalar(
            select(ArticleRevision).where(
                ArticleRevision.article_id == article_id, ArticleRevision.number == number
            )
        )
        if revision is None:
            raise NotFound(f"revision {number}")
        draft = Draft.of_revision(revision)
    ready = prepare(draft)
    with write() as session:
        case = open_for(session, actor, article_id, version, Verb.SAVE)
        return _change(case, ready, {"revision": (None, number)})


def arrange(actor: Actor, article_id: int, version: int, *, slug: str, pinned: bool) -> None:
    """Change the address (the former one leads on) and whether the section shows it first."""
    with write() as session:
        case = cases.find(session, actor, article_id)
        article = case.article
        require(actor, "article.publish", article)
        cases.refuse_outdated(article, version)
        before = {"slug": article.slug, "pinned": article.pinned}
        if slug != article.slug:
            change_slug(session, article, slug)
        article.pinned = pinned
        after = {"slug": article.slug, "pinned": article.pinned}
        if changes := audit.differences(before, after):
            case.settle(AuditEvent.ARTICLE_CHANGED, changes)
            search.note_change(session, article)


def _change(case: Case, ready: Draft, more: Changes) -> bool:
    before = working_draft(case)
    if ready == before:
        return False
    check_references(case.session, case.actor, ready, before)
    _keep(case, ready, writer_of(case, ready))
    case.settle(AuditEvent.ARTICLE_CHANGED, {**told(before, ready), **more})
    return True


def _keep(case: Case, ready: Draft, text_by_id: int | None) -> None:
    """Into the article, or beside it when readers see (or will see) what stands there."""
    session, article, by = case.session, case.article, case.actor.user_id
    if article.state == State.APPROVED:
        correction = (ready, text_by_id)
        article.pending = keep_revision(session, article, author_id=by, correction=correction)
        return
    if not article.slug_fixed and ready.title != article.title:
        article.slug = free_slug(session, ready.title, article.id)
    apply_draft(case, ready, text_by_id=text_by_id)
    keep_revision(session, article, author_id=by)
