"""Feedback, its contact (apart, so that lists never load it), files and timeline."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base
from portal.feedback.states import State

MAX_SUBJECT = 150
MAX_BODY = 5_000
MAX_ANSWER = 20_000


class Kind(StrEnum):
    """What a citizen wants. A complaint here is about conduct (phản ánh), not khiếu nại."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    QUESTION = "question"
    PRAISE = "praise"


KIND_NAMES: dict[Kind, str] = {
    Kind.COMPLAINT: "Phản ánh",
    Kind.SUGGESTION: "Kiến nghị",
    Kind.QUESTION: "Câu hỏi",
    Kind.PRAISE: "Khen ngợi",
}


class Channel(StrEnum):
    """By which road a feedback came."""

    WEB = "web"


class Event(StrEnum):
    """What the timeline tells the citizen."""

    RECEIVED = "received"
    CLASSIFIED = "classified"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    FORWARDED = "forwarded"
    REFUSED = "refused"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"


EVENT_TEXTS: dict[Event, str] = {
    Event.RECEIVED: "Đã tiếp nhận",
    Event.CLASSIFIED: "Đã phân loại lại",
    Event.ASSIGNED: "Đã giao xử lý",
    Event.ANSWERED: "Đã trả lời",
    Event.FORWARDED: "Đã chuyển cơ quan có thẩm quyền",
    Event.REFUSED: "Không tiếp nhận",
    Event.PUBLISHED: "Đã công khai câu hỏi và câu trả lời, không kèm tên và liên hệ",
    Event.UNPUBLISHED: "Đã thôi công khai",
}


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


class Feedback(Base):
    """One message of a citizen and what became of it. The texts are plain text, never HTML."""

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint(_one_of("kind", Kind), name="kind"),
        CheckConstraint(_one_of("state", State), name="state"),
        CheckConstraint(_one_of("channel", Channel), name="channel"),
        CheckConstraint(
            "state <> 'answered' OR (answer IS NOT NULL AND answered_at IS NOT NULL)",
            name="answer_of_answered",
        ),
        CheckConstraint(
            "published_at IS NULL OR (state = 'answered' AND public_subject IS NOT NULL"
            " AND public_question IS NOT NULL AND public_answer IS NOT NULL)",
            name="copy_of_published",
        ),
        Index("ix_feedback_state_due_on", "state", "due_on"),
        Index("ix_feedback_text_hash_received_at", "text_hash", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    code_hmac: Mapped[str] = mapped_column(String(64), unique=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    text_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(MAX_SUBJECT))
    body: Mapped[str] = mapped_column(Text)
    procedure_code: Mapped[str | None] = mapped_column(String(40), default=None)
    about_unit_code: Mapped[str | None] = mapped_column(String(80), default=None)
    channel: Mapped[str] = mapped_column(String(30), default=Channel.WEB.value)
    held_for_check: Mapped[bool] = mapped_column(default=False)

    state: Mapped[str] = mapped_column(String(30), default=State.RECEIVED.value)
    received_at: Mapped[datetime] = mapped_column(index=True)
    due_on: Mapped[date]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    unit_code: Mapped[str | None] = mapped_column(String(80), default=None, index=True)
    assignee_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), default=None, index=True
    )

    answer: Mapped[str | None] = mapped_column(Text, default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    forwarded_to: Mapped[str | None] = mapped_column(String(200), default=None)
    refusal: Mapped[str | None] = mapped_column(String(30), default=None)
    closing_note: Mapped[str | None] = mapped_column(Text, default=None)

    public_subject: Mapped[str | None] = mapped_column(String(MAX_SUBJECT), default=None)
    public_question: Mapped[str | None] = mapped_column(Text, default=None)
    public_answer: Mapped[str | None] = mapped_column(Text, default=None)
    public_folded: Mapped[str | None] = mapped_column(Text, default=None)
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    published_at: Mapped[datetime | None] = mapped_column(default=None, index=True)

    version: Mapped[int] = mapped_column(default=1)

    files: Mapped[list[FeedbackFile]] = relationship(
        order_by="FeedbackFile.id", cascade="all, delete-orphan", lazy="raise"
    )
    events: Mapped[list[FeedbackEvent]] = relationship(
        order_by="FeedbackEvent.id", cascade="all, delete-orphan", lazy="raise"
    )


class FeedbackContact(Base):
    """Whom to answer. Read only where an officer asks for it, and each reading is audited."""

    __tablename__ = "feedback_contact"

    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str | None] = mapped_column(String(120), default=None)
    phone: Mapped[str | None] = mapped_column(String(30), default=None)
    email: Mapped[str | None] = mapped_column(String(254), default=None)
    consent_version: Mapped[str] = mapped_column(String(30))
    consent_at: Mapped[datetime]


class FeedbackFile(Base):
    """An attachment: random name on disk, the citizen's own (cleaned) name only here."""

    __tablename__ = "feedback_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    stored_name: Mapped[str] = mapped_column(String(60), unique=True)
    original_name: Mapped[str] = mapped_column(String(150))
    mime: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class FeedbackEvent(Base):
    """One line of the timeline; `note` is written for the citizen."""

    __tablename__ = "feedback_event"
    __table_args__ = (CheckConstraint(_one_of("event", Event), name="event"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(30))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    note: Mapped[str] = mapped_column(Text, default="")
