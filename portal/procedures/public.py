"""The citizen's door: find a procedure, read it, print it, take the data along."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from portal.core import clock
from portal.core.certainty import is_stale
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.limits import SEARCH_LIMIT, SUGGEST_LIMIT, limiter
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.core.web import kiosk, qr
from portal.core.web.pages import Page, paginate
from portal.core.web.requests import client_address, page_number
from portal.procedures import (
    announced,
    cards,
    export,
    filters,
    guidance,
    page,
    queries,
    snippets,
    structured,
    wording,
)
from portal.procedures.codes import normalise_code
from portal.procedures.facets import FIELD
from portal.procedures.listing import MAX_TEXT, PAGE_SIZE, SORT_NAMES, find
from portal.procedures.models import Procedure
from portal.procedures.posting import stale
from portal.procedures.posting.papers import size_from
from portal.procedures.posting.public import posted_sheet
from portal.procedures.posting.sheet import path_of
from portal.procedures.terms import CHANGES
from portal.search.highlight import highlight

blueprint = Blueprint("procedures", __name__, url_prefix="/thu-tuc")
SUGGESTIONS = 8
DECISIONS = 20


@blueprint.get("/")
@kiosk.screen
def index() -> str:
    """The list with search and filters; on a kiosk the start, until something is chosen."""
    session = db.session()
    fields = queries.field_names(session, request.args.getlist(FIELD.param))
    wish = filters.wish_from(request.args, fields, page_number())
    if wish.text:
        limiter().hit_by_reader(SEARCH_LIMIT, "search", client_address())
    listing = find(session, wish)
    if wish.offset and not listing.codes:
        raise NotFound(request.full_path)
    fields = queries.field_names(session, listing.facets.get(FIELD.name, ()))
    groups = filters.groups(wish, listing, fields)
    start = kiosk.is_on() and wish.is_blank
    popular = current_settings().site.home.popular_procedures
    shown = cards.load(session, popular if start else listing.codes)
    led = guidance.led(session, wish, listing, shown) if wish.text else []
    guidance.note_gap(wish, listing)
    return kiosk.render(
        "procedures/start.html" if start else "procedures/index.html",
        wish=wish,
        listing=listing,
        page=Page(
            guidance.replacements_first(shown) if led else shown,
            wish.offset // PAGE_SIZE + 1,
            PAGE_SIZE,
            listing.total,
        ),
        groups=groups,
        chosen=[option for group in groups for option in group.chosen],
        links=filters.links(wish),
        sort_names=SORT_NAMES,
        fields=fields,
        highlight=highlight,
        led=led,
        followed=guidance.followed(session, shown, led),
        snippets=snippets.of(session, listing, shown) if wish.text else {},
        ways_out=None if shown else guidance.ways_out(session, wish, listing, groups),
    )


@blueprint.get("/goi-y")
def suggestions() -> Response:
    """Procedures and fields that continue what is being typed."""
    limiter().hit_by_reader(SUGGEST_LIMIT, "suggest", client_address())
    text = clean_line(request.args.get("q", ""))[:MAX_TEXT]
    session = db.session()
    fields = [
        {"label": name, "url": url_for(".index", linh_vuc=key), "group": "Lĩnh vực"}
        for key, name in queries.fields_like(session, text)
    ]
    procedures = guidance.suggestions(session, text, SUGGESTIONS - len(fields))
    response = jsonify(items=procedures + fields)
    response.cache_control.public, response.cache_control.max_age = True, 60
    return response


@blueprint.get("/<code>")
@kiosk.screen
def detail(code: str) -> str | BaseResponse:
    """One procedure; any spelling of its code, and former codes, lead here."""
    procedure = queries.detail(db.session(), code)
    if procedure is None:
        return _lead_to("procedures.detail", code)
    session, asked, day = db.session(), request.args, clock.today()
    visit = page.Visit(asked.get("truong-hop", ""), asked.get("tu", ""), kiosk.is_on())
    shown = page.context(session, procedure, day, visit)
    sharing = structured.of_procedure(current_settings(), procedure, day)
    printed = stale.sheet(session, procedure, asked.get("ban", ""))
    return kiosk.render("procedures/detail.html", sharing=sharing, stale_sheet=printed, **shown)


@blueprint.get("/<code>/niem-yet")
def posting(code: str) -> str | BaseResponse:
    """The sheet to put up on a notice board, or (`kho=a3`) the poster."""
    sheet = posted_sheet(code)
    if sheet is None:
        return _lead_to("procedures.posting", code)
    size = size_from(request.args.get("kho"))
    return render_template("procedures/posting.html", sheet=sheet, size=size.value)


@blueprint.get("/<code>/qr.svg", endpoint="qr")
def qr_code(code: str) -> Response:
    """The page's address as a QR code; with `ban`, as a sheet of that version carries it. Needs
    no database: any canonical code has one."""
    if normalise_code(code) != code:
        raise NotFound(code)
    version = request.args.get("ban", type=int)
    path = url_for("procedures.detail", code=code) if version is None else path_of(code, version)
    address = current_settings().address(path)
    return Response(qr.svg(address), mimetype="image/svg+xml")


@blueprint.get("/cong-bo")
@kiosk.screen
def announcements() -> str:
    """Decisions that announced new, amended, replaced and abolished procedures."""
    session = db.session()
    wish = announced.wish_from(request.args)
    return kiosk.render(
        "procedures/announcements.html",
        page=paginate(session, announced.query(wish), page_number(), DECISIONS),
        wish=wish,
        chosen=wish.kind,
        changes=CHANGES,
        fields=announced.fields(session),
        years=announced.years(session),
    )


@blueprint.get("/du-lieu.csv")
def data_csv() -> Response:
    """All procedures for a spreadsheet."""
    limiter().hit_by_reader("10/minute", "export", client_address())
    lines = export.as_csv(db.session(), current_settings())
    return _download(Response(stream_with_context(lines), mimetype="text/csv"), "csv")


@blueprint.get("/du-lieu.json")
def data_json() -> Response:
    """All procedures for machines."""
    limiter().hit_by_reader("10/minute", "export", client_address())
    parts = export.as_json(db.session(), current_settings())
    return _download(Response(stream_with_context(parts), mimetype="application/json"), "json")


def _of_page(procedure: Procedure) -> dict[str, Any]:
    """What the page and the sheet both show."""
    day = clock.today()
    return {
        "procedure": procedure,
        "state": procedure.state_on(day),
        "summary": wording.summary_of(procedure, day),
        "missing": wording.missing_parts(procedure, day),
        "stale": is_stale(procedure.checked_on, day),
        "words": wording,
        "changes": CHANGES,
        "day": day,
    }


def _lead_to(endpoint: str, spelling: str) -> BaseResponse:
    """301 from another spelling or a former code to the page; 404 when it is no code of ours."""
    code = normalise_code(spelling)
    if code is None:
        raise NotFound(spelling)
    if code != spelling and _exists(code):
        return redirect(url_for(endpoint, code=code), 301)
    found = queries.successors(db.session(), code)
    if len(found) == 1:
        told: dict[str, Any] = {"tu": code} if endpoint == "procedures.detail" else {}
        return redirect(url_for(endpoint, code=found[0], **told), 301)
    if found:  # split into several: the list shows them all
        return redirect(url_for("procedures.index", q=code), 302)
    raise NotFound(code)


def _exists(code: str) -> bool:
    return db.session.query(Procedure.id).filter_by(code=code).first() is not None


def _download(response: Response, extension: str) -> Response:
    name = f"thu-tuc-{clock.today():%Y-%m-%d}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Link"] = f'<{export.LICENCE_PATH}>; rel="license"'
    return response
