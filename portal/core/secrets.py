"""Keys of the installation: made at the first start, one file a purpose, mode 0600."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from portal.core.errors import SettingsError

MINIMUM_CHARACTERS = 32


def load_or_create(directory: Path, purpose: str) -> list[str]:
    """The keys of one purpose, the current one first, older ones (for rotation) after it.

    The file `<purpose>.key` holds one key a line. Raises `SettingsError` when others may read
    the file or a key is too short to be safe.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / f"{purpose}.key"
    if not path.exists():
        _create_once(path)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"{path}: other accounts may read this key; run chmod 600 on it")
    keys = path.read_text("ascii").split()
    if not keys or min(map(len, keys)) < MINIMUM_CHARACTERS:
        raise SettingsError(f"{path}: a key is shorter than {MINIMUM_CHARACTERS} characters")
    return keys


def _create_once(path: Path) -> None:
    """Write a fresh key; when another process was first, its key stands."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def keyed_hash(key: str, *parts: str) -> str:
    """HMAC-SHA256 of `parts` in hex; parts cannot run into each other."""
    message = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (p.encode() for p in parts))
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
