"""Links by which outsiders read what is not published yet: signed, for some days, revocable."""

from __future__ import annotations

import hmac
import secrets as random
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from portal.accounts.permissions import Actor, require
from portal.articles.case import Case, find
from portal.articles.models import Article
from portal.articles.process_models import PreviewLink
from portal.articles.states import State
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.secrets import keyed_hash
from portal.core.settings import current_settings

DAYS = (1, 3, 7)
MOST_OPEN = 10


def share(actor: Actor, article_id: int, days: int) -> int:
    """Make a link that works for some days; returns its id."""
    with write() as session:
        article = find(session, actor, article_id).article
        require(actor, "article.share_preview", article)
        if days not in DAYS:
            raise Invalid({"days": "Chọn liên kết dùng được trong 1, 3 hay 7 ngày."})
        if article.standing == State.WITHDRAWN:
            raise Conflict("Bài đã gỡ nên không tạo liên kết xem trước.")
        if len(open_links(session, article)) >= MOST_OPEN:
            raise Invalid({"days": f"Bài đã có {MOST_OPEN} liên kết. Bạn thu hồi liên kết cũ."})
        moment = clock.now()
        link = PreviewLink(
            article_id=article.id, nonce=random.token_hex(16), at=moment, by_id=actor.user_id,
            expires_at=moment + timedelta(days=days),
        )  # fmt: skip
        session.add(link)
        session.flush()
        _note(session, AuditEvent.ARTICLE_PREVIEW_SHARED, link, actor, (None, link.expires_at))
        return link.id


def end(actor: Actor, article_id: int, link_id: int) -> None:
    """Have a link work no longer."""
    with write() as session:
        article = find(session, actor, article_id).article
        require(actor, "article.share_preview", article)
        link = next((one for one in open_links(session, article) if one.id == link_id), None)
        if link is None:
            raise NotFound(f"preview {link_id}")
        link.ended_at = clock.now()
        _note(session, AuditEvent.ARTICLE_PREVIEW_ENDED, link, actor, (link.expires_at, None))


def end_all(case: Case) -> None:
    """An article that leaves its readers leaves those with a link, too."""
    here = PreviewLink.article_id == case.article.id
    values = {"ended_at": clock.now()}
    case.session.execute(
        update(PreviewLink).where(here, PreviewLink.ended_at.is_(None)).values(**values)
    )


def open_links(session: Session, article: Article) -> Sequence[PreviewLink]:
    """Links that work now, with who made them; one statement."""
    return session.scalars(
        select(PreviewLink)
        .where(
            PreviewLink.article_id == article.id, PreviewLink.ended_at.is_(None),
            PreviewLink.expires_at > clock.now(),
        )
        .options(joinedload(PreviewLink.by))
        .order_by(PreviewLink.id)
    ).all()  # fmt: skip


def address(link: PreviewLink) -> str:
    """The path of a link."""
    return f"/xem-truoc/{link.nonce}{_signature(link.nonce)}"


def opened(session: Session, token: str) -> PreviewLink | None:
    """The link that a token belongs to; None for one that was made up, has expired or was ended:
    nobody learns which. One statement."""
    nonce, signature = token[:32], token[32:]
    genuine = hmac.compare_digest(signature.encode(), _signature(nonce).encode())
    link = session.scalar(
        select(PreviewLink).where(
            PreviewLink.nonce == nonce, PreviewLink.ended_at.is_(None),
            PreviewLink.expires_at > clock.now(),
        )
    )  # fmt: skip
    return link if genuine else None


def note_opened(link_id: int) -> None:
    """The first time that somebody opens a link is written down."""
    with write() as session:
        link = session.get_one(PreviewLink, link_id, with_for_update=True)
        if link.opened_at is None:
            link.opened_at = clock.now()
            _note(session, AuditEvent.ARTICLE_PREVIEW_OPENED, link, None, (None, link.at))


def _signature(nonce: str) -> str:
    return keyed_hash(current_settings().session_keys[0], "article-preview", nonce)[:32]


def _note(
    session: Session, event: AuditEvent, link: PreviewLink, actor: Actor | None,
    until: tuple[object, object],
) -> None:  # fmt: skip
    audit.record(
        session, event, actor_id=actor.user_id if actor else None,
        thing=("article", link.article_id), changes={"preview": (None, link.id), "until": until},
    )  # fmt: skip
