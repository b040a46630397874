"""Counting SQL statements, for the query budgets of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from portal.core.db import db


@contextmanager
def count_queries(app: Flask) -> Iterator[list[str]]:
    """The statements sent while the block runs, without transaction control and without the
    look at the index's outbox, which happens once a second after an answer has left."""
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_: object) -> None:
        control = statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA"))
        if not control and "FROM search_change" not in statement:
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
