"""The list's address read into a wish, and a wish turned into filters that are plain links."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.core.text import clean_line
from portal.procedures.facets import ENDED, FACETS, FIELD, STATUS, Facet
from portal.procedures.listing import MAX_TEXT, PAGE_SIZE, Listing, Sort, Wish

Fields = Sequence[tuple[str, str]]
"""Key and name of all fields, in the order of lists."""

VERBATIM = "nguyen_van"


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter. `address` is the list with the value chosen, or let go if it is."""

    slug: str
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


def wish_from(args: MultiDict[str, str], fields: Fields, page: int) -> Wish:
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


def names_of(facet: Facet, fields: Fields) -> Mapping[str, str]:
    """The values of a facet: slug → name."""
    return dict(fields) if facet is FIELD else facet.values


class Addresses:
    """Addresses of the list for one wish with something changed, from its first page. A page has
    more than a hundred of them, so what they share is written once."""

    def __init__(self, wish: Wish) -> None:
        start = url_for("procedures.index")
        self._start = start + ("&" if "?" in start else "?")
        self._bare = start
        self._wish = wish
        self._facets = {
            facet.name: _facet(facet, wish.filters.get(facet.name, ())) for facet in FACETS
        }
        self._text = urlencode({"q": wish.text}) if wish.text else ""

    def choosing(self, facet: Facet, values: Collection[str]) -> str:
        """With just these values of a facet."""
        before, after = self.around(facet)
        return self.joined(before, _facet(facet, values), after)

    def around(self, facet: Facet) -> tuple[str, str]:
        """What stands in an address before and after a facet."""
        names = list(self._facets)
        place = names.index(facet.name)
        parts = list(self._facets.values())
        rest = [self._text, self._order(self._wish.sort), self._way()]
        before = "&".join(part for part in parts[:place] if part)
        after = "&".join(part for part in [*parts[place + 1 :], *rest] if part)
        return before, after

    def joined(self, *parts: str) -> str:
        """The address with these parts."""
        return self._join(parts)

    def sorted_by(self, sort: Sort) -> str:
        """In another order."""
        return self._join([*self._facets.values(), self._text, self._order(sort), self._way()])

    def as_typed(self, *, verbatim: bool) -> str:
        """Searching the words as typed, or mended again."""
        order = self._order(self._wish.sort)
        return self._join([*self._facets.values(), self._text, order, self._way(verbatim=verbatim)])

    def _way(self, *, verbatim: bool | None = None) -> str:
        verbatim = self._wish.verbatim if verbatim is None else verbatim
        return f"{VERBATIM}=1" if verbatim else ""

    @staticmethod
    def _order(sort: Sort) -> str:
        return "" if sort is Sort.RELEVANCE else f"sap_xep={sort.value}"

    def _join(self, parts: Sequence[str]) -> str:
        query = "&".join(part for part in parts if part)
        return self._start + query if query else self._bare


def _facet(facet: Facet, values: Collection[str]) -> str:
    return urlencode([(facet.param, value) for value in values]) if values else ""


def groups(wish: Wish, listing: Listing, fields: Fields) -> list[Group]:
    """All filters with counts; a value that would give nothing is left out unless chosen."""
    addresses = Addresses(wish)
    return [_group(facet, names_of(facet, fields), wish, listing, addresses) for facet in FACETS]


@dataclass(frozen=True, slots=True)
class Links:
    """Other ways to see the list: words as typed, mended again, without filters, in another
    order, what has ended."""

    verbatim: str
    mended: str
    unfiltered: str
    ended: str
    sorted_by: Mapping[Sort, str]


def links(wish: Wish) -> Links:
    """The addresses that a list offers beside its filters."""
    addresses = Addresses(wish)
    return Links(
        verbatim=addresses.as_typed(verbatim=True),
        mended=addresses.as_typed(verbatim=False),
        unfiltered=Addresses(replace(wish, filters={})).sorted_by(wish.sort),
        ended=addresses.choosing(STATUS, [ENDED]),
        sorted_by={sort: addresses.sorted_by(sort) for sort in Sort},
    )


def _group(
    facet: Facet, names: Mapping[str, str], wish: Wish, listing: Listing, addresses: Addresses
) -> Group:
    counts = listing.facets.get(facet.name, {})
    chosen = list(wish.filters.get(facet.name, ()))
    before, after = addresses.around(facet)
    kept = _facet(facet, chosen)
    options = []
    for slug, name in names.items():
        count, is_chosen = counts.get(slug, 0), slug in chosen
        if is_chosen:
            part = _facet(facet, [x for x in chosen if x != slug])
        elif count:
            part = f"{kept}&{facet.param}={slug}" if kept else f"{facet.param}={slug}"
        else:
            continue
        address = addresses.joined(before, part, after)
        options.append(Option(slug, name, count, is_chosen, address))
    return Group(facet.name, facet.title, options)
