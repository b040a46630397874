"""Feedback, its contact (apart, so that lists never load it), files and timeline."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, Removable
from portal.feedback.states import State

MAX_SUBJECT = 150
MAX_BODY = 5_000
MAX_ANSWER = 20_000
MAX_ALT = 300


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
    """By which road a feedback came. All but the first are entered on behalf of a citizen."""

    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    LETTER = "letter"
    EMAIL = "email"
    ZALO = "zalo"
    FACEBOOK = "facebook"
    NATIONAL = "national"


CHANNEL_NAMES: dict[Channel, str] = {
    Channel.WEB: "Cổng này",
    Channel.PHONE: "Điện thoại",
    Channel.COUNTER: "Trực tiếp",
    Channel.LETTER: "Thư, công văn",
    Channel.EMAIL: "Thư điện tử",
    Channel.ZALO: "Zalo",
    Channel.FACEBOOK: "Facebook",
    Channel.NATIONAL: "Cổng Dịch vụ công quốc gia",
}


class Event(StrEnum):
    """What the timeline tells the citizen."""

    RECEIVED = "received"
    REGISTERED = "registered"
    CLASSIFIED = "classified"
    ASSIGNED = "assigned"
    ASKED = "asked"
    ADDED = "added"
    RESUMED = "resumed"
    EXTENDED = "extended"
    ANSWERED = "answered"
    REOPENED = "reopened"
    RATED = "rated"
    FORWARDED = "forwarded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RESTRICTED = "restricted"
    RELEASED = "released"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    ERASURE_ASKED = "erasure_asked"
    ERASED = "erased"


EVENT_TEXTS: dict[Event, str] = {
    Event.RECEIVED: "Đã tiếp nhận",
    Event.REGISTERED: "Đã vào sổ",
    Event.CLASSIFIED: "Đã phân loại lại",
    Event.ASSIGNED: "Đã giao xử lý",
    Event.ASKED: "Cơ quan đề nghị bạn bổ sung thông tin, tạm dừng tính hạn",
    Event.ADDED: "Bạn đã bổ sung thông tin",
    Event.RESUMED: "Tiếp tục xử lý, tính tiếp hạn trả lời",
    Event.EXTENDED: "Gia hạn trả lời",
    Event.ANSWERED: "Đã trả lời",
    Event.REOPENED: "Bạn đề nghị xem lại câu trả lời",
    Event.RATED: "Bạn đã đánh giá câu trả lời",
    Event.FORWARDED: "Đã chuyển cơ quan có thẩm quyền",
    Event.REFUSED: "Không tiếp nhận",
    Event.WITHDRAWN: "Bạn đã rút nội dung này",
    Event.RESTRICTED: "Đã chuyển sang đường tiếp nhận được giữ bí mật",
    Event.RELEASED: "Đã chuyển lại đường phản ánh, kiến nghị",
    Event.PUBLISHED: "Đã công khai câu hỏi và câu trả lời, không kèm tên và liên hệ",
    Event.UNPUBLISHED: "Không công khai",
    Event.ERASURE_ASKED: "Bạn yêu cầu xóa dữ liệu cá nhân",
    Event.ERASED: "Đã xóa dữ liệu cá nhân",
}


class Said(StrEnum):
    """Who says what in the conversation under a feedback."""

    REQUEST = "request"
    ADDITION = "addition"
    ANSWER = "answer"
    REOPENING = "reopening"
    WITHDRAWAL = "withdrawal"


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
        CheckConstraint("state <> 'waiting' OR paused_on IS NOT NULL", name="pause_of_waiting"),
        CheckConstraint(
            "(register_year IS NULL) = (register_number IS NULL)", name="number_of_register"
        ),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 3", name="rating"),
        CheckConstraint("warned BETWEEN 0 AND 3", name="warned"),
        UniqueConstraint("register_year", "register_number"),
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
    no_publication: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Entered by an officer on behalf of a citizen: the day it came, who typed it, its number
    # elsewhere (on the national portal, of a letter).
    came_on: Mapped[date | None] = mapped_column(default=None)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    external_code: Mapped[str | None] = mapped_column(String(60), default=None)

    register_year: Mapped[int | None] = mapped_column(default=None)
    register_number: Mapped[int | None] = mapped_column(default=None)
    registered_at: Mapped[datetime | None] = mapped_column(default=None)

    state: Mapped[str] = mapped_column(String(30), default=State.RECEIVED.value)
    received_at: Mapped[datetime] = mapped_column(index=True)
    due_on: Mapped[date]
    # While the citizen is asked for something the clock stands: since when, and how many working
    # days were left.
    paused_on: Mapped[date | None] = mapped_column(default=None)
    days_left: Mapped[int | None] = mapped_column(default=None)
    extended_on: Mapped[date | None] = mapped_column(default=None)
    extension_reason: Mapped[str | None] = mapped_column(Text, default=None)
    forward_by: Mapped[date | None] = mapped_column(default=None)
    warned: Mapped[int] = mapped_column(default=0, server_default="0")
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    unit_code: Mapped[str | None] = mapped_column(String(80), default=None, index=True)
    assignee_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), default=None, index=True
    )

    draft: Mapped[str | None] = mapped_column(Text, default=None)
    drafted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    answer: Mapped[str | None] = mapped_column(Text, default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    forwarded_to: Mapped[str | None] = mapped_column(String(200), default=None)
    refusal: Mapped[str | None] = mapped_column(String(30), default=None)
    closing_note: Mapped[str | None] = mapped_column(Text, default=None)
    reopened_at: Mapped[datetime | None] = mapped_column(default=None)
    rating: Mapped[int | None] = mapped_column(default=None)
    rating_note: Mapped[str | None] = mapped_column(Text, default=None)
    rated_at: Mapped[datetime | None] = mapped_column(default=None)
    restricted_at: Mapped[datetime | None] = mapped_column(default=None)
    erasure_asked_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)

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
    messages: Mapped[list[FeedbackMessage]] = relationship(
        order_by="FeedbackMessage.id", cascade="all, delete-orphan", lazy="raise"
    )
    notes: Mapped[list[FeedbackNote]] = relationship(
        order_by="FeedbackNote.id", cascade="all, delete-orphan", lazy="raise"
    )

    @property
    def restricted(self) -> bool:
        """On the road of denunciations: hidden from everybody but two roles."""
        return self.state == State.RESTRICTED.value


class FeedbackContact(Base):
    """Whom to answer, sealed; only `contacts.py` seals and opens. Read only where an officer asks
    for it, and each reading is audited."""

    __tablename__ = "feedback_contact"

    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[str] = mapped_column(Text)
    consent_version: Mapped[str] = mapped_column(String(30))
    consent_at: Mapped[datetime]


class FeedbackFile(Base):
    """An attachment: random name on disk, the citizen's own (cleaned) name only here, sealed."""

    __tablename__ = "feedback_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    stored_name: Mapped[str] = mapped_column(String(60), unique=True)
    sealed_name: Mapped[str] = mapped_column(Text)
    mime: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))


class FeedbackPublicFile(Base):
    """A picture of the public copy, in which an officer has covered what is personal: never a
    citizen's own file. `position` is its number for readers, from 1 without gaps."""

    __tablename__ = "feedback_public_file"
    __table_args__ = (UniqueConstraint("feedback_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"))
    # Which attachment it stands for; empty once that was erased.
    source_id: Mapped[int | None] = mapped_column(
        ForeignKey("feedback_file.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int]
    stored_name: Mapped[str] = mapped_column(String(60), unique=True)
    mime: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[str] = mapped_column(String(MAX_ALT))


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


class FeedbackMessage(Base):
    """What citizen and agency say to each other after the first message; nothing is replaced."""

    __tablename__ = "feedback_message"
    __table_args__ = (CheckConstraint(_one_of("said", Said), name="said"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    said: Mapped[str] = mapped_column(String(30))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), default=None)
    body: Mapped[str] = mapped_column(Text)


class FeedbackNote(Base):
    """What officers write for each other; a citizen never sees it."""

    __tablename__ = "feedback_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    feedback_id: Mapped[int] = mapped_column(
        ForeignKey("feedback.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    body: Mapped[str] = mapped_column(Text)


class AnswerTemplate(Removable, Base):
    """A text to begin an answer with. Placeholders stand in braces; see `placeholders.py`."""

    __tablename__ = "answer_template"
    __table_args__ = (CheckConstraint(f"kind IS NULL OR {_one_of('kind', Kind)}", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str | None] = mapped_column(String(30), default=None)
    unit_code: Mapped[str | None] = mapped_column(String(80), default=None)
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class RegisterCounter(Base):
    """The last number given out in the register of a year: numbers have no gaps."""

    __tablename__ = "feedback_register"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
