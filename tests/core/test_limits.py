"""Limits when their counters cannot be written."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.core.errors import TooMany
from portal.core.limits import SqlStorage, limiter


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def incr(*_: object, **__: object) -> int:
        raise OperationalError("insert", {}, Exception("database or disk is full"))

    monkeypatch.setattr(SqlStorage, "incr", incr)


def test_readers_go_on_uncounted(app: Flask, full_disk: None) -> None:
    with app.app_context():
        for _ in range(3):
            limiter().hit_by_reader("1/minute", "thu", "192.0.2.1")


def test_what_guards_a_door_stays_shut(app: Flask, full_disk: None) -> None:
    with app.app_context(), pytest.raises(OperationalError):
        limiter().hit("1/minute", "thu", "192.0.2.1")


def test_readers_are_counted_otherwise(app: Flask) -> None:
    with app.app_context():
        limiter().hit_by_reader("1/minute", "thu", "192.0.2.1")
        with pytest.raises(TooMany):
            limiter().hit_by_reader("1/minute", "thu", "192.0.2.1")
