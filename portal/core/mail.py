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
from portal.core.settings import Settings, current_settings

log = logging.getLogger(__name__)
MAX_TRIES = 12
_TIMEOUT = 10


class Letter(Base):
    """One letter of the outbox. Sent letters lose recipient and text, only the fact stays."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    unsubscribe: Mapped[str] = mapped_column(String(300), default="", server_default="")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)


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
    moment = clock.now()
    session.add(
        Letter(
            recipient=check_address(recipient),
            subject=" ".join(subject.split())[:200],
            body=body,
            unsubscribe=unsubscribe,
            created_at=moment,
            due_at=moment,
        )
    )


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
        except (OSError, smtplib.SMTPException) as error:
            failed += 1
            log.warning("letter.failed", extra={"letter": letter.id, "error": type(error).__name__})
            continue
        _mark_sent(letter.id)
        sent += 1
    return sent, failed


def pending_count(session: Session) -> int:
    """How many letters wait."""
    return len(session.scalars(select(Letter.id).where(Letter.sent_at.is_(None))).all())


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
    message["To"] = letter.recipient
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
