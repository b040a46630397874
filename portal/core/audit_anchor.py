"""Anchors of the audit chain outside of the database, so that a cut tail is seen, too.

The chain itself shows what was changed, taken out or put in; entries cut off its end leave a whole
chain that is only shorter. So every few minutes the last entry's number and link are appended to
`instance/audit/anchors.jsonl` and written to the log of the service, which leaves the machine.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import audit, clock, files
from portal.core.audit import AuditEntry
from portal.core.settings import current_settings

log = logging.getLogger(__name__)
FOLDER = "audit"
EVERY = timedelta(minutes=5)
_MOST_FAULTS = 20
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry that was there: its number, its link of the chain, and when that was noted."""

    entry: int
    chain: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.entry}:{self.chain}"


@dataclass(frozen=True, slots=True)
class Verification:
    """The last look at the whole chain; no faults means that it is whole."""

    at: datetime
    entries: int
    faults: tuple[str, ...]


def head(session: Session) -> Anchor | None:
    """The end of the chain now; None while the log is empty."""
    last = session.execute(
        select(AuditEntry.id, AuditEntry.chain).order_by(AuditEntry.id.desc()).limit(1)
    ).first()
    return Anchor(last.id, last.chain, clock.now()) if last else None


def drop(session: Session) -> Anchor | None:
    """Append the end of the chain to the file, unless it stands there; returns it if it did."""
    present, known = head(session), anchors()
    if present is None or (known and str(known[-1]) == str(present)):
        return None
    path = _folder() / "anchors.jsonl"
    line = json.dumps(
        {"entry": present.entry, "chain": present.chain, "at": present.at.isoformat()}
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    log.info("audit.anchor", extra={"entry": present.entry, "chain": present.chain})
    return present


def anchors() -> Sequence[Anchor]:
    """What was anchored, the oldest first. A line that a crash tore is passed over."""
    try:
        lines = (_folder() / "anchors.jsonl").read_text("ascii").splitlines()
    except FileNotFoundError:
        return []
    return [found for line in lines if (found := _parsed(line))]


def parse(text: str) -> tuple[int, str]:
    """`123:0a1b…`, as a person kept it on paper. Raises `ValueError`."""
    number, _, chain = text.strip().partition(":")
    if not number.isdecimal() or len(chain) != len(audit.GENESIS):
        raise ValueError("an anchor reads like 123:0a1b…, with 64 hexadecimal digits")
    return int(number), chain.lower()


def verify(session: Session, kept: Sequence[tuple[int, str]] = ()) -> Iterator[str]:
    """Faults of the chain, then entries that were anchored (in the file, or `kept` elsewhere) and
    are not there any more."""
    yield from audit.verify(session)
    wanted = [*((one.entry, one.chain) for one in anchors()), *kept]
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        query = select(AuditEntry.id, AuditEntry.chain).where(
            AuditEntry.id.in_({number for number, _ in part})
        )
        there = {row.id: row.chain for row in session.execute(query)}
        for number, chain in part:
            if number not in there:
                yield f"entry {number} was anchored and is missing: the log was cut off before it"
            elif there[number] != chain:
                yield f"entry {number} is not the one that was anchored"


def look(session: Session) -> Verification:
    """Verify everything and keep the result for the page."""
    present = head(session)
    faults = tuple(fault for fault, _ in zip(verify(session), range(_MOST_FAULTS), strict=False))
    done = Verification(clock.now(), present.entry if present else 0, faults)
    page = {"at": done.at.isoformat(), "entries": done.entries, "faults": list(faults)}
    files.write_atomically(_folder() / "verified.json", json.dumps(page).encode(), mode=0o600)
    return done


def last_look() -> Verification | None:
    """The result of the last `look`; None when there was none that can be read."""
    try:
        page: dict[str, Any] = json.loads((_folder() / "verified.json").read_text("utf-8"))
        at = datetime.fromisoformat(page["at"])
        return Verification(at, int(page["entries"]), tuple(map(str, page["faults"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _parsed(line: str) -> Anchor | None:
    try:
        page = json.loads(line)
        return Anchor(int(page["entry"]), page["chain"], datetime.fromisoformat(page["at"]))
    except (ValueError, KeyError, TypeError):
        return None


def _folder() -> Path:
    folder = current_settings().instance / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
