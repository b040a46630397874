"""Keeping the directory right: who may, what is logged, nothing typed is lost, all comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.directory import service
from portal.directory.models import Hotline, Leader, Unit

DESK = "/ban-lam-viec/danh-ba/"
Staff = Callable[..., tuple[FlaskClient, Actor]]


def fields(hotline: Hotline, **changes: Any) -> dict[str, Any]:
    return {name: getattr(hotline, name) for name in service.HOTLINE_FIELDS} | changes


def hotline(key: str = "so-chinh") -> Hotline:
    return db.session.scalars(select(Hotline).where(Hotline.key == key)).one()


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Đường dây mới", "purposes": ["procedures", "rules"], "phone": "0225 3111 111",
        "email": "", "hours": "Giờ hành chính", "answered_by": "", "unit_code": "cdc",
        "address": "", "scope": "agency", "note": "", "certainty": "found",
        "source": "Trang của đơn vị", "checked_on": "2026-11-20",
    } | changes  # fmt: skip


def events(kind: str = "hotline") -> list[str]:
    return list(
        db.session.scalars(
            select(AuditEntry.event).where(AuditEntry.object_kind == kind).order_by(AuditEntry.id)
        )
    )


def test_a_line_can_be_added_and_is_public(directory: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    token = browser.token(DESK + "duong-day-nong/them")
    answer = browser.post(DESK + "duong-day-nong/them", data=typed(csrf_token=token))
    assert answer.status_code == 303
    assert "0225 3111 111" in browser.get("/duong-day-nong/").text
    with directory.app_context():
        assert events() == ["hotline.created"]
        assert hotline("duong-day-moi").edited_at is not None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Nhập tên đường dây"),
        ({"phone": "gọi cô Lan"}, "Số điện thoại chỉ gồm"),
        ({"phone": "０２２５３"}, "Số điện thoại chỉ gồm"),
        ({"email": "a@b"}, "thư điện tử dạng"),
        ({"purposes": []}, "Chọn ít nhất một việc"),
        ({"unit_code": "khong-co"}, "Chọn một mục trong danh sách"),
        ({"checked_on": "2026-02-30"}, "ngày có thật"),
        ({"certainty": "verified", "source": ""}, "ghi nguồn"),
        ({"certainty": "surely"}, "Chọn một mục trong danh sách"),
        ({"name": "a" * 201}, "dài quá 200 ký tự"),
    ],
)
def test_wrong_input_is_told_beside_its_field_and_kept(
    directory: Flask, staff: Staff, wrong: dict[str, Any], words: str
) -> None:
    browser, _ = staff(Role.PUBLISHER)
    token = browser.token(DESK + "duong-day-nong/them")
    data = typed(csrf_token=token, note="Ghi chú dài đã gõ") | wrong
    answer = browser.post(DESK + "duong-day-nong/them", data=data)
    assert answer.status_code == 400
    assert words in answer.text
    assert "Ghi chú dài đã gõ" in answer.text
    assert "Not a valid" not in answer.text


def test_an_edit_is_logged_old_and_new(directory: Flask, staff: Staff) -> None:
    browser, actor = staff(Role.PUBLISHER)
    path = DESK + "duong-day-nong/so-chinh"
    token = browser.token(path)
    data = typed(csrf_token=token, version="1", phone="19001234")
    assert browser.post(path, data=data).status_code == 303
    with directory.app_context():
        assert hotline().phone == "19001234"
        entry = db.session.scalars(select(AuditEntry)).all()[-1]
        assert (entry.event, entry.actor_id) == ("hotline.changed", actor.user_id)
        assert entry.changes["phone"] == ["0225 3000 000", "19001234"]
        assert "email" in entry.changes
        assert "scope" not in entry.changes


def test_the_second_of_two_editors_loses_no_word(directory: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    path = DESK + "duong-day-nong/so-chinh"
    token = browser.token(path)
    first = typed(csrf_token=token, version="1", phone="0225 1")
    second = typed(csrf_token=token, version="1", phone="0225 2", note="Câu của người thứ hai")
    assert browser.post(path, data=first).status_code == 303
    answer = browser.post(path, data=second)
    assert answer.status_code == 409
    assert "Câu của người thứ hai" in answer.text
    assert "Điện thoại: 0225 1" in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text
    assert browser.post(path, data=second | {"version": "2"}).status_code == 303
    with directory.app_context():
        assert hotline().phone == "0225 2"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "0"])
def test_a_spoiled_version_is_a_conflict(directory: Flask, staff: Staff, version: str) -> None:
    browser, _ = staff(Role.PUBLISHER)
    path = DESK + "duong-day-nong/so-chinh"
    data = typed(csrf_token=browser.token(path), version=version)
    assert browser.post(path, data=data).status_code == 409


def test_checked_today(directory: Flask, staff: Staff) -> None:
    browser, actor = staff(Role.PUBLISHER)
    token = browser.token(DESK)
    for key in ("cu", "cdc"):
        path = f"{DESK}duong-day-nong/{key}/da-kiem-tra"
        assert browser.post(path, data={"csrf_token": token}).status_code == 303
    with directory.app_context():
        called, silent = hotline("cu"), hotline("cdc")
        assert (called.checked_on, called.checked_by) == (clock.today(), actor.name)
        assert called.certainty == "verified"
        assert silent.checked_on == clock.today()
        assert silent.certainty == "unverified", "there was no number that could have answered"
        assert events() == ["hotline.checked", "hotline.checked"]


def test_removal_can_be_undone_from_the_next_page(directory: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    token = browser.token(DESK)
    answer = browser.post(DESK + "duong-day-nong/so-chinh/go", data={"csrf_token": token})
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "Hoàn tác" in page
    assert "Đường dây so-chinh" not in browser.get("/duong-day-nong/").text
    browser.post(DESK + "duong-day-nong/so-chinh/khoi-phuc", data={"csrf_token": token})
    assert "Đường dây so-chinh" in browser.get("/duong-day-nong/").text
    with directory.app_context():
        assert events() == ["hotline.removed", "hotline.restored"]


def test_verbs_repeated_change_nothing(directory: Flask, staff: Staff) -> None:
    _, actor = staff(Role.PUBLISHER)
    with directory.app_context():
        service.remove_hotline(actor, "so-chinh")
        service.remove_hotline(actor, "so-chinh")
        service.restore_hotline(actor, "so-chinh")
        service.restore_hotline(actor, "so-chinh")
        line = hotline()
        service.edit_hotline(actor, line.key, line.version, fields(line))
        assert events() == ["hotline.removed", "hotline.restored"]


def test_a_unit_editor_keeps_to_the_unit(directory: Flask, staff: Staff) -> None:
    browser, actor = staff(Role.UNIT_EDITOR, "cdc")
    page = browser.get(DESK).text
    assert "/duong-day-nong/cdc/da-kiem-tra" in page
    assert "/duong-day-nong/so-chinh/da-kiem-tra" not in page
    assert browser.get(DESK + "duong-day-nong/so-chinh").status_code == 403
    assert browser.get(DESK + "don-vi/phong-mot").status_code == 403
    assert browser.get(DESK + "don-vi/cdc").status_code == 200
    with directory.app_context():
        mine = hotline("cdc")
        with pytest.raises(NotAllowed):  # nor may it be given away
            service.edit_hotline(actor, "cdc", mine.version, fields(mine, unit_code="phong-mot"))
        assert hotline("cdc").unit_code == "cdc"
        for verb in (service.check_today, service.remove_hotline, service.restore_hotline):
            with pytest.raises(NotAllowed):
                verb(actor, "so-chinh")
        with pytest.raises(NotAllowed):
            service.create_hotline(actor, fields(hotline(), unit_code="phong-mot"))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FEEDBACK_OFFICER])
def test_who_only_reads_only_reads(directory: Flask, staff: Staff, role: Role) -> None:
    browser, actor = staff(role)
    page = browser.get(DESK)
    assert page.status_code == 200
    assert "da-kiem-tra" not in page.text
    assert browser.get(DESK + "duong-day-nong/them").status_code == 403
    with directory.app_context(), pytest.raises(NotAllowed):
        service.check_today(actor, "so-chinh")


def test_authors_have_no_business_here(directory: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    assert browser.get(DESK).status_code == 403


def test_units_and_leaders_can_be_edited(directory: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.ADMINISTRATOR)
    unit = {"name": "CDC", "phone": "0225 5", "certainty": "found", "version": "1"}
    leader = {"name": "Lê Thị Thử", "position": "Quyền Giám đốc", "unit_code": "phong-mot",
              "certainty": "unverified", "version": "1"}  # fmt: skip
    for path, data in ((DESK + "don-vi/cdc", unit), (DESK + "lanh-dao/giam-doc", leader)):
        token = browser.token(path)
        assert browser.post(path, data=data | {"csrf_token": token}).status_code == 303
    with directory.app_context():
        assert db.session.scalars(select(Unit.phone).where(Unit.code == "cdc")).one() == "0225 5"
        assert db.session.scalars(select(Leader.position)).one() == "Quyền Giám đốc"
        assert events("unit") == ["unit.changed"]
        assert events("leader") == ["contact.changed"]


def test_services_refuse_what_forms_would(directory: Flask, staff: Staff) -> None:
    _, actor = staff(Role.PUBLISHER)
    with directory.app_context():
        line = hotline()
        with pytest.raises(Invalid) as refused:
            service.edit_hotline(
                actor, line.key, line.version,
                fields(line, phone="x", email="y", name="", purposes=["z"], unit_code="w"),
            )  # fmt: skip
        assert set(refused.value.problems) == {"phone", "email", "name", "purposes", "unit_code"}
        with pytest.raises(Conflict):
            service.edit_hotline(actor, line.key, 99, fields(line))
        with pytest.raises(NotFound):
            service.check_today(actor, "khong-co")
        assert events() == []


def test_names_that_slug_alike_get_keys_of_their_own(directory: Flask, staff: Staff) -> None:
    _, actor = staff(Role.PUBLISHER)
    with directory.app_context():
        values = fields(hotline(), name="Xã Cẩm Giang")
        keys = [service.create_hotline(actor, values).key]
        keys.append(service.create_hotline(actor, values | {"name": "Xã Cẩm Giàng"}).key)
        assert keys == ["xa-cam-giang", "xa-cam-giang-2"]


WEEK = {f"schedule-{day}": "" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
OFFICE = {
    "week": {day: ["07:30-11:30", "13:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": False,
}


def test_hours_are_typed_day_by_day(directory: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    path = DESK + "duong-day-nong/so-chinh"
    office = {f"schedule-{day}": "7h30-11h30, 13:00 đến 17:00" for day in OFFICE["week"]}
    data = typed(csrf_token=browser.token(path), version="1", hours="") | WEEK | office
    assert browser.post(path, data=data).status_code == 303
    with directory.app_context():
        assert hotline().schedule == OFFICE
        entry = db.session.scalars(select(AuditEntry)).all()[-1]
        assert entry.changes["schedule"][1].startswith("Thứ Hai đến thứ Sáu: 07:30 đến 11:30")
    html = browser.get(path).text
    assert 'name="schedule-mon" id="schedule-mon" value="07:30-11:30, 13:00-17:00"' in html
    assert "Thứ Hai đến thứ Sáu: 07:30 đến 11:30" in browser.get("/duong-day-nong/").text


@pytest.mark.parametrize(
    ("changes", "words", "kept"),
    [
        ({"schedule-tue": "sáng <b>"}, "Thứ Ba: Ghi giờ dạng", 'value="sáng &lt;b&gt;"'),
        ({"schedule-mon": "8-12, 11-15"}, "Thứ Hai: Hai khoảng giờ", 'value="8-12, 11-15"'),
        ({"schedule-sun": "8-8"}, "Chủ nhật: Giờ bắt đầu", 'value="8-8"'),
        (
            {"schedule-always": "1", "schedule-mon": "7:30-11:30"}, "Đã chọn trực mọi lúc",
            'value="7:30-11:30"',
        ),
        ({"schedule-holidays": "1"}, "Nhập giờ của ít nhất một ngày", "schedule-holidays"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_read_are_told_and_kept(
    directory: Flask, staff: Staff, changes: dict[str, str], words: str, kept: str
) -> None:
    browser, _ = staff(Role.PUBLISHER)
    path = DESK + "duong-day-nong/them"
    answer = browser.post(path, data=typed(csrf_token=browser.token(path)) | WEEK | changes)
    assert answer.status_code == 400
    assert words in answer.text
    assert kept in answer.text


def test_a_page_without_the_week_wipes_no_hours(directory: Flask, staff: Staff) -> None:
    browser, actor = staff(Role.PUBLISHER)
    with directory.app_context():
        line = hotline()
        service.edit_hotline(actor, line.key, line.version, fields(line, schedule=OFFICE))
    path = DESK + "duong-day-nong/so-chinh"
    token = browser.token(path)
    data = typed(csrf_token=token, version="2")
    assert browser.post(path, data=data).status_code == 303
    with directory.app_context():
        assert hotline().schedule == OFFICE
    clash = browser.post(path, data=data | WEEK | {"version": "2", "schedule-always": "1"})
    assert clash.status_code == 409
    assert "Lịch trực: Thứ Hai đến thứ Sáu" in clash.text


@pytest.mark.parametrize("schedule", [{"week": {"mon": ["x"]}}, ["x"], {"week": 5}, "always"])
def test_services_refuse_spoiled_schedules(directory: Flask, staff: Staff, schedule: Any) -> None:
    _, actor = staff(Role.PUBLISHER)
    with directory.app_context():
        line = hotline()
        with pytest.raises(Invalid) as refused:
            service.edit_hotline(actor, line.key, line.version, fields(line, schedule=schedule))
        assert set(refused.value.problems) == {"schedule"}
