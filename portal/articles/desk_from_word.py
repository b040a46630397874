"""A Word file becomes an article: sent on one page, finished on the next."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for

from portal.accounts.access import current_actor, needs
from portal.accounts.permissions import require
from portal.articles import desk_queries, publishing, queries, service
from portal.articles.body import dress, file_ids
from portal.articles.desk import ARTICLE, blueprint
from portal.articles.desk_pages import Answer, can_do
from portal.articles.drafts import Draft
from portal.articles.models import Article
from portal.articles.references import addresses
from portal.articles.states import Verb, check
from portal.articles.word import telling
from portal.articles.word.finishing import described, pictures_of, tell_library
from portal.articles.word.forms import FinishForm, ReadyForm, WordForm
from portal.articles.word.importing import import_word, report_of
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.media.service import Upload


@blueprint.route("/tu-word", methods=["GET", "POST"])
@needs("article.create")
def from_word() -> Answer:
    """Send a Word file; a draft is made of it at once."""
    form = WordForm()
    if form.validate_on_submit():
        sent = form.file.data
        try:
            number = import_word(current_actor(), Upload(sent.stream, sent.filename or ""))
        except Invalid as error:
            form.add_problems({"file": str(error)})
        else:
            return redirect(url_for("articles_desk.word_report", article_id=number), 303)
    page = render_template("articles/desk/from_word.html", form=form)
    return page, 400 if form.is_submitted() else 200


@blueprint.route(ARTICLE + "/nhap-tu-word", methods=["GET", "POST"])
@needs("article.edit")
def word_report(article_id: int) -> Answer:
    """What was changed on the way, the text, and the few things still to say."""
    article = desk_queries.find_to_edit(db.session(), current_actor(), article_id)
    require(current_actor(), "article.edit", article)
    check(Verb.SAVE, article.standing)
    if report_of(article_id) is None:
        abort(404)
    draft = _stored(article)
    then = request.form.get("then", "")
    form = ReadyForm() if then else FinishForm()
    _offer(form, draft, article)
    if not form.is_submitted():
        return _page(form, article, draft, 200)
    try:
        if form.validate():
            return _finish(form, article_id, draft, then)
    except Invalid as error:
        form.add_problems(error.problems)
    except Conflict as error:
        form.add_problems({"": str(error)})
    article = desk_queries.find_to_edit(db.session(), current_actor(), article_id)
    return _page(form, article, _stored(article), 400)


def _finish(form: FinishForm, article_id: int, draft: Draft, then: str) -> Answer:
    """Keep what was said, then do what the button says."""
    actor, version = current_actor(), form.opened_version
    said = replace(
        described(draft, form.alts.data),
        title=form.title.data, summary=form.summary.data or "", topic_id=form.topic_id.data,
    )  # fmt: skip
    version += service.save(actor, article_id, version, said)
    form.version.data, form.version.raw_data = str(version), None
    tell_library(actor, said.body)
    if then == "submit":
        service.submit(actor, article_id, version)
        flash("Đã lưu và gửi duyệt. Người duyệt đăng được báo bằng thư.")
    elif then == "urgent":
        _publish_urgently(form, article_id, version)
        flash("Đã lưu và đăng khẩn. Một người duyệt khác được báo để xem lại.")
    else:
        flash("Đã lưu.")
    return redirect(url_for("articles_desk.article", article_id=article_id), 303)


def _publish_urgently(form: FinishForm, article_id: int, version: int) -> None:
    reason = form.urgent.data or ""
    if not reason:
        raise Invalid({"urgent": "Nhập lý do đăng khẩn; người xem lại sẽ đọc lý do này."})
    how = publishing.Publication(urgent=reason)
    publishing.publish(current_actor(), article_id, version, how=how)


def _offer(form: FinishForm, draft: Draft, article: Article) -> None:
    """Topics to choose from and one field a picture; before anything was typed, what is stored."""
    form.topic_id.choices = [
        ("", "Chưa chọn"), *((topic.id, topic.name) for topic in queries.topics(db.session()))
    ]  # fmt: skip
    images = pictures_of(draft.body)
    if not form.is_submitted():
        form.title.data, form.summary.data = draft.title, draft.summary
        form.topic_id.data, form.version.data = draft.topic_id, str(article.version)
    for image in images[len(form.alts.entries) :]:
        form.alts.append_entry(image.attrs.get("alt", ""))
    for number, entry in enumerate(form.alts.entries, 1):
        entry.label.text = f"Mô tả ảnh {number}"


def _page(form: FinishForm, article: Article, draft: Draft, status: int) -> Answer:
    report = report_of(article.id)
    assert report is not None
    pictures = desk_queries.inline_files_of(db.session(), file_ids(draft.body))
    body = dress(draft.body, pictures, addresses(db.session(), draft.body))
    page = render_template(
        "articles/desk/word_report.html", form=form, article=article, report=report,
        kept=telling.kept(report.facts), changed=telling.changed(report.facts),
        to_look_at=telling.to_look_at(report.facts), title_from=report.facts.get("title_from"),
        images=pictures_of(draft.body), body=body,
        can_submit=can_do(article, Verb.SUBMIT), can_urgent=can_do(article, Verb.URGENT),
    )  # fmt: skip
    return page, status


def _stored(article: Article) -> Draft:
    return Draft.of_revision(article.pending) if article.pending else Draft.of_article(article)
