"""The list's address read into a wish, and a wish turned into filters that are plain links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.core.text import clean_line
from portal.procedures.facets import FACETS, FIELD, Facet
from portal.procedures.listing import MAX_TEXT, PAGE_SIZE, Listing, Sort, Wish
from portal.procedures.models import ProcedureField

VERBATIM = "nguyen_van"


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

    name: str
    title: str
    options: Sequence[Option]

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.chosen]


def wish_from(args: MultiDict[str, str], fields: Sequence[ProcedureField], page: int) -> Wish:
    """What an address asks for. Values that no filter has are passed over."""
    filters = {}
    for facet in FACETS:
        known = names_of(facet, fields)
        filters[facet.name] = [x for x in dict.fromkeys(args.getlist(facet.param)) if x in known]
    sort = args.get("sap_xep", "")
    return Wish(
        text=clean_line(args.get("q", ""))[:MAX_TEXT],
        filters=filters,
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        offset=(page - 1) * PAGE_SIZE,
        verbatim=args.get(VERBATIM) == "1",
    )


def names_of(facet: Facet, fields: Sequence[ProcedureField]) -> Mapping[str, str]:
    """The values of a facet: slug → name."""
    return {field.key: field.name for field in fields} if facet is FIELD else facet.values


def groups(wish: Wish, listing: Listing, fields: Sequence[ProcedureField]) -> list[Group]:
    """All filters with counts; a value that would give nothing is left out unless chosen."""
    return [_group(facet, names_of(facet, fields), wish, listing) for facet in FACETS]


def address(wish: Wish) -> str:
    """The address of the list for a wish, from its first page."""
    arguments: dict[str, object] = {
        facet.param: list(wish.filters[facet.name])
        for facet in FACETS
        if wish.filters.get(facet.name)
    }
    if wish.text:
        arguments["q"] = wish.text
    if wish.sort is not Sort.RELEVANCE:
        arguments["sap_xep"] = wish.sort.value
    if wish.verbatim:
        arguments[VERBATIM] = "1"
    return url_for("procedures.index", **arguments)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Links:
    """Other ways to see the list: words as typed, without filters, in another order."""

    verbatim: str
    unfiltered: str
    sorted_by: Mapping[Sort, str]


def links(wish: Wish) -> Links:
    """The addresses that a list offers beside its filters."""
    return Links(
        verbatim=address(replace(wish, verbatim=True)),
        unfiltered=address(replace(wish, filters={})),
        sorted_by={sort: address(replace(wish, sort=sort)) for sort in Sort},
    )


def _group(facet: Facet, names: Mapping[str, str], wish: Wish, listing: Listing) -> Group:
    counts = listing.facets.get(facet.name, {})
    chosen = wish.filters.get(facet.name, ())
    options = [
        Option(name, counts.get(slug, 0), slug in chosen, _toggled(wish, facet.name, slug))
        for slug, name in names.items()
        if counts.get(slug) or slug in chosen
    ]
    return Group(facet.name, facet.title, options)


def _toggled(wish: Wish, name: str, slug: str) -> str:
    now = list(wish.filters.get(name, ()))
    values = [x for x in now if x != slug] if slug in now else [*now, slug]
    return address(replace(wish, filters={**wish.filters, name: values}, offset=0))
