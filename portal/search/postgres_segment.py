"""Documents of an index in PostgreSQL as `segment.Documents`.

A process knows the records of a generation (`StoredSegment`) and asks the GIN index for postings,
all that a query needs in one statement; it remembers them, since what a document holds never
changes under its number. Documents written later are few and come whole (`NewSegment`).
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from portal.search import postgres_terms as terms
from portal.search.cache import BoundedCache
from portal.search.postgres_tables import Connection, PostgresTables
from portal.search.postings import NOTHING, Numbers, Postings
from portal.search.segment import Record

MAX_POSTINGS, POSTINGS_EACH = 8_000_000, 800
"""Bytes that a process remembers, and a further part for each document."""

Wanted = tuple[str, str]
"""Field and term."""

_RECORDS = """
SELECT id, kind, key, digest, boost, updated, facets::text, title, code, url, lengths
FROM {document} ORDER BY id
"""
_SOME_RECORDS = """
SELECT id, kind, key, digest, boost, updated, facets::text, title, code, url, lengths
FROM {document} WHERE id = ANY(%(ids)s) ORDER BY id
"""
_VECTORS = "SELECT id, tsvector_to_array(terms) FROM {vector} WHERE id = ANY(%(ids)s)"
_IDS = """
SELECT (SELECT string_agg(int4send(id), '') FROM {document}), (SELECT count(*) FROM {vector})
"""
# `array_to_tsvector` writes a lexeme with the quotes that a tsquery needs.
_POSTINGS = """
SELECT l.letter, l.term, l.often, v.ids
FROM unnest(%(letters)s::text[], %(terms)s::text[]) AS w (letter, term)
JOIN {lexeme} l ON l.term = w.term AND l.letter = w.letter AND l.documents > 0
CROSS JOIN LATERAL (
    SELECT string_agg(int4send(id), '') AS ids FROM {vector} WHERE terms @@ array_to_tsvector(
        ARRAY[l.letter || coalesce(nullif(l.often, 1)::text, '') || '/' || l.term]
    )::text::tsquery) v
"""


class StoredSegment:
    """Every document of a generation as it was when first read."""

    def __init__(
        self, tables: PostgresTables, generation: str, ids: Numbers, records: Sequence[Record]
    ) -> None:
        self.ids = ids
        self.records = records
        self._tables = tables
        self._generation = generation
        self._kept: BoundedCache[Wanted, Postings] = BoundedCache(
            MAX_POSTINGS + POSTINGS_EACH * len(records)
        )

    def fetch(self, wanted: Iterable[Wanted]) -> None:
        """Have these at hand; one statement for all that are not."""
        missing = [want for want in dict.fromkeys(wanted) if self._kept.get(want) is None]
        if missing:
            for want, found in self._ask(missing).items():
                self._kept.put(want, found, found[0].nbytes + found[1].nbytes)

    def postings(self, field: str, term: str) -> Postings:
        found = self._kept.get((field, term))
        if found is None:
            found = self._ask([(field, term)])[field, term]
            self._kept.put((field, term), found, found[0].nbytes + found[1].nbytes)
        return found

    def _ask(self, wanted: Collection[Wanted]) -> dict[Wanted, Postings]:
        pieces: dict[Wanted, list[tuple[Numbers, int]]] = {want: [] for want in wanted}
        parameters = {
            "letters": [terms.LETTERS[field] for field, _ in wanted],
            "terms": [terms.stored(field, term) for field, term in wanted],
        }
        with self._tables.connected() as connection:
            statement = self._tables.statement(self._generation, _POSTINGS)
            rows = connection.cursor(binary=True).execute(statement, parameters)
            for letter, term, often, ids in rows:
                if ids:
                    field = terms.FIELDS[letter]
                    places = self._places(np.frombuffer(ids, ">i4"))
                    pieces[field, terms.original(field, term)].append((places, often))
        return {want: _joined(found) for want, found in pieces.items()}

    def _places(self, ids: Numbers) -> Numbers:
        """The numbers of documents in this segment; ids of later ones are left out."""
        known = ids[np.isin(ids, self.ids)]
        return np.searchsorted(self.ids, known).astype(np.int32)


def _joined(pieces: Sequence[tuple[Numbers, int]]) -> Postings:
    if not pieces:
        return NOTHING
    docs = np.concatenate([places for places, _ in pieces])
    often = np.concatenate([np.full(len(places), often) for places, often in pieces])
    order = np.argsort(docs, kind="stable")
    return docs[order], often[order].astype(np.float32)


class NewSegment:
    """A few documents with all their terms, in memory."""

    def __init__(self, records: Sequence[Record], vectors: Sequence[Sequence[str]]) -> None:
        self.records = records
        found: dict[Wanted, list[tuple[int, int]]] = {}
        for place, vector in enumerate(vectors):
            for text in vector:
                letter, term, often = terms.lexeme(text)
                field = terms.FIELDS[letter]
                found.setdefault((field, terms.original(field, term)), []).append((place, often))
        self._postings = {
            want: (
                np.array([place for place, _ in pairs], np.int32),
                np.array([often for _, often in pairs], np.float32),
            )
            for want, pairs in found.items()
        }

    def postings(self, field: str, term: str) -> Postings:
        return self._postings.get((field, term), NOTHING)


def read_ids(
    connection: Connection, tables: PostgresTables, generation: str
) -> tuple[Numbers, int]:
    """The ids of all documents, in order, and how many have their terms."""
    cursor = connection.cursor(binary=True).execute(tables.statement(generation, _IDS))
    ids, vectors = cursor.fetchone() or (b"", 0)
    return np.sort(np.frombuffer(ids or b"", ">i4").astype(np.int32)), vectors


def read_all(connection: Connection, tables: PostgresTables, generation: str) -> StoredSegment:
    """The segment of all documents."""
    rows = connection.execute(tables.statement(generation, _RECORDS)).fetchall()
    ids, records = _records(rows)
    return StoredSegment(tables, generation, ids, records)


def read_some(
    connection: Connection, tables: PostgresTables, generation: str, ids: Numbers
) -> NewSegment:
    """The segment of the documents with these ids."""
    wanted = {"ids": ids.tolist()}
    rows = connection.execute(tables.statement(generation, _SOME_RECORDS), wanted).fetchall()
    found, records = _records(rows)
    vectors = tables.statement(generation, _VECTORS)
    texts: dict[int, list[str]] = dict(connection.execute(vectors, wanted).fetchall())
    return NewSegment(records, [texts.get(number, []) for number in found.tolist()])


def _records(rows: Sequence[tuple[Any, ...]]) -> tuple[Numbers, list[Record]]:
    """Records of rows; equal facets are one object, which saves most of their memory."""
    known: dict[str, dict[str, list[str]]] = {}
    lengths: dict[tuple[int, ...], tuple[int, ...]] = {}
    records = []
    for _, kind, key, digest, boost, updated, facets, title, code, url, counted in rows:
        if facets not in known:
            known[facets] = json.loads(facets)
        same = lengths.setdefault(tuple(counted), tuple(counted))
        records.append(
            Record(kind, key, digest, boost, updated, known[facets], title, code, url, same)
        )
    return np.array([row[0] for row in rows], np.int32), records
