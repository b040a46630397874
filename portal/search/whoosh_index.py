"""An index of Whoosh on the disk: who writes it, and its segments as arrays.

Whoosh keeps the terms, their postings and the stored records, in segments that never change, and
makes a state visible in one step. Nothing outside the three modules `whoosh_*` knows of it.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from errno import ENOENT
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.columns import VarBytesColumn
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.writing import SegmentWriter

from portal.search import postings, store
from portal.search.engine import SearchUnavailable
from portal.search.postings import NOTHING, Postings
from portal.search.segment import FIELDS, Record
from portal.search.whoosh_codec import ArrayCodec, Pool, schema
from portal.search.whoosh_files import INDEX, CheckedStorage, DurableStorage, latest, toc_name

_RECORD = "record"

Segments = list[Any]
Merge = Callable[["Writer", Segments], Segments]
"""Which segments stay as they are; the others have been added to the writer."""


class Writer(SegmentWriter):  # type: ignore[misc]  # Whoosh has no types
    """Adds one segment to the newest state of an index."""

    def __init__(self, path: Path) -> None:
        super().__init__(FileIndex(DurableStorage(str(path)), indexname=INDEX), codec=ArrayCodec())
        self.pool = Pool()

    def add(self, terms: Mapping[str, Mapping[str, int]], record: Record) -> None:
        self.add_document(record=_encode(record), **terms)

    def merge_in(self, segment: Any) -> None:
        """Take over what is not deleted of another segment."""
        reader = SegmentReader(self.storage, self.schema, segment)
        self.add_reader(reader)
        reader.close()

    def add_postings_to_pool(
        self, reader: SegmentReader, startdoc: int, docmap: Mapping[int, int] | None
    ) -> None:
        """Called by Whoosh with the new numbers of documents that are not deleted."""
        source = StoredSegment(self.storage, reader.segment())
        numbers = np.full(len(source.records), -1, np.int64)
        if docmap is None:
            numbers[:] = np.arange(startdoc, startdoc + len(numbers))
        else:
            numbers[list(docmap)] = list(docmap.values())
        for field in FIELDS:
            for term in source.lexicon(field):
                docs, often = source.postings(field, term)
                moved = numbers[docs]
                if len(kept := np.flatnonzero(moved >= 0)):
                    self.pool.extend(field, term.encode(), moved[kept], often[kept])


class StoredSegment:
    """A segment as `segment.Segment`. Whoosh's files have one reading position, hence the lock."""

    def __init__(self, storage: FileStorage, segment: Any) -> None:
        files = segment.open_compound_file(storage) if segment.is_compound() else storage
        codec = segment.codec()
        self._terms = codec.terms_reader(files, segment)
        self._blocks = segment.open_file(files, codec.POSTS_EXT)
        self._lock = threading.Lock()
        stored = codec.per_document_reader(files, segment).column_reader(_RECORD, VarBytesColumn())
        decode = _Decoder()
        self.records = [decode(stored[doc]) for doc in range(segment.doc_count_all())]

    def postings(self, field: str, term: str) -> Postings:
        with self._lock:
            try:
                info = self._terms.term_info(field, term.encode())
            except TermNotFound:
                return NOTHING
            start, _ = info.extent()
            length = postings.size(self._blocks.get(start, postings.HEADER.size))
            data = self._blocks.get(start, length)
        try:
            return postings.unpack(data)
        except postings.Damaged as error:
            raise SearchUnavailable(f"postings of {field}:{term} are damaged") from error

    def frequency(self, field: str, term: str) -> int:
        with self._lock:
            try:
                return int(self._terms.doc_frequency(field, term.encode()))
            except KeyError:
                return 0

    def lexicon(self, field: str) -> dict[str, int]:
        found: dict[str, int] = {}
        if field not in self._terms.indexed_field_names():
            return found
        with self._lock:
            for (name, term), info in self._terms.items_from(field, b""):
                if name != field:
                    break
                found[term.decode()] = info.doc_frequency()
        return found


def _encode(record: Record) -> bytes:
    values = [getattr(record, name) for name in Record.__slots__]
    return json.dumps(values, ensure_ascii=False).encode()


class _Decoder:
    """Records from bytes; equal facets are one object, which saves most of their memory."""

    def __init__(self) -> None:
        self._facets: dict[str, dict[str, list[str]]] = {}

    def __call__(self, data: bytes) -> Record:
        record = Record(*json.loads(data))
        record.lengths = tuple(record.lengths)
        record.facets = self._facets.setdefault(str(record.facets), record.facets)
        return record


def create(path: Path) -> None:
    """An index without documents."""
    FileIndex.create(DurableStorage(str(path)), schema(), INDEX)


def segments(path: Path, state: int) -> tuple[FileStorage, Iterable[Any]]:
    """The segments of a state, and where to read them."""
    storage = CheckedStorage(path, state)
    return storage, TOC.read(storage, INDEX, gen=state).segments


def check(path: Path) -> None:
    """Read every file of the newest state; raises SearchUnavailable when one is damaged."""
    with blaming_the_index():
        sums = store.read_sums(path, latest(path))
        for name in sums:
            store.read_whole(path, name, sums)


@contextmanager
def writing(path: Path, merge: Merge | None = None) -> Iterator[Writer]:
    """A writer that commits when the block ends and leaves no trace when it fails."""
    with blaming_the_index():
        state = latest(path)
        store.read_whole(path, toc_name(state), store.read_sums(path, state))
        writer = Writer(path)
    try:
        yield writer
    except BaseException:
        writer.cancel()
        raise
    with blaming_the_index():
        writer.commit(mergetype=merge or _keep)


def _keep(_writer: Writer, all_segments: Segments) -> Segments:
    return all_segments


@contextmanager
def blaming_the_index() -> Iterator[None]:
    """Whoosh raises anything on junk: that is a damaged index. A full disk is not."""
    try:
        yield
    except SearchUnavailable:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, ENOENT):
            raise
        raise SearchUnavailable(f"the index cannot be read: {error!r}") from error
