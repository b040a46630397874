"""The agency and its units as machines read them: only contacts that are known, no persons."""

from __future__ import annotations

from collections.abc import Iterable

from portal.core.certainty import Certainty
from portal.core.settings import Settings
from portal.core.web.sharing import Card, Sharing
from portal.core.web.structured import (
    AGENCY_ID,
    Thing,
    agency_reference,
    area,
    is_told,
    logo,
    telephone,
    thing,
)
from portal.directory import schedule
from portal.directory.models import NEEDS, UNIT_KIND_NAMES, Hotline, Purpose, Scope, Unit, UnitKind
from portal.directory.queries import Contacts

CARD = "don-vi"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def agency(settings: Settings, hotlines: Iterable[Hotline]) -> Thing:
    """The agency itself, with those of its own lines that can be told."""
    about, own = settings.site.agency, settings.site
    unsure = about.address_certainty in ("", Certainty.UNVERIFIED)
    return thing(
        "GovernmentOrganization", settings.address(AGENCY_ID),
        name=about.name,
        alternateName=about.short_name if about.short_name != about.name else None,
        url=settings.address("/"),
        sameAs=about.website,
        description=own.site.description,
        logo=logo(settings),
        parentOrganization=_parent(about.parent),
        areaServed=area(settings),
        address=None if unsure else _address(about.address),
        telephone=telephone(about.phone),
        email=about.email,
        contactPoint=contact_points(hotlines),
    )  # fmt: skip


def contact_points(hotlines: Iterable[Hotline]) -> list[Thing]:
    """Lines of the agency with a number or an address that can be told."""
    return [
        thing(
            "ContactPoint", name=line.name, telephone=telephone(line.phone), email=line.email,
            contactType="customer service", description=_needs(line),
            availableLanguage="vi", hoursAvailable=_hours(line),
        )
        for line in hotlines
        if line.scope == Scope.AGENCY
        and (line.phone or line.email)
        and is_told(line.certainty, line.checked_on)
    ]  # fmt: skip


def of_unit(settings: Settings, unit: Unit, contacts: Contacts) -> Sharing:
    """What the page of a unit tells."""
    known = is_told(unit.certainty, unit.checked_on)
    facts = {
        "description": unit.duties,
        "address": _address(unit.address),
        "telephone": telephone(unit.phone),
        "email": unit.email,
        "sameAs": unit.website if unit.website.startswith(("http://", "https://")) else "",
    }
    organisation = thing(
        "GovernmentOrganization",
        _unit_address(settings, unit) + "#don-vi",
        name=unit.name,
        alternateName=unit.short_name,
        url=_unit_address(settings, unit),
        parentOrganization=agency_reference(settings),
        contactPoint=contact_points(contacts.hotlines),
        subOrganization=[
            thing("GovernmentOrganization", name=part.name, url=_unit_address(settings, part))
            for part in contacts.units
        ],
        **(facts if known else {}),
    )
    return Sharing(card=card(unit), things=[organisation])


def card(unit: Unit) -> Card:
    """The picture of a unit's page."""
    return Card(CARD, unit.code, UNIT_KIND_NAMES[UnitKind(unit.kind)], unit.name)


def _hours(line: Hotline) -> list[Thing]:
    """When the line is answered; an end before its begin lies in the next day, as schema.org has
    it. Holidays have no words there."""
    known = schedule.read(line.schedule)
    if known is None:
        return []
    week = (((0, schedule.DAY),),) * 7 if known.always else known.week
    days: dict[schedule.Span, list[str]] = {}
    for name, spans in zip(_DAYS, week, strict=True):
        for span in spans:
            days.setdefault(span, []).append(f"https://schema.org/{name}")
    return [
        thing("OpeningHoursSpecification", dayOfWeek=names, opens=_time(begin), closes=_time(end))
        for (begin, end), names in days.items()
    ]


def _time(minutes: int) -> str:
    minutes = schedule.DAY - 1 if minutes == schedule.DAY else minutes % schedule.DAY
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _needs(line: Hotline) -> str:
    return "; ".join(NEEDS[Purpose(purpose)] for purpose in line.purposes)


def _unit_address(settings: Settings, unit: Unit) -> str:
    return settings.address(f"/don-vi/{unit.code}")


def _parent(name: str) -> Thing | None:
    return thing("GovernmentOrganization", name=name) if name else None


def _address(text: str) -> Thing | None:
    return thing("PostalAddress", streetAddress=text, addressCountry="VN") if text else None
