"""What the search knows of hotlines and units."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.directory.models import NEEDS, Hotline, Leader, Purpose, Unit
from portal.directory.queries import get_hotline, get_unit
from portal.search import feed
from portal.search.engine import SearchDocument

Contact = Unit | Hotline | Leader


def register() -> None:
    """Lend the builders to the search."""
    feed.registry.register("hotline", _hotline, lambda s: s.scalars(select(Hotline.key)))
    feed.registry.register("unit", _unit, lambda s: s.scalars(select(Unit.code)))


def mark(session: Session, record: Contact) -> None:
    """Have what is found of this record built anew after the transaction."""
    if isinstance(record, Hotline):
        feed.changed(session, "hotline", record.key)
    elif isinstance(record, Unit):
        feed.changed(session, "unit", record.code)
    elif record.unit_code:  # leaders are found through their unit
        feed.changed(session, "unit", record.unit_code)


def _hotline(session: Session, key: str) -> SearchDocument | None:
    try:
        hotline = get_hotline(session, key)
    except NotFound:
        return None
    if hotline.removed_at is not None:
        return None
    needs = [NEEDS[Purpose(purpose)] for purpose in hotline.purposes if purpose in list(Purpose)]
    return SearchDocument(
        kind="hotline",
        key=key,
        title=hotline.name,
        keywords=[hotline.phone, "đường dây nóng", "số điện thoại", *needs],
        body=f"{hotline.note}\n{hotline.answered_by}\n{hotline.hours_in_words}\n{hotline.address}",
        url=f"/duong-day-nong/#{key}",
        facets={"unit": hotline.unit_code or ""},
    )


def _unit(session: Session, code: str) -> SearchDocument | None:
    try:
        unit = get_unit(session, code)
    except NotFound:
        return None
    if unit.removed_at is not None:
        return None
    leaders = session.scalars(
        select(Leader).where(Leader.unit_code == code, Leader.removed_at.is_(None))
    )
    return SearchDocument(
        kind="unit",
        key=code,
        title=unit.name,
        keywords=[unit.short_name, unit.phone, *(f"{x.position} {x.name}" for x in leaders)],
        body=f"{unit.duties}\n{unit.address}",
        url=f"/don-vi/{code}",
        facets={"unit": code},
    )
