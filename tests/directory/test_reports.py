"""Numbers that citizens report: no word about them is kept, one person marks nothing, the unit
hears of it and what it does ends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.accounts.permissions import Actor, Role
from portal.boards import events
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import NotAllowed
from portal.core.mail import Letter
from portal.directory import reported, reports, service
from portal.directory.models import Hotline, HotlineReport, Trouble
from tests.support.staff import make_user

PAGE = "/duong-day-nong/"
POST = PAGE + "so-chinh/bao-so"
DUE = "/ban-lam-viec/danh-ba/can-kiem-tra"
Staff = Callable[..., tuple[FlaskClient, Actor]]
NETWORKS = ("10.1.1.1", "10.2.1.1", "10.3.1.1", "10.4.1.1", "2001:db8:1::1")


def stamp(client: Any) -> str:
    found = re.search(
        r'bao-so">\s*<input[^>]*name="csrf_token" value="(\w+)"', client.get(PAGE).text
    )
    assert found, "no button on the page"
    return found[1]


def tap(client: Any, address: str, path: str = POST, **data: str) -> Any:
    given = {"csrf_token": stamp(client), **data}
    return client.post(path, data=given, environ_base={"REMOTE_ADDR": address})


def rows() -> list[HotlineReport]:
    return list(db.session.scalars(select(HotlineReport).order_by(HotlineReport.id)))


def letters() -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.subject.startswith("Người dân"))))


def line(key: str = "so-chinh") -> Hotline:
    return db.session.scalars(select(Hotline).where(Hotline.key == key)).one()


def test_one_tap_is_enough_and_nothing_personal_is_kept(
    directory: Flask, client: FlaskClient
) -> None:
    answer = tap(client, NETWORKS[0])
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    thanks = client.get(answer.location)
    assert "Cảm ơn bạn đã báo" in thanks.text
    assert "Set-Cookie" not in thanks.headers
    with directory.app_context():
        (row,) = rows()
        assert (row.reason, row.closed_at) == (Trouble.DEAD, None)
        kept = " ".join(str(getattr(row, column.key)) for column in row.__table__.columns)
        assert "10.1.1" not in kept
        assert db.session.scalar(select(func.count(AuditEntry.id))) == 0


def test_who_reports_again_corrects_the_first_report(directory: Flask, client: FlaskClient) -> None:
    tap(client, NETWORKS[0])
    tap(client, NETWORKS[0], ly_do="wrong")
    tap(client, "10.1.1.200", ly_do="silent")  # the same provider's next address
    with directory.app_context():
        assert [row.reason for row in rows()] == ["silent"]


def test_the_page_can_be_kept_and_sets_no_cookie(directory: Flask, client: FlaskClient) -> None:
    first = client.get(PAGE)
    assert "Set-Cookie" not in first.headers
    again = client.get(PAGE, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_readers_are_told_only_when_several_networks_say_so(
    directory: Flask, client: FlaskClient
) -> None:
    for address in (*NETWORKS[:2], "10.1.1.77", "10.2.1.9"):
        tap(client, address)
    assert "không liên lạc được từ ngày" not in client.get(PAGE).text
    tap(client, NETWORKS[2], ly_do="wrong")
    today = clock.format_date(clock.today())
    told = f"Có 3 người báo số này không liên lạc được từ ngày {today}, đơn vị đang kiểm tra."
    assert told in client.get(PAGE).text
    assert told in client.get("/don-vi/phong-mot").text
    assert "0225 3000 000" in client.get(PAGE).text, "the number itself stays"


@pytest.mark.parametrize("token", ["", "x", "0" * 32])
def test_without_our_stamp_it_only_asks(directory: Flask, client: FlaskClient, token: str) -> None:
    answer = client.post(POST, data={"csrf_token": token})
    assert answer.status_code == 400
    assert "Báo số không liên lạc được" in answer.text
    with directory.app_context():
        assert rows() == []


def test_a_stamp_holds_overnight_and_no_longer(
    directory: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, now = stamp(client), clock.now()
    for days, status in ((1, 303), (2, 400)):
        monkeypatch.setattr(clock, "now", lambda days=days: now + timedelta(days=days))
        assert client.post(POST, data={"csrf_token": token}).status_code == status


def test_another_site_cannot_press_the_button(directory: Flask, client: FlaskClient) -> None:
    data = {"csrf_token": stamp(client)}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post(POST, data=data, headers=headers).status_code == 403
    with directory.app_context():
        assert rows() == []


@pytest.mark.parametrize(
    "data", [{"trang_web": "https://spam.example"}, {"ly_do": "'; DROP TABLE--"}, {"ly_do": "<b>"}]
)
def test_programs_and_strange_reasons_leave_nothing(
    directory: Flask, client: FlaskClient, data: dict[str, str]
) -> None:
    answer = tap(client, NETWORKS[0], **data)
    assert answer.status_code == (303 if "trang_web" in data else 400)
    assert "<b>" not in answer.text
    with directory.app_context():
        assert rows() == []
        assert letters() == []


@pytest.mark.parametrize("key", ["cdc", "da-go", "khong-co", "%3Cscript%3E"])
def test_what_cannot_be_called_cannot_be_reported(
    directory: Flask, client: FlaskClient, key: str
) -> None:
    assert tap(client, NETWORKS[0], f"{PAGE}{key}/bao-so").status_code == 404
    for page in ("bao-so", "da-bao"):
        assert client.get(f"{PAGE}{key}/{page}").status_code == 404


def test_one_address_is_braked_and_others_are_not(directory: Flask, client: FlaskClient) -> None:
    statuses = {tap(client, NETWORKS[0]).status_code for _ in range(20)}
    assert statuses == {303}
    refused = tap(client, NETWORKS[0])
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert tap(client, NETWORKS[1]).status_code == 303


def test_the_unit_gets_one_letter_a_day(
    directory: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = make_user(directory, Role.UNIT_EDITOR, "phong-mot")
    make_user(directory, Role.UNIT_EDITOR, "cdc")
    make_user(directory, Role.PUBLISHER)
    for address in NETWORKS[:2]:
        tap(client, address)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1))
    tap(client, NETWORKS[0])
    tap(client, NETWORKS[2])
    tap(client, NETWORKS[3])
    with directory.app_context():
        first, second = letters()
        assert first.recipient == second.recipient
        assert keeper.name in first.body
        assert "1 mạng khác nhau báo số 0225 3000 000" in first.body
        assert "3 mạng khác nhau" in second.body


def test_lines_without_keepers_go_to_the_publishers(directory: Flask, client: FlaskClient) -> None:
    publisher = make_user(directory, Role.PUBLISHER)
    make_user(directory, Role.UNIT_EDITOR, "cdc")
    tap(client, NETWORKS[0], f"{PAGE}cu/bao-so")
    with directory.app_context():
        (letter,) = letters()
        assert publisher.name in letter.body


def test_the_desk_shows_what_was_reported_first_of_all(
    directory: Flask, client: FlaskClient, staff: Staff
) -> None:
    browser, _ = staff(Role.UNIT_EDITOR, "phong-mot")
    assert "Đường dây so-chinh" not in browser.get(DUE).text
    tap(client, NETWORKS[0], ly_do="wrong")
    tap(client, NETWORKS[1])
    html = browser.get(DUE).text
    assert "2 mạng báo từ ngày" in html
    assert "1 không gọi được, 1 sai số" in html
    assert html.index("Đường dây so-chinh") < html.index("Đường dây cu<")
    assert "Đã kiểm tra, số đúng" in html
    with directory.app_context():
        (event,) = [e for e in events.on(db.session(), clock.today()) if "so-chinh" in e.name]
        assert event.unit_code == "phong-mot"
        assert "2 người báo" in event.text


def test_who_finds_the_number_right_ends_it(
    directory: Flask, client: FlaskClient, staff: Staff
) -> None:
    browser, actor = staff(Role.UNIT_EDITOR, "phong-mot")
    for address in NETWORKS[:3]:
        tap(client, address)
    verb = "/ban-lam-viec/danh-ba/duong-day-nong/so-chinh/da-kiem-tra"
    assert browser.post(verb, data={"csrf_token": browser.token(DUE)}).status_code == 303
    assert "không liên lạc được từ ngày" not in client.get(PAGE).text
    with directory.app_context():
        assert {row.outcome for row in rows()} == {"right"}
        entry = db.session.scalars(select(AuditEntry)).all()[-1]
        assert (entry.event, entry.actor_id) == ("hotline.checked", actor.user_id)
        assert entry.changes["reports"] == [3, 0]
    tap(client, NETWORKS[0])
    with directory.app_context():
        assert reported.of(db.session())[line().id].count == 1, "counting begins anew"


def test_who_mends_the_number_ends_it_and_has_checked(
    directory: Flask, client: FlaskClient, staff: Staff
) -> None:
    _, actor = staff(Role.UNIT_EDITOR, "phong-mot")
    tap(client, NETWORKS[0])
    with directory.app_context():
        with write():
            line().checked_on = clock.today() - timedelta(days=40)
        found = line()
        values = {name: getattr(found, name) for name in service.HOTLINE_FIELDS}
        service.edit_hotline(actor, "so-chinh", found.version, values | {"note": "Ghi chú"})
        assert [row.outcome for row in rows()] == [None], "a note mends no number"
        service.edit_hotline(actor, "so-chinh", line().version, values | {"phone": "0225 9"})
        assert [row.outcome for row in rows()] == ["mended"]
        assert (line().checked_on, line().checked_by) == (clock.today(), actor.name)
        entry = db.session.scalars(select(AuditEntry)).all()[-1]
        assert entry.changes["phone"] == ["0225 3000 000", "0225 9"]
        assert entry.changes["reports"] == [1, 0]


def test_a_removed_line_has_no_reports(directory: Flask, client: FlaskClient, staff: Staff) -> None:
    _, actor = staff(Role.PUBLISHER)
    tap(client, NETWORKS[0])
    with directory.app_context():
        service.remove_hotline(actor, "so-chinh")
        assert [row.outcome for row in rows()] == ["removed"]


def test_only_keepers_end_it(directory: Flask, client: FlaskClient, staff: Staff) -> None:
    tap(client, NETWORKS[0])
    for role, unit in ((Role.UNIT_EDITOR, "cdc"), (Role.FEEDBACK_OFFICER, None)):
        _, actor = staff(role, unit)
        with directory.app_context():
            with pytest.raises(NotAllowed):
                service.check_today(actor, "so-chinh")
            assert [row.closed_at for row in rows()] == [None]


def test_reports_are_forgotten(
    directory: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    tap(client, NETWORKS[0])
    with directory.app_context():
        monkeypatch.setattr(clock, "now", lambda: now + reports.KEPT)
        assert reports.purge() == 0
        monkeypatch.setattr(clock, "now", lambda: now + reports.KEPT + timedelta(minutes=1))
        assert reports.purge() == 1
        assert rows() == []


def test_networks_are_wide_and_unreadable(directory: Flask) -> None:
    with directory.app_context():
        same = {reports.network_of(f"10.1.1.{n}") for n in (1, 2, 200)}
        assert len(same) == 1
        assert len({reports.network_of(f"2001:db8:1:{n}::1/64") for n in (1, 2)}) == 1
        different = {reports.network_of(address) for address in (*NETWORKS, "unknown", "")}
        assert len(different) == len(NETWORKS) + 2
        assert all(re.fullmatch(r"[0-9a-f]{64}", network) for network in different)
