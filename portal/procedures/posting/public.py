"""The doors of printing: sheets, lists and cards, as pages and as PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.settings import current_settings
from portal.core.text import slugify
from portal.core.web import pdf
from portal.core.web.pages import Page
from portal.core.web.requests import page_number
from portal.directory.queries import public_hotlines, unit_names
from portal.procedures import queries
from portal.procedures.codes import normalise_code
from portal.procedures.posting import lists, papers
from portal.procedures.posting.lists import Listing, Wish
from portal.procedures.posting.papers import size_from
from portal.procedures.posting.sheet import Sheet, feedback_contacts, for_sheet, sheet_of

blueprint = Blueprint("posting", __name__, url_prefix="/thu-tuc")


def posted_sheet(code: str) -> Sheet | None:
    """The sheet of a procedure, None when the code is none of ours."""
    procedure = for_sheet(db.session(), code)
    if procedure is None:
        return None
    return sheet_of(procedure, current_settings(), public_hotlines(), clock.today())


@blueprint.get("/<code>/niem-yet.pdf")
def sheet_file(code: str) -> BaseResponse:
    """The sheet of one procedure, A4 or (`kho=a3`) a poster."""
    sheet = posted_sheet(code)
    if sheet is None:
        return _lead_to_file(code)
    size = size_from(request.args.get("kho"))
    return _pdf(
        f"niem-yet-{sheet.code}-{size.value}", (sheet, size),
        lambda: papers.sheet_file(sheet, _agency(), size),
    )  # fmt: skip


@blueprint.get("/niem-yet")
def choose() -> str:
    """Lists to print: of a field, a unit, a level, or all; without a wish what there is."""
    wish, session, day = _wish(), db.session(), clock.today()
    if wish.is_blank:
        units = unit_names()
        return render_template(
            "procedures/posting/choose.html",
            fields=lists.counts(session, day),
            units=[(units.get(k, k), k, n) for k, n in lists.unit_counts(session, day)],
            levels=lists.level_counts(session, day),
            everything=lists.EVERYTHING,
        )
    return _page("procedures/posting/list.html", wish)


@blueprint.get("/niem-yet.pdf")
def list_file() -> BaseResponse:
    """The list as a file."""
    wish = _wish()
    listing, size = _find(wish), size_from(request.args.get("kho"))
    contacts = feedback_contacts(current_settings(), public_hotlines())
    return _pdf(
        f"{slugify(listing.title, limit=60)}-{size.value}", (listing, contacts, size),
        lambda: papers.list_file(listing, contacts, _agency(), size),
    )  # fmt: skip


@blueprint.get("/niem-yet/the")
def cards() -> str:
    """Cards with codes, to cut out."""
    return _page("procedures/posting/cards.html", _wish())


@blueprint.get("/niem-yet/the.pdf")
def cards_file() -> BaseResponse:
    """The cards as a file."""
    listing = _find(_wish())
    return _pdf(
        f"the-{slugify(listing.title, limit=60)}", (listing, "cards"),
        lambda: papers.cards_file(listing, _agency()),
    )  # fmt: skip


def _lead_to_file(spelling: str) -> BaseResponse:
    """301 to the file of the procedure that another spelling or a former code stands for."""
    code = normalise_code(spelling)
    found = queries.successors(db.session(), code) if code else ()
    if code and code != spelling:
        found = found or (code,)
    if len(found) != 1:
        raise NotFound(spelling)
    asked = request.args.get("kho")
    return redirect(url_for("posting.sheet_file", code=found[0], kho=asked), 301)


def _wish() -> Wish:
    return lists.wish_from(request.args, page_number())


def _find(wish: Wish) -> Listing:
    listing = lists.find(
        db.session(), wish, current_settings(), unit_names() if wish.unit else {}, clock.today()
    )
    if wish.part > listing.parts:
        raise NotFound(request.full_path)
    return listing


def _page(template: str, wish: Wish) -> str:
    size = size_from(request.args.get("kho"))
    listing = _find(wish)
    return render_template(
        template, listing=listing, wish=wish, size=size.value,
        page=Page(listing.rows, wish.part, lists.PER_PART, listing.total),
        contacts=feedback_contacts(current_settings(), public_hotlines()),
    )  # fmt: skip


def _pdf(name: str, facts: Any, draw: Callable[[], bytes]) -> BaseResponse:
    return pdf.answer(name, (papers.DRAWING, _agency(), facts), draw)


def _agency() -> str:
    return current_settings().site.agency.name
