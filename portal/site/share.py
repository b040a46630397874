"""The pictures for who passes a page on: of public things only, never an error where one exists."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.articles import queries as articles
from portal.articles import structured as article_cards
from portal.articles.models import Article, Topic
from portal.core.db import db
from portal.core.errors import TooMany
from portal.core.limits import limiter
from portal.core.settings import ROOT, Settings, current_settings
from portal.core.web.assets import IMMUTABLE
from portal.core.web.sharing import Card, portal_card
from portal.directory import structured as unit_cards
from portal.directory.models import Unit
from portal.feedback import queries as feedback
from portal.feedback import structured as feedback_cards
from portal.pages import public as pages
from portal.pages.models import Page
from portal.procedures import queries as procedures
from portal.procedures import structured as procedure_cards
from portal.site import share_image
from portal.site.share_image import Look
from portal.site.share_store import kept_or_made

log = logging.getLogger(__name__)
blueprint = Blueprint("share", __name__)
FOLDER = "share-images"
DEFAULT = ROOT / "static" / "img" / "share.png"
# Drawing, not serving: of all readers together, since many crawlers ask for one new page.
DRAWING_LIMIT = "60/minute"
_DRAWABLE_LOGOS = (".png", ".jpg", ".jpeg", ".webp")


@blueprint.get("/anh-chia-se/<kind>/<key>.png")
def image(kind: str, key: str) -> Response:
    """The picture of one public thing."""
    settings = current_settings()
    card = _find(settings, kind, key) or abort(404)
    digest = card.digest(settings)
    try:
        data = kept_or_made(settings.instance / FOLDER, digest, lambda: _draw(settings, card))
    except (OSError, ValueError, MemoryError, TooMany) as error:
        # A font is missing, a logo is no picture, too many at once: the preview is plainer.
        log.warning("share_image.not_drawn", extra={"error": type(error).__name__})
        return _plain()
    response = Response(data, mimetype="image/png")
    current = request.args.get("v") == digest[:12]
    response.headers["Cache-Control"] = IMMUTABLE if current else "public, max-age=600"
    response.set_etag(digest)
    response.make_conditional(request)
    return response


def look_of(settings: Settings) -> Look:
    """What all pictures of this portal share."""
    site = settings.site
    own = site.theme.logo
    return Look(
        agency=site.agency.name,
        portal=site.site.title,
        host=urlsplit(settings.base_url).netloc,
        brand=site.theme.brand,
        red=site.theme.accent,
        logo=_logo_file(own),
        has_emblem=not own,
    )


def _draw(settings: Settings, card: Card) -> bytes:
    limiter().hit_by_reader(DRAWING_LIMIT, "share-image", "all")
    return share_image.draw(card.label, card.title, look_of(settings))


def _plain() -> Response:
    """The emblem on paper, drawn once for all agencies; not to be kept in place of the real."""
    try:
        data = DEFAULT.read_bytes()
    except OSError:
        abort(404)
    response = Response(data, mimetype="image/png")
    response.headers["Cache-Control"] = "no-store"
    return response


def _logo_file(address: str) -> Path | None:
    """The agency's own mark when it is a static file of pixels; SVG cannot be drawn."""
    path = (ROOT / address.lstrip("/")).resolve()
    inside = path.is_relative_to(ROOT / "static")
    return path if address and inside and path.suffix in _DRAWABLE_LOGOS else None


def _find(settings: Settings, kind: str, key: str) -> Card | None:
    if kind == portal_card(settings).kind:
        return portal_card(settings) if key == portal_card(settings).key else None
    loader = LOADERS.get(kind)
    return loader(db.session(), key) if loader else None


def _article(session: Session, slug: str) -> Card | None:
    found = session.scalar(articles.listed().where(Article.slug == slug))
    return article_cards.card(found) if found else None


def _topic(session: Session, slug: str) -> Card | None:
    found = session.scalar(select(Topic).where(Topic.slug == slug))
    return article_cards.topic_card(found) if found else None


def _procedure(session: Session, code: str) -> Card | None:
    name = procedures.name_of(session, code)
    return procedure_cards.card(code, name) if name else None


def _answer(session: Session, public_id: str) -> Card | None:
    found = feedback.published_item(session, public_id)
    return feedback_cards.card(found) if found else None


def _unit(session: Session, code: str) -> Card | None:
    found = session.scalar(select(Unit).where(Unit.code == code, Unit.removed_at.is_(None)))
    return unit_cards.card(found) if found else None


def _page(session: Session, slug: str) -> Card | None:
    found = session.scalar(select(Page).where(Page.slug == slug, Page.removed_at.is_(None)))
    return pages.card(found) if found else None


LOADERS: dict[str, Callable[[Session, str], Card | None]] = {
    article_cards.CARD: _article,
    article_cards.TOPIC_CARD: _topic,
    procedure_cards.CARD: _procedure,
    feedback_cards.CARD: _answer,
    unit_cards.CARD: _unit,
    pages.CARD: _page,
}
