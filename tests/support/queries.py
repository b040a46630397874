"""Counting SQL statements, for the query budgets of pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from portal.core.db import db

ASIDE = ("FROM search_change", "rate_counter", "pg_catalog.")


@contextmanager
def count_queries(app: Flask) -> Iterator[list[str]]:
    """The statements this thread sends while the block runs: what a page asks for. Transaction
    control is left out, so are counters of rates (SQLite has them in another file), and so is what
    other threads do meanwhile (the index mends itself in one of its own, when it has time)."""
    with app.app_context():
        engine = db.engine
    statements: list[str] = []
    asking = threading.get_ident()

    def note(_c: object, _cu: object, statement: str, *_: object) -> None:
        control = statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA"))
        ours = threading.get_ident() == asking
        aside = any(word in statement for word in ASIDE)
        if ours and not control and not aside:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
