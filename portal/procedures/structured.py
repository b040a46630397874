"""A procedure as machines read it: a service in force, with what is known and was checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portal.core.certainty import is_stale
from portal.core.settings import Settings
from portal.core.text import fold
from portal.core.web.sharing import Card, Sharing
from portal.core.web.structured import Thing, agency_reference, area, thing
from portal.procedures.models import Channel, LegalBasis, Procedure
from portal.procedures.terms import ChannelKind, Level, State, TimeUnit
from portal.procedures.wording import FREE, channel_words, fee_label, time_words

CARD = "thu-tuc"


def of_procedure(settings: Settings, procedure: Procedure, day: date) -> Sharing:
    """What the page of a procedure tells on `day`. Needs everything that the page loads.

    What has ended, or is not yet in force, is no service that anybody can ask for.
    """
    offered = procedure.state_on(day) is State.IN_FORCE
    things = [_service(settings, procedure, day)] if offered else []
    return Sharing(card=card(procedure.code, procedure.name), things=things)


def card(code: str, name: str) -> Card:
    """The picture of a procedure's page."""
    return Card(CARD, code, f"Thủ tục hành chính, mã {code}", name)


def _service(settings: Settings, procedure: Procedure, day: date) -> Thing:
    address = settings.address(f"/thu-tuc/{procedure.code}")
    # The page marks both as to be checked (again): then only the name and the code are told.
    sure = procedure.checked_on is not None and not is_stale(procedure.checked_on, day)
    return thing(
        "GovernmentService",
        address + "#thu-tuc",
        name=procedure.name,
        identifier=procedure.code,
        serviceType=procedure.field.name,
        url=address,
        **(_facts(settings, procedure, day) if sure else {}),
    )


def _facts(settings: Settings, procedure: Procedure, day: date) -> Thing:
    return {
        "description": procedure.summary,
        "provider": [_provider(settings, name) for name in procedure.agencies],
        "areaServed": _area(settings, procedure),
        "audience": _named("Audience", "audienceType", procedure.subjects),
        "serviceOutput": [thing("Thing", name=result.name) for result in procedure.results],
        "availableChannel": [_channel(channel, procedure) for channel in procedure.channels],
        "offers": _offers(procedure.channels, day),
        "termsOfService": procedure.conditions if len(procedure.conditions) <= 900 else "",
        "subjectOf": [law(link.basis) for link in procedure.legal_links],
    }


def _provider(settings: Settings, name: str) -> Thing:
    """The source says "Sở Y tế" of every province: on this portal it is the agency."""
    own, said = settings.site.agency, fold(name)
    general = said.startswith("so ") and fold(own.name).startswith(f"{said} ")
    if general or said in (fold(own.name), fold(own.short_name)):
        return agency_reference(settings)
    return thing("GovernmentOrganization", name=name)


def _area(settings: Settings, procedure: Procedure) -> Thing | None:
    if procedure.levels == (Level.MINISTRY.value,):
        return thing("Country", name="Việt Nam")
    return area(settings)


def _channel(channel: Channel, procedure: Procedure) -> Thing:
    online = channel.kind == ChannelKind.ONLINE
    return thing(
        "ServiceChannel",
        name=channel_words(channel),
        description=channel.case,
        processingTime=_duration(channel),
        serviceUrl=procedure.source_url if online else None,
        availableLanguage="vi",
    )


def _duration(channel: Channel) -> str | Thing | None:
    """ISO 8601 where it can say it. Working days it cannot, and 15 of them are no `P15D`: then
    a Duration that is named as the page names it."""
    if channel.time is None or channel.time_unit is None:
        return None
    pattern = {TimeUnit.DAY: "P{}D", TimeUnit.HOUR: "PT{}H", TimeUnit.MONTH: "P{}M"}
    unit = TimeUnit(channel.time_unit)
    if unit in pattern and channel.time == int(channel.time):
        return pattern[unit].format(int(channel.time))
    words = time_words(channel) or ""
    return thing("Duration", name=words.replace("\u00a0", " "))


def _offers(channels: Iterable[Channel], day: date) -> list[Thing]:
    """What is paid on `day`, each amount once with the ways it holds for; words without an amount
    are no price."""
    ways: dict[tuple[str, int, str], dict[str, None]] = {}
    for channel in channels:
        for fee in channel.fees:
            if fee.amount is not None and fee.holds_on(day):
                words = ", ".join(part for part in (fee_label(fee), channel.case) if part)
                until = fee.valid_to.isoformat() if fee.valid_to else ""
                key = (words if fee.amount else FREE, fee.amount, until)
                ways.setdefault(key, {})[channel_words(channel)] = None
    return [
        thing(
            "Offer", name=words, price=amount, priceCurrency="VND", priceValidUntil=until,
            description=", ".join(names),
        )
        for (words, amount, until), names in ways.items()
    ]  # fmt: skip


def law(basis: LegalBasis) -> Thing:
    """A legal document."""
    return thing(
        "Legislation", legislationIdentifier=basis.number, name=basis.title or basis.number,
        legislationDate=basis.issued_on.isoformat() if basis.issued_on else None,
        legislationPassedBy=_named("Organization", "name", [basis.issuer] if basis.issuer else []),
    )  # fmt: skip


def _named(kind: str, name: str, values: Iterable[str]) -> Thing | None:
    joined = "; ".join(values)
    return thing(kind, **{name: joined}) if joined else None
