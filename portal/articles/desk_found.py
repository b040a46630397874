"""Words that somebody left unsaved, when the form opens again: shown, and theirs to choose."""

from __future__ import annotations

from contextlib import suppress

from flask import render_template
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from portal.accounts.permissions import Actor
from portal.articles import autosaves
from portal.articles.autosaves import Item
from portal.articles.comparing import changed_fields, words_of
from portal.articles.desk_pages import Answer, can_do
from portal.articles.drafts import Draft, prepare
from portal.articles.forms import ArticleForm
from portal.articles.models import Article
from portal.articles.states import STATE_NAMES, Verb
from portal.articles.words_models import ArticleAutosave, Fields
from portal.core.diff import compare
from portal.core.errors import Invalid, TooMany
from portal.core.html import plain_text, sanitise


def form_of(row: ArticleAutosave) -> ArticleForm:
    """The form as it was left, fit to be stored or not; it says which words it goes on from."""
    form = ArticleForm(MultiDict(row.fields or {}))
    form.begin(row.base_version, after=row.mark)
    return form


def differs(fields: Fields, stored: Draft) -> bool:
    """Whether what was left says anything else than what is stored. Slow for a large body."""
    draft = ArticleForm(MultiDict(fields)).draft
    try:
        return prepare(draft) != stored
    except Invalid:
        return True


def found_again(session: Session, article: Article, stored: Draft, row: ArticleAutosave) -> Answer:
    """The choice: go on with what was left, or open what is stored. Both texts in view."""
    form = form_of(row)
    page = render_template(
        "articles/desk/found_again.html", article=article, row=row,
        newer=row.base_version != article.version, changed_by=autosaves.changed_by(article),
        comparison=compare(words_of(stored), typed_words(form), whole=True),
        changed=changed_fields(session, stored.details(), form.draft.details()),
        can_save=can_do(article, Verb.SAVE), state_name=STATE_NAMES[article.standing].lower(),
        typed=typed_words(form),
    )  # fmt: skip
    return page, 200


def typed_words(form: ArticleForm) -> str:
    """What was typed, as plain text: it may not be fit to be stored, yet must not be lost."""
    try:
        body = plain_text(sanitise(form.body.data or ""))
    except Invalid:
        body = form.body.data or ""
    return "\n".join((form.title.data or "", form.summary.data or "", body))


def keep_refused(actor: Actor, item: Item | None, form: ArticleForm) -> None:
    """A form that could not be saved is kept as it came in, also without a script, and the page
    that is shown now goes on from there. Sent on purpose, it goes before what another page of
    this person kept."""
    page, mark = form.page, ""
    if item and page and "csrf_token" not in form.errors:
        with suppress(Invalid, TooMany):  # it is on the page that is shown now
            mark = autosaves.keep(actor, item, page, form.typed, take_over=True).mark
    form.begin(page.version if page else form.opened_version, after=mark)
