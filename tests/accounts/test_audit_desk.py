"""The audit log at the desk: found by any filter, exported so that no spreadsheet runs it."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts import audit_log, audit_words
from portal.accounts.permissions import Role
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.settings import ROOT
from tests.accounts.conftest import MovableClock
from tests.support.queries import count_queries

LOG = "/ban-lam-viec/nhat-ky/"


def note(app: Flask, event: AuditEvent, actor_id: int | None, thing: tuple[str, object], **c: Any):
    with app.app_context(), write() as session:
        audit.record(session, event, actor_id=actor_id, thing=thing, changes=c)


def test_entries_are_told_in_words(app: Flask, staff: Any) -> None:
    browser, actor = staff(Role.AUDITOR)
    note(app, AuditEvent.ARTICLE_PUBLISHED, actor.user_id, ("article", 7), state=("a", "<b>"))
    note(app, AuditEvent.FEEDBACK_RECEIVED, None, ("feedback", 3))
    note(
        app, AuditEvent.FEEDBACK_ASSIGNED, None, ("feedback", 3), assignee_id=(None, actor.user_id)
    )
    page = browser.get(LOG).get_data(as_text=True)
    for words in (
        "Đăng bài viết",
        actor.name,
        "trạng thái: a → &lt;b&gt;",
        "Không qua đăng nhập",
        "Phản ánh",
    ):
        assert words in page
    assert f"người xử lý: {actor.name}" in page


def test_every_kind_of_thing_has_a_name() -> None:
    """Services name the kind in their source; the log must not show a code word for it."""
    sources = (path.read_text("utf-8") for path in (ROOT / "portal").rglob("*.py"))
    used = {kind for text in sources for kind in re.findall(r'thing=\("([a-z_]+)"', text)}
    assert "feedback" in used
    assert used <= set(audit_words.KINDS)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("su_viec=article.published", ["A"]),
        ("loai=feedback", ["B"]),
        ("loai=article&ma=7", ["A"]),
        ("ma=8", ["C"]),
        ("nguoi={person}", ["A", "C"]),
        ("tu_ngay={tomorrow}", ["C"]),
        ("den_ngay={today_vn}", ["A", "B"]),
        ("tu_ngay={tomorrow}&den_ngay={today}", []),
        ("nguoi=999", []),
        ("nguoi=x", ["A", "B", "C"]),
    ],
)
def test_filters(app: Flask, staff: Any, moved: MovableClock, query: str, shown: list[str]) -> None:
    browser, actor = staff(Role.ADMINISTRATOR)
    note(app, AuditEvent.ARTICLE_PUBLISHED, actor.user_id, ("article", 7), mark=("", "dong-A"))
    note(app, AuditEvent.FEEDBACK_RECEIVED, None, ("feedback", 3), mark=("", "dong-B"))
    today = clock.today()
    moved.move(days=1)
    note(app, AuditEvent.ARTICLE_CHANGED, actor.user_id, ("article", 8), mark=("", "dong-C"))
    moved.move(days=-1)
    query = query.format(
        person=actor.user_id, today=today, tomorrow=today + timedelta(days=1),
        today_vn=f"{today:%d/%m/%Y}",
    )  # fmt: skip
    page = browser.get(f"{LOG}?{query}").get_data(as_text=True)
    assert [letter for letter in "ABC" if f"dong-{letter}" in page] == shown
    export = browser.get(f"{LOG}nhat-ky.csv?{query}").get_data(as_text=True)
    assert [letter for letter in "ABC" if f"dong-{letter}" in export] == shown


@pytest.mark.parametrize("query", ["tu_ngay=hôm+qua", "su_viec=x", "loai=x", "ma=" + "x" * 81])
def test_a_filter_that_cannot_be_read_is_said(staff: Any, query: str) -> None:
    browser, _ = staff(Role.AUDITOR)
    assert browser.get(f"{LOG}?{query}").status_code == 400
    assert browser.get(f"{LOG}nhat-ky.csv?{query}").status_code == 400


@pytest.mark.parametrize("query", ["trang=0", "trang=x", "trang=1001"])
def test_absurd_pages(staff: Any, query: str) -> None:
    browser, _ = staff(Role.AUDITOR)
    assert browser.get(f"{LOG}?{query}").status_code == 400


def test_pages_keep_the_filter_and_cost_few_statements(app: Flask, staff: Any) -> None:
    browser, actor = staff(Role.AUDITOR)
    with app.app_context(), write() as session:
        for number in range(120):
            audit.record(
                session, AuditEvent.MEDIA_CHANGED, actor_id=actor.user_id, thing=("media", number)
            )
    with count_queries(app) as statements:
        page = browser.get(f"{LOG}?loai=media&trang=2").get_data(as_text=True)
    # session, grants, people, count, entries, names; and the search's look at what waits for it
    assert len(statements) <= 7, statements
    assert "loai=media&amp;trang=3" in page
    assert "120 dòng" in page


def test_the_export_is_whole_and_no_formula(
    app: Flask, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "_BATCH", 7)
    browser, actor = staff(Role.AUDITOR)
    for number in range(20):
        note(app, AuditEvent.MEDIA_CHANGED, actor.user_id, ("media", number))
    note(app, AuditEvent.MEDIA_CHANGED, actor.user_id, ("=cmd|' /C calc'!A0", "@SUM(1)"))
    answer = browser.get(f"{LOG}nhat-ky.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert len(rows) == 22
    assert rows[1][5:7] == ["'=cmd|' /C calc'!A0", "'@SUM(1)"]
    assert [row[6] for row in rows[2:]] == [str(n) for n in range(19, -1, -1)]


def test_the_log_is_for_auditors_and_administrators(app: Flask, staff: Any) -> None:
    for role in Role:
        browser, _ = staff(role, "cdc")
        expected = 200 if role in (Role.AUDITOR, Role.ADMINISTRATOR) else 403
        assert browser.get(LOG).status_code == expected
        assert browser.get(f"{LOG}nhat-ky.csv").status_code == expected
