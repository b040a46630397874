"""Words that people typed and nothing answered: gaps for editors to fill, without any person in it.

What is kept of a search: its words folded and in order, when all of them are syllables of
Vietnamese or short; no digits, no addresses. They become readable only when the same words have
come from `ENOUGH` different readers or days: what one person alone types, a name perhaps, stays a
keyed hash and is gone after `FORGET_AFTER`. Counting happens in memory; who keeps the index up to
date writes it down later, and a failure loses a count, never a search.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import current_app, request
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.core import clock, secrets
from portal.core.db import write
from portal.core.settings import current_settings
from portal.core.web import kiosk
from portal.core.web.requests import client_address
from portal.search.analysis import Kind, is_stop_word, scan
from portal.search.models import SearchGap
from portal.search.spelling import is_syllable

log = logging.getLogger(__name__)
ENOUGH = 3
FORGET_AFTER = timedelta(days=60)
MOST_ROWS = 3_000
MOST_WAITING = 300
MOST_WORDS = 8
SHORT = 7
_PATIENCE = 1.0  # seconds: a reader's process does not stand in line for a count
"""Letters of a word that need not be a syllable: an abbreviation, a foreign name of a thing."""
_TAG = 2
_ROBOT = re.compile(
    r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|java/|http", re.IGNORECASE
)
_PERSONAL = re.compile(r"@|\d{4}|\d[\d .\-]{6,}\d")


@dataclass(slots=True)
class Seen:
    """How often some words came since the last writing, from whom (tags), and how they fared."""

    count: int = 0
    tags: set[str] = field(default_factory=set)
    relaxed: bool = True


@dataclass
class Waiting:
    """What one process has counted and not yet written down."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    seen: dict[str, Seen] = field(default_factory=dict)


def note(text: str, *, relaxed: bool) -> None:
    """Count the words of a search of the present request that nothing answered (`relaxed`: only
    by leaving words out). Robots and kiosks do not count. Cheap, and never raises."""
    try:
        words = keepable(text)
        if not words or kiosk.is_on() or _ROBOT.search(request.user_agent.string or "bot"):
            return
        waiting = _waiting()
        tag = _keyed("reader", clock.today().isoformat(), client_address(), words)[:_TAG]
        with waiting.lock:
            if words not in waiting.seen and len(waiting.seen) >= MOST_WAITING:
                return
            seen = waiting.seen.setdefault(words, Seen())
            seen.count += tag not in seen.tags
            seen.tags.add(tag)
            seen.relaxed &= relaxed
    except Exception:
        log.exception("search.gap")


def keepable(text: str) -> str:
    """The folded words of a search as they may be kept; empty when it may not be kept at all."""
    if _PERSONAL.search(text):
        return ""
    tokens = list(scan(text))
    if any(token.kind is not Kind.WORD for token in tokens):
        return ""
    words = [token.term for token in tokens if not is_stop_word(token.text)]
    good = all(word.isalpha() and (is_syllable(word) or len(word) < SHORT) for word in words)
    return " ".join(words)[:120] if words and good and len(words) <= MOST_WORDS else ""


def flush() -> int:
    """Write down what this process has counted; returns how many different words. Must not be
    called inside `write()`. A database that does not take it costs the counts, nothing more."""
    waiting = _waiting()
    with waiting.lock:
        seen, waiting.seen = waiting.seen, {}
    if not seen:
        return 0
    try:
        with write(_PATIENCE) as session:
            _record(session, seen, clock.today())
            _prune(session, clock.today())
    except (SQLAlchemyError, OSError) as error:
        log.warning("search.gaps_lost", extra={"error": type(error).__name__})
        return 0
    return len(seen)


def _record(session: Session, seen: Mapping[str, Seen], day: date) -> None:
    marks = {_keyed("words", words)[:32]: words for words in seen}
    rows = session.scalars(select(SearchGap).where(SearchGap.mark.in_(list(marks))))
    known = {row.mark: row for row in rows}
    for mark, words in marks.items():
        row = known.get(mark)
        if row is None:
            row = SearchGap(mark=mark, words="", tags="", count=0, relaxed=True, first_on=day)
            session.add(row)
        _add(row, words, seen[words], day)


def _add(row: SearchGap, words: str, new: Seen, day: date) -> None:
    row.count += new.count
    row.last_on = day
    row.relaxed = new.relaxed
    if row.words:
        return
    tags = sorted({*row.tags.split(), *new.tags})[:ENOUGH]
    if len(tags) >= ENOUGH:
        row.words, row.tags = words, ""
    else:
        row.tags = " ".join(tags)


def _prune(session: Session, day: date) -> None:
    """Forget what came seldom and long ago, and the least when there is too much."""
    session.flush()
    session.execute(
        delete(SearchGap).where(SearchGap.words == "", SearchGap.last_on < day - FORGET_AFTER)
    )
    too_many = (session.scalar(select(func.count(SearchGap.id))) or 0) - MOST_ROWS
    if too_many > 0:
        least = select(SearchGap.id).order_by(
            SearchGap.words != "", SearchGap.count, SearchGap.last_on, SearchGap.id
        )
        doomed = session.scalars(least.limit(too_many)).all()
        session.execute(delete(SearchGap).where(SearchGap.id.in_(doomed)))


def readable() -> ColumnElement[bool]:
    """Rows that editors may see."""
    return SearchGap.words != ""


def open_gaps() -> ColumnElement[bool]:
    """Rows that wait for an editor: seen, and not handled since they last came."""
    return readable() & SearchGap.handled_at.is_(None)


def _keyed(*parts: str) -> str:
    return secrets.keyed_hash(current_settings().session_keys[0], "search_gap", *parts)


def _waiting() -> Waiting:
    found: Waiting = current_app.extensions.setdefault("search_gaps", Waiting())
    return found
