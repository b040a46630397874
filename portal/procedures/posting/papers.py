"""Sheets, lists and cards as PDF files: what the templates beside the pages are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from portal.core import clock, typeset
from portal.core.web import qr
from portal.procedures.posting.lists import Listing, Row
from portal.procedures.posting.sheet import Sheet

DRAWING = "2026-11-22"
"""Changes when the same facts are drawn in another way: files that readers keep are made anew."""
# A poster is read from a step away: the largest of these that keeps it on one sheet. What no size
# keeps there goes on over several.
_POSTER = (24.0, 21.0, 19.0, 17.5, 16.0, 14.5, 13.0, 12.0)
_LONGEST_ON_CARD = 260


class Size(StrEnum):
    """Paper that can be asked for; the value stands in addresses."""

    A4 = "a4"
    A3 = "a3"


def size_from(text: str | None) -> Size:
    """The paper that an address asks for; A4 for everything else."""
    return Size.A3 if text == Size.A3 else Size.A4


def sheet_file(sheet: Sheet, agency: str, size: Size) -> bytes:
    """The sheet to be pinned up, or a poster. Raises `TypesettingFailed`, as all here."""
    data = {
        **asdict(sheet),
        "title": f"Niêm yết thủ tục {sheet.code}: {sheet.name}",
        "agency": agency,
        "size": size.value,
        "note": sheet.note,
        "line": " · ".join(filter(None, [f"Mã {sheet.code}", sheet.field, sheet.levels])),
        "home": sheet.address.partition("?")[0],
        "qr": _code(sheet.address),
    }
    bodies = _POSTER if size is Size.A3 else (10.5,)
    return typeset.pdf("procedures/posting/sheet.typ", data, bodies)


def list_file(
    listing: Listing, contacts: Sequence[tuple[str, str]], agency: str, size: Size
) -> bytes:
    """A whole list with its contents; a row is never torn by the end of a page."""
    part = f", phần {listing.part}/{listing.parts}" if listing.parts > 1 else ""
    data = {
        **_listed(listing, agency),
        "title": listing.title,
        "part": part,
        "size": size.value,
        "contacts": contacts,
    }
    return typeset.pdf("procedures/posting/list.typ", data, (13.0 if size is Size.A3 else 9.0,))


def cards_file(listing: Listing, agency: str) -> bytes:
    """Cards to cut out, eight a sheet."""
    data = {**_listed(listing, agency), "title": f"Thẻ mã QR. {listing.title}"}
    return typeset.pdf("procedures/posting/cards.typ", data)


def _listed(listing: Listing, agency: str) -> dict[str, Any]:
    groups = [{"name": name, "rows": [_row(row) for row in rows]} for name, rows in listing.groups]
    return {
        "agency": agency,
        "note": listing.note,
        "day": clock.format_date(listing.day),
        "groups": groups,
    }


def _row(row: Row) -> dict[str, Any]:
    known = f"Mã {row.code}, phiên bản {row.version}"
    short = row.name if len(row.name) <= _LONGEST_ON_CARD else f"{row.name[:_LONGEST_ON_CARD]}…"
    words = "\n".join(filter(None, [row.name, known, row.validity.capitalize()]))
    return {**asdict(row), "short": short, "words": words, "qr": _code(row.address)}


def _code(address: str) -> str:
    return qr.svg(address).decode()
