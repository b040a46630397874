"""The front door: home, search over everything, site map."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy import select

from portal.articles import queries as articles
from portal.core.db import db
from portal.core.limits import SEARCH_LIMIT, limiter
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.core.web.requests import client_address, page_number
from portal.pages.models import Page as StaticPage
from portal.procedures import queries as procedures
from portal.procedures.filters import VERBATIM
from portal.procedures.terms import CHANGES
from portal.search import highlight
from portal.search.engine import MAX_TEXT
from portal.site import board, found, home, searching, structured

blueprint = Blueprint("site", __name__)


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
    """Search over everything: the best of each kind, or all of one kind."""
    text = clean_line(request.args.get("q", ""))[:MAX_TEXT]
    kind, number = request.args.get("loai", ""), page_number()
    kind = kind if kind in found.KINDS else ""
    typed = VERBATIM in request.args
    shown = None
    if text:
        limiter().hit_by_reader(SEARCH_LIMIT, "search", client_address())
        shown = searching.everything(db.session(), text, kind, number, typed)
    words = shown.words if shown else frozenset[str]()
    return render_template(
        "site/search.html", q=text, kind=kind, all=shown, kinds=found.KINDS,
        typed=1 if typed else None, mark=lambda title: highlight.highlight(title, words),
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
