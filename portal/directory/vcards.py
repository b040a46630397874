"""Contacts for the address book of a telephone: vCard 4.0 (RFC 6350)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portal.core.certainty import CERTAINTY_NAMES, Certainty
from portal.core.clock import format_date
from portal.core.settings import Settings
from portal.core.text import nfc
from portal.directory.models import NEEDS, Hotline, Purpose

MIMETYPE = "text/vcard"
_LONGEST = 75  # octets a line, without its end (RFC 6350, 3.2)
_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})


def has_card(hotline: Hotline) -> bool:
    """Whether there is anything to put into an address book."""
    return bool(hotline.phone or hotline.email)


def of(hotlines: Iterable[Hotline], settings: Settings) -> str:
    """The cards of all lines that have one, one after the other."""
    lines = (line for one in hotlines if has_card(one) for line in _card(one, settings))
    return "".join(f"{folded(nfc(line))}\r\n" for line in lines)


def escaped(text: str) -> str:
    """`text` as a value (RFC 6350, 3.4): nothing in it ends the value or begins a line."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    kept = "\n".join("".join(filter(str.isprintable, line)) for line in lines)
    return kept.translate(_ESCAPES)


def folded(line: str) -> str:
    """`line` in pieces of at most 75 octets, never within a letter."""
    pieces, size = [""], 0
    for char in line:
        width = len(char.encode())
        if size + width > _LONGEST:
            pieces.append(" ")
            size = 1
        pieces[-1] += char
        size += width
    return "\r\n".join(pieces)


def _card(hotline: Hotline, settings: Settings) -> Iterator[str]:
    agency = settings.site.agency.name
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield "KIND:org"
    yield f"UID:{settings.address(f'/duong-day-nong/#{hotline.key}')}"
    yield f"FN:{escaped(hotline.name)}"
    if hotline.scope == "agency":
        unit = f";{escaped(hotline.unit.name)}" if hotline.unit else ""
        yield f"ORG:{escaped(agency)}{unit}"
    if hotline.phone:
        yield f"TEL;TYPE=work,voice;VALUE=text:{escaped(hotline.phone)}"
    if hotline.email:
        yield f"EMAIL;TYPE=work:{escaped(hotline.email)}"
    if hotline.address:
        yield f"ADR;TYPE=work:;;{escaped(hotline.address)};;;;"
    yield f"NOTE:{escaped(_note(hotline))}"
    yield f"URL:{settings.address(f'/duong-day-nong/#{hotline.key}')}"
    yield "END:VCARD"


def _note(hotline: Hotline) -> str:
    """What the page says beside the number: what for, when, how sure we are."""
    needs = [NEEDS[Purpose(one)] for one in hotline.purposes if one in list(Purpose)]
    sure = CERTAINTY_NAMES[Certainty(hotline.certainty)]
    checked = f", kiểm tra ngày {format_date(hotline.checked_on)}" if hotline.checked_on else ""
    hours = f"Giờ trực: {hotline.hours_in_words}" if hotline.hours_in_words else ""
    parts = ["; ".join(needs), hours, hotline.note, f"Số {sure}{checked}"]
    return "\n".join(part for part in parts if part)
