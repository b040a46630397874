"""Counting SQL statements, for the query budgets of pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from portal.core.db import db


@contextmanager
def count_queries(app: Flask) -> Iterator[list[str]]:
    """The statements this thread sends while the block runs: what a page asks for. Transaction
    control is left out, and so is what other threads do meanwhile (the index mends itself in one
    of its own, whenever it finds the time)."""
    with app.app_context():
        engine = db.engine
    statements: list[str] = []
    asking = threading.get_ident()

    def note(_c: object, _cu: object, statement: str, *_: object) -> None:
        control = statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA"))
        ours = threading.get_ident() == asking
        if ours and not control and "FROM search_change" not in statement:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
