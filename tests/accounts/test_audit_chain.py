"""The audit chain: whatever is done to it is seen, a cut tail too; searching and taking it away."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.accounts.permissions import Role
from portal.core import audit, audit_anchor, clock, secrets
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.mail import Letter
from portal.core.settings import current_settings
from portal.ops import audit_watch
from tests.accounts.conftest import PASSWORD, MovableClock
from tests.accounts.test_audit_desk import LOG, note
from tests.support.pages import PageClient


@pytest.fixture
def logged(app: Flask) -> Flask:
    """Ten entries, anchored."""
    for number in range(10):
        note(
            app, AuditEvent.ARTICLE_CHANGED, None, ("article", number), title=("", f"Bài {number}")
        )
    with app.app_context():
        audit_watch.anchor()
    return app


def tamper(app: Flask, statement: str) -> list[str]:
    """What somebody with the database could do; returns the faults that are found."""
    with app.app_context():
        with write() as session:
            if current_settings().is_sqlite:
                of_log = "type = 'trigger' AND tbl_name = 'audit_entry'"
                triggers = session.scalars(
                    text(f"SELECT name FROM sqlite_master WHERE {of_log}")
                ).all()
                for name in triggers:
                    session.execute(text(f"DROP TRIGGER {name}"))
            session.execute(text(statement))
        return list(audit_anchor.verify(db.session()))


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit_entry SET event = 'article.published' WHERE id = 4", "entry 4 "),
        ("UPDATE audit_entry SET changes = '{}' WHERE id = 10", "entry 10 "),
        ("UPDATE audit_entry SET actor_id = 1 WHERE id = 1", "entry 1 "),
        ("DELETE FROM audit_entry WHERE id = 5", "entries 5 to 5 are missing"),
        ("DELETE FROM audit_entry WHERE id BETWEEN 1 AND 3", "entries 1 to 3 are missing"),
        ("DELETE FROM audit_entry WHERE id > 7", "entry 10 was anchored and is missing"),
        ("DELETE FROM audit_entry", "entry 10 was anchored and is missing"),
    ],
)
def test_tampering_is_seen(logged: Flask, statement: str, told: str) -> None:
    with logged.app_context():
        assert list(audit_anchor.verify(db.session())) == []
    assert any(told in fault for fault in tamper(logged, statement))


@pytest.mark.sqlite
def test_a_tail_cut_and_written_anew_is_seen(logged: Flask) -> None:
    """Even by somebody who holds the key: the anchored link was another one."""
    assert tamper(logged, "DELETE FROM audit_entry WHERE id > 8")
    for number in (1, 2):
        note(logged, AuditEvent.ARTICLE_CHANGED, None, ("article", number))
    with logged.app_context():
        assert list(audit.verify(db.session())) == [], "the chain alone is whole"
        assert list(audit_anchor.verify(db.session())) == [
            "entry 10 is not the one that was anchored"
        ]


@pytest.mark.sqlite
def test_an_anchor_on_paper_outlives_the_file(logged: Flask) -> None:
    runner = logged.test_cli_runner()
    kept = runner.invoke(args=["audit", "anchor"]).output.strip()
    assert kept.startswith("10:")
    assert tamper(logged, "DELETE FROM audit_entry WHERE id > 7")
    with logged.app_context():
        (current_settings().instance / "audit" / "anchors.jsonl").unlink()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    seen = runner.invoke(args=["audit", "verify", "--anchor", kept])
    assert seen.exit_code == 1
    assert "entry 10" in seen.output
    assert runner.invoke(args=["audit", "verify", "--anchor", "zehn"]).exit_code == 1


def test_anchors_are_dropped_every_few_minutes_and_torn_lines_pass(
    logged: Flask, moved: MovableClock
) -> None:
    note(logged, AuditEvent.ARTICLE_CHANGED, None, ("article", 11))
    with logged.app_context():
        audit_watch.anchor()
        assert [one.entry for one in audit_anchor.anchors()] == [10], "not yet"
        moved.move(minutes=6)
        audit_watch.anchor()
        assert [one.entry for one in audit_anchor.anchors()] == [10, 11]
        moved.move(minutes=6)
        audit_watch.anchor()
        assert len(audit_anchor.anchors()) == 2, "nothing happened meanwhile"
        path = current_settings().instance / "audit" / "anchors.jsonl"
        assert path.stat().st_mode & 0o077 == 0
        with path.open("a") as file:
            file.write('{"entry": 12, "ch')
        assert len(audit_anchor.anchors()) == 2
        assert list(audit_anchor.verify(db.session())) == []


@pytest.mark.sqlite
def test_the_night_looks_and_tells(
    logged: Flask, client: PageClient, member: Any, staff: Any, moved: MovableClock
) -> None:
    auditor, _ = staff(Role.AUDITOR)
    assert "Chưa kiểm tra lần nào" in auditor.get(LOG + "kiem-tra").text
    email, _ = member(Role.ADMINISTRATOR)
    assert PASSWORD
    with logged.app_context():
        audit_watch.look_at_night()
    assert "Nhật ký nguyên vẹn" in auditor.get(LOG + "kiem-tra").text
    assert "nguyên vẹn" in auditor.get(LOG).text
    with logged.app_context():
        tamper(logged, "DELETE FROM audit_entry WHERE id = 5")
        audit_watch.look_at_night()
        assert audit_anchor.last_look() is not None
        assert audit_anchor.last_look().faults == ()  # type: ignore[union-attr]
        moved.move(days=2, minutes=1)
        audit_watch.look_at_night()
        last = audit_anchor.last_look()
        assert last is not None
        assert last.faults
        (letter,) = db.session.scalars(select(Letter)).all()
        assert letter.recipient == email
    auditor, _ = staff(Role.AUDITOR)
    page = auditor.get(LOG + "kiem-tra").text
    assert "Nhật ký có chỗ không khớp" in page
    assert "entries 5 to 5 are missing" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Thuốc quý", ["A"]),
        ("thuốc Quý", ["A"]),
        ("thuốc quý", ["A"]),
        ("50%", ["B"]),
        ("_", []),
        ("trả lại bài", ["B"]),
        ("tra lai bai", ["B"]),
        ("8", []),
        ("3", ["B"]),
        ("không có đâu", []),
    ],
)
def test_free_words(app: Flask, staff: Any, words: str, found: list[str]) -> None:
    browser, _ = staff(Role.AUDITOR)
    note(app, AuditEvent.ARTICLE_CHANGED, None, ("article", 7), title=("", "Thuốc quý dong-A"))
    note(app, AuditEvent.ARTICLE_RETURNED, None, ("article", 3), title=("", "giảm 50% dong-B"))
    page = browser.get(LOG, query_string={"q": words}).text
    assert [mark for mark in ("A", "B") if f"dong-{mark}" in page] == found


def test_the_workbook_holds_text_and_the_export_is_told(app: Flask, staff: Any) -> None:
    browser, actor = staff(Role.AUDITOR)
    nasty = ["=1+1", "+84225", "-2", "@SUM(A1)", "\tx", "＝1", "a\x0bb", "+84 225 3745 123"]
    for text_ in nasty:
        note(app, AuditEvent.ARTICLE_CHANGED, None, (("article", text_[:5])), title=("", text_))
    answer = browser.get(LOG + "nhat-ky.xlsx?loai=article")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == len(nasty)
    assert not any(cell.data_type == "f" for row in rows for cell in row)
    assert "=1+1" in {cell.value for row in rows for cell in row}
    browser.get(LOG + "nhat-ky.csv?loai=article")
    with app.app_context():
        told = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "audit.exported").order_by(AuditEntry.id)
        ).all()
        assert [(one.actor_id, one.object_id) for one in told] == [
            (actor.user_id, "xlsx"), (actor.user_id, "csv"),
        ]  # fmt: skip
        assert told[0].changes["filters"] == [None, "loai=article"]
        assert told[0].changes["rows"] == [None, len(nasty)]


def test_the_link_of_an_entry_needs_the_key(app: Flask) -> None:
    note(app, AuditEvent.ARTICLE_CHANGED, None, ("article", 1))
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert entry.chain != secrets.keyed_hash("x" * 32, audit.GENESIS, "{}")
        assert clock.now() - entry.at < timedelta(minutes=1)
