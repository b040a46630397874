"""What the home page tells machines: the agency, the site, and how to search it."""

from __future__ import annotations

from collections.abc import Iterable

from portal.core.settings import Settings
from portal.core.web.sharing import Sharing
from portal.core.web.structured import AGENCY_ID, Thing, thing
from portal.directory.models import Hotline
from portal.directory.structured import agency


def of_home(settings: Settings, hotlines: Iterable[Hotline]) -> Sharing:
    """What the home page tells."""
    return Sharing(things=[agency(settings, hotlines), _website(settings)])


def _website(settings: Settings) -> Thing:
    texts = settings.site.site
    return thing(
        "WebSite", settings.address("/#trang"), name=texts.title,
        alternateName=f"{texts.title}, {settings.site.agency.short_name}",
        description=texts.description, url=settings.address("/"), inLanguage="vi",
        publisher={"@id": settings.address(AGENCY_ID)},
        potentialAction=thing(
            "SearchAction",
            target=thing(
                "EntryPoint", urlTemplate=settings.address("/tim-kiem?q={search_term_string}")
            ),
            **{"query-input": "required name=search_term_string"},
        ),
    )  # fmt: skip
