"""Numbers to take along: cards for the telephone, a sheet for the wall."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.settings import current_settings
from portal.core.web import pdf
from portal.directory import queries, sheet, vcards
from portal.directory.sheet import Sheet

blueprint = Blueprint("take_away", __name__)


@blueprint.get("/duong-day-nong/<key>.vcf")
def card(key: str) -> Response:
    """One line."""
    hotline = queries.public_hotline(key)
    if not vcards.has_card(hotline):
        raise NotFound(key)
    return _cards(vcards.of([hotline], current_settings()), key)


@blueprint.get("/duong-day-nong.vcf")
def cards() -> Response:
    """Every line that can be called or written to."""
    return _cards(vcards.of(queries.public_hotlines(), current_settings()), "duong-day-nong")


@blueprint.get("/duong-day-nong/ban-in")
def sheet_page() -> str:
    """The sheet of all numbers, or (`don_vi`) of a unit, to be printed by the browser."""
    unit = _unit()
    return render_template("directory/sheet.html", sheet=_sheet(unit), unit=unit or None)


@blueprint.get("/duong-day-nong/ban-in.pdf")
def sheet_file() -> BaseResponse:
    """The same as a file."""
    unit, agency = _unit(), current_settings().site.agency.name
    made = _sheet(unit)
    name = f"so-dien-thoai-{unit}" if unit else "so-dien-thoai"
    return pdf.answer(name, (sheet.DRAWING, agency, made), lambda: sheet.file(made, agency))


def _unit() -> str:
    return request.args.get("don_vi", "")[:80]


def _sheet(code: str) -> Sheet:
    settings, today = current_settings(), clock.today()
    if not code:
        return sheet.of_all(queries.contacts(), settings, today)
    unit, contacts = queries.unit_page(code)
    return sheet.of_unit(unit, contacts, settings, today)


def _cards(text: str, name: str) -> Response:
    response = Response(text, mimetype=vcards.MIMETYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.vcf"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response
