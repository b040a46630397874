"""Published questions and answers, for everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.limits import SEARCH_LIMIT, limiter
from portal.core.settings import current_settings
from portal.core.text import clean_line
from portal.core.web.pages import address_with
from portal.core.web.requests import client_address, page_number
from portal.directory.queries import unit_names
from portal.feedback import (
    desk_pictures,
    figures,
    finding,
    neighbours,
    public_pictures,
    queries,
    structured,
)
from portal.feedback.figures import MonthFigures
from portal.feedback.finding import Found, Wish
from portal.feedback.models import KIND_NAMES, Kind
from portal.search.highlight import highlight

blueprint = Blueprint("feedback", __name__)
KIND_SLUGS = {
    "phan-anh": Kind.COMPLAINT,
    "kien-nghi": Kind.SUGGESTION,
    "cau-hoi": Kind.QUESTION,
    "khen-ngoi": Kind.PRAISE,
}
FILTERS = (
    ("kind", "loai", "Loại"), ("unit", "don_vi", "Đơn vị trả lời"),
    ("procedure", "thu_tuc", "Thủ tục"),
)  # fmt: skip
MOST_OPTIONS = 12


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter. `address` is the list with the value chosen, or let go if it is."""

    name: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """One filter with the values that would give something."""

    title: str
    options: Sequence[Option]

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.chosen]


@blueprint.get("/phan-anh/")
def index() -> str:
    """Published questions and answers, by words, kind, unit and procedure; figures by month."""
    slug = request.args.get("loai", "")
    if slug and slug not in KIND_SLUGS:
        abort(400)
    wish = Wish(
        text=clean_line(request.args.get("q", ""))[: queries.MAX_QUERY],
        kind=KIND_SLUGS[slug].value if slug else "",
        unit=request.args.get("don_vi", "")[:80],
        procedure=request.args.get("thu_tuc", "")[:40],
        number=page_number(),
    )
    if wish.text:
        limiter().hit_by_reader(SEARCH_LIMIT, "search", client_address())
    session = db.session()
    found, units = finding.find(session, wish), unit_names()
    groups = _groups(session, wish, found, units)
    return render_template(
        "feedback/index.html", wish=wish, found=found, page=found.page, groups=groups,
        chosen=[option for group in groups for option in group.chosen], units=units,
        unfiltered=url_for(".index", q=wish.text or None), kind_names=KIND_NAMES,
        highlight=highlight, months=_months(session),
    )  # fmt: skip


def _groups(session: Session, wish: Wish, found: Found, units: Mapping[str, str]) -> list[Group]:
    counts = found.counts
    codes = sorted({*counts["procedure"], wish.procedure} - {""})
    names = {
        "kind": {kind.value: KIND_NAMES[kind] for kind in KIND_SLUGS.values()},
        "unit": dict(units),
        "procedure": neighbours.procedure_names(session, codes),
    }
    return [
        Group(title, _options(name, parameter, wish, counts[name], names[name]))
        for name, parameter, title in FILTERS
    ]


def _options(
    name: str, parameter: str, wish: Wish, counts: Mapping[str, int], names: Mapping[str, str]
) -> list[Option]:
    here = wish.filters.get(name)
    values = {**({here: 0} if here else {}), **counts}
    order = sorted(values, key=lambda value: (-values[value], names.get(value, value)))
    return [
        Option(
            names.get(value, value), values[value], value == here,
            address_with(trang="", **{parameter: "" if value == here else _slug(name, value)}),
        )
        for value in order[:MOST_OPTIONS] + [v for v in order[MOST_OPTIONS:] if v == here]
    ]  # fmt: skip


def _slug(name: str, value: str) -> str:
    """How an address names a value."""
    if name != "kind":
        return value
    return next((slug for slug, kind in KIND_SLUGS.items() if kind.value == value), "")


def _months(session: Session) -> list[MonthFigures]:
    """The months to show, the newest first, without the empty ones before there was anything."""
    months = list(figures.public_figures(session))
    while months and not (months[-1].received or months[-1].answered):
        months.pop()
    return months


@blueprint.get("/phan-anh/<public_id>")
def item(public_id: str) -> str:
    """One published question with its answer."""
    found = queries.published_item(db.session(), public_id)
    if found is None:
        raise NotFound("feedback")
    return render_template(
        "feedback/item.html", item=found, kind_names=KIND_NAMES, kind=Kind(found.kind),
        procedure_name=neighbours.procedure_name(found.procedure_code),
        sharing=structured.of_item(current_settings(), found),
        unit=unit_names().get(found.unit_code or "", ""),
        pictures=public_pictures.of(db.session(), found.id),
    )  # fmt: skip


@blueprint.get("/phan-anh/<public_id>/hinh/<int(max=2147483647):position>")
def picture(public_id: str, position: int) -> Response:
    """A covered picture of a published item; asked for anew each time, for it may be withdrawn."""
    found = public_pictures.published(db.session(), public_id, position)
    return desk_pictures.send(found, "public, no-cache")
