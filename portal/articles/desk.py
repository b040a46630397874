"""The desk of articles: lists, one article with what can be done, preview, history."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.list_views import BuiltIn, list_views
from portal.accounts.models import DeskList
from portal.accounts.permissions import may
from portal.articles import desk_queries, queries
from portal.articles.body import dress, file_ids
from portal.articles.comparing import compare_texts
from portal.articles.desk_pages import Answer, kind_names, overview
from portal.articles.desk_queries import VIEW_NAMES, Filter, View
from portal.articles.models import Kind
from portal.articles.references import addresses
from portal.core.db import db
from portal.core.text import clean_line
from portal.core.web.pages import paginate
from portal.core.web.requests import page_number

blueprint = desk_blueprint("articles", "bai-viet")
ARTICLE = "/<int(max=2147483647):article_id>"
VERSION = ARTICLE + "/lich-su/<int(max=2147483647):number>"


@blueprint.get("/")
@needs("article.list")
def index() -> str | Response:
    """A view of the list: mine, my unit's, what waits for me, scheduled, shown..."""
    actor = current_actor()
    name = request.args.get("xem", "")
    views = list_views(
        DeskList.ARTICLES, [BuiltIn(label, (("xem", v.value),)) for v, label in VIEW_NAMES.items()]
    )
    if views.start:
        return redirect(views.start, 303)
    if name not in list(View):
        first = View.WAITING if may(actor, "article.publish") else View.MINE
        return redirect(url_for("articles_desk.index", xem=first.value), 303)
    kind = request.args.get("loai", "")
    wanted = Filter(
        View(name), clean_line(request.args.get("q", "")), request.args.get("chu-de", ""),
        kind if kind in list(Kind) else "",
    )  # fmt: skip
    page = paginate(
        db.session(), desk_queries.listed(actor, wanted), page_number(), desk_queries.PAGE_SIZE
    )
    return render_template(
        "articles/desk/list.html", page=page, wanted=wanted, names=VIEW_NAMES, views=views,
        topic_names=[(topic.slug, topic.name) for topic in queries.topics(db.session())],
        kind_names=kind_names(),
    )  # fmt: skip


@blueprint.get(ARTICLE)
@needs("article.list")
def article(article_id: int) -> Answer:
    """One article: its text, its state and what this person can do with it."""
    return overview(article_id)


@blueprint.get(ARTICLE + "/xem")
@needs("article.list")
def preview(article_id: int) -> str:
    """The article (with its correction, if one waits) as readers will see it."""
    session = db.session()
    found = desk_queries.find(session, current_actor(), article_id)
    shown = found.pending or found
    pictures = desk_queries.inline_files_of(session, file_ids(shown.body))
    return render_template(
        "articles/desk/preview.html", article=found, shown=shown,
        body=dress(shown.body, pictures, addresses(session, shown.body)), kind_names=kind_names(),
        attachments=queries.files_of(session, found).attachments,
    )  # fmt: skip


@blueprint.get(ARTICLE + "/lich-su")
@needs("article.list")
def history(article_id: int) -> str:
    """Every version that was saved."""
    found = desk_queries.find(db.session(), current_actor(), article_id)
    return render_template(
        "articles/desk/history.html", article=found,
        revisions=desk_queries.revisions(db.session(), found),
    )  # fmt: skip


@blueprint.get(VERSION)
@needs("article.list")
def version(article_id: int, number: int) -> str:
    """One version, with a way back to it."""
    session = db.session()
    found = desk_queries.find(session, current_actor(), article_id)
    revision = desk_queries.revision(session, found, number)
    earlier = desk_queries.revision_before(session, revision)
    pictures = desk_queries.inline_files_of(session, file_ids(revision.body))
    return render_template(
        "articles/desk/version.html", article=found, revision=revision,
        body=dress(revision.body, pictures, addresses(session, revision.body)),
        may_restore=may(current_actor(), "article.edit", found),
        comparison=compare_texts(earlier, revision), earlier=earlier,
    )  # fmt: skip
