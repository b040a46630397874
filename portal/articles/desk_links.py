"""What a writer can link to: searched by words, answered with references."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import select
from sqlalchemy.orm import defer

from portal.accounts.access import current_actor, needs
from portal.accounts.permissions import Actor
from portal.articles import queries
from portal.articles.desk import blueprint
from portal.articles.models import Article
from portal.articles.scope import visible_to
from portal.articles.states import State
from portal.core.db import db
from portal.core.text import clean_line, fold
from portal.media import queries as library
from portal.media.models import MediaKind
from portal.search import service as search

MOST, SHORTEST = 6, 2
_NAMES = {"procedure": "Thủ tục", "page": "Trang"}


@blueprint.get("/lien-ket.json")
@needs("article.list")
def links() -> Response:
    """Articles, procedures, pages, topics and files whose names hold the words of `q`."""
    words = clean_line(request.args.get("q", ""))[:200]
    if len(words) < SHORTEST:
        return jsonify(items=[])
    return jsonify(
        items=[*_found(words), *_articles(current_actor(), words), *_topics(words), *_files(words)]
    )


def _found(words: str) -> list[dict[str, Any]]:
    """What the index of the public search offers."""
    return [
        _item(
            found.kind,
            found.key,
            found.url,
            found.title,
            f"{_NAMES[found.kind]} {found.code}".strip(),
        )
        for found in search.suggest(words, tuple(_NAMES), MOST)
    ]


def _articles(actor: Actor, words: str) -> list[dict[str, Any]]:
    """Articles that this person may know of, those that readers see first."""
    query = select(Article).where(visible_to(actor), Article.state != State.WITHDRAWN)
    for word in fold(words).split()[:6]:
        query = query.where(Article.folded.contains(word, autoescape=True))
    query = query.options(defer(Article.body)).order_by(
        (Article.state != State.APPROVED), Article.changed_at.desc(), Article.id
    )
    return [
        _item(
            "article",
            str(a.id),
            a.url,
            a.title,
            "Bài viết" if a.is_visible else "Bài viết, chưa đăng",
        )
        for a in db.session().scalars(query.limit(MOST))
    ]


def _topics(words: str) -> list[dict[str, Any]]:
    folded = fold(words)
    return [
        _item("topic", topic.slug, topic.url, topic.name, "Chủ đề")
        for topic in queries.topics(db.session())
        if folded in fold(topic.name)
    ][:MOST]


def _files(words: str) -> list[dict[str, Any]]:
    query = library.matching(words, (MediaKind.DOCUMENT, MediaKind.AUDIO)).limit(MOST)
    return [
        _item("file", media.public_id, media.url, media.title, f"Tệp .{media.extension}")
        for media in db.session().scalars(query)
    ]


def _item(kind: str, key: str, url: str, title: str, what: str) -> dict[str, Any]:
    return {"ref": f"{kind}:{key}", "url": url, "title": title, "what": what}
