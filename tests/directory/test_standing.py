"""What pages say of a line just now, the file it comes from, and what machines are told."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.content import Report
from portal.core.db import write
from portal.directory import loading, standing
from portal.directory.models import Hotline
from portal.directory.schedule import DayKind
from portal.directory.structured import contact_points
from tests.directory.conftest import make_hotline

OFFICE_DAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {
    "week": {day: ["07:30-11:30", "13:00-17:00"] for day in OFFICE_DAYS},
    "holidays": False,
}
NIGHT = {"week": {"sat": ["17:00-07:30"]}, "holidays": False}
HEAD = """hotlines:
- key: mot
  name: Một
  purposes: [procedures]
"""


@pytest.fixture
def office(app: Flask) -> Flask:
    """One line with office hours, one always answered, one whose hours nobody knows."""
    with app.app_context(), write() as session:
        session.add_all(
            [
                make_hotline("gio-hanh-chinh", schedule=OFFICE),
                make_hotline("moi-luc", schedule={"always": True}),
                make_hotline("chua-ro"),
            ]
        )
    return app


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    def put(text: str) -> None:
        moment = clock.from_local(datetime.fromisoformat(text))
        monkeypatch.setattr(clock, "now", lambda: moment)

    return put


def card(html: str, key: str) -> str:
    found = re.search(rf'<li class="card contact" id="{key}">.*?</li>', html, re.DOTALL)
    assert found
    return found[0]


def test_the_page_says_what_holds_although_it_was_kept(
    office: Flask, client: FlaskClient, set_clock: Any
) -> None:
    set_clock("2026-11-20 11:29:00")
    first = client.get("/duong-day-nong/")
    assert first.headers["Cache-Control"] == "no-cache", "no cache answers without asking us"
    assert "Đang trực, đến 11:30" in card(first.text, "gio-hanh-chinh")
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/duong-day-nong/", headers=known).status_code == 304
    set_clock("2026-11-20 11:30:00")
    second = client.get("/duong-day-nong/", headers=known)
    assert second.status_code == 200
    assert "Ngoài giờ, mở lại 13:00" in card(second.text, "gio-hanh-chinh")
    set_clock("2026-11-20 17:00:00")
    html = client.get("/duong-day-nong/").text
    assert "Ngoài giờ, mở lại 07:30 thứ Hai" in card(html, "gio-hanh-chinh")
    assert ">Đang trực<" in card(html, "moi-luc")


def test_unknown_hours_are_said_and_nothing_is_computed(office: Flask, client: FlaskClient) -> None:
    html = card(client.get("/duong-day-nong/").text, "chua-ro")
    assert "chưa rõ" in html
    assert "Đang trực" not in html
    assert "Ngoài giờ" not in html
    known = card(client.get("/duong-day-nong/").text, "gio-hanh-chinh")
    assert "Thứ Hai đến thứ Sáu: 07:30 đến 11:30, 13:00 đến 17:00. Nghỉ ngày lễ, tết" in known


def test_a_page_that_lies_open_knows_the_next_changes(office: Flask) -> None:
    friday = clock.from_local(datetime(2026, 11, 20, 11, 0))
    with office.app_context():
        shown = standing.shown_at(OFFICE, friday)
    assert shown
    assert json.loads(shown.changes) == [
        ["2026-11-20T04:30Z", "Ngoài giờ, mở lại 13:00", 0],
        ["2026-11-20T06:00Z", "Đang trực, đến 17:00", 1],
        ["2026-11-20T10:00Z", "Ngoài giờ, mở lại 07:30 thứ Hai", 0],
        ["2026-11-23T00:30Z", "", 0],
    ]
    with office.app_context():
        always = standing.shown_at({"always": True}, friday)
        assert always
        assert always.changes == ""
        assert standing.shown_at(None, friday) is None


def test_days_are_those_of_the_agencys_calendar(office: Flask) -> None:
    with office.app_context():
        assert standing.kind_of(date(2026, 2, 17)) is DayKind.HOLIDAY, "Tết"
        assert standing.kind_of(date(2027, 2, 6)) is DayKind.HOLIDAY, "Tết, on a Saturday"
        assert standing.kind_of(date(2026, 11, 22)) is DayKind.USUAL, "a Sunday like others"
        moment = datetime(2026, 2, 17, 3, 0, tzinfo=UTC)
        shown = standing.shown_at(OFFICE, moment)
        assert shown
        assert not shown.is_open


def test_a_line_is_old_by_the_limit_of_the_settings(office: Flask, client: FlaskClient) -> None:
    with office.app_context():
        days = standing.current_settings().site.reminders.hotline_days
        assert not standing.is_untried(clock.today() - timedelta(days=days))
        assert standing.is_untried(clock.today() - timedelta(days=days + 1))
        assert standing.is_untried(None)
        with write() as session:
            line = session.query(Hotline).filter_by(key="chua-ro").one()
            line.checked_on = clock.today() - timedelta(days=days + 1)
    assert "đã lâu chưa kiểm tra lại" in card(client.get("/duong-day-nong/").text, "chua-ro")


def faults(tmp_path: Path, text: str) -> tuple[Any, list[str]]:
    (tmp_path / "hotlines.yaml").write_text(HEAD + text, "utf-8")
    report = Report()
    found = loading.read(tmp_path, report)
    items = found.hotlines or []
    return (items[0].values["schedule"] if items else None), [str(f) for f in report.faults]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", None),
        ("  schedule: {always: true}\n", {"always": True}),
        (
            '  schedule:\n    week:\n    - {days: mon-fri, hours: "7:30-11:30, 13:00-17:00"}\n',
            OFFICE,
        ),
        (
            "  schedule:\n    week:\n    - {days: sat, hours: 17:00-7:30}\n    holidays: true\n",
            {"week": {"sat": ["17:00-07:30"]}, "holidays": True},
        ),
    ],
)
def test_a_schedule_is_read_from_the_file(tmp_path: Path, text: str, stored: Any) -> None:
    assert faults(tmp_path, text) == (stored, [])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("  schedule: sáng\n", 5, "mapping"),
        ("  schedule: {}\n", 5, "names no hours"),
        ("  schedule: {always: maybe}\n", 5, "neither true nor false"),
        ("  schedule: {always: true, holidays: true}\n", 5, "leave out the rest"),
        ("  schedule:\n    weeks: []\n", 6, "unknown entry"),
        ("  schedule:\n    week: mon\n", 6, "not a list"),
        ("  schedule:\n    week:\n    - {days: mon}\n", 7, "'hours' is missing"),
        ("  schedule:\n    week:\n    - {days: t2-t6, hours: 7:30-11:30}\n", 7, "mon-fri"),
        ("  schedule:\n    week:\n    - {days: fri-mon, hours: 7:30-11:30}\n", 7, "mon-fri"),
        ("  schedule:\n    week:\n    - {days: mon, hours: sáng}\n", 7, "07:30-11:30"),
        ("  schedule:\n    week:\n    - {days: mon, hours: 7:30}\n", 7, "quotes"),
        (
            ("  schedule:\n    week:\n    - {days: mon-fri, hours: 7-9}\n"
            "    - {days: tue, hours: 7-9}\n"),
            8, "tue a second time",
        ),
    ],
)  # fmt: skip
def test_a_faulty_schedule_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    _, told = faults(tmp_path, text)
    assert any(f"hotlines.yaml:{line}:" in one and words in one for one in told), told


def test_machines_are_told_the_hours(office: Flask, client: FlaskClient) -> None:
    answer = client.get("/api/v1/hotlines").get_json()["items"]
    by_name = {item["name"]: item for item in answer}
    assert by_name["Đường dây chua-ro"]["schedule"] is None
    office_hours = by_name["Đường dây gio-hanh-chinh"]["schedule"]
    assert office_hours["week"]["mon"] == ["07:30-11:30", "13:00-17:00"]
    assert office_hours["week"]["sun"] == []
    assert office_hours["holidays"] is False
    assert by_name["Đường dây moi-luc"]["schedule"]["always"] is True


def test_search_engines_are_told_the_hours() -> None:
    nights = make_hotline("dem", schedule=NIGHT, scope="agency")
    (point,) = contact_points([nights])
    assert point["hoursAvailable"] == [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": ["https://schema.org/Saturday"],
         "opens": "17:00", "closes": "07:30"}
    ]  # fmt: skip
    (point,) = contact_points([make_hotline("luon", schedule={"always": True}, scope="agency")])
    (hours,) = point["hoursAvailable"]
    assert (hours["opens"], hours["closes"], len(hours["dayOfWeek"])) == ("00:00", "23:59", 7)
    (point,) = contact_points([make_hotline("khong-ro", scope="agency")])
    assert "hoursAvailable" not in point
