"""What other rooms call: search, suggest, and the state of the index.

    results = service.search(SearchQuery(text, kinds=["article"]))

A room that shows results loads them by their keys in one query of its own. `SearchUnavailable`
means: say "đang lập chỉ mục" and fall back to SQL; the index is being healed meanwhile.
"""

import logging
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, Response, current_app

from portal.core import clock
from portal.core.db import db
from portal.core.settings import Settings
from portal.search import feed, gaps, thesaurus
from portal.search.engine import (
    Progress,
    SearchEngine,
    SearchQuery,
    SearchResults,
    SearchUnavailable,
    Suggestion,
)
from portal.search.postgres_engine import PostgresEngine
from portal.search.thesaurus import Thesaurus
from portal.search.whoosh_engine import WhooshEngine

log = logging.getLogger(__name__)
LOOK_EVERY = 30.0
"""Seconds between two looks of a process at the outbox, when it has not written itself. The
ticker looks every five seconds; this is for a portal that runs without one."""
HEAL_EVERY = 30.0


@dataclass
class SearchState:
    """The search of one application, in `app.extensions["search"]`."""

    engine: SearchEngine
    store: feed.Store
    thesaurus: Thesaurus
    broken: bool = False
    looked: float = field(default_factory=time.monotonic)
    healed: float = field(default=-1e9)


@dataclass(frozen=True, slots=True)
class Status:
    """For `/readyz` and `flask check`; `lag` is how long the oldest due change waits (seconds)."""

    readable: bool
    documents: int
    pending: int
    lag: float

    def __str__(self) -> str:
        if not self.readable:
            return f"index unreadable, being rebuilt; {self.pending} changes wait"
        return f"{self.documents} documents, {self.pending} changes wait ({self.lag:.0f} s)"


def init_app(app: Flask, settings: Settings) -> None:
    """Open the search of an application and have it kept up to date after its responses. The index
    lives in PostgreSQL where the data does, else in the instance folder."""
    table = Thesaurus(settings.content / "synonyms.txt", thesaurus.look, thesaurus.read)
    if settings.is_sqlite:
        embedded = WhooshEngine(settings.instance / "search", table)
        state = SearchState(embedded, embedded.store, table)
    else:
        with app.app_context():
            shared = PostgresEngine(db.engine, table)
        state = SearchState(shared, shared.store, table)
    app.extensions["search"] = state
    app.after_request(drain_after_response)


def _state() -> SearchState:
    state = current_app.extensions["search"]
    assert isinstance(state, SearchState)
    return state


def engine() -> SearchEngine:
    """The engine of the running application."""
    return _state().engine


def table() -> Thesaurus:
    """The synonyms of the running application."""
    return _state().thesaurus


def search(query: SearchQuery) -> SearchResults:
    """The results of a query. Any text is a query; raises nothing but SearchUnavailable."""
    try:
        return _state().engine.search(query)
    except SearchUnavailable:
        _state().broken = True
        raise


def suggest(prefix: str, kinds: Collection[str] = (), limit: int = 8) -> list[Suggestion]:
    """Titles and codes that continue what is being typed; [] while there is no index."""
    try:
        return _state().engine.suggest(prefix, kinds, limit)
    except SearchUnavailable:
        _state().broken = True
        return []


def drain() -> int:
    """Apply due changes now; heals the index first if it is lost. Not inside `write()`."""
    state = _state()
    try:
        state.engine.document_count()
        return feed.drain(state.engine, state.store)
    except SearchUnavailable:
        waiting = status().pending
        return waiting if feed.heal(state.engine, state.store) else 0


def warm() -> None:
    """Have this process ready for the newest state of the index before a request asks for it.
    Cheap when it is; every process does it for itself. Never raises on account of the index."""
    with suppress(SearchUnavailable):
        _state().engine.warm()


def rebuild(progress: Progress | None = None) -> int:
    """Make the index anew; returns the number of documents."""
    state = _state()
    return feed.rebuild(state.engine, state.store, progress)


def status() -> Status:
    """How the index does. Never raises on account of the index."""
    waiting = feed.pending(db.session())
    try:
        documents, readable = _state().engine.document_count(), True
    except SearchUnavailable:
        documents, readable = 0, False
    return Status(readable, documents, waiting.count, _seconds_since(waiting.oldest))


def _seconds_since(moment: datetime | None) -> float:
    return max(0.0, (clock.now() - moment).total_seconds()) if moment else 0.0


def drain_after_response(response: Response) -> Response:
    """Bring the index up to date once the answer is on its way, never before."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    state = _state()
    if feed.changed_here() or state.broken or time.monotonic() - state.looked >= LOOK_EVERY:
        response.call_on_close(lambda: _work(app, state))
    return response


def _work(app: Flask, state: SearchState) -> None:
    """Runs after the response; whatever fails here is logged and tried again later."""
    state.looked = time.monotonic()
    try:
        with app.app_context():
            gaps.flush()
            if not state.broken:
                feed.drain(state.engine, state.store, anew=False)
    except SearchUnavailable:
        state.broken = True
    except Exception:
        log.exception("search.drain")
    if state.broken and time.monotonic() - state.healed >= HEAL_EVERY:
        state.healed = time.monotonic()
        threading.Thread(target=_heal, args=(app, state), name="search-heal", daemon=True).start()


def _heal(app: Flask, state: SearchState) -> None:
    try:
        with app.app_context():
            try:
                state.engine.document_count()
            except SearchUnavailable:
                feed.heal(state.engine, state.store)
        state.broken = False
    except Exception:
        log.exception("search.heal")
