"""What stands above a list of the desk: its own views and those that the person saved, as tabs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import request

from portal.accounts import saved_views
from portal.accounts.access import DESK, current_actor
from portal.accounts.models import DeskList, SavedView

Tab = tuple[str, str, bool, int | None]
UNFILTERED = {"tat-ca": "1"}  # an address that asks for something, so that no default steps in


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A view that every person has: its name, its filters, and how much lies in it."""

    name: str
    filters: tuple[tuple[str, str], ...] = ()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ListViews:
    """Tabs as `_components/tabs.html` takes them, and what can be done with the present filters.

    `start` is where a bare address should lead: the person's default view, or "".
    """

    which: DeskList
    tabs: list[Tab]
    saved: SavedView | None
    query: str
    full: bool
    start: str

    @property
    def can_save(self) -> bool:
        return bool(self.query) and self.saved is None and not self.full


def list_views(which: DeskList, built_in: Iterable[BuiltIn]) -> ListViews:
    """The views of a list on the page being answered; one statement."""
    own = saved_views.of(current_actor(), which)
    query = saved_views.canonical(which, request.args.items())
    here = next((view for view in own if view.query == query), None)
    tabs = [_built_in(which, one, query, taken=here is not None) for one in built_in]
    tabs += [(view.name, address(which, view.query), view is here, None) for view in own]
    first = next((view for view in own if view.is_default), None)
    start = address(which, first.query) if first and not request.args else ""
    full = len(own) >= saved_views.MOST
    return ListViews(which, tabs, here, "" if _is_built_in(tabs, query) else query, full, start)


def address(which: DeskList, query: str = "") -> str:
    """Where a list stands with these filters."""
    return f"{DESK}/{which.value}/{'?' if query else ''}{query}"


def _built_in(which: DeskList, one: BuiltIn, query: str, *, taken: bool) -> Tab:
    asked = set(parse_qsl(query))
    is_here = not taken and (set(one.filters) <= asked if one.filters else not asked)
    return one.name, address(which, urlencode(one.filters or UNFILTERED)), is_here, one.count


def _is_built_in(tabs: Sequence[Tab], query: str) -> bool:
    """Whether the present filters are just those of a tab that everybody has."""
    return any(tab[1].partition("?")[2] == query for tab in tabs)
