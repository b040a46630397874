"""The plan's public page and its desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.plan import evidence, queries, service
from portal.plan.evidence import Evidence, EvidenceLink
from portal.plan.models import PlanTask
from tests.support.queries import count_queries

DESK = "/ban-lam-viec/ke-hoach/"
Staff = Callable[..., tuple[FlaskClient, Actor]]


def row(html: str, number: int) -> str:
    found = re.search(rf'<tr id="nhiem-vu-{number}">.*?</tr>', html, re.DOTALL)
    assert found, f"no task {number}"
    return found[0]


def lend(app: Flask, task_id: int, count: int) -> None:
    link = EvidenceLink("Bài minh chứng", "/bai-viet/minh-chung", date(2026, 11, 1))

    def source(_session: Session, _ids: Collection[int]) -> Mapping[int, Evidence]:
        return {task_id: Evidence(count, (link,))}

    evidence.lend(app, source)


def test_each_task_says_where_it_stands(
    app: Flask, plan: dict[int, int], client: FlaskClient
) -> None:
    lend(app, plan[1], 12)
    html = client.get("/ke-hoach/").text
    states = {1: "đang làm", 2: "chưa có kết quả", 3: "quá hạn", 4: "chưa đến kỳ", 5: "đã xong"}
    for number, words in states.items():
        assert words in row(html, number)
    assert "12 bài đăng, minh chứng" in row(html, 1)
    assert 'href="/bai-viet/minh-chung"' in row(html, 1)
    assert "Đủ 100%" in row(html, 5)
    assert "Việc đã bỏ" not in html
    assert "Việc khác" not in html


def test_evidence_of_several_rooms_is_added_up(app: Flask, plan: dict[int, int]) -> None:
    for count in (2, 3):
        lend(app, plan[1], count)
    with app.app_context():
        found = evidence.gather(db.session(), [plan[1], plan[2]])
    assert [found[plan[1]].count, found[plan[2]].count] == [5, 0]


def test_leads_are_units_or_other_agencies(plan: dict[int, int], client: FlaskClient) -> None:
    html = client.get("/ke-hoach/").text
    assert '<a href="/don-vi/cdc">Trung tâm Kiểm soát bệnh tật</a>' in row(html, 1)
    assert "Văn phòng UBND thành phố" in row(html, 2)


def test_reports_show_the_next_deadline(
    plan: dict[int, int], client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 22))
    html = client.get("/ke-hoach/").text
    assert '<time datetime="2026-12-09">09/12/2026</time>' in html


def test_other_plans_have_their_address(plan: dict[int, int], client: FlaskClient) -> None:
    assert "/ke-hoach/khac" in client.get("/ke-hoach/").text
    assert "Việc khác" in client.get("/ke-hoach/khac").text
    assert client.get("/ke-hoach/khong-co").status_code == 404


def test_no_plan_is_a_page_too(client: FlaskClient) -> None:
    assert client.get("/ke-hoach/").status_code == 200


def test_it_takes_few_statements(app: Flask, plan: dict[int, int], client: FlaskClient) -> None:
    client.get("/ke-hoach/")
    with count_queries(app) as statements:
        client.get("/ke-hoach/")
    assert len(statements) <= 5, statements


def typed(**changes: str) -> dict[str, object]:
    return {
        "title": "Việc chưa có bài", "lead": "cdc", "partners": "Phòng Một\n\nPhòng Hai\n",
        "period": "Quý IV", "starts_on": "", "due_on": "2026-12-31", "product": "Bài viết",
        "target": "12", "unit_of_target": "bài", "target_period": "quarter",
        "counted": "article", "topics": [], "note": "", "done_on": "", "result": "",
        "version": "1",
    } | changes  # fmt: skip


def test_a_task_can_be_refined_and_is_logged(
    app: Flask, plan: dict[int, int], staff: Staff
) -> None:
    browser, actor = staff(Role.PUBLISHER)
    path = f"{DESK}nhiem-vu/{plan[2]}"
    data = typed(csrf_token=browser.token(path))
    assert browser.post(path, data=data).status_code == 303
    with app.app_context():
        task = db.session.get_one(PlanTask, plan[2])
        assert (task.partners, task.target) == (["Phòng Một", "Phòng Hai"], 12)
        assert task.edited_at is not None
        entry = db.session.scalars(select(AuditEntry)).all()[-1]
        assert (entry.event, entry.object_id) == ("plan.task_changed", "2026/2")
        assert entry.actor_id == actor.user_id
        assert entry.changes["target"] == [None, 12]
    data = typed(csrf_token=browser.token(path), version="2")
    assert browser.post(path, data=data).status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(AuditEntry)).all()) == 1, "nothing changed"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Nhập nội dung nhiệm vụ"),
        ({"lead": "khong-co"}, "Chọn một mục trong danh sách"),
        ({"target": "nhiều"}, "Nhập bằng chữ số"),
        ({"target": "-3"}, "Chỉ tiêu là số"),
        ({"starts_on": "2027-01-01"}, "Hạn đang sớm hơn"),
        ({"done_on": "2999-01-01", "result": "x"}, "Ngày hoàn thành chưa tới"),
        ({"done_on": "2026-11-01"}, "Ghi kết quả"),
        ({"due_on": "31/12"}, "ngày có thật"),
    ],
)
def test_wrong_input_is_told_and_kept(
    app: Flask, plan: dict[int, int], staff: Staff, *, wrong: dict[str, str], words: str
) -> None:
    browser, _ = staff(Role.PUBLISHER)
    path = f"{DESK}nhiem-vu/{plan[2]}"
    data = typed(csrf_token=browser.token(path), note="Lời ghi dài") | wrong
    answer = browser.post(path, data=data)
    assert answer.status_code == 400
    assert words in answer.text
    assert "Lời ghi dài" in answer.text


def test_a_late_save_shows_what_is_stored(plan: dict[int, int], staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    path = f"{DESK}nhiem-vu/{plan[2]}"
    token = browser.token(path)
    assert browser.post(path, data=typed(csrf_token=token, period="Quý III")).status_code == 303
    answer = browser.post(path, data=typed(csrf_token=token, period="Quý I"))
    assert answer.status_code == 409
    assert "Thời gian: Quý III" in answer.text
    assert 'value="Quý I"' in answer.text


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.AUDITOR])
def test_most_staff_only_look(
    app: Flask, plan: dict[int, int], staff: Staff, *, role: Role
) -> None:
    browser, actor = staff(role, "cdc")
    page = browser.get(DESK)
    assert "Việc có bài" in page.text
    assert "Sửa, ghi kết quả" not in page.text
    assert browser.get(f"{DESK}nhiem-vu/{plan[1]}").status_code == 403
    with app.app_context(), pytest.raises(NotAllowed):
        service.edit_task(actor, plan[1], 1, {"title": "x"})


def test_services_refuse_too(app: Flask, plan: dict[int, int], staff: Staff) -> None:
    _, actor = staff(Role.PUBLISHER)
    with app.app_context():
        with pytest.raises(Conflict):
            service.edit_task(actor, plan[1], 7, {"title": "x"})
        with pytest.raises(Invalid):
            service.edit_task(actor, plan[1], 1, {"title": ""})


def test_other_rooms_find_tasks_by_name(app: Flask, plan: dict[int, int]) -> None:
    with app.app_context():
        session = db.session()
        assert queries.find_tasks(session, ["2026/3", "2026/77"]).keys() == {"2026/3"}
        choices = dict(queries.task_choices(session))
        assert choices[plan[1]] == "2026/1. Việc có bài"
        assert plan[9] not in choices


def test_the_desk_of_an_unknown_plan_is_not_found(plan: dict[int, int], staff: Staff) -> None:
    browser, _ = staff(Role.PUBLISHER)
    assert browser.get(DESK + "?ke_hoach=khong-co").status_code == 404
    assert "Việc khác" in browser.get(DESK + "?ke_hoach=khac").text


@pytest.mark.parametrize("number", ["0", "77", "99999999999999999999", "-1", "x"])
def test_absurd_numbers_are_not_found(plan: dict[int, int], staff: Staff, number: str) -> None:
    browser, _ = staff(Role.PUBLISHER)
    assert browser.get(f"{DESK}nhiem-vu/{number}").status_code == 404


def test_a_unit_editor_says_how_far_the_own_task_is_and_nothing_else(
    app: Flask, plan: dict[int, int], staff: Staff
) -> None:
    browser, _ = staff(Role.UNIT_EDITOR, "cdc")
    path = f"{DESK}nhiem-vu/{plan[1]}"
    page = browser.get(path)
    assert 'name="result"' in page.text
    assert 'name="target"' not in page.text
    data = typed(csrf_token=browser.token(path), title="Đổi trộm", target="1", result="Xong nửa")
    assert browser.post(path, data=data).status_code == 303
    with app.app_context():
        task = db.session.get_one(PlanTask, plan[1])
        assert (task.title, task.target, task.result) == ("Việc có bài", None, "Xong nửa")
    other = f"{DESK}nhiem-vu/{plan[2]}"
    assert browser.get(other).status_code == 403
    assert browser.post(other, data=data).status_code == 403


def test_tasks_are_added_taken_out_and_put_back_and_each_is_logged(
    app: Flask, plan: dict[int, int], staff: Staff, client: FlaskClient
) -> None:
    browser, _ = staff(Role.PUBLISHER)
    path = f"{DESK}nhiem-vu/them"
    data = typed(csrf_token=browser.token(path), title="Việc thêm mới")
    assert browser.post(path, data=data).status_code == 303
    assert "Việc thêm mới" in row(client.get("/ke-hoach/").text, 10)
    with app.app_context():
        task_id = db.session.scalar(select(PlanTask.id).where(PlanTask.number == 10))
    token = browser.token(DESK)
    for verb, shown in (("bo", False), ("bo", False), ("khoi-phuc", True)):
        answer = browser.post(f"{DESK}nhiem-vu/{task_id}/{verb}", data={"csrf_token": token})
        assert answer.status_code == 303
        assert ("Việc thêm mới" in client.get("/ke-hoach/").text) is shown
    with app.app_context():
        events = [entry.event for entry in db.session.scalars(select(AuditEntry))]
    assert events == ["plan.task_added", "plan.task_removed", "plan.task_restored"]
