"""For machines: feed, site map, robots, the browser's search box."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, render_template
from sqlalchemy import select

from portal.articles import queries as articles
from portal.core import clock
from portal.core.db import db
from portal.core.settings import current_settings
from portal.core.web.headers import PRIVATE_PREFIXES
from portal.feedback import queries as feedback
from portal.pages.models import Page as StaticPage
from portal.procedures.models import Announcement, LegalBasis, Procedure

blueprint = Blueprint("machines", __name__)
ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
SECTIONS = ("/", "/thu-tuc/", "/thu-tuc/cong-bo", "/thu-tuc/can-cu/",
            "/thu-tuc/niem-yet", "/cai-cach-hanh-chinh/", "/duong-day-nong/",
            "/phan-anh/", "/ke-hoach/", "/du-lieu-mo/", "/so-do-trang")  # fmt: skip


@blueprint.get("/feed.xml")
def feed() -> Response:
    """The newest articles as Atom (RFC 4287)."""
    settings = current_settings()
    items = articles.feed_items(db.session())
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "vi"})
    notes = articles.latest_notes(db.session(), items)
    newest = max((item.modified_at for item in items if item.modified_at), default=clock.now())
    _add(root, "id", settings.address("/feed.xml"))
    _add(root, "title", f"{settings.site.site.title} – {settings.site.agency.name}")
    _add(root, "updated", newest.isoformat())
    _add(root, "link", rel="self", href=settings.address("/feed.xml"))
    _add(root, "link", rel="alternate", href=settings.address("/"))
    _add(_add(root, "author"), "name", settings.site.agency.name)
    for item in items:
        assert item.publish_at is not None
        assert item.modified_at is not None
        entry = _add(root, "entry")
        _add(entry, "id", settings.address(f"/bai-viet/{item.slug}"))
        _add(entry, "title", item.title)
        _add(entry, "link", rel="alternate", href=settings.address(f"/bai-viet/{item.slug}"))
        _add(entry, "published", item.publish_at.isoformat())
        _add(entry, "updated", item.modified_at.isoformat())
        note = notes.get(item.id)
        told = f"\n\nCập nhật ngày {clock.format_date(note.at)}: {note.text}" if note else ""
        _add(entry, "summary", item.summary + told)
        if item.topic:
            _add(entry, "category", term=item.topic.slug, label=item.topic.name)
    return _xml(root, "application/atom+xml")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """All public addresses (sitemaps.org)."""
    session, settings = db.session(), current_settings()
    ET.register_namespace("", SITEMAP)
    root = ET.Element(f"{{{SITEMAP}}}urlset")
    for path, moment in _addresses(session_pages=session.scalars(select(StaticPage.slug)).all()):
        url = ET.SubElement(root, f"{{{SITEMAP}}}url")
        ET.SubElement(url, f"{{{SITEMAP}}}loc").text = settings.address(path)
        if moment:
            ET.SubElement(url, f"{{{SITEMAP}}}lastmod").text = moment.date().isoformat()
    return _xml(root, "application/xml")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What crawlers should leave alone."""
    closed = [f"Disallow: {prefix}" for prefix in (*PRIVATE_PREFIXES, "/tim-kiem")]
    lines = ["User-agent: *", *closed, f"Sitemap: {current_settings().address('/sitemap.xml')}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """Lets a browser search this site from its address bar."""
    return Response(
        render_template("site/opensearch.xml"), mimetype="application/opensearchdescription+xml"
    )


def _addresses(session_pages: Iterable[str]) -> Iterable[tuple[str, datetime | None]]:
    session = db.session()
    yield from ((path, None) for path in SECTIONS)
    yield from ((f"/trang/{slug}", None) for slug in session_pages)
    yield from ((f"/thu-tuc/{code}", None) for code in session.scalars(select(Procedure.code)))
    for folder, slug in (("cong-bo", Announcement.slug), ("can-cu", LegalBasis.slug)):
        yield from ((f"/thu-tuc/{folder}/{one}", None) for one in session.scalars(select(slug)))
    yield from articles.addresses(session)
    yield from ((f"/phan-anh/{one}", None) for one in feedback.published_ids(session))


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    element.text = text or None
    return element


def _xml(root: ET.Element, mimetype: str) -> Response:
    return Response(ET.tostring(root, encoding="utf-8", xml_declaration=True), mimetype=mimetype)
