"""Letters: put into an outbox with the change that causes them, sent later with retries.

A dead mail server delays letters and nothing else.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core import clock, files
from portal.core.db import Base, db, write
from portal.core.errors import Invalid
from portal.core.sealing import SealBrokenError, seal, unseal
from portal.core.settings import Settings, current_settings

log = logging.getLogger(__name__)
MAX_TRIES = 12
_TIMEOUT = 10
_GIVEN_UP = timedelta(days=30)
_MOST = 500  # of one transaction


class Letter(Base):
    """One letter of the outbox. Sent letters lose recipient and text, only the fact stays.

    A letter `about` something of a citizen's keeps its address sealed, and goes with that thing.
    """

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(Text)
    about: Mapped[str | None] = mapped_column(String(60), default=None, index=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    unsubscribe: Mapped[str] = mapped_column(String(300), default="", server_default="")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def address(self) -> str:
        """Where it goes; empty once it is sent. Raises `SealBrokenError` when the key is lost."""
        if not self.about or not self.recipient:
            return self.recipient
        return unseal(current_settings().contact_keys, _purpose(self.about), self.recipient)


def check_address(address: str) -> str:
    """The normalised e-mail address. Raises `Invalid` on field `email` when it is none."""
    try:
        return validate_email(address.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise Invalid({"email": "Nhập địa chỉ thư điện tử đúng dạng, ví dụ ten@vidu.vn."}) from None


def enqueue(
    session: Session, recipient: str, subject: str, body: str, *, unsubscribe: str = ""
) -> None:
    """Put a plain-text letter to one recipient into the outbox of this transaction.

    `unsubscribe` is an address of ours that ends letters of this kind when it is posted to
    (RFC 8058): mail programs show it as a button.
    """
    letter = _letter(check_address(recipient), subject, body)
    letter.unsubscribe = unsubscribe
    session.add(letter)


def enqueue_about(session: Session, about: str, recipient: str, subject: str, body: str) -> None:
    """Put a letter about a citizen's thing into the outbox: its address waits sealed, and
    `take_back` takes it back when the thing is erased."""
    address = check_address(recipient)
    sealed = seal(current_settings().contact_keys, _purpose(about), address)
    letter = _letter(sealed, subject, body)
    letter.about = about
    session.add(letter)


def _letter(recipient: str, subject: str, body: str) -> Letter:
    moment = clock.now()
    return Letter(
        recipient=recipient, subject=" ".join(subject.split())[:200], body=body,
        created_at=moment, due_at=moment,
    )  # fmt: skip


def deliver_due(limit: int = 50) -> tuple[int, int]:
    """Send the letters that are due; returns (sent, failed). Failures wait ever longer.

    Each letter is claimed first in its own short transaction, so two processes do not send the
    same one; a crash between sending and marking may send a letter twice, never lose it.
    """
    settings, sent, failed = current_settings(), 0, 0
    for _ in range(limit):
        letter = _claim_next()
        if letter is None:
            break
        try:
            _send(settings, _message(letter, settings))
        except (OSError, smtplib.SMTPException, SealBrokenError) as error:
            failed += 1
            log.warning("letter.failed", extra={"letter": letter.id, "error": type(error).__name__})
            continue
        _mark_sent(letter.id)
        sent += 1
    return sent, failed


def take_back(session: Session, about: str) -> int:
    """Drop what waits about a thing that is erased; returns how many letters."""
    waiting = select(Letter).where(Letter.about == about, Letter.sent_at.is_(None))
    letters = session.scalars(waiting).all()
    for letter in letters:
        session.delete(letter)
    return len(letters)


def purge() -> int:
    """Letters given up a month ago lose recipient and text too; returns how many."""
    old = clock.now() - _GIVEN_UP
    query = select(Letter).where(
        Letter.sent_at.is_(None), Letter.tries >= MAX_TRIES,
        Letter.created_at < old, Letter.recipient != "",
    )  # fmt: skip
    with write() as session:
        letters = session.scalars(query.limit(_MOST)).all()
        for letter in letters:
            letter.recipient = letter.body = letter.unsubscribe = ""
        return len(letters)


def pending_count(session: Session) -> int:
    """How many letters wait."""
    return len(session.scalars(select(Letter.id).where(Letter.sent_at.is_(None))).all())


def _purpose(about: str) -> str:
    return f"letter about:{about}"


def _claim_next() -> Letter | None:
    moment = clock.now()
    query = (
        select(Letter)
        .where(Letter.sent_at.is_(None), Letter.due_at <= moment, Letter.tries < MAX_TRIES)
        .order_by(Letter.due_at, Letter.id)
        .limit(1)
    )
    if db.session.scalar(query) is None:
        return None
    with write() as session:
        letter = session.scalar(query.with_for_update(skip_locked=True))
        if letter is None:
            return None
        letter.tries += 1
        letter.due_at = moment + timedelta(minutes=min(2**letter.tries, 360))
        session.flush()
        session.refresh(letter)
        session.expunge(letter)
    return letter


def _mark_sent(letter_id: int) -> None:
    with write() as session:
        letter = session.get_one(Letter, letter_id)
        letter.sent_at = clock.now()
        letter.recipient, letter.body, letter.unsubscribe = "", "", ""


def _message(letter: Letter, settings: Settings) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.site.agency.email or f"noreply@{settings.hosts[0]}"
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Date"] = clock.now()
    message["Message-ID"] = f"<letter-{letter.id}@{settings.hosts[0]}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.body)
    return message


def _send(settings: Settings, message: EmailMessage) -> None:
    url = urlsplit(settings.mail_url)
    if url.scheme == "file":
        outbox = settings.instance / "outbox"
        outbox.mkdir(mode=0o700, exist_ok=True)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        files.write_atomically(outbox / f"{name}.eml", message.as_bytes(), mode=0o600)
        return
    secure = url.scheme == "smtps"
    context = ssl.create_default_context()
    host, port = url.hostname or "localhost", url.port or (465 if secure else 587)
    with (
        smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT, context=context)
        if secure
        else smtplib.SMTP(host, port, timeout=_TIMEOUT)
    ) as server:
        if not secure and server.has_extn("starttls"):
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
