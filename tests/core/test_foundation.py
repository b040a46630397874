"""The foundation holds: writing, time, audit chain, headers, bad bytes, limits."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from portal.core import audit, clock
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.errors import TooMany
from portal.core.limits import limiter
from portal.core.text import clean_line, clean_text, fold, slugify
from portal.core.web import requests


@pytest.mark.sqlite
def test_sqlite_is_durable(app: Flask) -> None:
    with app.app_context():
        values = {
            name: db.session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.sqlite
def test_write_is_immediate_so_a_second_writer_waits(app: Flask, instance) -> None:
    with app.app_context(), write():
        other = sqlite3.connect(instance / "portal.sqlite3", timeout=0.05)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_nested_write_joins_and_failure_undoes_all(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError), write() as session:
            audit.record(session, AuditEvent.BACKUP_MADE, actor_id=None, thing=("x", 1))
            with write() as inner:
                audit.record(inner, AuditEvent.BACKUP_MADE, actor_id=None, thing=("x", 2))
            raise RuntimeError
        assert db.session.query(AuditEntry).count() == 0


def test_naive_time_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(Exception, match="naive"), write() as session:
        session.add(
            AuditEntry(
                id=1,
                at=datetime(2026, 1, 1),
                event="x",
                object_kind="x",
                object_id="1",
                changes={},
                request_id="",
                chain="",
            )
        )


def test_time_comes_back_in_utc(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    hanoi = datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=7)))
    monkeypatch.setattr(clock, "now", lambda: hanoi)
    with app.app_context():
        with write() as session:
            audit.record(session, AuditEvent.BACKUP_MADE, actor_id=None, thing=("x", 1))
        kept = db.session.query(AuditEntry).one().at
    assert kept == hanoi
    assert kept.tzinfo == UTC
    assert clock.format_moment(kept) == "09:30 ngày 21/11/2026"


UNGUARD = {
    "sqlite": ["DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"],
    "postgresql": ["DROP TRIGGER audit_entry_guard ON audit_entry"],
}


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE audit_entry SET object_id = 'other' WHERE id = 2",
        "DELETE FROM audit_entry WHERE id = 2",
        "UPDATE audit_entry SET id = 9 WHERE id = 3",
    ],
)
def test_audit_chain_shows_tampering(app: Flask, harm: str) -> None:
    with app.app_context():
        for number in range(4):
            with write() as session:
                audit.record(session, AuditEvent.BACKUP_MADE, actor_id=None, thing=("x", number))
        assert list(audit.verify(db.session())) == []
        with write() as session:
            for statement in UNGUARD[db.engine.dialect.name]:
                session.execute(text(statement))
            session.execute(text(harm))
        assert list(audit.verify(db.session()))


def test_every_audit_event_has_a_label() -> None:
    assert set(audit.LABELS) == set(AuditEvent)


@pytest.mark.parametrize(
    "path", ["/khong-co", "/giao-dien.css", "/static/css/tokens.css", "/%00", "/?q=%ff"]
)
def test_headers_on_every_answer(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    for name in (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Permissions-Policy",
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy",
        "X-Frame-Options",
        "Cache-Control",
    ):
        assert len(response.headers.getlist(name)) == 1, name
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/%00", "/?q=%00", "/?q=%ff%fe", "/?q=" + "a" * 3000])
def test_bad_bytes_are_400(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_foreign_post_is_refused(client: FlaskClient) -> None:
    for headers in (
        {"Origin": "https://ke-xau.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ):
        assert client.post("/dang-xuat", headers=headers).status_code == 403


def test_our_own_private_pages_may_post(app: Flask) -> None:
    """They send no referrer, so browsers write `Origin: null`."""
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    with app.test_request_context("/", method="POST", headers=headers):
        requests.refuse_foreign_posts()


def test_limits_hold_and_end(app: Flask) -> None:
    with app.app_context():
        for _ in range(3):
            limiter().hit("3/minute", "thu", "192.0.2.1")
        with pytest.raises(TooMany) as refusal:
            limiter().hit("3/minute", "thu", "192.0.2.1")
        assert 0 < refusal.value.retry_after <= 60
        limiter().hit("3/minute", "thu", "192.0.2.2")


@given(st.text())
def test_cleaning_is_stable(raw: str) -> None:
    once = clean_text(raw)
    assert clean_text(once) == once
    assert clean_line(clean_line(raw)) == clean_line(raw)
    assert "\n" not in clean_line(raw)
    assert "\x00" not in once


@given(st.text())
def test_slug_has_only_address_letters(raw: str) -> None:
    slug = slugify(raw)
    assert len(slug) <= 90
    assert all(char.isascii() and (char.isalnum() or char == "-") for char in slug)


def test_folding_is_what_people_type() -> None:
    assert fold("Cấp lại giấy phép hành nghề đƣợc") == "cap lai giay phep hanh nghe duoc"
    assert slugify("Đường dây nóng") == "duong-day-nong"


LETTERS = "ab ă\u0103\u0300\u00a0\u3000\n\r\u2028\u200bƣð\x00\x85\ud800\x1c"


@given(st.text(st.sampled_from(LETTERS), max_size=12) | st.text())
def test_the_short_way_to_clean_agrees_with_the_long_one(text: str) -> None:
    assert clean_text(f"\n{text}\r\n") == clean_text(text)
