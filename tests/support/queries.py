"""Counting SQL statements, for the query budgets of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from portal.core.db import db


@contextmanager
def count_queries(app: Flask) -> Iterator[list[str]]:
    """The statements sent while the block runs (transaction control not counted)."""
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
