"""What an outsider with a link sees: the text that waits, its files, and nothing else.

No session is read or begun. A link that was made up, has expired or was ended is the same 404.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, make_response, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.articles import previews
from portal.articles.body import dress, file_ids
from portal.articles.models import KIND_NAMES, Article, ArticleAttachment, Topic
from portal.articles.process_models import PreviewLink
from portal.articles.references import addresses
from portal.articles.states import State
from portal.core.db import db
from portal.core.limits import limiter
from portal.core.web.requests import client_address
from portal.media import queries as library
from portal.media import storage
from portal.media.models import MediaFile
from portal.media.public import send
from portal.plan.models import PlanTask

blueprint = Blueprint("article_preview", __name__)
GUESSES = "20/minute"
_TOKEN = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LIBRARY = re.compile(r"/tu-lieu/(?=[0-9a-f]{32}/)")


@blueprint.get("/xem-truoc/<token>")
def page(token: str) -> Response:
    """The article as it is written now, with a banner that says so."""
    link, article = _open(token)
    session, shown = db.session(), article.pending or article
    html = render_template(
        "articles/outside_preview.html", article=article, shown=shown, until=link.expires_at,
        body=dress(shown.body, _files(session, shown.body), addresses(session, shown.body)),
        attachments=[one.media for one in article.attachments if one.media.removed_at is None],
        kind_names={kind.value: name for kind, name in KIND_NAMES.items()},
    )  # fmt: skip
    if link.opened_at is None:
        previews.note_opened(link.id)
    response = make_response(_LIBRARY.sub(f"/xem-truoc/{token}/tu-lieu/", html))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/xem-truoc/<token>/tu-lieu/<public_id>/<variant>")
def file(token: str, public_id: str, variant: str) -> Response:
    """A file that this article shows; a file of another is as if it were not there."""
    _, article = _open(token)
    shown = article.pending or article
    media = library.by_public_id(db.session(), public_id)
    if media is None or media.removed_at or media.id not in _theirs(article, shown.body):
        abort(404)
    path = storage.path_of(media, variant) or abort(404)
    return send(media, path, public=False)


def _open(token: str) -> tuple[PreviewLink, Article]:
    """The link and its article. Aborts with 404, and makes who tries addresses wait."""
    limiter().check(GUESSES, "preview", client_address())
    session = db.session()
    link = previews.opened(session, token) if _TOKEN.fullmatch(token) else None
    article = _article(session, link.article_id) if link else None
    if link is None or article is None:
        limiter().hit_by_reader(GUESSES, "preview", client_address())
        abort(404)
    return link, article


def _article(session: Session, article_id: int) -> Article | None:
    article = session.scalar(
        select(Article)
        .where(Article.id == article_id)
        .options(
            joinedload(Article.topic).joinedload(Topic.parent), joinedload(Article.unit),
            joinedload(Article.cover), joinedload(Article.pending),
            selectinload(Article.attachments).joinedload(ArticleAttachment.media),
            selectinload(Article.tasks).joinedload(PlanTask.plan),
        )
    )  # fmt: skip
    return article if article is not None and article.standing != State.WITHDRAWN else None


def _files(session: Session, body: str) -> list[MediaFile]:
    wanted = file_ids(body)
    query = select(MediaFile).where(MediaFile.public_id.in_(wanted))
    return list(session.scalars(query)) if wanted else []


def _theirs(article: Article, body: str) -> set[int]:
    """Ids of the files that the preview of an article shows."""
    inside = {media.id for media in _files(db.session(), body)}
    cover = {article.cover_id} if article.cover_id is not None else set()
    return inside | cover | {one.media_id for one in article.attachments}
