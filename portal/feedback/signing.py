"""What travels through a citizen's browser and must come back unchanged: form stamps and files."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from portal.core import clock
from portal.core.settings import current_settings
from portal.feedback.attachments import Attachment
from portal.feedback.holding import Holder

SHORTEST = timedelta(seconds=3)
LONGEST = timedelta(hours=4)
HOLDER_LIFE = timedelta(minutes=30)
_FILE_LIFE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Stamp:
    """One opening of the form: a random key (128 bits) and when it was opened."""

    key: str
    opened: int

    @property
    def age(self) -> timedelta:
        return timedelta(seconds=int(clock.now().timestamp()) - self.opened)

    @property
    def too_fast(self) -> bool:
        return self.age < SHORTEST

    @property
    def expired(self) -> bool:
        return self.age > LONGEST

    def renewed(self) -> Stamp:
        """The same form with its time begun anew; it may be sent at once."""
        return Stamp(self.key, int((clock.now() - SHORTEST).timestamp()))

    def sign(self) -> str:
        return str(_serializer("stamp").dumps([self.key, self.opened]))


def new_stamp() -> Stamp:
    """A stamp for a form that is opened now."""
    return Stamp(secrets.token_hex(16), int(clock.now().timestamp()))


def fresh(stamp: Stamp | None) -> Stamp:
    """The stamp for the next page of a form: the same, its time begun anew if that ran out; a new
    one when the form brought none of ours."""
    if stamp is None:
        return new_stamp()
    return stamp.renewed() if stamp.expired else stamp


def read_stamp(token: str) -> Stamp | None:
    """The stamp of a signed token; None when we did not sign it."""
    data = _load("stamp", token)
    return Stamp(str(data[0]), int(data[1])) if isinstance(data, list) and len(data) == 2 else None


def sign_attachment(attachment: Attachment) -> str:
    """A token for a file that waits for its form to be sent."""
    return str(_serializer("file").dumps([asdict(attachment), int(clock.now().timestamp())]))


def read_attachment(token: str) -> Attachment | None:
    """The waiting file of a token; None when the token is not ours or too old."""
    data = _load("file", token)
    if not isinstance(data, list) or len(data) != 2:
        return None
    age = clock.now().timestamp() - int(data[1])
    return Attachment(**data[0]) if age < _FILE_LIFE.total_seconds() else None


def sign_holder(holder: Holder) -> str:
    """A token for a browser that has shown a code: no code is in it, and it soon ends."""
    data = [holder.feedback_id, holder.proof, int(clock.now().timestamp())]
    return str(_serializer("holder").dumps(data))


def read_holder(token: str) -> Holder | None:
    """The holder of a token; None when it is not ours or unused for too long."""
    data = _load("holder", token)
    if not isinstance(data, list) or len(data) != 3:
        return None
    age = clock.now().timestamp() - int(data[2])
    return Holder(int(data[0]), str(data[1])) if age < HOLDER_LIFE.total_seconds() else None


def _load(purpose: str, token: str) -> Any:
    try:
        return _serializer(purpose).loads(token[:4000])
    except BadData:
        return None


def _serializer(purpose: str) -> URLSafeSerializer:
    keys = list(reversed(current_settings().session_keys))  # the newest last, it signs
    return URLSafeSerializer(keys, salt=f"feedback.{purpose}")
