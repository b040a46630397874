"""The embedded engine: Whoosh keeps the terms and postings, nothing else in the portal knows it.

Analysis is ours (Whoosh gets lists of terms), and so is the ranking (`ranking` over `snapshot`):
Whoosh's matchers are slow, its query language is a risk. A commit does not merge; `tidy` does.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from errno import ENOENT
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.writing import SegmentWriter

from portal.search import store
from portal.search.current import CurrentSnapshot
from portal.search.documents import prepare
from portal.search.engine import (
    DocumentId,
    Progress,
    SearchDocument,
    SearchQuery,
    SearchResults,
    SearchUnavailable,
    Suggestion,
)
from portal.search.results import complete, find
from portal.search.segment import FIELDS, Postings, Record, SegmentView
from portal.search.snapshot import Part, Snapshot
from portal.search.store import IndexStore
from portal.search.synonyms import Synonyms

_INDEX = "MAIN"
_SMALL = 1000
"""`tidy` merges segments of fewer documents; greater ones only when half of them is deleted."""
MANY_SEGMENTS = 8
_NOTHING: Postings = (np.empty(0, np.int32), np.empty(0, np.float32))
_PROGRESS_STEP = 100
_MEMORY = 64
"""Megabytes of postings that a build keeps before it writes them to disk."""


_Merge = Callable[[SegmentWriter, list[Any]], list[Any]]


def _schema() -> fields.Schema:
    terms = {
        name: fields.KEYWORD(scorable=True)  # not scored by Whoosh, but writes faster so
        for name in FIELDS
    }
    return fields.Schema(record=fields.STORED(), **terms)


class _DurableStorage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh makes a state visible by renaming its table of contents. Here every file of the state
    is on the disk, and its sum written down, before that happens."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        folder = Path(self.folder)
        state = _state_of(newname)
        before = store.read_sums(folder, state - 1)
        sums = {
            path.name: before.get(path.name) or store.sync_file(path)
            for path in folder.glob("*.seg")
        }
        sums[newname] = store.sync_file(folder / oldname)
        store.write_sums(folder, state, sums)
        super().rename_file(oldname, newname, safe=safe)
        store.sync_directory(folder)
        store.drop_sums(folder, state)


class _CheckedStorage(FileStorage):  # type: ignore[misc]
    """Files of one state, read into memory and checked. (Whoosh would map them, and a process that
    reads a mapped file which somebody cuts short is killed.)"""

    supports_mmap = False

    def __init__(self, path: Path, state: int) -> None:
        super().__init__(str(path), supports_mmap=False)
        self._sums = store.read_sums(path, state)

    def open_file(self, name: str, **kwargs: Any) -> StructFile:
        data = store.read_whole(Path(self.folder), name, self._sums)
        return StructFile(BytesIO(data), name=name, **kwargs)


def _toc_name(state: int) -> str:
    return f"_{_INDEX}_{state}.toc"


def _state_of(toc_name: str) -> int:
    return int(toc_name.removeprefix(f"_{_INDEX}_").removesuffix(".toc"))


def _latest(path: Path) -> int:
    """The newest state of a generation, -1 if there is none."""
    prefix = f"_{_INDEX}_"
    return max(
        (
            _state_of(file.name)
            for file in path.iterdir()
            if file.name.startswith(prefix) and file.suffix == ".toc"
        ),
        default=-1,
    )


@contextmanager
def _writing(path: Path, merge: _Merge | None = None) -> Iterator[SegmentWriter]:
    """A Whoosh writer that commits when the block ends and leaves no trace when it fails."""
    with _blaming_the_index():
        state = _latest(path)
        store.read_whole(path, _toc_name(state), store.read_sums(path, state))
        writer = SegmentWriter(
            FileIndex(_DurableStorage(str(path)), indexname=_INDEX), limitmb=_MEMORY
        )
    try:
        yield writer
    except BaseException:
        writer.cancel()
        raise
    with _blaming_the_index():
        writer.commit(mergetype=merge or _keep)


@contextmanager
def _blaming_the_index() -> Iterator[None]:
    """Whoosh raises anything on junk: that is a damaged index. A full disk is not."""
    try:
        yield
    except SearchUnavailable:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, ENOENT):
            raise
        raise SearchUnavailable(f"the index cannot be read: {error!r}") from error


def _keep(_writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    return segments


def _merge_small(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    kept = []
    for segment in segments:
        if _is_small(segment.doc_count_all(), segment.deleted_count()):
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
        else:
            kept.append(segment)
    return kept


def _is_small(documents: int, deleted: int) -> bool:
    return documents < _SMALL or 2 * deleted > documents


def _fields(document: SearchDocument) -> dict[str, Any]:
    indexed = prepare(document)
    return {"record": astuple(indexed.record), **indexed.terms}


class _Segment:
    """A Whoosh segment as `segment.Segment`. Whoosh's files have one reading position, hence the
    lock; what has been read is kept by `SegmentView`."""

    def __init__(self, reader: SegmentReader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self.records = [
            Record(*reader.stored_fields(doc)["record"]) for doc in range(reader.doc_count_all())
        ]

    def postings(self, field: str, term: str) -> Postings:
        docs: list[int] = []
        often: list[float] = []
        with self._lock:
            try:
                matcher = self._reader.postings(field, term)
            except TermNotFound:
                return _NOTHING
            while matcher.is_active():
                docs.append(matcher.id())
                often.append(matcher.weight())
                matcher.next()
        return np.array(docs, np.int32), np.array(often, np.float32)

    def frequency(self, field: str, term: str) -> int:
        with self._lock:
            return int(self._reader.doc_frequency(field, term))

    def lexicon(self, field: str) -> dict[str, int]:
        with self._lock:
            return {
                text.decode(): info.doc_frequency() for text, info in self._reader.iter_field(field)
            }


class WhooshEngine:
    """`SearchEngine` on a directory. Any number of processes read; one at a time writes, under
    `store.writer_lock`."""

    def __init__(self, root: Path, synonyms: Callable[[], Synonyms] = Synonyms) -> None:
        self.store = IndexStore(root)
        self._synonyms = synonyms
        self._current = CurrentSnapshot(self.store, _latest, self._load)
        self._views: dict[str, SegmentView] = {}

    # Reading

    def search(self, query: SearchQuery) -> SearchResults:
        return find(self._current.get(), query, self._synonyms())

    def suggest(self, prefix: str, kinds: Collection[str] = (), limit: int = 8) -> list[Suggestion]:
        return complete(self._current.get(), prefix, kinds, limit)

    def document_count(self) -> int:
        return self._current.get().count

    def fingerprint(self) -> Mapping[DocumentId, str]:
        snapshot = self._current.get()
        alive = [snapshot.records[doc] for doc in np.flatnonzero(snapshot.alive).tolist()]
        return {(record.kind, record.key): record.digest for record in alive}

    def _load(self, path: Path, state: int) -> Snapshot:
        storage = _CheckedStorage(path, state)
        toc = TOC.read(storage, _INDEX, gen=state)
        parts: list[Part] = []
        views: dict[str, SegmentView] = {}
        base = 0
        for segment in toc.segments:
            name = segment.segment_id()
            view = self._views.get(name)
            if view is None:
                reader = SegmentReader(storage, toc.schema, segment, generation=state)
                view = SegmentView(_Segment(reader))
            views[name] = view
            parts.append(Part(view, base, frozenset(segment.deleted_docs())))
            base += len(view.records)
        self._views = views
        return Snapshot(parts)

    # Writing

    def index(self, documents: Iterable[SearchDocument]) -> None:
        self.apply(documents, ())

    def remove(self, keys: Iterable[DocumentId]) -> None:
        self.apply((), keys)

    def apply(self, documents: Iterable[SearchDocument], removed: Iterable[DocumentId]) -> None:
        latest = {document.id: document for document in documents}
        with _writing(self.store.current()) as writer:
            snapshot = self._current.get()
            for key in {*latest, *removed}:
                if (number := snapshot.number(key)) is not None:
                    writer.delete_document(number)
            for document in latest.values():
                writer.add_document(**_fields(document))

    def tidy(self) -> None:
        parts = self._current.get().parts
        sizes = [(len(part.view.records), len(part.deleted)) for part in parts]
        if sum(_is_small(*size) for size in sizes) < MANY_SEGMENTS:
            return
        path = self.store.current()
        with _blaming_the_index():
            sums = store.read_sums(path, _latest(path))
            for name in sums:
                store.read_whole(path, name, sums)
        with _writing(path, _merge_small):
            pass

    def rebuild(self, documents: Iterable[SearchDocument], progress: Progress | None = None) -> int:
        with self.store.new_generation() as path:
            return self._fill(path, documents, progress)

    def _fill(
        self, path: Path, documents: Iterable[SearchDocument], progress: Progress | None
    ) -> int:
        FileIndex.create(_DurableStorage(str(path)), _schema(), _INDEX)
        seen: set[DocumentId] = set()
        with _writing(path) as writer:
            for document in documents:
                if document.id in seen:
                    raise ValueError(f"two documents are called {document.id}")
                seen.add(document.id)
                writer.add_document(**_fields(document))
                if progress and len(seen) % _PROGRESS_STEP == 0:
                    progress(len(seen))
        return len(seen)
