"""Writing an article at the desk. Whatever goes wrong, nothing that was typed is lost."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from portal.accounts.access import current_actor, needs
from portal.accounts.permissions import Actor, may, require
from portal.accounts.units import unit_names
from portal.articles import autosaves, desk_queries, presence, queries, service
from portal.articles.autosaves import Item, is_token
from portal.articles.body import dress, file_ids
from portal.articles.comparing import changed_fields, words_of
from portal.articles.desk import ARTICLE, blueprint
from portal.articles.desk_found import differs, form_of, found_again, keep_refused, typed_words
from portal.articles.desk_pages import Answer, can_do
from portal.articles.drafts import Draft
from portal.articles.forms import ArticleForm
from portal.articles.models import Article
from portal.articles.prefill import prefill
from portal.articles.references import addresses
from portal.articles.states import TRANSITIONS, Verb, check
from portal.articles.words_models import ArticleAutosave
from portal.core.db import db
from portal.core.diff import compare
from portal.core.errors import Conflict, Invalid
from portal.core.web.forms import csrf
from portal.media import queries as library
from portal.media import service as media
from portal.media.models import MediaFile, MediaKind
from portal.media.service import Description, Upload
from portal.plan.queries import task_choices

Kinds = tuple[MediaKind, ...]
_PICTURES: Kinds = (MediaKind.IMAGE,)
_OFFERED: Kinds = (MediaKind.DOCUMENT, MediaKind.AUDIO, MediaKind.VIDEO)


@blueprint.route("/moi", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token and keeps what was typed
@needs("article.create")
def new() -> Answer:
    """Begin an article."""
    form, actor = ArticleForm(), current_actor()
    if not form.is_submitted():
        return _begin(actor)
    _offer(form, actor, None)
    try:
        if form.validate() and _take_files(form, actor):
            written = (form.item, form.page) if form.item and form.page else None
            article_id = service.create(actor, form.draft, written)
            return _after_save(form, article_id, 1)
    except Invalid as error:
        form.add_problems(error.problems)
    keep_refused(actor, form.item, form)
    return _page(form, None, 400)


@blueprint.route(ARTICLE + "/sua", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # as above
@needs("article.edit")
def edit(article_id: int) -> Answer:
    """Change an article; of an approved one, its correction."""
    session, actor = db.session(), current_actor()
    article, row = desk_queries.find_with_words(session, actor, article_id)
    for permission in TRANSITIONS[Verb.SAVE].permissions(article.standing):
        require(actor, permission, article)
    form = ArticleForm()
    stored = Draft.of_revision(article.pending) if article.pending else Draft.of_article(article)
    if not form.is_submitted():
        return _open(article, stored, row)
    _offer(form, actor, stored)
    try:
        if form.validate() and _take_files(form, actor):
            saved = service.save(actor, article_id, form.opened_version, form.draft, form.page)
            return _after_save(form, article_id, form.opened_version + saved)
    except Invalid as error:
        form.add_problems(error.problems)
    except Conflict as error:
        keep_refused(actor, Item(article_id), form)
        return _conflict(form, article_id, str(error))
    keep_refused(actor, Item(article_id), form)
    return _page(form, desk_queries.find_to_edit(db.session(), actor, article_id), 400)


def _begin(actor: Actor) -> Answer:
    """An empty form, or one that was begun and not saved; `tiep` names it."""
    token = request.args.get("tiep", "")
    token = token if is_token(token) else secrets.token_urlsafe(16)
    row = autosaves.find(db.session(), actor, Item(token=token))
    if row and row.fields:
        form = form_of(row)
    else:
        form = ArticleForm()
        form.begin(0, after=row.mark if row else "", token=token)
        form.unit_code.data = min(actor.units, default=None)
        prefill(form, request.args)
    form.begin(0, after=form.after.data or "", token=token)
    _offer(form, actor, None)
    return _page(form, None, 200)


def _open(article: Article, stored: Draft, row: ArticleAutosave | None) -> Answer:
    """The form; first of all the choice, when the person left words unsaved."""
    session, actor = db.session(), current_actor()
    goes_on = request.args.get("tiep") == "1"
    if row and row.fields and not goes_on and differs(row.fields, stored):
        return found_again(session, article, stored, row)
    check(Verb.SAVE, article.standing)
    if row and row.fields:
        form = form_of(row)
    else:
        form = ArticleForm()
        form.show(stored, article.version)
        form.begin(article.version, after=row.mark if row else "")
    _offer(form, actor, stored)
    number, answer = article.id, _page(form, article, 200, row=row)
    presence.enter(actor, number, form.tab.data or "")
    return answer


def _after_save(form: ArticleForm, article_id: int, version: int) -> Answer:
    """Where the button that was pressed leads."""
    if request.form.get("then") == "submit":
        actor = current_actor()
        try:
            service.submit(actor, article_id, version)
        except Invalid as error:
            page = form.page
            form.begin(version, after=page.mark if page else "")
            form.add_problems(error.problems)
            article = desk_queries.find_to_edit(db.session(), actor, article_id)
            return _page(form, article, 400, saved=True)
        flash("Đã lưu và gửi duyệt. Người duyệt đăng được báo bằng thư.")
    else:
        flash("Đã lưu.")
    return redirect(url_for("articles_desk.article", article_id=article_id), 303)


def _conflict(form: ArticleForm, article_id: int, message: str) -> Answer:
    """What was typed beside what others saved meanwhile, whole, and three ways out of it."""
    session, actor = db.session(), current_actor()
    article = desk_queries.find(session, actor, article_id)
    newer = Draft.of_revision(article.pending) if article.pending else Draft.of_article(article)
    pictures = desk_queries.inline_files_of(session, file_ids(newer.body))
    form.ask_over(article.version)
    page = render_template(
        "articles/desk/conflict.html", form=form, article=article, newer=newer, message=message,
        comparison=compare(words_of(newer), typed_words(form), whole=True),
        changed=changed_fields(session, newer.details(), form.draft.details()),
        body=dress(newer.body, pictures, addresses(session, newer.body)),
        writer=article.pending.author if article.pending else article.text_by,
        can_save=can_do(article, Verb.SAVE), others=presence.others(session, actor, article_id),
    )  # fmt: skip
    return page, 409


def _page(
    form: ArticleForm, article: Article | None, status: int, *,
    saved: bool = False, row: ArticleAutosave | None = None,
) -> Answer:  # fmt: skip
    session, actor = db.session(), current_actor()
    page = render_template(
        "articles/desk/edit.html", form=form, article=article, saved=saved, row=row,
        can_submit=article is None or can_do(article, Verb.SUBMIT),
        others=presence.others(session, actor, article.id) if article else (),
        left=() if article else autosaves.begun(session, actor),
    )  # fmt: skip
    return page, status


def _offer(form: ArticleForm, actor: Actor, stored: Draft | None) -> None:
    """Fill the lists to choose from; what is stored is always among them."""
    session = db.session()
    names = unit_names()
    mine = list(names) if may(actor, "article.publish") else sorted(actor.units)
    if stored and stored.unit_code and stored.unit_code not in mine:
        mine.append(stored.unit_code)
    form.offer(
        topics={topic.id: topic.name for topic in queries.topics(session)},
        units={code: names.get(code, code) for code in mine},
        tasks=dict(task_choices(session)),
    )
    chosen = _chosen_files(form, stored)
    newest = [library.newest(_PICTURES), library.newest(_OFFERED, 20)]
    files = desk_queries.files_to_offer(session, chosen, newest)
    form.offer_files(
        _choices(m for m in files if m.kind == MediaKind.IMAGE),
        _choices(m for m in files if m.kind != MediaKind.IMAGE),
    )


def _chosen_files(form: ArticleForm, stored: Draft | None) -> list[int]:
    """Files that the form or the article already names, whatever their age."""
    typed = [form.cover_id.data, *(form.attachments.data or [])]
    kept = [stored.cover_id, *stored.attachment_ids] if stored else []
    return [number for number in dict.fromkeys([*kept, *typed]) if isinstance(number, int)]


def _choices(files: Iterable[MediaFile]) -> dict[int, str]:
    return {media.id: f"{media.title} (.{media.extension})" for media in files}


def _take_files(form: ArticleForm, actor: Actor) -> bool:
    """Bring the files that came with the form into the library and choose them. False after a
    refusal, which is told beside the field; what was taken in stays chosen."""
    alt = form.cover_alt.data or ""
    covers = [form.cover_file.data] if form.cover_file.data else []
    papers = [sent for sent in form.attachment_files.data or [] if sent]
    waiting = [(sent, "cover_file", "cover_id", _PICTURES) for sent in covers]
    waiting += [(sent, "attachment_files", "attachments", _OFFERED) for sent in papers]
    for sent, asked, field, kinds in waiting:
        try:
            number = _upload(actor, form, sent, alt if field == "cover_id" else "", kinds)
        except Invalid as error:
            form.add_problems({asked: f"{sent.filename}: {error}"})
            return False
        form.choose(field, number, sent.filename or "")
    return True


def _upload(actor: Actor, form: ArticleForm, sent: FileStorage, alt: str, kinds: Kinds) -> int:
    unit = form.unit_code.data if form.unit_code.data in actor.units else None
    upload = Upload(sent.stream, sent.filename or "", sent.mimetype or "")  # type: ignore[arg-type]
    if MediaKind.IMAGE not in kinds and (twin := media.same_as(upload)) and twin.kind in kinds:
        return twin.id  # the library has it already; a cover brings its own description along
    return media.upload(actor, upload, Description(alt=alt), unit_code=unit, kinds=kinds)
