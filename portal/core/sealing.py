"""Small secrets that the database keeps sealed: a copy of it without the key file tells nothing.

AES-256-GCM under a key that HKDF makes of the installation's key file, for one purpose each; the
purpose (which names the row) is authenticated, so a sealed text cannot be moved to another row.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class SealBrokenError(Exception):
    """No key of the installation opens this text: the key file is another one."""


def seal(keys: Sequence[str], purpose: str, text: str) -> str:
    """`text` under the first of the keys, in URL-safe base64."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher(keys[0], purpose).encrypt(nonce, text.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(keys: Sequence[str], purpose: str, sealed: str) -> str:
    """What `seal` was given, whichever of the keys sealed it. Raises `SealBrokenError`."""
    raw = base64.urlsafe_b64decode(sealed)
    for key in keys:
        try:
            opened = _cipher(key, purpose).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode())
        except InvalidTag:
            continue
        return opened.decode()
    raise SealBrokenError(purpose.partition(":")[0])


def _cipher(key: str, purpose: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return AESGCM(derived.derive(key.encode()))
