"""The front door: home, search over everything, site map."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy import select

from portal.articles import queries as articles
from portal.core.db import db
from portal.core.limits import limiter
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.core.web.pages import Page
from portal.core.web.requests import client_address, page_number
from portal.pages.models import Page as StaticPage
from portal.procedures import queries as procedures
from portal.procedures.terms import CHANGES
from portal.search import highlight
from portal.search import service as search
from portal.search.engine import MAX_TEXT, SearchQuery, SearchResults, SearchUnavailable
from portal.site import board, found, home, structured
from portal.site.found import Found

blueprint = Blueprint("site", __name__)
PAGE_SIZE = 20
SEARCH_LIMIT = "60/minute"


@blueprint.get("/")
def home_page() -> str:
    """The home page."""
    settings = current_settings()
    shown = home.gather(db.session(), settings)
    return render_template(
        "site/home.html", home=shown, sharing=structured.of_home(settings, shown.hotlines)
    )


@blueprint.get("/tim-kiem")
def search_page() -> str:
    """Search over everything, with tabs by kind."""
    text = clean_line(request.args.get("q", ""))[:MAX_TEXT]
    kind = request.args.get("loai", "")
    number = page_number()
    if not text:
        return _results("", "")
    limiter().hit_by_reader(SEARCH_LIMIT, "search", client_address())
    query = SearchQuery(
        text,
        kinds=[kind] if kind in found.KINDS else [],
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
        verbatim="nguyen_van" in request.args,
    )
    try:
        results = search.search(query)
    except SearchUnavailable:
        return _results(text, kind)
    items = found.load(db.session(), results.hits)
    return _results(text, kind, results, Page(items, number, PAGE_SIZE, results.total))


def _results(
    text: str, kind: str, results: SearchResults | None = None, page: Page[Found] | None = None
) -> str:
    words = results.words if results else frozenset[str]()
    return render_template(
        "site/search.html", q=text, kind=kind, results=results, page=page,
        kinds=found.KINDS, mark=lambda title: highlight.highlight(title, words),
    )  # fmt: skip


@blueprint.get("/bang-tin")
def notice_board() -> str:
    """The full screen of a waiting room's notice board, which keeps itself fresh."""
    settings = current_settings()
    return render_template(
        "site/board.html",
        slides=board.slides(db.session(), settings),
        board=settings.site.board,
        changes=CHANGES,
    )


@blueprint.get("/so-do-trang")
def site_map() -> str:
    """Every main page, for people."""
    session = db.session()
    return render_template(
        "site/map.html",
        topics=articles.counted_topics(session),
        fields=procedures.fields(session),
        pages=session.scalars(select(StaticPage).order_by(StaticPage.sort_order)).all(),
    )
