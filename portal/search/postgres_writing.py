"""How documents get into the tables of the index in PostgreSQL, one by one or all at once."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, LiteralString

from psycopg import sql

from portal.search import postgres_terms as terms
from portal.search.documents import prepare
from portal.search.engine import DocumentId, Progress, SearchDocument
from portal.search.postgres_tables import Connection, PostgresTables
from portal.search.segment import Record

_BATCH = 200
_PROGRESS_STEP = 100

_DELETE = """
WITH gone AS (
    DELETE FROM {document} d USING unnest(%(kinds)s::text[], %(keys)s::text[]) AS w (kind, key)
    WHERE d.kind = w.kind AND d.key = w.key RETURNING d.id),
vectors AS (DELETE FROM {vector} v USING gone WHERE v.id = gone.id RETURNING v.terms)
SELECT tsvector_to_array(terms) FROM vectors
"""
_COUNT = """
INSERT INTO {lexeme} AS l (letter, term, often, documents)
SELECT * FROM unnest(%(letters)s::text[], %(terms)s::text[], %(often)s::smallint[], %(more)s::int[])
ON CONFLICT (term, letter, often) DO UPDATE SET documents = l.documents + excluded.documents
"""
_COPY_DOCUMENTS = """
COPY {document} (id, kind, key, digest, boost, updated, facets, title, code, url, lengths)
FROM STDIN
"""
_COPY_VECTORS = "COPY {vector} (id, terms) FROM STDIN"


class Change:
    """Documents put in and taken out within one transaction; `finish` comes last."""

    def __init__(self, connection: Connection, tables: PostgresTables, generation: str) -> None:
        self._connection = connection
        self._tables = tables
        self._generation = generation
        self._lexemes: Counter[str] = Counter()

    def remove(self, keys: Collection[DocumentId]) -> int:
        """Take out; returns how many were there."""
        wanted = {"kinds": [kind for kind, _ in keys], "keys": [key for _, key in keys]}
        rows = self._connection.execute(self._statement(_DELETE), wanted).fetchall()
        for (texts,) in rows:
            self._lexemes.subtract(texts)
        return len(rows)

    def add(self, documents: Iterable[SearchDocument], ids: Iterable[int]) -> None:
        """Put in documents whose names are free."""
        for _, texts in copy_in(self._connection, self._tables, self._generation, documents, ids):
            self._lexemes.update(texts)

    def finish(self) -> None:
        """Count the terms that came and went."""
        changed = sorted((text, more) for text, more in self._lexemes.items() if more)
        parsed = [terms.lexeme(text) for text, _ in changed]
        columns = {
            "letters": [one.letter for one in parsed],
            "terms": [one.term for one in parsed],
            "often": [one.often for one in parsed],
            "more": [more for _, more in changed],
        }
        if changed:
            self._connection.execute(self._statement(_COUNT), columns)

    def _statement(self, text: LiteralString) -> sql.Composed:
        return self._tables.statement(self._generation, text)


def fill(
    connection: Connection,
    tables: PostgresTables,
    generation: str,
    documents: Iterable[SearchDocument],
    progress: Progress | None,
) -> int:
    """Put all documents into a new generation; returns how many. Raises ValueError for a name that
    comes twice."""
    seen: set[DocumentId] = set()
    stream = iter(documents)
    while batch := list(islice(stream, _BATCH)):
        first = len(seen) + 1
        for document in batch:
            if document.id in seen:
                raise ValueError(f"two documents are called {document.id}")
            seen.add(document.id)
        ids = range(first, first + len(batch))
        for number, _ in copy_in(connection, tables, generation, batch, ids):
            if progress and number % _PROGRESS_STEP == 0:
                progress(number)
    return len(seen)


def copy_in(
    connection: Connection,
    tables: PostgresTables,
    generation: str,
    documents: Iterable[SearchDocument],
    ids: Iterable[int],
) -> Iterator[tuple[int, list[str]]]:
    """Write documents; tells each one's id and lexemes. Nothing is written before the last."""
    rows: list[tuple[int, Record]] = []
    vectors: list[tuple[int, str]] = []
    for number, document in zip(ids, documents, strict=False):
        indexed = prepare(document)
        texts = list(terms.lexemes(indexed.terms))
        rows.append((number, indexed.record))
        vectors.append((number, terms.vector(texts)))
        yield number, texts
    with (
        connection.cursor() as cursor,
        cursor.copy(tables.statement(generation, _COPY_DOCUMENTS)) as copy,
    ):
        for number, record in rows:
            copy.write_row((number, *_values(record)))
    with (
        connection.cursor() as cursor,
        cursor.copy(tables.statement(generation, _COPY_VECTORS)) as copy,
    ):
        for row in vectors:
            copy.write_row(row)


def _values(record: Record) -> tuple[Any, ...]:
    facets = json.dumps(record.facets, ensure_ascii=False)
    return (
        record.kind, record.key, record.digest, record.boost, record.updated, facets,
        record.title, record.code, record.url, list(record.lengths),
    )  # fmt: skip
