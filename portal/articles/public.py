"""The section and its articles, as readers see them."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.articles import queries, structured, targets
from portal.articles.body import dress
from portal.articles.models import KIND_NAMES, Kind, Topic
from portal.articles.references import addresses
from portal.core import renames
from portal.core.db import db
from portal.core.settings import current_settings
from portal.core.web.requests import page_number
from portal.core.web.sharing import Sharing

blueprint = Blueprint("articles", __name__)


@blueprint.get("/cai-cach-hanh-chinh/")
def section() -> str:
    """All topics and the newest articles."""
    number = page_number()
    pinned = queries.pinned_visible(db.session())
    page = queries.page_without(db.session(), pinned, number)
    if number > page.count:
        abort(404)
    return render_template(
        "articles/section.html",
        topics=queries.counted_topics(db.session()),
        page=page,
        pinned=pinned if number == 1 else [],
        kind_names=_kind_names(),
    )


@blueprint.get("/cai-cach-hanh-chinh/<slug>/")
def topic(slug: str) -> str | Response:
    """One topic, with what lies below it; 301 from an address that it had."""
    number = page_number()
    counted = queries.counted_topics(db.session())
    trail = next((t for t in queries.trails(counted) if t[-1].topic.slug == slug), None)
    if trail is None:
        if present := renames.present(db.session(), Topic, slug):
            return redirect(url_for(".topic", slug=present), 301)
        abort(404)
    here = trail[-1]
    topics = [here.topic, *(child.topic for child in here.below)]
    page = queries.page_of_topics(db.session(), topics, number)
    if number > page.count:
        abort(404)
    return render_template(
        "articles/topic.html",
        here=here,
        trail=trail[:-1],
        topics=counted,
        page=page,
        kind_names=_kind_names(),
        sharing=Sharing(card=structured.topic_card(here.topic)),
    )


@blueprint.get("/bai-viet/<slug>")
def article(slug: str) -> str | Response | tuple[str, int]:
    """An article; 301 from a former address or when it was merged into another page, 410 with a
    notice when it was withdrawn."""
    found = queries.find_visible(db.session(), slug)
    if found is None:
        return _not_here(slug) or abort(404)
    files = queries.files_of(db.session(), found)
    return render_template(
        "articles/article.html",
        article=found,
        body=dress(found.body, files.pictures, addresses(db.session(), found.body)),
        attachments=files.attachments,
        notes=queries.notes_of(db.session(), found),
        related=queries.related(db.session(), found),
        kind_names=_kind_names(),
        sharing=structured.of_article(current_settings(), found),
    )


def _not_here(slug: str) -> Response | tuple[str, int] | None:
    if target := queries.moved_to(db.session(), slug):
        return redirect(f"/bai-viet/{target}", 301)
    if withdrawn := queries.find_withdrawn(db.session(), slug):
        if path := targets.final(db.session(), withdrawn):
            return redirect(path, 301)
        return render_template("articles/withdrawn.html", article=withdrawn), 410
    return None


def _kind_names() -> dict[str, str]:
    return {Kind(kind).value: name for kind, name in KIND_NAMES.items()}
