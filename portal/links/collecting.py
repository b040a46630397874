"""Which addresses outside our pages lead to, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urldefrag, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.articles.models import Article, visible
from portal.core import clock
from portal.core.db import db, write
from portal.core.settings import current_settings
from portal.directory.models import Unit
from portal.links.models import ExternalLink, LinkPlace
from portal.pages.models import Page
from portal.plan.models import Plan
from portal.procedures.models import Announcement, LegalBasis, Procedure, ProcedureForm

_HREF = re.compile(r'href="(https?://[^"]{1,2000})"', re.IGNORECASE)
_LONGEST = 1000
_CHUNK = 500
DESK = "/ban-lam-viec"


@dataclass(frozen=True, slots=True)
class Place:
    """Something of ours that holds addresses."""

    kind: str
    key: str
    title: str
    url: str
    unit_code: str | None = None


Found = Iterator[tuple[Place, Iterable[str]]]


def places(session: Session) -> Found:
    """Everything that readers see and that leads outside."""
    yield from _articles(session)
    yield from _procedures(session)
    for page in session.execute(
        select(Page.slug, Page.title, Page.body).where(Page.removed_at.is_(None))
    ):
        yield Place("page", page.slug, page.title, f"/trang/{page.slug}"), _in_markup(page.body)
    for unit in session.execute(
        select(Unit.code, Unit.name, Unit.website).where(Unit.removed_at.is_(None))
    ):
        place = Place("unit", unit.code, unit.name, f"{DESK}/danh-ba/don-vi/{unit.code}", unit.code)
        yield place, [unit.website]
    for plan in session.execute(select(Plan.code, Plan.title, Plan.source_url)):
        place = Place("plan", plan.code, plan.title, f"{DESK}/ke-hoach/?ke_hoach={plan.code}")
        yield place, [plan.source_url]


def sync() -> int:
    """Bring the list of addresses up to what pages hold now; returns how many there are. Writes
    in small transactions; a crash between them costs nothing, the next time goes on."""
    wanted: dict[str, dict[tuple[str, str], Place]] = {}
    for place, addresses in places(db.session()):
        for address in addresses:
            if url := _outside(address):
                wanted.setdefault(url, {})[place.kind, place.key] = place
    rows = db.session.execute(select(ExternalLink.url, ExternalLink.id))
    known = {row.url: row.id for row in rows}
    db.session.rollback()
    gone = [number for url, number in known.items() if url not in wanted]
    for chunk in _chunks(gone):
        with write() as session:
            for link in session.scalars(select(ExternalLink).where(ExternalLink.id.in_(chunk))):
                session.delete(link)
    for urls in _chunks(sorted(wanted)):
        with write() as session:
            _settle(session, {url: wanted[url] for url in urls})
    return len(wanted)


def _settle(session: Session, wanted: dict[str, dict[tuple[str, str], Place]]) -> None:
    """Addresses of one chunk, each with exactly the places where it stands."""
    rows = session.scalars(select(ExternalLink).where(ExternalLink.url.in_(list(wanted))))
    links = {link.url: link for link in rows}
    for url in wanted.keys() - links.keys():
        host = (urlsplit(url).hostname or "")[:255]
        links[url] = ExternalLink(url=url, host=host, due_on=clock.today())
        session.add(links[url])
    session.flush()
    numbers = [link.id for link in links.values()]
    standing: dict[int, dict[tuple[str, str], LinkPlace]] = {number: {} for number in numbers}
    for row in session.scalars(select(LinkPlace).where(LinkPlace.link_id.in_(numbers))):
        standing[row.link_id][row.kind, row.key] = row
    for url, link in links.items():
        _place(session, link.id, standing[link.id], wanted[url])


def _place(
    session: Session, link_id: int, standing: dict[tuple[str, str], LinkPlace],
    wanted: dict[tuple[str, str], Place],
) -> None:  # fmt: skip
    for key in standing.keys() - wanted.keys():
        session.delete(standing[key])
    for key, place in wanted.items():
        row = standing.get(key)
        if row is None:
            row = LinkPlace(link_id=link_id, kind=place.kind, key=place.key)
            session.add(row)
        row.title, row.url, row.unit_code = place.title, place.url, place.unit_code


def _articles(session: Session) -> Found:
    columns = (Article.id, Article.title, Article.unit_code, Article.body, Article.sources)
    query = select(*columns).where(visible()).execution_options(yield_per=200)
    for row in session.execute(query):
        address = f"{DESK}/bai-viet/{row.id}"
        place = Place("article", str(row.id), row.title, address, row.unit_code)
        yield place, [*_in_markup(row.body), *(str(one.get("url", "")) for one in row.sources)]


def _procedures(session: Session) -> Found:
    names = {}
    columns = (
        Procedure.id, Procedure.code, Procedure.name, Procedure.unit_code, Procedure.apply_url,
        Procedure.source_url,
    )  # fmt: skip
    for row in session.execute(select(*columns)):
        address = f"{DESK}/thu-tuc/{row.code}"
        names[row.id] = Place("procedure", row.code, row.name, address, row.unit_code)
        yield names[row.id], [row.apply_url, row.source_url]
    for form in session.execute(select(ProcedureForm.procedure_id, ProcedureForm.url)):
        if form.procedure_id in names:
            yield names[form.procedure_id], [form.url]
    for basis in session.execute(
        select(LegalBasis.slug, LegalBasis.number, LegalBasis.url, LegalBasis.source_url)
    ):
        address = f"{DESK}/thu-tuc/can-cu/{basis.slug}"
        place = Place("legal_basis", basis.slug[:120], f"Văn bản {basis.number}", address)
        yield place, [basis.url, basis.source_url]
    for one in session.execute(select(Announcement.slug, Announcement.number, Announcement.url)):
        address = f"/thu-tuc/cong-bo/{one.slug}"
        yield Place("announcement", one.slug, f"Quyết định {one.number}", address), [one.url]


def _in_markup(body: str) -> list[str]:
    return [unescape(found) for found in _HREF.findall(body)]


def _outside(address: str) -> str:
    """The address as it is kept; empty when it is none of the world outside."""
    url = urldefrag(address.strip())[0]
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    own = host in current_settings().hosts
    fits = parts.scheme in ("http", "https") and host and len(url) <= _LONGEST
    return "" if own or not fits else url


def _chunks(items: list[str] | list[int]) -> Iterator[list[str]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]  # type: ignore[misc]
