"""What our engine is measured against: the same documents, queries, filter and counts."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from portal.core.text import fold
from portal.search.analysis import scan
from portal.search.engine import SearchDocument

FACETS = ("field", "level", "subject", "online")
BOOSTS = (("title", 4.0), ("keywords", 2.0), ("body", 1.0), ("code", 10.0))


class Rival(Protocol):
    """An engine that answers a query with its best ten, filtered, and the counts of all facets."""

    name: str

    def find(self, text: str, online: str) -> list[str]: ...


def tokens(text: str) -> list[str]:
    """What all engines look for."""
    return list(dict.fromkeys(token.term for token in scan(text)))[:16]


class Fts5:
    """SQLite FTS5 as one would write it by hand: folded by `remove_diacritics 2`, OR, bm25."""

    name = "SQLite FTS5"

    def __init__(self, path: Path, documents: Iterable[SearchDocument]) -> None:
        self._db = sqlite3.connect(path)
        self._db.executescript(
            """PRAGMA journal_mode=WAL; PRAGMA cache_size=-262144; PRAGMA mmap_size=2147483648;
            CREATE VIRTUAL TABLE terms USING fts5(
                code, title, keywords, body, content='', columnsize=1,
                tokenize="unicode61 remove_diacritics 2 tokenchars './-'");
            CREATE TABLE facts (id INTEGER PRIMARY KEY, key, field, level, subject, online);"""
        )
        for number, one in enumerate(documents, start=1):
            facets = one.facet_values()
            self._db.execute(
                "INSERT INTO terms (rowid, code, title, keywords, body) VALUES (?, ?, ?, ?, ?)",
                (number, one.code, _plain_d(one.title), _plain_d(" ".join(one.keywords)),
                 _plain_d(one.body)),
            )  # fmt: skip
            values = ["|".join(facets.get(name, [])) for name in FACETS]
            self._db.execute(
                "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", [number, one.key, *values]
            )
        self._db.execute("INSERT INTO terms(terms) VALUES ('optimize')")
        self._db.commit()

    def find(self, text: str, online: str) -> list[str]:
        match = " OR ".join(f'"{token}"' for token in tokens(text))
        if not match:
            return []
        hits = self._db.execute(
            """SELECT facts.key FROM terms JOIN facts ON facts.id = terms.rowid
            WHERE terms MATCH ? AND facts.online = ?
            ORDER BY bm25(terms, 10, 4, 2, 1) LIMIT 10""",
            (match, online),
        ).fetchall()
        counts: Counter[tuple[str, ...]] = Counter()
        for *values, number in self._db.execute(
            """SELECT field, level, subject, online, count(*) FROM terms
            JOIN facts ON facts.id = terms.rowid WHERE terms MATCH ? GROUP BY 1, 2, 3, 4""",
            (match,),
        ):
            counts[tuple(values)] += number
        return [key for (key,) in hits]


def _plain_d(text: str) -> str:
    """FTS5 leaves đ as it is."""
    return text.replace("đ", "d").replace("Đ", "D")


class Tantivy:
    """The tantivy package, in memory-mapped files, all segments merged."""

    name = "tantivy"

    def __init__(self, path: Path, documents: Iterable[SearchDocument]) -> None:
        import tantivy

        self._api = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
        for name in ("code", *FACETS):
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        for name in ("title", "keywords", "body"):
            builder.add_text_field(name, tokenizer_name="default", index_option="freq")
        self._schema = builder.build()
        path.mkdir()
        self._index = tantivy.Index(self._schema, str(path))
        writer = self._index.writer(100_000_000, 1)
        for one in documents:
            writer.add_document(self._document(one))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _document(self, one: SearchDocument) -> Any:
        texts = {"title": one.title, "keywords": " ".join(one.keywords), "body": one.body}
        plain = {name: fold(text) for name, text in texts.items()}
        return self._api.Document(key=[one.key], code=[one.code], **{
            name: [text] for name, text in plain.items()
        }, **one.facet_values())  # fmt: skip

    def find(self, text: str, online: str) -> list[str]:
        api, schema = self._api, self._schema
        wanted = api.Query.boolean_query(
            [
                (api.Occur.Should, api.Query.boost_query(
                    api.Query.term_query(schema, field, token, "freq"), boost))
                for token in tokens(text)
                for field, boost in BOOSTS
            ]
        )  # fmt: skip
        only = api.Query.boolean_query(
            [
                (api.Occur.Must, wanted),
                (api.Occur.Must, api.Query.const_score_query(
                    api.Query.term_query(schema, "online", online, "basic"), 0.0)),
            ]
        )  # fmt: skip
        found = self._searcher.search(only, 10)
        self._searcher.aggregate(
            wanted, {name: {"terms": {"field": name, "size": 300}} for name in FACETS}
        )
        return [self._searcher.doc(place)["key"][0] for _, place in found.hits]


def rivals(folder: Path, documents: list[SearchDocument]) -> list[Rival]:
    """Those that can be measured here; tantivy only where its package is installed."""
    found: list[Rival] = [Fts5(folder / "fts5.sqlite", documents)]
    with contextlib.suppress(ImportError):
        found.append(Tantivy(folder / "tantivy", documents))
    return found
