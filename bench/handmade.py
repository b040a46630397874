"""The floor of the search page: the same page written by hand on SQLite FTS5, without framework,
ORM, limits of use or caches. Served by gunicorn like the portal:

    HANDMADE=FOLDER gunicorn -w 2 bench.handmade:app

`make` writes FOLDER/handmade.sqlite from a filled portal, and the page's head and foot as the
portal serves them; what stands between is written here, piece by piece the same.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from flask import Flask

from bench.rivals import tokens
from portal.core.db import db
from portal.procedures import cards, queries
from portal.procedures.documents import KIND
from portal.procedures.facets import CURRENT, FACETS, FIELD, STATUS
from portal.search import feed

PAGE = 20
HERE = "<!--here-->"
DATA = "handmade.sqlite"
ICONS = (
    '<svg class="icon" aria-hidden="true" focusable="false">'
    '<use href="/static/img/icons.svg#{}"></use></svg>'
)


def make(app: Flask, folder: Path) -> None:
    """The database and the frame of the page, from what the portal holds."""
    connection = sqlite3.connect(folder / DATA)
    connection.executescript(
        """PRAGMA journal_mode=WAL;
        CREATE VIRTUAL TABLE terms USING fts5(code, title, keywords, body, content='',
            tokenize="unicode61 remove_diacritics 2 tokenchars './-'");
        CREATE TABLE procedure (id INTEGER PRIMARY KEY, code, name, line, field, level, online,
            subject, status, letter);
        CREATE TABLE field (key PRIMARY KEY, name);"""
    )
    with app.app_context():
        session = db.session()
        connection.executemany("INSERT INTO field VALUES (?, ?)", queries.field_names(session))
        codes = list(feed.registry.keys[KIND](session))
        for start in range(0, len(codes), 200):
            _fill(connection, codes[start : start + 200])
        db.session.remove()
    connection.execute("INSERT INTO terms(terms) VALUES ('optimize')")
    connection.commit()
    connection.close()
    with app.test_client().get("/thu-tuc/?q=giay") as answer:
        page = answer.get_data(as_text=True)
    head, rest = page.split('<div class="two-columns">', 1)
    foot = rest.split('<p class="fineprint open-data">', 1)[1]
    frame = head + HERE + '<p class="fineprint open-data">' + foot
    (folder / "frame.json").write_text(json.dumps(frame), "utf-8")


def _fill(connection: sqlite3.Connection, codes: list[str]) -> None:
    documents = feed.registry.many[KIND](db.session(), codes)
    lines = {card.code: card for card in cards.load(db.session(), codes)}
    for code, one in documents.items():
        values = one.facet_values()
        row = connection.execute(
            "INSERT INTO procedure VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [code, one.title, json.dumps(list(lines[code].line)),
             *("|".join(values.get(name, [])) for name in
               ("field", "level", "online", "subject", "status", "letter"))],
        ).lastrowid  # fmt: skip
        texts = (one.title, " ".join(one.keywords), one.body)
        plain = (text.replace("đ", "d").replace("Đ", "D") for text in texts)
        connection.execute(
            "INSERT INTO terms (rowid, code, title, keywords, body) VALUES (?, ?, ?, ?, ?)",
            [row, code, *plain],
        )


class Page:
    """Answers `/thu-tuc/?q=...` from the database; one connection, as each worker has."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / DATA, check_same_thread=False)
        self._db.execute("PRAGMA cache_size=-262144")
        self._db.execute("PRAGMA mmap_size=2147483648")
        frame = str(json.loads((folder / "frame.json").read_text("utf-8")))
        self._head, self._foot = frame.split(HERE)
        self._fields = dict(self._db.execute("SELECT key, name FROM field"))

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        given = parse_qs(environ["QUERY_STRING"])
        body = self.page(given).encode()
        start(
            "200 OK",
            [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))],
        )
        return [body]

    def page(self, given: dict[str, list[str]]) -> str:
        """The page of the words in `q`: all of them, or as many as there are."""
        text = given.get("q", [""])[0]
        words = [f'"{token}"' for token in tokens(text)]
        rows = self._rows(" AND ".join(words)) or self._rows(" OR ".join(words))
        counts = self._counts(rows, text)
        best = [row[0] for row in rows if row[6] in CURRENT][:PAGE]
        found = self._lines(best)
        return f"{self._head}{self._middle(text, len(rows), counts, found)}{self._foot}"

    def _rows(self, match: str) -> list[tuple[Any, ...]]:
        """Every hit with its facets, best first: one statement."""
        if not match:
            return []
        return self._db.execute(
            """SELECT p.id, p.field, p.level, p.online, p.subject, p.letter, p.status
            FROM terms JOIN procedure p ON p.id = terms.rowid WHERE terms MATCH ?
            ORDER BY bm25(terms, 10, 4, 2, 1)""",
            (match,),
        ).fetchall()

    def _counts(self, rows: Sequence[tuple[Any, ...]], text: str) -> dict[str, Counter[str]]:
        names = ("field", "level", "online", "subject", "letter", "status")
        counts: dict[str, Counter[str]] = {name: Counter() for name in names}
        for row in rows:
            for name, value in zip(names, row[1:], strict=True):
                if name == STATUS.name or row[6] in CURRENT:
                    for one in value.split("|"):
                        counts[name][one] += 1
        return counts

    def _lines(self, ids: list[int]) -> list[tuple[str, str, list[str]]]:
        marks = ",".join("?" * len(ids))
        rows = self._db.execute(
            f"SELECT id, code, name, line FROM procedure WHERE id IN ({marks})", ids
        )
        found = {number: (code, name, json.loads(line)) for number, code, name, line in rows}
        return [found[number] for number in ids]

    def _middle(
        self, text: str, total: int, counts: dict[str, Counter[str]],
        found: list[tuple[str, str, list[str]]],
    ) -> str:  # fmt: skip
        wanted = set(tokens(text))
        lines = "".join(_line(code, name, line, wanted) for code, name, line in found)
        pages = "".join(
            f'<li><a href="/thu-tuc/?{urlencode({"q": text, "trang": number})}">'
            f'<span class="visually-hidden">Trang </span>{number}</a></li>'
            for number in range(1, min(4, -(-total // PAGE)) + 1)
        )
        return (
            '<div class="two-columns"><aside class="filter-panel" aria-label="Lọc danh sách">'
            f'<details class="filter-panel__fold"><summary>{ICONS.format("filter")} Lọc</summary>'
            f"{self._filters(text, counts)}</details></aside>"
            '<section aria-labelledby="ket-qua"><h2 id="ket-qua" class="results-count">'
            f"{total} thủ tục cho “{escape(text)}”</h2>"
            f'<ol class="list-plain results">{lines}</ol>'
            f'<nav class="pagination" aria-label="Các trang"><ul>{pages}</ul></nav>'
        )

    def _filters(self, text: str, counts: dict[str, Counter[str]]) -> str:
        parts = []
        for facet in FACETS:
            names = self._fields if facet is FIELD else facet.values
            options = "".join(
                f'<li><a href="/thu-tuc/?{urlencode({facet.param: slug, "q": text})}" '
                f'rel="nofollow"><span>{escape(name)}</span> <span class="tabular '
                f'filter-panel__count">{counts[facet.name][slug]}<span class="visually-hidden"> '
                "thủ tục</span></span></a></li>"
                for slug, name in names.items()
                if counts[facet.name].get(slug)
            )
            parts.append(
                f'<details class="filter-panel__group" open><summary>{facet.title}</summary>'
                f'<ul class="filter-panel__options">{options}</ul></details>'
            )
        return "".join(parts)


def _line(code: str, name: str, line: list[str], wanted: set[str]) -> str:
    words = [
        f"<mark>{escape(word)}</mark>" if tokens(word)[:1] and tokens(word)[0] in wanted
        else escape(word)
        for word in name.split()
    ]  # fmt: skip
    facts = "".join(f"<span>{escape(part)}</span>" for part in line)
    return (
        f'<li class="result"><h3 class="result__title"><a href="/thu-tuc/{code}">'
        f'{" ".join(words)}</a></h3><p class="meta">{facts}</p></li>'
    )


if "HANDMADE" in os.environ:
    app = Page(Path(os.environ["HANDMADE"]))
