"""Reading what a page tells machines: its JSON-LD against schema.org's vocabulary, its meta."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

Thing = dict[str, Any]
_ANY = {"name", "alternateName", "description", "url", "identifier", "image", "sameAs", "subjectOf",
        "mainEntityOfPage", "potentialAction"}  # fmt: skip
_WORK = _ANY | {"headline", "inLanguage", "publisher", "author", "datePublished", "dateModified",
                "dateCreated", "isAccessibleForFree", "mainEntity", "text",
                "creditText"}  # fmt: skip
# The part of schema.org that the portal uses: what is not here is a slip or needs a look there.
VOCABULARY: dict[str, set[str]] = {
    "Thing": _ANY,
    "AdministrativeArea": _ANY,
    "Country": _ANY,
    "Organization": _ANY,
    "Duration": _ANY,
    "GovernmentOrganization": _ANY
    | {"address", "areaServed", "contactPoint", "email", "logo", "parentOrganization",
       "subOrganization", "telephone"},
    "ContactPoint": _ANY | {"telephone", "email", "contactType", "availableLanguage"},
    "PostalAddress": _ANY | {"streetAddress", "addressCountry"},
    "ImageObject": _WORK | {"width", "height", "caption"},
    "WebSite": _WORK,
    "SearchAction": _ANY | {"target", "query-input"},
    "EntryPoint": _ANY | {"urlTemplate"},
    "GovernmentService": _ANY
    | {"areaServed", "audience", "availableChannel", "offers", "provider", "serviceOutput",
       "serviceType", "termsOfService"},
    "Audience": _ANY | {"audienceType"},
    "ServiceChannel": _ANY | {"processingTime", "serviceUrl", "availableLanguage"},
    "Offer": _ANY | {"price", "priceCurrency", "priceValidUntil"},
    "Legislation": _WORK | {"legislationIdentifier", "legislationDate", "legislationPassedBy"},
    "DataCatalog": _WORK | {"dataset", "license"},
    "Dataset": _WORK | {"creator", "distribution", "license"},
    "DataDownload": _WORK | {"contentUrl", "encodingFormat"},
    "NewsArticle": _WORK | {"articleSection", "wordCount"},
    "FAQPage": _WORK,
    "Question": _WORK | {"acceptedAnswer"},
    "Answer": _WORK,
    "BreadcrumbList": _ANY | {"itemListElement"},
    "ListItem": _ANY | {"position", "item"},
}  # fmt: skip
_ADDRESSES = {"url", "item", "serviceUrl", "urlTemplate", "sameAs", "@id", "mainEntityOfPage"}


class _Head(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.data: list[str] = []
        self._in_data = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta" and (name := values.get("property") or values.get("name")):
            assert name not in self.meta, f"{name} stands twice"
            self.meta[name] = values.get("content", "")
        if tag == "link":
            self.links[values.get("rel", "")] = values.get("href", "")
        if tag == "script" and values.get("type") == "application/ld+json":
            self._in_data = True
            self.data.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_data = False

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data[-1] += data


def head_of(markup: str) -> tuple[dict[str, str], dict[str, str]]:
    """(meta by property or name, link by rel)."""
    head = _Head(markup)
    return head.meta, head.links


def things_of(markup: str) -> dict[str, Thing]:
    """The page's top-level things by type, each checked against the vocabulary."""
    blocks = _Head(markup).data
    if not blocks:
        return {}
    assert len(blocks) == 1
    assert not re.search(r"[<>&\u2028\u2029]", blocks[0]), "could end the script element"
    graph = json.loads(blocks[0])
    assert set(graph) == {"@context", "@graph"}
    assert graph["@context"] == "https://schema.org"
    for thing in _all(graph["@graph"]):
        check(thing)
    return {thing["@type"]: thing for thing in graph["@graph"]}


def check(thing: Thing) -> None:
    """Raise AssertionError unless every property is one of its type, filled, with whole
    addresses."""
    if "@type" not in thing:
        assert set(thing) == {"@id"}, f"a thing without a type: {thing}"
    known = VOCABULARY.get(thing.get("@type", "Thing"), set()) | {"@type", "@id"}
    assert set(thing) <= known, f"{thing.get('@type')} has no {set(thing) - known}"
    for name, value in thing.items():
        assert value not in (None, "", [], {}), f"{name} of {thing['@type']} is empty"
        if name in _ADDRESSES:
            assert isinstance(value, str)
            assert re.match(r"https?://[^/]+/", value), f"{name} is {value}"


def _all(value: object) -> Iterator[Thing]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _all(part)
    if isinstance(value, list):
        for part in value:
            yield from _all(part)
