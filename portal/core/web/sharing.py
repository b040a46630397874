"""How a page looks where somebody passes it on: its address, its card, links to share it.

Nothing here calls anyone: the card is read by who gets the link, the share links are plain links.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask import Flask, request
from markupsafe import Markup

from portal.core.settings import Settings, current_settings
from portal.core.web import structured
from portal.core.web.structured import Crumb, Thing

DESIGN = 1  # raise when the drawing changes: the pictures get other addresses
WIDTH, HEIGHT = 1200, 630
_PATH = "/anh-chia-se"


@dataclass(frozen=True, slots=True)
class Card:
    """What the picture of a page says; `kind` and `key` stand in its address."""

    kind: str
    key: str
    label: str
    title: str

    def digest(self, settings: Settings) -> str:
        """Equal for equal pictures: everything that is drawn goes into it."""
        site = settings.site
        drawn = (DESIGN, site.theme, site.agency.name, site.site.title, settings.base_url,
                 self.label, self.title)  # fmt: skip
        return hashlib.sha256(repr(drawn).encode()).hexdigest()[:32]

    def alt(self, settings: Settings) -> str:
        """The picture in words."""
        title = self.title if len(self.title) <= 200 else self.title[:200].rpartition(" ")[0] + "…"
        return f"{self.label}{': ' if self.label else ''}{title}. {settings.site.agency.name}"

    def path(self, settings: Settings) -> str:
        """Where the picture is: an address that changes with it, so it can be kept for ever."""
        return f"{_PATH}/{self.kind}/{quote(self.key)}.png?v={self.digest(settings)[:12]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What a view tells of its page: the card, schema.org things, and for articles their dates."""

    card: Card | None = None
    things: Sequence[Thing] = ()
    is_article: bool = False
    published: datetime | None = None
    modified: datetime | None = None
    section: str = ""

    @property
    def article_facts(self) -> list[tuple[str, str]]:
        """Open Graph's `article:` properties that are known."""
        facts = (
            ("published_time", structured.moment(self.published)),
            ("modified_time", structured.moment(self.modified)),
            ("section", self.section),
        )
        return [(name, value) for name, value in facts if value]


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A way to pass the page on."""

    name: str
    address: str


def init_app(app: Flask) -> None:
    """What the layout and the share component ask for."""

    def data_of(sharing: Sharing | None, crumbs: Sequence[Crumb] | None) -> Markup | str:
        things = [*(sharing.things if sharing else ())]
        if crumbs:
            things.append(structured.breadcrumb_list(current_settings(), crumbs))
        return structured.json_ld(things) if things else ""

    app.jinja_env.globals.update(
        canonical_address=canonical_address,
        card_of=lambda sharing: (
            (sharing.card if sharing else None) or portal_card(current_settings())
        ),
        structured_data=data_of,
        share_links=lambda path, title: share_links(
            current_settings(), current_settings().address(path), title
        ),
    )


def portal_card(settings: Settings) -> Card:
    """The card of the portal itself, for pages that have none of their own."""
    site = settings.site
    return Card("cong", "chung", "", site.site.tagline or site.site.title)


def canonical_address() -> str:
    """The one address of this page: filters and words dropped, the page of a list kept."""
    number = request.args.get("trang", "")
    page = f"?trang={number}" if number.isdecimal() and number != "1" else ""
    return current_settings().address(quote(request.path) + page)


def share_links(settings: Settings, address: str, title: str) -> list[ShareLink]:
    """Links that open where one shares; the agency chooses the networks in site.toml."""
    offered = {
        "zalo": ShareLink(
            "Zalo", f"https://button-share.zalo.me/share_external?d={_zalo(address)}"
        ),
        "facebook": ShareLink(
            "Facebook", f"https://www.facebook.com/sharer/sharer.php?u={quote(address, safe='')}"
        ),
    }
    body = quote(f"{title}\n{address}", safe="")
    mail = ShareLink("Thư điện tử", f"mailto:?subject={quote(title, safe='')}&body={body}")
    return [*(offered[name] for name in settings.site.sharing.networks), mail]


def _zalo(address: str) -> str:
    packed = json.dumps({"url": address}, separators=(",", ":")).encode()
    return quote(base64.b64encode(packed).decode(), safe="")
