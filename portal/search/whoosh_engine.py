"""The embedded engine: an index of Whoosh in a directory, searched in memory.

Analysis is ours (Whoosh gets counted terms), and so is the ranking (`ranking` over `snapshot`):
Whoosh's matchers are slow, its query language is a risk. A commit does not merge; `tidy` does.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from portal.search import whoosh_index as index
from portal.search.current import CurrentSnapshot
from portal.search.documents import prepare
from portal.search.engine import (
    DocumentId,
    Progress,
    SearchDocument,
    SearchQuery,
    SearchResults,
    Suggestion,
)
from portal.search.lexicon import Lexicon
from portal.search.results import complete, find
from portal.search.segment import SegmentView
from portal.search.snapshot import Part, Snapshot
from portal.search.store import IndexStore
from portal.search.synonyms import Synonyms
from portal.search.whoosh_files import latest

_SMALL = 1000
"""`tidy` merges segments of fewer documents; greater ones only when half of them is deleted."""
MANY_SEGMENTS = 8
_PROGRESS_STEP = 100
_SEGMENT = 25_000
"""Documents of a segment in a rebuild: as many as are collected in memory."""


class WhooshEngine:
    """`SearchEngine` on a directory. Any number of processes read; one at a time writes, under
    `store.writer_lock`."""

    def __init__(self, root: Path, synonyms: Callable[[], Synonyms] = Synonyms) -> None:
        self.store = IndexStore(root)
        self._synonyms = synonyms
        self._current = CurrentSnapshot(self.store, latest, self._load)
        self._views: dict[str, SegmentView] = {}

    # Reading

    def search(self, query: SearchQuery) -> SearchResults:
        return find(self._current.get(), query, self._synonyms())

    def suggest(self, prefix: str, kinds: Collection[str] = (), limit: int = 8) -> list[Suggestion]:
        return complete(self._current.get(), prefix, kinds, limit)

    def document_count(self) -> int:
        return self._current.get().count

    def warm(self) -> None:
        self._current.get().warm()

    def fingerprint(self) -> Mapping[DocumentId, str]:
        snapshot = self._current.newest()
        alive = [snapshot.records[doc] for doc in np.flatnonzero(snapshot.alive).tolist()]
        return {(record.kind, record.key): record.digest for record in alive}

    def _load(self, path: Path, state: int) -> Snapshot:
        storage, segments = index.segments(path, state)
        parts: list[Part] = []
        views: dict[str, SegmentView] = {}
        base = 0
        for segment in segments:
            name = segment.segment_id()
            view = self._views.get(name) or SegmentView(index.StoredSegment(storage, segment))
            views[name] = view
            parts.append(Part(view, base, frozenset(segment.deleted_docs())))
            base += len(view.records)
        self._views = views
        return Snapshot(parts, Lexicon(list(views.values())))

    # Writing

    def index(self, documents: Iterable[SearchDocument]) -> None:
        self.apply(documents, ())

    def remove(self, keys: Iterable[DocumentId]) -> None:
        self.apply((), keys)

    def apply(self, documents: Iterable[SearchDocument], removed: Iterable[DocumentId]) -> None:
        latest = {document.id: document for document in documents}
        with index.writing(self.store.current()) as writer:
            snapshot = self._current.newest()
            for key in {*latest, *removed}:
                if (number := snapshot.number(key)) is not None:
                    writer.delete_document(number)
            for document in latest.values():
                _add(writer, document)

    def tidy(self) -> None:
        parts = self._current.newest().parts
        sizes = [(len(part.view.records), len(part.deleted)) for part in parts]
        if sum(_is_small(*size) for size in sizes) < MANY_SEGMENTS:
            return
        path = self.store.current()
        index.check(path)
        with index.writing(path, _merge_small):
            pass

    def rebuild(self, documents: Iterable[SearchDocument], progress: Progress | None = None) -> int:
        with self.store.new_generation() as path:
            return self._fill(path, documents, progress)

    def _fill(
        self, path: Path, documents: Iterable[SearchDocument], progress: Progress | None
    ) -> int:
        index.create(path)
        seen: set[DocumentId] = set()
        stream = iter(documents)
        while (first := next(stream, None)) is not None:
            with index.writing(path) as writer:
                for document in chain([first], islice(stream, _SEGMENT - 1)):
                    if document.id in seen:
                        raise ValueError(f"two documents are called {document.id}")
                    seen.add(document.id)
                    _add(writer, document)
                    if progress and len(seen) % _PROGRESS_STEP == 0:
                        progress(len(seen))
        return len(seen)


def _add(writer: index.Writer, document: SearchDocument) -> None:
    indexed = prepare(document)
    writer.add(indexed.terms, indexed.record)


def _merge_small(writer: index.Writer, segments: list[Any]) -> list[Any]:
    kept = []
    for segment in segments:
        if _is_small(segment.doc_count_all(), segment.deleted_count()):
            writer.merge_in(segment)
        else:
            kept.append(segment)
    return kept


def _is_small(documents: int, deleted: int) -> bool:
    return documents < _SMALL or 2 * deleted > documents
