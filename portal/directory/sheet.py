"""The sheet of numbers to be pinned up: of everything or of one unit, as a page and as PDF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from portal.core import clock, typeset
from portal.core.certainty import CERTAINTY_NAMES, Certainty
from portal.core.settings import Settings
from portal.core.web import qr
from portal.directory.models import NEEDS, Hotline, Purpose, Unit
from portal.directory.queries import Contacts
from portal.directory.standing import is_untried

DRAWING = "2026-11-22"
"""Changes when the same facts are drawn in another way: files that readers keep are made anew."""
NO_NUMBER = "Chưa có số"
_BODIES = (13.0, 12.0, 11.0, 10.0, 9.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One number: as large as it can be, what it is called, and what to know before dialling."""

    phone: str
    name: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on paper. `address` is the page that its code opens."""

    title: str
    note: str
    place: str
    groups: tuple[tuple[str, tuple[Row, ...]], ...]
    address: str


def of_all(contacts: Contacts, settings: Settings, day: date) -> Sheet:
    """Every line under each need that it serves, emergencies first."""
    needs = [Purpose.EMERGENCY, *(one for one in NEEDS if one is not Purpose.EMERGENCY)]
    found = [need for one in needs if (need := contacts.need(one))]
    groups = tuple((need.words, _rows(need.hotlines)) for need in found)
    address = settings.address("/duong-day-nong/")
    return Sheet("Số điện thoại khi bạn cần", _note(day), "", groups, address)


def of_unit(unit: Unit, contacts: Contacts, settings: Settings, day: date) -> Sheet:
    """The lines of one unit, with where to find it."""
    place = " · ".join(part for part in (unit.address, unit.phone, unit.email) if part)
    groups = (("Đường dây nóng", _rows(contacts.hotlines)),) if contacts.hotlines else ()
    address = settings.address(f"/don-vi/{unit.code}")
    return Sheet(f"Số điện thoại: {unit.name}", _note(day), place, groups, address)


def file(sheet: Sheet, agency: str) -> bytes:
    """The sheet as PDF, in the largest letters that keep it on one page. Raises
    `TypesettingFailed`."""
    data = {**asdict(sheet), "agency": agency, "qr": qr.svg(sheet.address).decode()}
    return typeset.pdf("directory/sheet.typ", data, _BODIES)


def _rows(hotlines: Iterable[Hotline]) -> tuple[Row, ...]:
    return tuple(Row(one.phone or NO_NUMBER, one.name, tuple(_facts(one))) for one in hotlines)


def _facts(hotline: Hotline) -> Iterable[str]:
    if hotline.hours_in_words:
        yield hotline.hours_in_words
    if hotline.answered_by:
        yield f"Người nghe máy: {hotline.answered_by}"
    for part in (hotline.email, hotline.address):
        if part:
            yield part
    yield _sureness(hotline)


def _sureness(hotline: Hotline) -> str:
    sure = CERTAINTY_NAMES[Certainty(hotline.certainty)].capitalize()
    if not hotline.checked_on:
        return sure
    old = ", đã lâu chưa kiểm tra lại" if is_untried(hotline.checked_on) else ""
    return f"{sure}, kiểm tra ngày {clock.format_date(hotline.checked_on)}{old}"


def _note(day: date) -> str:
    return f"Bản in ngày {clock.format_date(day)}"
