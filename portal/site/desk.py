"""The desk's first page: what waits for me, and where my rooms stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.permissions import Actor, may
from portal.articles.models import Article
from portal.articles.states import State
from portal.core.db import db
from portal.feedback.queries import TRAY_NAMES, Tray, tray_counts
from portal.site import samples

blueprint = desk_blueprint("site", "")
_URGENT = (Tray.LATE,)
_TRAYS = (Tray.NEW, Tray.MINE, Tray.SOON, Tray.LATE, Tray.HELD)


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that leads to the list behind it."""

    label: str
    count: int
    url: str
    urgent: bool = False


@blueprint.get("/")
@needs("desk.open")
def today() -> str:
    """What waits for the signed-in person."""
    actor, session = current_actor(), db.session()
    tiles = [*_article_tiles(session, actor), *_feedback_tiles(session, actor)]
    waiting = session.scalars(_waiting(actor)).all() if may(actor, "article.list") else []
    return render_template("site/today.html", tiles=tiles, waiting=waiting)


def _article_tiles(session: Session, actor: Actor) -> Iterable[Tile]:
    if not may(actor, "article.list"):
        return
    rows = session.execute(
        select(Article.state, Article.author_id, func.count()).group_by(
            Article.state, Article.author_id
        )
    ).all()
    mine = sum(n for state, author, n in rows if author == actor.user_id and state in _OPEN)
    address = "/ban-lam-viec/bai-viet/"
    if may(actor, "article.create"):
        returned = sum(
            n for s, author, n in rows if author == actor.user_id and s == State.RETURNED
        )
        yield Tile("Bài của tôi đang soạn", mine, f"{address}?xem=cua-toi")
        yield Tile("Bài bị trả lại", returned, f"{address}?xem=cua-toi", urgent=returned > 0)
    if may(actor, "article.publish"):
        submitted = sum(n for state, _, n in rows if state == State.SUBMITTED)
        yield Tile("Bài chờ duyệt", submitted, f"{address}?xem=cho-toi")


def _feedback_tiles(session: Session, actor: Actor) -> Iterable[Tile]:
    if not may(actor, "feedback.list"):
        return
    counts = tray_counts(session, actor)
    for tray in _TRAYS:
        label = f"Phản ánh: {TRAY_NAMES[tray].lower()}"
        address = f"/ban-lam-viec/phan-anh/?khay={tray.value}"
        yield Tile(label, counts[tray], address, urgent=tray in _URGENT and counts[tray] > 0)


@blueprint.get("/giao-dien")
@needs("desk.open")
def components() -> str:
    """Every component in every state: the living part of the documentation."""
    return render_template("site/components.html", samples=samples, parts=samples.PARTS)


_OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)


def _waiting(actor: Actor) -> Select[Article]:
    """Texts that this person should act on: own returned ones, and for publishers the queue."""
    own = (Article.author_id == actor.user_id) & (Article.state == State.RETURNED)
    condition = own | (Article.state == State.SUBMITTED) if may(actor, "article.publish") else own
    return select(Article).where(condition).order_by(Article.changed_at).limit(10)
