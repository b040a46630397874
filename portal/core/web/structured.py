"""What a page tells search engines (schema.org, JSON-LD): the pieces that all rooms share.

A machine drops the words of doubt that stand beside a fact on the page. So a fact that the page
marks as unverified, or as not looked at for long, is left out here; nothing personal is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from portal.core import clock
from portal.core.certainty import Certainty, is_stale
from portal.core.settings import Settings

Thing = dict[str, Any]
Crumb = tuple[str, str | None]
HOME = "Trang chủ"
AGENCY_ID = "/#co-quan"
_COMMITTEE = re.compile(r"(?:UBND|Ủy ban nhân dân)\s+(\S.*)")
# What could end the script element or, in old parsers of JavaScript, a line.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def json_ld(things: Iterable[Thing]) -> Markup:
    """`things` as the content of a `<script type="application/ld+json">`, whatever texts they
    hold. The only door: a data block is markup too."""
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPES))  # noqa: S704  # nosec B704 - escaped in this line


def thing(kind: str, /, id: str = "", **facts: Any) -> Thing:  # noqa: A002 - schema.org's name
    """A thing of a schema.org type; facts that are empty or None are left out, 0 is a fact."""
    named = {"@type": kind, **({"@id": id} if id else {})}
    return named | {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def breadcrumb_list(settings: Settings, crumbs: Sequence[Crumb]) -> Thing:
    """The way from the home page to this one, from the data of the visible one."""
    steps = [(HOME, "/"), *crumbs]
    return thing(
        "BreadcrumbList",
        itemListElement=[
            thing(
                "ListItem", position=number, name=str(label),
                item=settings.address(path) if path else None,
            )
            for number, (label, path) in enumerate(steps, 1)
        ],
    )  # fmt: skip


def agency_reference(settings: Settings) -> Thing:
    """The agency, to be named inside other things; the home page describes it."""
    return thing(
        "GovernmentOrganization", settings.address(AGENCY_ID), name=settings.site.agency.name,
        url=settings.address("/"), logo=logo(settings),
    )  # fmt: skip


def logo(settings: Settings) -> Thing:
    """The agency's mark as an ImageObject."""
    own = settings.site.theme.logo
    if not own:
        return thing(
            "ImageObject", url=settings.address("/static/img/apple-touch-icon.png"), width=180,
            height=180,
        )  # fmt: skip
    return thing("ImageObject", url=own if "://" in own else settings.address(own))


def area(settings: Settings) -> Thing | None:
    """What the agency, or the people's committee above it, governs; None when no name says it."""
    agency = settings.site.agency
    for name in (agency.name, agency.parent):
        if found := _COMMITTEE.fullmatch(name):
            return thing("AdministrativeArea", name=found[1][0].upper() + found[1][1:])
    return None


def is_told(certainty: str, checked_on: date | None) -> bool:
    """Whether a fact of this certainty, last looked at on that day, is told to machines."""
    known = certainty in (Certainty.VERIFIED, Certainty.FOUND)
    return known and not is_stale(checked_on, clock.today())


def telephone(phone: str) -> str:
    """A Vietnamese number as the world dials it: `+842253000000`. Short numbers stay."""
    digits = "".join(char for char in phone if char in "+0123456789")
    return f"+84{digits[1:]}" if len(digits) >= 10 and digits[0] == "0" else digits


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in the agency's zone."""
    return clock.to_local(value).isoformat(timespec="seconds") if value else None
