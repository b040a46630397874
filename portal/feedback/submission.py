"""The citizen's verbs: send a feedback once, and find it again by its code.

When `submit` returns, row and files are on disk: the code may be shown.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from portal.core import audit, clock, mail
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Invalid, TooMany
from portal.core.limits import limiter
from portal.core.secrets import keyed_hash
from portal.core.settings import current_settings
from portal.core.text import fold
from portal.feedback import attachments, codes, deadlines, letters
from portal.feedback.attachments import Attachment
from portal.feedback.models import (
    Event,
    Feedback,
    FeedbackContact,
    FeedbackEvent,
    FeedbackFile,
    Kind,
)

# Thirty people behind one address in an hour are honest; two hundred in ten minutes are not.
PER_NETWORK = ("40/hour", "150/day")
ALL_TOGETHER = "200/10 minutes"
FILES_PER_NETWORK = "120/hour"
TRIES_PER_NETWORK = "10/10 minutes"
_SAME_TEXT = 3
_SAME_TEXT_WITHIN = timedelta(days=1)
_PUBLIC_ID_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
_PHONE = re.compile(r"\+?[\d\s.()-]{8,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a citizen wrote, cleaned. The contact fields may be empty. `handled_by` is the unit
    that gets it at once, where the page that it was sent from knows who answers for it."""

    kind: Kind
    subject: str
    body: str
    procedure_code: str = ""
    unit_code: str = ""
    handled_by: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    consent: bool = False
    files: tuple[Attachment, ...] = ()

    @property
    def has_contact(self) -> bool:
        return bool(self.name or self.phone or self.email)

    def digest(self) -> str:
        """Equal for equal drafts: what makes a second post of a form the same message."""
        parts = [self.kind.value, self.subject, self.body, self.procedure_code, self.unit_code,
                 self.name, self.phone, self.email, *(f.sha256 for f in self.files)]  # fmt: skip
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a citizen takes home. `seed` finds it again, for the same browser only."""

    seed: str
    code: str
    kind: Kind
    received_at: datetime
    due_on: date


def submit(draft: Draft, *, form: str, network: str, suspicious: bool = False) -> Receipt:
    """Accept `draft` from the form with random key `form`; the same draft again changes nothing.

    Raises `Invalid` for input that breaks a rule, `TooMany` when the sender's network has sent
    too much, `OSError` or `OperationalError` when it could not be made durable. A suspicious
    message, or one of a flood, is accepted and marked for a check.
    """
    check(draft)
    seed = f"{form}.{draft.digest()}"
    if known := receipt(seed):
        return known
    for limit in PER_NETWORK:
        limiter().hit(limit, "feedback.send", network)
    held = suspicious or _flooded()
    attachments.keep(list(draft.files))
    try:
        with write() as session:
            if known := receipt(seed):
                return known
            _store(session, draft, seed, held=held)
    except IntegrityError:  # the same form on another worker was first
        if receipt(seed) is None:
            raise
    accepted = receipt(seed)
    assert accepted is not None
    return accepted


def receipt(seed: str) -> Receipt | None:
    """The receipt of an accepted form; None when nothing was accepted for `seed`."""
    key = current_settings().tracking_key
    row = db.session.execute(
        select(Feedback.kind, Feedback.received_at, Feedback.due_on).where(
            Feedback.form_key == _form_key(seed)
        )
    ).first()
    if row is None:
        return None
    return Receipt(seed, codes.derive(key, seed), Kind(row.kind), row.received_at, row.due_on)


def allow_file(network: str) -> None:
    """Count one attachment of a network. Raises `Invalid` when there were too many."""
    try:
        limiter().hit(FILES_PER_NETWORK, "feedback.file", network)
    except TooMany:
        raise Invalid(
            {"files": "Mạng của bạn vừa gửi quá nhiều tệp. Bạn gửi phần chữ trước, không kèm tệp."}
        ) from None


def track(typed: str, *, network: str) -> Feedback | None:
    """The feedback of a tracking code, with its timeline; None for every other text.

    Raises `TooMany` after ten wrong codes from one network in ten minutes.
    """
    limiter().check(TRIES_PER_NETWORK, "feedback.track", network)
    wanted = codes.stored(current_settings().tracking_key, codes.parse(typed) or "")
    found = db.session.scalar(
        select(Feedback)
        .where(Feedback.code_hmac == wanted)
        .options(selectinload(Feedback.events), selectinload(Feedback.files))
    )
    if found is None or not codes.same(found.code_hmac, wanted):
        limiter().hit(TRIES_PER_NETWORK, "feedback.track", network)
        return None
    return found


def check(draft: Draft) -> None:
    """Raise `Invalid` when `draft` breaks a rule that no single field can know."""
    problems: dict[str, str] = {}
    if draft.phone and not _is_phone(draft.phone):
        problems["phone"] = "Nhập số điện thoại đủ chữ số, ví dụ 0912 345 678."
    if draft.email:
        try:
            mail.check_address(draft.email)
        except Invalid as error:
            problems |= error.problems
    if draft.has_contact and not draft.consent:
        problems["consent"] = (
            "Bạn để lại liên hệ thì cần đồng ý cho cơ quan dùng liên hệ đó, hoặc xóa phần liên hệ."
        )
    if len(draft.files) > attachments.MAX_FILES:
        problems["files"] = f"Bạn gửi nhiều nhất {attachments.MAX_FILES} tệp. Bạn bỏ bớt tệp."
    if problems:
        raise Invalid(problems)


def _is_phone(phone: str) -> bool:
    digits = sum(char.isdigit() for char in phone)
    return bool(_PHONE.fullmatch(phone)) and 8 <= digits <= 15


def _flooded() -> bool:
    try:
        limiter().hit(ALL_TOGETHER, "feedback.all")
    except TooMany:
        return True
    return False


def _store(session: Session, draft: Draft, seed: str, *, held: bool) -> None:
    settings, moment = current_settings(), clock.now()
    text_hash = _text_hash(draft)
    feedback = Feedback(
        public_id="".join(secrets.choice(_PUBLIC_ID_LETTERS) for _ in range(12)),
        code_hmac=codes.stored(settings.tracking_key, codes.derive(settings.tracking_key, seed)),
        form_key=_form_key(seed),
        text_hash=text_hash,
        kind=draft.kind.value,
        subject=draft.subject,
        body=draft.body,
        procedure_code=draft.procedure_code or None,
        about_unit_code=draft.unit_code or None,
        unit_code=draft.handled_by or None,
        held_for_check=held or _seen_often(session, text_hash, moment),
        received_at=moment,
        due_on=deadlines.due_on(draft.kind, clock.to_local(moment).date(), settings.site),
        events=[FeedbackEvent(at=moment, event=Event.RECEIVED.value)],
        files=[_file_row(attachment) for attachment in draft.files],
    )
    session.add(feedback)
    session.flush()
    if draft.has_contact:
        session.add(_contact_row(draft, feedback.id, moment))
    audit.record(
        session, AuditEvent.FEEDBACK_RECEIVED, actor_id=None, thing=("feedback", feedback.id),
        changes={
            "kind": (None, draft.kind.value),
            "files": (None, len(draft.files)),
            "contact": (None, draft.has_contact),
            "held_for_check": (None, feedback.held_for_check),
        },
    )  # fmt: skip
    if draft.email:
        letters.received(session, feedback, draft.email)


def _file_row(attachment: Attachment) -> FeedbackFile:
    return FeedbackFile(
        stored_name=attachment.stored_name, original_name=attachment.original_name,
        mime=attachment.mime, size=attachment.size, sha256=attachment.sha256,
    )  # fmt: skip


def _contact_row(draft: Draft, feedback_id: int, moment: datetime) -> FeedbackContact:
    return FeedbackContact(
        feedback_id=feedback_id,
        name=draft.name or None,
        phone=draft.phone or None,
        email=mail.check_address(draft.email) if draft.email else None,
        consent_version=current_settings().site.feedback.privacy_notice_version,
        consent_at=moment,
    )


def _form_key(seed: str) -> str:
    return keyed_hash(current_settings().tracking_key, "form", seed)


def _text_hash(draft: Draft) -> str:
    """Equal for texts that differ only in case, marks and spacing."""
    words = " ".join(fold(f"{draft.subject} {draft.body}").split())
    return keyed_hash(current_settings().tracking_key, "text", words)


def _seen_often(session: Session, text_hash: str, moment: datetime) -> bool:
    count = session.scalar(
        select(func.count())
        .select_from(Feedback)
        .where(Feedback.text_hash == text_hash, Feedback.received_at > moment - _SAME_TEXT_WITHIN)
    )
    return (count or 0) >= _SAME_TEXT
