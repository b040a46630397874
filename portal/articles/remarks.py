"""Remarks on passages: said by who reads an article, ticked off by who writes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from portal.accounts.permissions import Actor, may, require
from portal.articles import passages
from portal.articles.case import find
from portal.articles.models import Article
from portal.articles.passages import Piece
from portal.articles.process_models import Remark
from portal.articles.states import State
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.text import clean_text

REMARK_LIMIT, MOST = 2000, 100
_READ = (State.SUBMITTED, State.PASSED)


@dataclass(slots=True)
class Reading:
    """A text with what was said about it: pieces each with its remarks, the remarks on all of it,
    and those whose words have changed since."""

    pieces: list[tuple[Piece, list[Remark]]] = field(default_factory=list)
    general: list[Remark] = field(default_factory=list)
    lost: list[Remark] = field(default_factory=list)


def may_remark(actor: Actor, article: Article) -> bool:
    """Whether this person reads the article for somebody else now."""
    waits = article.state in _READ or article.pending_id is not None
    return waits and may(actor, "article.return", article)


def add(actor: Actor, article_id: int, quote: str, text: str) -> int:
    """Say what should change, about a passage ("" for all of the text); returns the remark's id.

    Raises `Invalid`, `Conflict` when nobody asked for a reading.
    """
    quote, text = passages.flat(quote)[: passages.QUOTE_LIMIT].rstrip(), clean_text(text)
    if not text:
        raise Invalid({"text": "Viết điều cần sửa ở đoạn này."})
    if len(text) > REMARK_LIMIT:
        raise Invalid({"text": f"Nhận xét dài quá {REMARK_LIMIT} ký tự. Bạn rút ngắn lại."})
    with write() as session:
        article = find(session, actor, article_id).article
        require(actor, "article.return", article)
        if not may_remark(actor, article):
            raise Conflict("Bài không chờ duyệt nên không nhận xét được.")
        position = _position(article, quote)
        if len(open_remarks(session, article)) >= MOST:
            raise Invalid({"text": f"Bài đã có {MOST} nhận xét. Bạn trả lại để người viết sửa."})
        remark = Remark(
            article_id=article.id, at=clock.now(), by_id=actor.user_id, quote=quote,
            position=position, text=text,
        )  # fmt: skip
        session.add(remark)
        session.flush()
        _note(session, actor, AuditEvent.ARTICLE_REMARKED, article, (None, remark.id))
        return remark.id


def tick(actor: Actor, article_id: int, remark_ids: Collection[int], *, done: bool) -> int:
    """Mark remarks as dealt with (or not yet) by who writes; returns how many changed."""
    with write() as session:
        article = find(session, actor, article_id).article
        require(actor, "article.edit", article)
        known = {remark.id: remark for remark in open_remarks(session, article)}
        if not set(remark_ids) <= set(known):
            raise NotFound("remark")
        changed = [known[n] for n in set(remark_ids) if (known[n].done_at is not None) != done]
        for remark in changed:
            remark.done_at = clock.now() if done else None
            remark.done_by_id = actor.user_id if done else None
            _note(session, actor, AuditEvent.ARTICLE_REMARK_DONE, article, (remark.id, done))
        return len(changed)


def open_remarks(session: Session, article: Article) -> Sequence[Remark]:
    """What was said since the last publication, with who said it; one statement."""
    return session.scalars(
        select(Remark)
        .where(Remark.article_id == article.id, Remark.closed_at.is_(None))
        .options(joinedload(Remark.by), joinedload(Remark.done_by))
        .order_by(Remark.id)
    ).all()


def close_all(session: Session, article: Article) -> None:
    """The text is published: nothing said about it is open any more. Inside `write()`."""
    session.execute(
        update(Remark)
        .where(Remark.article_id == article.id, Remark.closed_at.is_(None))
        .values(closed_at=clock.now())
    )


def read(markup: str, said: Sequence[Remark]) -> Reading:
    """Dressed markup with each remark at the passage that it quotes."""
    reading = Reading([(piece, []) for piece in passages.pieces_of(markup)])
    flat = [passage for piece, _ in reading.pieces for passage in piece.passages]
    owners = [number for number, (piece, _) in enumerate(reading.pieces) for _ in piece.passages]
    for remark in said:
        place = passages.locate(remark.quote, remark.position, flat)
        if not remark.quote:
            reading.general.append(remark)
        elif place is None:
            reading.lost.append(remark)
        else:
            reading.pieces[owners[place]][1].append(remark)
    return reading


def as_text(said: Sequence[Remark]) -> str:
    """Open remarks for a letter."""
    return "\n\n".join(
        f"Đoạn “{remark.quote}”:\n{remark.text}" if remark.quote else remark.text
        for remark in said
        if remark.done_at is None
    )


def _position(article: Article, quote: str) -> int:
    if not quote:
        return 0
    found = passages.passages_of((article.pending or article).body)
    place = passages.locate(quote, 0, found)
    if place is None:
        raise Invalid({"quote": "Bài không có đoạn này. Chọn lại đoạn cần nhận xét."})
    return place


def _note(
    session: Session, actor: Actor, event: AuditEvent, article: Article, what: tuple[object, object]
) -> None:
    changes: Mapping[str, tuple[object, object]] = {"remark": what}
    audit.record(
        session, event, actor_id=actor.user_id, thing=("article", article.id), changes=changes
    )
