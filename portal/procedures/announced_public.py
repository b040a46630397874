"""One decision's own page, and decisions as Atom feeds: of everything or of one field."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, render_template, request, url_for

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.settings import Settings, current_settings
from portal.media import queries as media
from portal.procedures import announced
from portal.procedures.models import Announcement
from portal.procedures.terms import CHANGES, ChangeKind

blueprint = Blueprint("announced", __name__, url_prefix="/thu-tuc")
ATOM = "http://www.w3.org/2005/Atom"
MOST = 40
_LONGEST_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@blueprint.get("/cong-bo/<slug>")
def decision(slug: str) -> str:
    """One decision: what is new, amended, replaced and abolished, and since when."""
    session = db.session()
    found = announced.find(session, slug)
    if found is None:
        raise NotFound(slug)
    file = media.by_id(session, found.media_id) if found.media_id else None
    return render_template(
        "procedures/decision.html", decision=found, changes=CHANGES, file=file,
        names=announced.names(session, found), day=clock.today(),
    )  # fmt: skip


@blueprint.get("/cong-bo.xml")
def feed() -> Response:
    """The newest decisions as Atom (RFC 4287); `linh_vuc` narrows to one field."""
    session, settings = db.session(), current_settings()
    key = request.args.get("linh_vuc", "")[:90]
    field = dict(announced.fields(session)).get(key, "") if key else ""
    if key and not field:
        raise NotFound(key)
    rows = session.scalars(announced.query(announced.Wish(field=key)).limit(MOST)).all()
    dated = [(row, moment) for row in rows if (moment := announced.changed_at(row))]
    newest = max((moment for _, moment in dated), default=_LONGEST_AGO)
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "vi"})
    own = settings.address(url_for("announced.feed", linh_vuc=key or None))
    page = settings.address(url_for("procedures.announcements", linh_vuc=key or None))
    _add(root, "id", own)
    title = f"Thủ tục mới công bố, lĩnh vực {field}" if field else "Thủ tục mới công bố"
    _add(root, "title", f"{title} – {settings.site.agency.name}")
    _add(root, "updated", newest.isoformat())
    _add(root, "link", rel="self", type="application/atom+xml", href=own)
    _add(root, "link", rel="alternate", type="text/html", href=page)
    _add(_add(root, "author"), "name", settings.site.agency.name)
    for row, moment in dated:
        _entry(root, row, moment, settings)
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    response = Response(text, mimetype="application/atom+xml")
    response.last_modified = newest
    return response


def summary_of(decision: Announcement) -> str:
    """`Sửa đổi, bổ sung 3 thủ tục; Bãi bỏ 1 thủ tục`."""
    counts = {kind: sum(change.kind == kind for change in decision.changes) for kind in ChangeKind}
    return "; ".join(f"{CHANGES[kind].name}: {n} thủ tục" for kind, n in counts.items() if n)


def _entry(root: ET.Element, row: Announcement, moment: datetime, settings: Settings) -> None:
    entry = _add(root, "entry")
    address = settings.address(url_for("announced.decision", slug=row.slug))
    _add(entry, "id", address)
    _add(entry, "title", f"Quyết định {row.number}{f': {row.title}' if row.title else ''}")
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    _add(entry, "published", moment.isoformat())
    _add(entry, "updated", moment.isoformat())
    _add(entry, "summary", summary_of(row))
    fields = {
        one.procedure.field.key: one.procedure.field.name for one in row.changes if one.procedure
    }
    for key, name in fields.items():
        _add(entry, "category", term=key, label=name)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    element.text = text or None
    return element
