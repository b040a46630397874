"""Codes of the second step: six digits of an application (RFC 6238), and codes on paper.

Nothing here touches the database; what is accepted once is noted by `second_step`.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata

import pyotp

from portal.core import clock
from portal.core.secrets import keyed_hash

STEP_SECONDS = 30
WINDOW = 1  # steps before and after the present one: clocks of telephones differ
RECOVERY_CODES = 10
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none looks like another
_GROUPS, _GROUP = 3, 4  # 60 bits
_LOOK_ALIKE = str.maketrans("OIL", "011")


def new_secret() -> str:
    """160 random bits in base32, as applications want them."""
    return pyotp.random_base32()


def address(secret: str, email: str, issuer: str) -> str:
    """What the QR code says to the application."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def grouped(secret: str) -> str:
    """The secret in groups of four, to be typed from the page."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def matching_step(secret: str, typed: str, last_step: int) -> int | None:
    """The time step whose code was typed, if it is near and later than `last_step`; else None.

    A `last_step` of the future means that the clock was put back; it would refuse every code
    until that time comes again, so it does not count.
    """
    digits = _plain(typed)
    present = int(clock.now().timestamp()) // STEP_SECONDS
    floor = last_step if last_step <= present + WINDOW else 0
    generator, found = pyotp.HOTP(secret), None
    for step in range(max(present - WINDOW, 0), present + WINDOW + 1):
        is_same = hmac.compare_digest(generator.at(step).encode(), digits.encode())
        if is_same and step > floor:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Fresh codes as people read them: `7K2M-9XQD-4TVB`."""
    return [
        "-".join(
            "".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS)
        )
        for _ in range(RECOVERY_CODES)
    ]  # fmt: skip


def recovery_hash(key: str, user_id: int, typed: str) -> str:
    """What the database keeps of a code, however its letters and hyphens were typed."""
    plain = _plain(typed).upper().translate(_LOOK_ALIKE)
    return keyed_hash(key, "recovery-code", str(user_id), plain)


def is_recovery_shaped(typed: str) -> bool:
    """Whether this is meant to be a code on paper, not one of an application."""
    return len(_plain(typed)) == _GROUPS * _GROUP


def _plain(typed: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", typed) if c.isalnum())
