"""What a site-wide search shows of each kind of thing, one statement a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.articles import queries as articles
from portal.core import clock
from portal.directory.models import Hotline, Unit
from portal.feedback import queries as feedback
from portal.pages.models import Page as StaticPage
from portal.procedures import cards, legal
from portal.search.engine import SearchHit


@dataclass(frozen=True, slots=True)
class Found:
    """One result: `note` is a short line of facts, `summary` a sentence or two."""

    kind: str
    title: str
    url: str
    note: str = ""
    summary: str = ""


KINDS: dict[str, str] = {
    "procedure": "Thủ tục",
    "article": "Bài viết",
    "hotline": "Đường dây nóng",
    "feedback": "Hỏi đáp",
    "unit": "Đơn vị",
    "page": "Trang thông tin",
    "legal_basis": "Căn cứ pháp lý",
}


def load(session: Session, hits: Sequence[SearchHit]) -> list[Found]:
    """The results behind `hits`, in their order; a thing gone meanwhile is left out."""
    loaded = {
        kind: LOADERS[kind](session, [hit.key for hit in hits if hit.kind == kind])
        for kind in {hit.kind for hit in hits}
        if kind in LOADERS
    }
    found = (loaded.get(hit.kind, {}).get(hit.key) for hit in hits)
    return [one for one in found if one]


def _procedures(session: Session, codes: Iterable[str]) -> Mapping[str, Found]:
    return {
        card.code: Found(
            "procedure", card.name, f"/thu-tuc/{card.code}", f"Mã {card.code} · {card.field}"
        )
        for card in cards.load(session, list(codes))
    }


def _articles(session: Session, slugs: Iterable[str]) -> Mapping[str, Found]:
    return {
        slug: Found(
            "article", a.title, f"/bai-viet/{a.slug}",
            clock.format_date(a.publish_at) if a.publish_at else "", a.summary,
        )
        for slug, a in articles.by_keys(session, slugs).items()
    }  # fmt: skip


def _hotlines(session: Session, keys: Iterable[str]) -> Mapping[str, Found]:
    rows = session.scalars(
        select(Hotline).where(Hotline.key.in_(list(keys)), Hotline.removed_at.is_(None))
    )
    return {
        h.key: Found("hotline", h.name, f"/duong-day-nong/#{h.key}", h.phone or "", h.note or "")
        for h in rows
    }


def _units(session: Session, codes: Iterable[str]) -> Mapping[str, Found]:
    rows = session.scalars(select(Unit).where(Unit.code.in_(list(codes))))
    return {u.code: Found("unit", u.name, f"/don-vi/{u.code}", "", u.duties or "") for u in rows}


def _pages(session: Session, slugs: Iterable[str]) -> Mapping[str, Found]:
    rows = session.scalars(select(StaticPage).where(StaticPage.slug.in_(list(slugs))))
    return {p.slug: Found("page", p.title, f"/trang/{p.slug}", "", p.summary or "") for p in rows}


def _legal(session: Session, slugs: Iterable[str]) -> Mapping[str, Found]:
    rows = legal.by_slugs(session, list(slugs))
    return {
        one.slug: Found("legal_basis", one.number, f"/thu-tuc/can-cu/{one.slug}", "", one.title)
        for one in rows
    }


def _feedback(session: Session, ids: Iterable[str]) -> Mapping[str, Found]:
    return {
        item.public_id: Found(
            "feedback", item.public_subject or "", f"/phan-anh/{item.public_id}", "Đã trả lời"
        )
        for item in feedback.published_by_ids(session, list(ids))
    }


LOADERS: dict[str, Callable[[Session, Iterable[str]], Mapping[str, Found]]] = {
    "procedure": _procedures,
    "article": _articles,
    "hotline": _hotlines,
    "unit": _units,
    "page": _pages,
    "feedback": _feedback,
    "legal_basis": _legal,
}
