"""The public copy of a question and its answer: made by one officer, let out by another.

The copy stands apart from what the citizen wrote. It is not stored while it holds something
that looks like personal data, unless the officer has said that it is public (the agency's own
number); what the citizen left as contact can never be confirmed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor
from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid
from portal.core.settings import current_settings
from portal.core.text import fold
from portal.feedback import contacts, letters, public_pictures, redaction
from portal.feedback.models import (
    MAX_ANSWER,
    MAX_BODY,
    MAX_SUBJECT,
    Event,
    Feedback,
)
from portal.feedback.public_pictures import UNCHANGED, Change
from portal.feedback.redaction import Finding
from portal.feedback.states import Verb
from portal.feedback.steps import check_text, take
from portal.search import feed

SEARCH_KIND = "feedback"


@dataclass(frozen=True, slots=True)
class PublicCopy:
    """What everybody may read, and what changes about its pictures."""

    subject: str
    question: str
    answer: str
    pictures: Change = UNCHANGED

    @property
    def folded(self) -> str:
        """For the search by words on the page of published answers."""
        return " " + " ".join(fold(f"{self.subject} {self.question} {self.answer}").split())


def suggest_copy(feedback: Feedback) -> PublicCopy:
    """The texts to begin with: the last copy, or the originals with personal data masked."""
    if feedback.public_question is not None:
        return PublicCopy(
            feedback.public_subject or "", feedback.public_question, feedback.public_answer or ""
        )
    own = _contact_values(db.session(), feedback)
    return PublicCopy(
        redaction.masked(feedback.subject, own),
        redaction.masked(feedback.body, own),
        redaction.masked(feedback.answer or "", own),
    )


def findings(
    feedback_id: int, copy: PublicCopy, descriptions: Collection[str] = ()
) -> list[Finding]:
    """What in a copy and in the descriptions of its pictures looks like personal data."""
    text = "\n".join([copy.subject, copy.question, copy.answer, *descriptions])
    feedback = db.session.get_one(Feedback, feedback_id)
    return redaction.find(text, _contact_values(db.session(), feedback))


def prepare(
    actor: Actor, feedback_id: int, version: int, copy: PublicCopy,
    confirmed: Collection[str] = (),
) -> None:  # fmt: skip
    """Store the public copy and its pictures; it is not public yet, and no longer if it was.

    Raises `Invalid` while it holds personal data that is not `confirmed` as public.
    """
    _check_lengths(copy)
    ready = public_pictures.keep(copy.pictures)
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.PREPARE)
        respect_objection(step.feedback)
        change = public_pictures.change(session, feedback_id, ready)
        doubts = [
            finding
            for finding in findings(feedback_id, copy, change.descriptions)
            if finding.what == redaction.OWN or finding.text not in confirmed
        ]
        if doubts:
            listed = ", ".join(f"“{finding.text}” ({finding.what})" for finding in doubts)
            raise Invalid({"": f"Bản công khai còn dữ liệu cá nhân: {listed}."})
        feedback = step.feedback
        was_public = feedback.published_at is not None
        feedback.public_subject, feedback.public_question = copy.subject, copy.question
        feedback.public_answer, feedback.public_folded = copy.answer, copy.folded
        feedback.prepared_by, feedback.published_at, feedback.published_by = (
            actor.user_id,
            None,
            None,
        )
        step.record(
            AuditEvent.FEEDBACK_PREPARED,
            {
                "published": (was_public, False),
                "confirmed": (None, len(set(confirmed))),
                "pictures": (change.before, len(change.descriptions)),
            },
        )
        if was_public:
            step.tell(Event.UNPUBLISHED, "cơ quan đang sửa bản công khai")
            feed.changed(session, SEARCH_KIND, feedback.public_id)
    public_pictures.delete(change.gone)


def publish(actor: Actor, feedback_id: int, version: int) -> None:
    """Let the stored copy out, exactly as it stands. With four eyes, not by who made it."""
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.PUBLISH)
        feedback = step.feedback
        respect_objection(feedback)
        if feedback.public_question is None:
            raise Conflict("Chưa có bản công khai. Bạn soạn bản công khai trước.")
        if feedback.published_at is not None:
            raise Conflict("Câu trả lời này đã được công khai.")
        if not may_release(actor, feedback):
            raise Conflict("Người soạn không tự duyệt. Bạn nhờ một cán bộ khác duyệt bản này.")
        feedback.published_at, feedback.published_by = clock.now(), actor.user_id
        step.tell(Event.PUBLISHED)
        step.record(AuditEvent.FEEDBACK_PUBLISHED, {"published": (False, True)})
        feed.changed(session, SEARCH_KIND, feedback.public_id)
        letters.moved(
            session, feedback, "Câu trả lời đã được công khai",
            "Câu hỏi và câu trả lời đã được công khai sau khi bỏ tên và thông tin liên hệ.",
        )  # fmt: skip


def unpublish(actor: Actor, feedback_id: int, version: int, reason: str) -> None:
    """Take a published answer off the site, or say that it does not get there: either way the
    citizen is told why. The copy stays for a correction."""
    check_text("unpublish_note", reason, "Viết lý do để báo cho người gửi.")
    with write() as session:
        step = take(session, actor, feedback_id, version, Verb.UNPUBLISH)
        feedback = step.feedback
        was_public = feedback.published_at is not None
        feedback.published_at = feedback.published_by = None
        step.tell(Event.UNPUBLISHED, reason)
        step.record(AuditEvent.FEEDBACK_UNPUBLISHED, {"published": (was_public, False)})
        letters.unpublished(session, feedback, reason)
        if was_public:
            feed.changed(session, SEARCH_KIND, feedback.public_id)


def respect_objection(feedback: Feedback) -> None:
    """Raise `Conflict` when the citizen has said that nothing of it may be public."""
    if feedback.no_publication:
        raise Conflict("Người gửi không đồng ý công khai nội dung này.")


def may_release(actor: Actor, feedback: Feedback) -> bool:
    """Whether this person may let the stored copy out, as far as four eyes go."""
    four_eyes = current_settings().site.publishing.four_eyes
    return not four_eyes or feedback.prepared_by != actor.user_id


def _contact_values(session: Session, feedback: Feedback) -> list[str]:
    contact = contacts.of(session, feedback)
    return contact.values if contact else []


def _check_lengths(copy: PublicCopy) -> None:
    limits = (("subject", MAX_SUBJECT), ("question", MAX_BODY), ("answer", MAX_ANSWER))
    problems = {
        f"public_{name}": f"Nhập nội dung, nhiều nhất {limit} ký tự."
        for name, limit in limits
        if not 0 < len(getattr(copy, name)) <= limit
    }
    if problems:
        raise Invalid(problems)
