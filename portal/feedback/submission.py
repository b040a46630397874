"""The citizen's verbs: send a feedback once, and find it again by its code.

When `submit` returns, row and files are on disk: the code may be shown.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session, selectinload

from portal.core import audit, clock, mail
from portal.core.audit import AuditEvent
from portal.core.db import db, insert_or_update, write
from portal.core.errors import Invalid, TooMany
from portal.core.limits import Use, limiter
from portal.core.networks import network_of
from portal.core.secrets import keyed_hash
from portal.core.settings import current_settings
from portal.core.text import fold
from portal.feedback import attachments, codes, contacts, deadlines, letters
from portal.feedback.attachments import Attachment
from portal.feedback.contacts import Contact
from portal.feedback.models import (
    Channel,
    Event,
    Feedback,
    FeedbackContact,
    FeedbackEvent,
    FeedbackFile,
    Kind,
)

# Thirty people behind one address in an hour are honest; two hundred in ten minutes are not.
PER_SENDER = ("40/hour", "150/day")
PER_NETWORK = "200/hour"
ALL_TOGETHER = "200/10 minutes"
NUMBERED = "50/day"  # one text again and again with other digits in it
FILES_PER_SENDER = "120/hour"
# A code has 75 bits: no number of guesses finds one, so guessing is slowed and never forbidden.
# After the free ones, everybody behind an address shares three looks in five seconds.
GUESSES = "20/10 minutes"
LOOKS_WHEN_GUESSED = "3/5 seconds"
PATIENCE = 5.0
"""Seconds that a sending waits for its turn to be written: a page that comes late with everything
on it is better than a worker that is killed with the text."""
_SAME_TEXT = 3
_SAME_TEXT_WITHIN = timedelta(days=1)
_PUBLIC_ID_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
_WORDS, _DIGITS = re.compile(r"[^\W_]+"), re.compile(r"\d+")
_LINKS = re.compile(r"https?://|www\.", re.IGNORECASE)
_MOST_LINKS = 2
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
    no_publication: bool = False
    files: tuple[Attachment, ...] = ()

    @property
    def has_contact(self) -> bool:
        return bool(self.name or self.phone or self.email)

    def digest(self) -> str:
        """Equal for equal drafts: what makes a second post of a form the same message."""
        parts = [self.kind.value, self.subject, self.body, self.procedure_code, self.unit_code,
                 self.name, self.phone, self.email, *(f.sha256 for f in self.files),
                 *(["private"] if self.no_publication else [])]  # fmt: skip
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """What an officer tells of a message typed for its sender: by which road it came, on which
    day its time began, its number there, and how the sender agreed to leave a contact."""

    actor_id: int
    channel: Channel
    came_on: date
    external_code: str = ""
    consent: str = ""


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
    return keep(draft, seed, held=_count(draft, network) or suspicious or _advertises(draft))


def keep(draft: Draft, seed: str, *, held: bool = False, entry: Entry | None = None) -> Receipt:
    """Store a checked draft under `seed`, once however often it comes; `entry` tells who typed it
    for its sender. Raises `OSError` or `OperationalError` when it could not be made durable."""
    attachments.keep(list(draft.files))
    rows = _rows(draft, seed, held=held, entry=entry)
    with write(PATIENCE) as session:
        if _store(session, draft, rows):
            return _receipt(seed, rows.feedback)
    # The same form was first on another worker, or its public number is taken; then a second
    # press draws another one.
    if known := receipt(seed):
        return known
    raise OSError("not stored")


def receipt(seed: str) -> Receipt | None:
    """The receipt of an accepted form; None when nothing was accepted for `seed`."""
    found = db.session.execute(_KNOWN, {"form_key": _form_key(seed)}).mappings().first()
    return _receipt(seed, found) if found else None


def _receipt(seed: str, row: Mapping[Any, Any]) -> Receipt:
    code = codes.derive(current_settings().tracking_key, seed)
    return Receipt(seed, code, Kind(row["kind"]), row["received_at"], row["due_on"])


def allow_file(network: str) -> None:
    """Count one attachment of a network. Raises `Invalid` when there were too many."""
    try:
        limiter().hit(FILES_PER_SENDER, "feedback.file", network)
    except TooMany:
        raise Invalid(
            {"files": "Mạng của bạn vừa gửi quá nhiều tệp. Bạn gửi phần chữ trước, không kèm tệp."}
        ) from None


def track(typed: str, *, network: str) -> Feedback | None:
    """The feedback of a tracking code, with its timeline; None for every other text, by the same
    statements whatever it is. Raises `TooMany` for some seconds when too many are being guessed.

    A text whose check character does not fit is a slip of the finger: it cannot be a code, so it
    is no guess.
    """
    code = codes.parse(typed)
    if code:
        _slow_guesses(network)
    wanted = codes.stored(current_settings().tracking_key, code or "")
    found = db.session.scalar(
        select(Feedback)
        .where(Feedback.code_hmac == wanted, Feedback.erased_at.is_(None))
        .options(selectinload(Feedback.events), selectinload(Feedback.files))
    )
    if found is not None and codes.same(found.code_hmac, wanted):
        return found
    if code:
        limiter().count(Use(GUESSES, "feedback.guess", (network,)))
    return None


def _slow_guesses(network: str) -> None:
    if limiter().is_used_up(Use(GUESSES, "feedback.guess", (network,))):
        limiter().hit(LOOKS_WHEN_GUESSED, "feedback.look", network)


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


def is_flooded() -> bool:
    """Whether more comes from everywhere than honest people send."""
    return limiter().is_used_up(Use(ALL_TOGETHER, "feedback.all"))


def _count(draft: Draft, sender: str) -> bool:
    """Count one message of a sender; whether so many come from its network, from everywhere, or
    of its kind, that it must be checked. Raises `TooMany` when this sender has sent too much."""
    everybody = Use(ALL_TOGETHER, "feedback.all")
    around = Use(PER_NETWORK, "feedback.around", (network_of(sender),))
    mine = [Use(limit, "feedback.send", (sender,)) for limit in PER_SENDER]
    words = _DIGITS.sub("", fold(f"{draft.subject} {draft.body}"))
    alike = Use(NUMBERED, "feedback.alike", (" ".join(_WORDS.findall(words)),))
    beyond = limiter().count(everybody, around, alike, *mine)
    if waits := [limiter().wait(use) for use in beyond if use in mine]:
        limiter().give_back(everybody.limit, everybody.name)  # what is refused floods nobody
        raise TooMany(max(waits))
    return bool(beyond)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a message is in the tables, made before anybody has to wait for it. The rows beside
    that of the feedback get its number later."""

    feedback: dict[str, Any]
    files: list[dict[str, Any]]
    contact: dict[str, Any] | None


# Made once, and as plain statements: this is what many citizens do in the same minute, and each
# waits while another's rows are written.
_TABLE = Feedback.__table__.c
_KNOWN = select(_TABLE.kind, _TABLE.received_at, _TABLE.due_on).where(
    _TABLE.form_key == bindparam("form_key")
)
_ALIKE = select(func.count()).where(
    _TABLE.text_hash == bindparam("text_hash"), _TABLE.received_at > bindparam("since")
)
_EVENT, _FILE, _CONTACT = (insert(t) for t in (FeedbackEvent, FeedbackFile, FeedbackContact))


@lru_cache
def _first_of_its_form(dialect: str) -> Any:
    return insert_or_update(dialect, Feedback).on_conflict_do_nothing().returning(Feedback.id)


def _rows(draft: Draft, seed: str, *, held: bool, entry: Entry | None) -> _Rows:
    settings, moment = current_settings(), clock.now()
    received = entry.came_on if entry else clock.to_local(moment).date()
    text_hash = text_hash_of(draft)
    feedback: dict[str, Any] = {
        "public_id": "".join(secrets.choice(_PUBLIC_ID_LETTERS) for _ in range(12)),
        "code_hmac": codes.stored(settings.tracking_key, codes.derive(settings.tracking_key, seed)),
        "form_key": _form_key(seed),
        "text_hash": text_hash,
        "kind": draft.kind.value,
        "subject": draft.subject,
        "body": draft.body,
        "procedure_code": draft.procedure_code or None,
        "about_unit_code": draft.unit_code or None,
        "unit_code": draft.handled_by or None,
        "no_publication": draft.no_publication,
        "held_for_check": held or (entry is None and _seen_often(text_hash, moment)),
        "received_at": moment,
        "due_on": deadlines.due_on(draft.kind, received, settings),
        "forward_by": deadlines.forward_by(received, settings),
    }
    if entry:
        feedback |= {
            "channel": entry.channel.value, "came_on": entry.came_on,
            "external_code": entry.external_code or None, "entered_by": entry.actor_id,
        }  # fmt: skip
    consent = entry.consent if entry else settings.site.feedback.privacy_notice_version
    public_id = str(feedback["public_id"])
    contact = _contact_row(draft, public_id, moment, consent) if draft.has_contact else None
    return _Rows(feedback, [_file_row(file) for file in draft.files], contact)


def _store(session: Session, draft: Draft, rows: _Rows) -> bool:
    """Write the rows; False when this message is there already."""
    connection = session.connection()
    number = connection.scalar(_first_of_its_form(connection.dialect.name), rows.feedback)
    if number is None:
        return False
    of_it = {"feedback_id": number}
    received = of_it | {"at": rows.feedback["received_at"], "event": Event.RECEIVED.value}
    connection.execute(_EVENT, received)
    if rows.files:
        connection.execute(_FILE, [of_it | row for row in rows.files])
    if rows.contact:
        connection.execute(_CONTACT, of_it | rows.contact)
    entered_by = rows.feedback.get("entered_by")
    event = AuditEvent.FEEDBACK_ENTERED if entered_by else AuditEvent.FEEDBACK_RECEIVED
    audit.record(
        session, event, actor_id=entered_by, thing=("feedback", number),
        changes={
            "kind": (None, draft.kind.value),
            "files": (None, len(draft.files)),
            "contact": (None, draft.has_contact),
            "held_for_check": (None, rows.feedback["held_for_check"]),
        },
    )  # fmt: skip
    if draft.email:
        letters.received(session, Feedback(**rows.feedback), draft.email)
    return True


def _file_row(attachment: Attachment) -> dict[str, Any]:
    return {
        "stored_name": attachment.stored_name,
        "sealed_name": contacts.sealed_name(attachment.stored_name, attachment.original_name),
        "mime": attachment.mime, "size": attachment.size, "sha256": attachment.sha256,
    }  # fmt: skip


def _contact_row(draft: Draft, public_id: str, moment: datetime, consent: str) -> dict[str, Any]:
    email = mail.check_address(draft.email) if draft.email else ""
    contact = Contact(name=draft.name, phone=draft.phone, email=email)
    return contacts.row(public_id, contact, consent, moment)


def _form_key(seed: str) -> str:
    return keyed_hash(current_settings().tracking_key, "form", seed)


def text_hash_of(draft: Draft) -> str:
    """Equal for texts that differ only in case, marks, spacing and signs."""
    words = " ".join(_WORDS.findall(fold(f"{draft.subject} {draft.body}")))
    return keyed_hash(current_settings().tracking_key, "text", words)


def _advertises(draft: Draft) -> bool:
    return len(_LINKS.findall(f"{draft.subject} {draft.body}")) > _MOST_LINKS


def _seen_often(text_hash: str, moment: datetime) -> bool:
    since = moment - _SAME_TEXT_WITHIN
    count = db.session.scalar(_ALIKE, {"text_hash": text_hash, "since": since})
    return (count or 0) >= _SAME_TEXT
