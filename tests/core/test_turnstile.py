"""So many at once and no more, and nobody queues before a closed door."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from portal.core import turnstile
from portal.core.errors import Overloaded
from portal.core.turnstile import Turnstile


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 0.05)


def test_no_more_than_the_places_and_each_is_given_back(tmp_path: Path) -> None:
    workers = [Turnstile(tmp_path, "thu", 2) for _ in range(3)]
    with ExitStack() as inside:
        for worker in workers[:2]:
            inside.enter_context(worker.place())
        with pytest.raises(Overloaded) as refusal, workers[2].place():
            pass
        assert refusal.value.retry_after > 0
    for worker in workers:
        with worker.place():
            pass


def test_a_place_is_given_back_after_a_failure(tmp_path: Path) -> None:
    one, other = (Turnstile(tmp_path, "thu", 1) for _ in range(2))
    with pytest.raises(ValueError, match="inside"), one.place():
        raise ValueError("inside")
    with other.place():
        pass


def test_after_a_vain_wait_nobody_waits_until_there_is_a_place_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps: list[float] = []
    real = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: (naps.append(seconds), real(seconds)))
    one, other = (Turnstile(tmp_path, "thu", 1) for _ in range(2))
    with one.place():
        for waits in (True, False, False):
            naps.clear()
            with pytest.raises(Overloaded), other.place():
                pass
            assert bool(naps) is waits
    with other.place():
        pass
    with one.place():
        naps.clear()
        with pytest.raises(Overloaded), other.place():
            pass
        assert naps
