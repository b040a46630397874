"""`/api/v1`: what the pages show, as JSON. Errors are `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from sqlalchemy import func, select

from portal.api import shapes
from portal.api.openapi import document
from portal.articles.models import Article, visible
from portal.articles.queries import listed
from portal.core import clock
from portal.core.db import db
from portal.core.limits import limiter
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.core.web.requests import client_address
from portal.directory import queries as directory
from portal.feedback import finding as feedback
from portal.procedures import listing
from portal.procedures import queries as procedures
from portal.procedures import shapes as procedure_shapes
from portal.procedures.codes import normalise_code
from portal.procedures.models import Announcement
from portal.procedures.recording import load_with_parts
from portal.search import service as search
from portal.search.engine import MAX_TEXT, SearchQuery, SearchUnavailable
from portal.site import found

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
LIMIT = "120/minute"
MAX_LIMIT = 100
MAX_OFFSET = 10_000


@blueprint.before_request
def brake() -> None:
    """The same for all callers; 429 says when to come back."""
    limiter().hit_by_reader(LIMIT, "api", client_address())


@blueprint.after_request
def remember(response: Response) -> Response:
    """A caller who has seen this answer is told so in a few bytes (RFC 9110, 13.1)."""
    if response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=60"
        response.add_etag()
        response.make_conditional(request)
    return response


@blueprint.get("/procedures")
def list_procedures() -> Response:
    """Procedures by words, field and status, best first."""
    limit, offset = _window()
    filters = {name: [request.args[name]] for name in ("field", "status") if request.args.get(name)}
    wish = listing.Wish(text=_text(), filters=filters, limit=limit, offset=offset)
    result, settings = listing.find(db.session(), wish), current_settings()
    rows = {one.code: one for one in procedures.cards(db.session(), result.codes)}
    items = [procedure_shapes.listed(rows[code], settings) for code in result.codes if code in rows]
    return _list(result.total, items)


@blueprint.get("/procedures/<code>")
def get_procedure(code: str) -> Response:
    """One procedure with everything its page shows; any spelling of the code."""
    known = normalise_code(code)
    one = load_with_parts(db.session(), [known]).get(known) if known else None
    if one is None:
        abort(404)
    return jsonify(procedure_shapes.in_full(one, clock.today(), current_settings()))


@blueprint.get("/announcements")
def list_announcements() -> Response:
    """Decisions that announced procedures, newest first."""
    limit, offset = _window()
    total = db.session.scalar(select(func.count()).select_from(Announcement)) or 0
    rows = db.session.scalars(procedures.announcements().limit(limit).offset(offset))
    settings = current_settings()
    return _list(total, [procedure_shapes.announcement(row, settings) for row in rows])


@blueprint.get("/articles")
def list_articles() -> Response:
    """Published articles, newest first."""
    limit, offset = _window()
    total = db.session.scalar(select(func.count()).select_from(Article).where(visible())) or 0
    rows = db.session.scalars(listed().limit(limit).offset(offset)).all()
    return _list(total, [shapes.article(row) for row in rows])


@blueprint.get("/hotlines")
def list_hotlines() -> Response:
    """Hotlines with their certainty and date of check."""
    rows = directory.public_hotlines()
    return _list(len(rows), [shapes.hotline(row) for row in rows])


@blueprint.get("/feedback")
def list_feedback() -> Response:
    """Published questions and answers, newest first, without anyone's name or contacts; `unit` and
    `procedure` narrow them."""
    limit, offset = _window()
    unit, procedure = (request.args.get(name, "")[:80] for name in ("unit", "procedure"))
    total, rows = feedback.published(db.session(), unit, procedure, limit, offset)
    return _list(total, [shapes.feedback(row) for row in rows])


@blueprint.get("/search")
def search_all() -> Response:
    """Search over everything; `kind` narrows it. 503 while the index is being made."""
    limit, offset = _window()
    kind = request.args.get("kind", "")
    if kind and kind not in found.KINDS:
        abort(400)
    query = SearchQuery(_text(), kinds=[kind] if kind else [], limit=limit, offset=offset)
    try:
        results = search.search(query)
    except SearchUnavailable:
        abort(503)
    items = [shapes.found(item) for item in found.load(db.session(), results.hits)]
    return _list(results.total, items)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of this interface (OpenAPI 3.1)."""
    return jsonify(document(current_settings()))


def _text() -> str:
    return clean_line(request.args.get("q", ""))[:MAX_TEXT]


def _window() -> tuple[int, int]:
    return _number("limit", 20, 1, MAX_LIMIT), _number("offset", 0, 0, MAX_OFFSET)


def _number(name: str, default: int, low: int, high: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and low <= int(text[:9]) <= high):
        abort(400)
    return int(text)


def _list(total: int, items: list[dict[str, Any]]) -> Response:
    return jsonify(total=total, items=items)
