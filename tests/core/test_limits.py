"""Limits when their counters cannot be written."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.core.errors import TooMany
from portal.core.limits import SqlStorage, Use, limiter


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


def test_several_uses_are_counted_at_once_and_each_by_its_own_limit(app: Flask) -> None:
    narrow, wide = Use("2/hour", "thu", ("192.0.2.1",)), Use("3/hour", "thu-all")
    with app.app_context():
        assert [limiter().count(narrow, wide) for _ in range(4)] == [
            [], [], [narrow], [narrow, wide],
        ]  # fmt: skip
        assert 0 < limiter().wait(narrow) <= 3600
        assert limiter().count(Use("2/hour", "thu", ("192.0.2.2",))) == []


def test_a_use_that_was_given_back_is_free_again(app: Flask) -> None:
    use = Use("1/hour", "thu")
    with app.app_context():
        assert limiter().count(use) == []
        limiter().give_back(use.limit, use.name)
        assert limiter().count(use) == []
        assert limiter().count(use) == [use]


def test_counters_begin_anew_when_the_clock_was_put_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    use, real = Use("1/hour", "thu"), time.time
    with app.app_context():
        with monkeypatch.context() as ahead:
            ahead.setattr(time, "time", lambda: real() + 7 * 24 * 3600)
            assert limiter().count(use) == []
        assert limiter().count(use) == []
        assert limiter().count(use) == [use]
