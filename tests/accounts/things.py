"""Things that belong to somebody, made straight in the tables for the walk over permissions."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.articles.models import Article, ArticleRevision
from portal.articles.process_models import PreviewLink, Remark
from portal.core import clock
from portal.directory.models import Hotline, Unit
from portal.evidence.models import EvidenceKind, EvidenceRecord
from portal.feedback.models import AnswerTemplate, Feedback
from portal.links.models import ExternalLink, LinkPlace
from portal.media.intake import copy_content
from portal.media.models import MediaFile, MediaKind, MediaVersion
from portal.procedures.facts import ProcedureFacts
from portal.procedures.models import Procedure
from portal.procedures.recording import Recorder
from portal.procedures.terms import Origin


@dataclass(frozen=True)
class Owner:
    """To whom a thing belongs: who made it, whose unit, in whose hands it is."""

    author_id: int
    unit_code: str | None
    assignee_id: int | None = None
    restricted: bool = False


@dataclass(frozen=True)
class Made:
    """Where a thing lies: its row, and the values that stand for it in addresses."""

    table: type[Any]
    row: int
    values: dict[str, Any]


def units(session: Session) -> None:
    """The units of the things of `test_permissions`."""
    for code in ("cdc", "van-phong"):
        session.add(Unit(code=code, name=f"Đơn vị {code}", kind="office"))
    session.flush()


def article(session: Session, owner: Owner, mark: str = "") -> Made:
    """One that waits for approval, with one version, a remark and a link for outsiders."""
    name = secrets.token_hex(6)
    made = Article(
        slug=name, title=f"Bài {mark or name}", summary=f"Tóm tắt {mark}",
        body=f"<p>Chữ {mark}</p>", kind="news", state="submitted", unit_code=owner.unit_code,
        author_id=owner.author_id, folded=f"bai {mark}",
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add(
        ArticleRevision(
            article_id=made.id, number=1, author_id=owner.author_id, created_at=clock.now(),
            title=made.title, summary=made.summary, body=made.body, details={},
        )
    )  # fmt: skip
    said = {"article_id": made.id, "at": clock.now(), "by_id": owner.author_id}
    remark = Remark(text="Nêu thời hạn.", **said)
    preview = PreviewLink(nonce=name, expires_at=clock.now() + timedelta(days=1), **said)
    session.add_all([remark, preview])
    session.flush()
    numbers = {"number": 1, "remark_id": remark.id, "link_id": preview.id}
    return Made(Article, made.id, {"article_id": made.id, **numbers})


def media(session: Session, owner: Owner, mark: str = "") -> Made:
    """A document and its former content, of which only the rows are there."""
    name = secrets.token_hex(8)
    made = MediaFile(
        public_id=name, kind=MediaKind.DOCUMENT.value, title=f"Tệp {mark or name}",
        original_name="to-roi.pdf", stored_name=name, extension="pdf", mime="application/pdf",
        size=10, sha256=name, author_id=owner.author_id, unit_code=owner.unit_code,
        created_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    former = MediaVersion(media_id=made.id, replaced_at=clock.now())
    copy_content(made, former)
    former.stored_name = secrets.token_hex(8)
    session.add(former)
    session.flush()
    return Made(MediaFile, made.id, {"media_id": made.id, "version_id": former.id})


def feedback(session: Session, owner: Owner, mark: str = "") -> Made:
    """A message of a citizen that has just come."""
    name = secrets.token_hex(6)
    made = Feedback(
        public_id=name, code_hmac=name, form_key=name, text_hash=name, kind="question",
        subject=f"Hỏi {mark or name}", body=f"Nội dung {mark}", received_at=clock.now(),
        due_on=clock.today() + timedelta(days=9), unit_code=owner.unit_code,
        assignee_id=owner.assignee_id, state="restricted" if owner.restricted else "received",
    )  # fmt: skip
    session.add(made)
    session.flush()
    return Made(Feedback, made.id, {"feedback_id": made.id})


def answer_template(session: Session, owner: Owner, mark: str = "") -> Made:
    """Words that a unit begins its answers with."""
    made = AnswerTemplate(
        name=f"Mẫu {mark}", unit_code=owner.unit_code, body="{co_quan} trả lời: {noi_dung}",
        author_id=owner.author_id, changed_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return Made(AnswerTemplate, made.id, {"template_id": made.id})


def hotline(session: Session, owner: Owner, _mark: str = "") -> Made:
    """A line of a unit."""
    key = secrets.token_hex(6)
    made = Hotline(
        key=key, name=f"Đường dây {key}", purposes=["procedures"], phone="0225 3000 000",
        certainty="verified", source="Phòng Một xác nhận", checked_on=clock.today(),
        unit_code=owner.unit_code,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return Made(Hotline, made.id, {"key": key, "folder": "duong-day-nong"})


def procedure(session: Session, owner: Owner, _mark: str = "") -> Made:
    """A procedure in the charge of a unit, with its first version."""
    code = f"9.{secrets.randbelow(1_000_000):06}"
    facts = ProcedureFacts(
        code=code, name=f"Thủ tục {code}", unit_code=owner.unit_code,
        source_name="Danh mục niêm yết",
    )  # fmt: skip
    made = Recorder(session, Origin.CONTENT, "kiểm thử").record(None, facts)
    session.flush()
    return Made(Procedure, made.id, {"code": code, "number": 1, "part": "ho-so"})


def evidence(session: Session, owner: Owner, _mark: str = "") -> Made:
    """An event of a unit."""
    made = EvidenceRecord(
        kind=EvidenceKind.EVENT.value, title="Đối thoại với người dân", day=clock.today(),
        unit_code=owner.unit_code, author_id=owner.author_id, tasks=[], topics=[],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return Made(EvidenceRecord, made.id, {"evidence_id": made.id})


def link(session: Session, owner: Owner, _mark: str = "") -> Made:
    """An address outside that stands in something of a unit."""
    name = secrets.token_hex(6)
    place = LinkPlace(kind="article", key=name, title="Bài", unit_code=owner.unit_code)
    made = ExternalLink(
        url=f"https://vidu.vn/{name}", host="vidu.vn", due_on=clock.today(), places=[place]
    )
    session.add(made)
    session.flush()
    return Made(ExternalLink, made.id, {"link_id": made.id})


def board(session: Session, owner: Owner, _mark: str = "") -> Made:
    """A unit, whose board is asked for."""
    made = session.scalars(select(Unit).where(Unit.code == owner.unit_code)).one()
    return Made(Unit, made.id, {"code": made.code})


MAKERS: dict[str, Callable[[Session, Owner, str], Made]] = {
    "articles_desk": article,
    "media_desk": media,
    "feedback_desk": feedback,
    "answer_templates_desk": answer_template,
    "directory_desk": hotline,
    "procedures_desk": procedure,
    "procedure_parts_desk": procedure,
    "evidence_desk": evidence,
    "links_desk": link,
    "boards_desk": board,
}
"""By blueprint, what its addresses with arguments are about."""
