"""How our postings go into Whoosh's files: counted terms in, packed arrays on the disk.

Three of Whoosh's points of extension, because its own ways take a pickle a posting: a field that
takes counted terms, a pool that collects postings in arrays, and a codec that writes the postings
of a term as one packed block (`postings`), so that reading a term is one step, too.
"""

from array import array
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import columns, fields, formats
from whoosh.codec.base import PostingsWriter
from whoosh.codec.whoosh3 import W3Codec, W3TermInfo
from whoosh.filedb.structfile import StructFile

from portal.search import postings
from portal.search.postings import MOST
from portal.search.segment import FIELDS

_SHIFT = MOST.bit_length()


class Terms(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """Takes {term: how often}; what a term is has been decided by `analysis`."""

    def __init__(self) -> None:
        super().__init__(format=formats.Frequency(), analyzer=None)

    def index(self, value: Mapping[str, int], **_: Any) -> Iterator[tuple[bytes, int, int, bytes]]:
        for term, often in value.items():
            yield term.encode(), often, often, b""


def schema() -> fields.Schema:
    terms = {name: Terms() for name in FIELDS}
    return fields.Schema(record=fields.COLUMN(columns.VarBytesColumn()), **terms)


class Pool:
    """Postings by term, eight bytes each; Whoosh's own pickles every single one."""

    def __init__(self) -> None:
        self._terms: dict[tuple[str, bytes], array[int]] = {}

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """One posting, in the order of documents."""
        field, term, doc, often, _ = item
        found = self._terms.get((field, term))
        if found is None:
            found = self._terms[field, term] = array("Q")
        found.append(doc << _SHIFT | min(int(often), MOST))

    def extend(self, field: str, term: bytes, docs: npt.NDArray[np.int64], often: Any) -> None:
        """Many postings of a term, after all that it has."""
        packed = docs.astype(np.uint64) << np.uint64(_SHIFT) | often.astype(np.uint64)
        self._terms.setdefault((field, term), array("Q")).frombytes(packed.tobytes())

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        """One item a term: its first document, the number of documents, and all of it packed."""
        for field, term in sorted(self._terms):
            values = np.frombuffer(self._terms[field, term], np.uint64)
            docs = (values >> np.uint64(_SHIFT)).astype(np.int64)
            often = (values & np.uint64(MOST)).astype(np.int64)
            yield field, term, int(docs[0]), len(docs), postings.pack(docs, often)

    def cleanup(self) -> None:
        self._terms = {}


class _Blocks(PostingsWriter):  # type: ignore[misc]
    """Writes what `Pool` has packed."""

    def __init__(self, file: StructFile) -> None:
        self._file = file
        self._info = W3TermInfo()

    def start_postings(self, format_: Any, terminfo: Any) -> None:
        self._info = terminfo

    def add_posting(self, id_: int, weight: float, vbytes: bytes, length: Any = None) -> None:
        self._info = W3TermInfo(weight=weight, df=int(weight), minid=id_)
        self._info.set_extent(self._file.tell(), len(vbytes))
        self._file.write(vbytes)

    def finish_postings(self) -> Any:
        return self._info

    def written(self) -> bool:
        return bool(self._file.tell())


class ArrayCodec(W3Codec):  # type: ignore[misc]
    length_stats = False

    def postings_writer(self, dbfile: StructFile, byteids: bool = False) -> _Blocks:
        return _Blocks(dbfile)
