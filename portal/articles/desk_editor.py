"""Writing an article at the desk. Whatever goes wrong, nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from portal.accounts.access import current_actor, needs
from portal.accounts.permissions import Actor, may, require
from portal.accounts.units import unit_names
from portal.articles import desk_queries, queries, service
from portal.articles.comparing import words_of
from portal.articles.desk import ARTICLE, blueprint
from portal.articles.desk_pages import Answer, can_do
from portal.articles.drafts import Draft
from portal.articles.forms import ArticleForm
from portal.articles.models import Article
from portal.articles.states import State, Verb, check
from portal.core.db import db
from portal.core.diff import compare
from portal.core.errors import Conflict, Invalid
from portal.core.html import plain_text, sanitise
from portal.media import queries as library
from portal.media import service as media
from portal.media.models import MediaFile, MediaKind
from portal.media.service import Description, Upload
from portal.plan.queries import task_choices

Kinds = tuple[MediaKind, ...]
_PICTURES: Kinds = (MediaKind.IMAGE,)
_OFFERED: Kinds = (MediaKind.DOCUMENT, MediaKind.AUDIO)


@blueprint.route("/moi", methods=["GET", "POST"])
@needs("article.create")
def new() -> Answer:
    """Begin an article."""
    form, actor = ArticleForm(), current_actor()
    if not form.is_submitted():
        form.unit_code.data = min(actor.units, default=None)
    _offer(form, actor, None)
    if form.is_submitted():
        try:
            if form.validate() and _take_files(form, actor):
                article_id = service.create(actor, form.draft)
                return _after_save(form, article_id, 1)
        except Invalid as error:
            form.add_problems(error.problems)
    return _page(form, None, 400 if form.is_submitted() else 200)


@blueprint.route(ARTICLE + "/sua", methods=["GET", "POST"])
@needs("article.edit")
def edit(article_id: int) -> Answer:
    """Change an article; of an approved one, its correction."""
    session, actor = db.session(), current_actor()
    article = desk_queries.find_to_edit(session, actor, article_id)
    require(actor, "article.edit", article)
    form = ArticleForm()
    stored = Draft.of_revision(article.pending) if article.pending else Draft.of_article(article)
    if not form.is_submitted():
        check(Verb.SAVE, State(article.state))
        form.show(stored, article.version)
    _offer(form, actor, stored)
    if not form.is_submitted():
        return _page(form, article, 200)
    try:
        if form.validate() and _take_files(form, actor):
            saved = service.save(actor, article_id, form.opened_version, form.draft)
            return _after_save(form, article_id, form.opened_version + saved)
    except Invalid as error:
        form.add_problems(error.problems)
    except Conflict as error:
        return _conflict(form, article_id, str(error))
    return _page(form, desk_queries.find_to_edit(db.session(), actor, article_id), 400)


def _after_save(form: ArticleForm, article_id: int, version: int) -> Answer:
    """Where the button that was pressed leads."""
    if request.form.get("then") == "submit":
        actor = current_actor()
        try:
            service.submit(actor, article_id, version)
        except Invalid as error:
            form.version.data, form.version.raw_data = str(version), None
            form.add_problems(error.problems)
            article = desk_queries.find_to_edit(db.session(), actor, article_id)
            return _page(form, article, 400, saved=True)
        flash("Đã lưu và gửi duyệt. Người duyệt đăng được báo bằng thư.")
    else:
        flash("Đã lưu.")
    return redirect(url_for("articles_desk.article", article_id=article_id), 303)


def _conflict(form: ArticleForm, article_id: int, message: str) -> Answer:
    """What was typed, in its form, beside what others saved meanwhile. Saving once more is then
    a choice: the form takes the newer version."""
    article = desk_queries.find(db.session(), current_actor(), article_id)
    newer = Draft.of_revision(article.pending) if article.pending else Draft.of_article(article)
    form.version.data, form.version.raw_data = str(article.version), None
    page = render_template(
        "articles/desk/conflict.html", form=form, article=article, newer=newer, message=message,
        comparison=compare(words_of(newer), _typed_words(form)),
        writer=article.pending.author if article.pending else article.text_by,
        can_save=can_do(article, Verb.SAVE),
    )  # fmt: skip
    return page, 409


def _typed_words(form: ArticleForm) -> str:
    """What was typed, as plain text: it may not be fit to be stored, yet must not be lost."""
    try:
        body = plain_text(sanitise(form.body.data or ""))
    except Invalid:
        body = form.body.data or ""
    return "\n".join((form.title.data or "", form.summary.data or "", body))


def _page(
    form: ArticleForm, article: Article | None, status: int, *, saved: bool = False
) -> Answer:
    page = render_template(
        "articles/desk/edit.html", form=form, article=article, saved=saved,
        can_submit=article is None or can_do(article, Verb.SUBMIT),
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
    kept = desk_queries.media_of(session, chosen)
    covers = [*kept, *library.recent(session, _PICTURES)]
    papers = [*kept, *library.recent(session, _OFFERED, 20)]
    form.offer_files(
        _choices(m for m in covers if m.kind == MediaKind.IMAGE),
        _choices(m for m in papers if m.kind != MediaKind.IMAGE),
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
    return media.upload(actor, upload, Description(alt=alt), unit_code=unit, kinds=kinds)
