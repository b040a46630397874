"""Words that found nothing are counted, and nobody can be found in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.core import clock
from portal.core.db import db, write
from portal.search import gaps
from portal.search.models import SearchGap

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
BROWSER = {"User-Agent": "Mozilla/5.0 (Linux; Android 14)"}


@pytest.fixture(autouse=True)
def context(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with app.app_context():
        yield


def typed(app: Flask, text: str, reader: int = 1, path: str = "/thu-tuc/", **headers: str) -> None:
    with app.test_request_context(
        path, headers={**BROWSER, **headers}, environ_base={"REMOTE_ADDR": f"10.0.0.{reader}"}
    ):
        gaps.note(text, relaxed=False)


def rows() -> list[SearchGap]:
    db.session.rollback()
    return list(db.session.scalars(select(SearchGap)))


def test_words_become_readable_when_enough_readers_typed_them(app: Flask) -> None:
    for _ in range(20):
        typed(app, "Mở tiệm xông hơi")  # one reader alone
    gaps.flush()
    assert [(row.words, row.count) for row in rows()] == [("", 1)]
    typed(app, "mo tiem xong hoi", reader=2)
    typed(app, "mo tiem xong hoi", reader=3)
    gaps.flush()
    (row,) = rows()
    assert (row.words, row.tags, row.count) == ("mo tiem xong hoi", "", 3)
    assert row.first_on == row.last_on == clock.today()


def test_the_same_reader_on_another_day_counts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in range(3):
        monkeypatch.setattr(clock, "now", lambda days=days: NOW + timedelta(days=days))
        typed(app, "tiệm xông hơi")
        gaps.flush()
    assert [row.words for row in rows()] == ["tiem xong hoi"]


@pytest.mark.parametrize(
    "text",
    ["0912345678", "031 199 012 345", "lan@example.org", "cccd 031199012345", "nguyenvananhtuan",
     "sinh ngay 12/05/1990", "hồ sơ số 123456", "1.012345", "", "   ", "của tôi", "a" * 200,
     "giấy " * 9 + "phép nhà hàng quán ăn uống xe cộ", "bs 7"],
)  # fmt: skip
def test_what_may_be_somebody_is_never_kept(app: Flask, text: str) -> None:
    assert gaps.keepable(text) == ""
    for reader in range(1, 6):
        typed(app, text, reader)
    gaps.flush()
    assert rows() == []


@given(st.text(max_size=80))
def test_no_digit_no_address_whatever_is_typed(text: str) -> None:
    kept = gaps.keepable(text)
    assert all(word.isalpha() for word in kept.split())
    assert len(kept) <= 120


def test_nothing_readable_of_what_one_person_typed(app: Flask) -> None:
    typed(app, "nguyen thi hoa")
    gaps.flush()
    (row,) = rows()
    stored = " ".join(str(getattr(row, column.name)) for column in SearchGap.__table__.columns)
    assert not {"nguyen", "thi", "hoa", "10.0.0.1"} & set(stored.split())


def test_robots_and_kiosks_do_not_count(app: Flask) -> None:
    for reader in range(1, 5):
        typed(app, "tiệm xông hơi", reader, **{"User-Agent": "Googlebot/2.1"})
        typed(app, "tiệm xông hơi", reader, path="/thu-tuc/?kiosk=1")
    gaps.flush()
    assert rows() == []


def test_the_table_stays_small_and_forgets(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "MOST_ROWS", 3)
    syllables = ["ba", "be", "bi", "bo", "bu"]
    for reader in range(1, 4):
        typed(app, "tiệm xông hơi", reader)
    for syllable in syllables:
        typed(app, f"tiệm {syllable}")
    gaps.flush()
    assert len(rows()) == 3
    assert "tiem xong hoi" in [row.words for row in rows()]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=90))
    typed(app, "tiệm ca")
    gaps.flush()
    assert sorted(row.words for row in rows()) == ["", "tiem xong hoi"]


def test_waiting_words_are_bounded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "MOST_WAITING", 2)
    for syllable in ("ba", "be", "bi", "bo"):
        typed(app, f"tiệm {syllable}")
    assert gaps.flush() == 2


def test_a_count_that_cannot_be_written_harms_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("disk is full", {}, Exception())

    typed(app, "tiệm xông hơi")
    monkeypatch.setattr(gaps, "_record", full)
    assert gaps.flush() == 0
    assert gaps.flush() == 0


def test_counting_never_fails_a_search(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "keepable", lambda _: 1 / 0)
    assert app.test_client().get("/thu-tuc/?q=xong+hoi").status_code == 200


def test_handled_rows_do_not_wait(app: Flask) -> None:
    with write() as session:
        for number, handled in enumerate((None, NOW)):
            session.add(
                SearchGap(
                    mark=str(number), words=f"tu {number}", count=1, first_on=clock.today(),
                    last_on=clock.today(), handled_at=handled,
                )
            )  # fmt: skip
    waiting = db.session.scalars(select(SearchGap.words).where(gaps.open_gaps()))
    assert list(waiting) == ["tu 0"]
