"""One state of the index in PostgreSQL, and how a process gets from one to the next."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from portal.search import segment as seg
from portal.search.analysis import pair
from portal.search.engine import SearchUnavailable
from portal.search.plan import Plan
from portal.search.postgres_lexicon import PostgresLexicon
from portal.search.postgres_segment import StoredSegment, Wanted, read_all, read_ids, read_some
from portal.search.postgres_tables import Connection, Pointer, PostgresTables
from portal.search.segment import Columns
from portal.search.snapshot import ALL_FIELDS, TERM_FIELDS, WARM_WORDS, Part, Snapshot

_MOST_NEW = 500
"""Documents that are read whole beside the first reading; more, and all is read anew."""
_AT_ONCE = 40
"""Words that are warmed by one statement: a search beside must not wait for all."""


class PostgresSnapshot(Snapshot):
    """A `Snapshot` whose postings come by one statement a query."""

    words: PostgresLexicon

    def __init__(self, parts: list[Part], words: PostgresLexicon, stored: StoredSegment) -> None:
        super().__init__(parts, words)
        self._stored = stored

    def expect(self, plan: Plan) -> None:
        self._stored.fetch(_wanted(plan))

    def warm(self) -> None:
        if not self._warm:
            frequent = self.words.most_frequent(WARM_WORDS)
            for start in range(0, len(frequent), _AT_ONCE):
                words = frequent[start : start + _AT_ONCE]
                self._stored.fetch((field, word) for word in words for field in TERM_FIELDS)
        super().warm()


def _wanted(plan: Plan) -> Iterator[Wanted]:
    for slot in plan.slots:
        for alternative in slot.alternatives:
            for term in alternative.terms:
                fields = TERM_FIELDS if term.isalpha() else ALL_FIELDS
                yield from ((field, term) for field in fields)
            for first, second in pairwise(alternative.terms):
                yield seg.PAIRS, pair(first, second)
    yield from ((seg.PAIRS, both) for both in plan.pairs)
    yield from ((seg.ACCENTS, form) for form in plan.accents)


@dataclass(frozen=True, slots=True)
class Opened:
    """A state that a process has read."""

    pointer: Pointer
    stored: StoredSegment
    columns: Columns
    snapshot: PostgresSnapshot


def open_state(
    connection: Connection, tables: PostgresTables, pointer: Pointer, before: Opened | None
) -> Opened:
    """Read a state, in a transaction that sees nothing else; what was read `before` is not read
    again. Raises SearchUnavailable when documents or their terms are missing."""
    ids, vectors = read_ids(connection, tables, pointer.generation)
    if not len(ids) == vectors == pointer.documents:
        raise SearchUnavailable("documents of the index are missing")
    if before and before.pointer.generation == pointer.generation:
        stored, columns = before.stored, before.columns
        new = np.setdiff1d(ids, stored.ids, assume_unique=True)
        gone = np.flatnonzero(~np.isin(stored.ids, ids, assume_unique=True))
        if len(new) <= _MOST_NEW and 2 * len(gone) <= len(stored.ids):
            parts = [Part(columns, 0, frozenset(gone.tolist()))]
            if len(new):
                fresh = read_some(connection, tables, pointer.generation, new)
                parts.append(Part(Columns(fresh), len(stored.records), frozenset()))
            return _opened(tables, pointer, stored, columns, parts)
    stored = read_all(connection, tables, pointer.generation)
    columns = Columns(stored)
    return _opened(tables, pointer, stored, columns, [Part(columns, 0, frozenset())])


def _opened(
    tables: PostgresTables,
    pointer: Pointer,
    stored: StoredSegment,
    columns: Columns,
    parts: list[Part],
) -> Opened:
    words = PostgresLexicon(tables, pointer.generation)
    return Opened(pointer, stored, columns, PostgresSnapshot(parts, words, stored))
