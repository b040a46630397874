"""What names a citizen, kept sealed: whom to answer, and what they called their files.

The only module that seals and opens it. The key lies outside the database, in
`keys/contacts.key`; a copy of the database without that file tells nobody's name. A text opens
only in its own row. When the key is lost, nothing breaks: the contact is one that cannot be read.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.db import write
from portal.core.sealing import SealBrokenError, seal, unseal
from portal.core.settings import current_settings
from portal.feedback.models import Feedback, FeedbackContact, FeedbackFile

log = logging.getLogger(__name__)
_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to answer. Empty fields were not left; `readable` is False when the key is lost."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    readable: bool = True

    @property
    def values(self) -> list[str]:
        """What was left, in the order of the form."""
        return [value for value in (self.name, self.phone, self.email, self.address) if value]


_KEPT = tuple(field.name for field in fields(Contact) if field.name != "readable")


def row(public_id: str, contact: Contact, consent: str, moment: datetime) -> dict[str, Any]:
    """The columns of a `FeedbackContact`, but for the number of its feedback. `consent` is the
    version of the notice that was agreed to."""
    kept = {name: value for name, value in asdict(contact).items() if name in _KEPT and value}
    sealed = seal(_keys(), _contact_purpose(public_id), json.dumps(kept, ensure_ascii=False))
    return {"sealed": sealed, "consent_version": consent, "consent_at": moment}


def of(session: Session, feedback: Feedback) -> Contact | None:
    """The contact of a feedback; None when none was left or it is erased.

    Whoever shows it to a person goes through `reading.open_contact`, which is audited.
    """
    kept = session.get(FeedbackContact, feedback.id)
    if kept is None:
        return None
    opened = _open(_contact_purpose(feedback.public_id), kept.sealed)
    if opened is None:
        return Contact(readable=False)
    known = {name: value for name, value in json.loads(opened).items() if name in _KEPT}
    return Contact(**known)


def is_left(session: Session, feedback_id: int) -> bool:
    """Whether there is a contact, without opening it."""
    query = select(FeedbackContact.feedback_id).where(FeedbackContact.feedback_id == feedback_id)
    return session.scalar(query) is not None


def sealed_name(stored_name: str, original: str) -> str:
    """What a `FeedbackFile` keeps of the name that its citizen gave it."""
    return seal(_keys(), _file_purpose(stored_name), original)


def name_of(file: FeedbackFile) -> str:
    """The citizen's own name of a file, for officers; a neutral one when it cannot be read."""
    opened = _open(_file_purpose(file.stored_name), file.sealed_name)
    return opened or f"tep-{file.id}{PurePath(file.stored_name).suffix}"


def names_of(files: Iterable[FeedbackFile]) -> dict[int, str]:
    """File number → the citizen's own name of it."""
    return {file.id: name_of(file) for file in files}


def reseal() -> tuple[int, int]:
    """Seal under the newest key whatever an older one sealed: (sealed anew, not readable).

    In small transactions, so that nobody waits; safe to run again.
    """
    changed = lost = 0
    for table in (FeedbackContact, FeedbackFile):
        last = 0
        while True:
            with write() as session:
                rows = _next_rows(session, table, last)
                done = [_reseal_row(session, kept, purpose) for kept, purpose in rows]
            if not rows:
                break
            last = _number(rows[-1][0])
            changed, lost = changed + done.count(True), lost + done.count(None)
    return changed, lost


def _next_rows(
    session: Session, table: type[FeedbackContact] | type[FeedbackFile], last: int
) -> list[tuple[FeedbackContact | FeedbackFile, str]]:
    if table is FeedbackFile:
        query = select(FeedbackFile).where(FeedbackFile.id > last)
        found = session.scalars(query.order_by(FeedbackFile.id).limit(_AT_ONCE))
        return [(file, _file_purpose(file.stored_name)) for file in found]
    pairs = session.execute(
        select(FeedbackContact, Feedback.public_id)
        .join(Feedback, Feedback.id == FeedbackContact.feedback_id)
        .where(FeedbackContact.feedback_id > last)
        .order_by(FeedbackContact.feedback_id)
        .limit(_AT_ONCE)
    )
    return [(contact, _contact_purpose(public_id)) for contact, public_id in pairs]


def _number(kept: FeedbackContact | FeedbackFile) -> int:
    return kept.feedback_id if isinstance(kept, FeedbackContact) else kept.id


def _reseal_row(
    session: Session, kept: FeedbackContact | FeedbackFile, purpose: str
) -> bool | None:
    """True when sealed anew, False when that was not needed, None when no key opens it."""
    keys = _keys()
    column = "sealed" if isinstance(kept, FeedbackContact) else "sealed_name"
    sealed = getattr(kept, column)
    try:
        unseal(keys[:1], purpose, sealed)
        return False
    except SealBrokenError:
        opened = _open(purpose, sealed)
    if opened is None:
        return None
    setattr(kept, column, seal(keys, purpose, opened))
    return True


def _open(purpose: str, sealed: str) -> str | None:
    try:
        return unseal(_keys(), purpose, sealed)
    except (SealBrokenError, ValueError):
        log.warning("contact.not_readable")  # of whom, a log need not know
        return None


def _keys() -> tuple[str, ...]:
    return current_settings().contact_keys


def _contact_purpose(public_id: str) -> str:
    return f"feedback contact:{public_id}"


def _file_purpose(stored_name: str) -> str:
    return f"feedback file name:{stored_name}"
