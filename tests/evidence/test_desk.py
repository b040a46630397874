"""Files, events and outside documents as evidence, through the desk."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.evidence import service
from portal.evidence.models import EvidenceKind, EvidenceRecord
from portal.media import service as media
from portal.media.service import Description, Upload
from portal.plan import evidence
from portal.plan.models import PlanTask
from tests.media.samples import pdf
from tests.support.queries import count_queries

HOME = "/ban-lam-viec/ke-hoach/minh-chung/"
Staff = Callable[..., tuple[FlaskClient, Actor]]


def typed(**changes: object) -> dict[str, object]:
    return {
        "title": "Tập huấn cán bộ một cửa", "day": clock.today().isoformat(), "unit_code": "cdc",
        "place": "Hội trường", "participants": "120", "number": "", "url": "", "note": "",
        "task_ids": [], "topic_slugs": ["huong-dan"], "media_id": "", "version": "1",
    } | changes  # fmt: skip


def values(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Hội nghị", "day": clock.today(), "unit_code": "cdc", "task_ids": [],
        "topic_slugs": ["huong-dan"],
    } | changes  # fmt: skip


def add(browser: FlaskClient, kind: str = "su-kien", **changes: object) -> int:
    data = typed(csrf_token=browser.token(HOME + "them/" + kind), **changes)
    answer = browser.post(f"{HOME}them/{kind}", data=data)
    assert answer.status_code == 303, answer.text
    with browser.application.app_context():
        return db.session.scalars(select(EvidenceRecord.id)).all()[-1]


def counted(app: Flask, task_id: int) -> int:
    with app.app_context():
        return evidence.gather(db.session(), [task_id])[task_id].count


def test_an_event_counts_for_its_task_until_it_is_taken_back(
    app: Flask, plan: dict[int, int], topics: list[str], staff: Staff
) -> None:
    browser, actor = staff(Role.AUTHOR, "cdc")
    number = add(browser, task_ids=[plan[1]])
    assert counted(app, plan[1]) == 1
    assert "120 người" in browser.get(f"{HOME}?nhiem_vu={plan[1]}").text
    assert "Tập huấn" in browser.get(f"{HOME}?chu_de=huong-dan").text
    assert "Tập huấn" not in browser.get(f"{HOME}?chu_de=mo-hinh-hay").text
    token = browser.token(HOME)
    for verb, count in (("go", 0), ("go", 0), ("khoi-phuc", 1)):
        answer = browser.post(f"{HOME}{number}/{verb}", data={"csrf_token": token})
        assert answer.status_code == 303
        assert counted(app, plan[1]) == count
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry)).all()
        assert [entry.event for entry in entries] == [
            "evidence.added", "evidence.removed", "evidence.restored",
        ]  # fmt: skip
        assert entries[0].changes["participants"] == [None, 120]
        assert entries[0].actor_id == actor.user_id


def test_it_counts_in_the_month_in_which_it_was(
    app: Flask, plan: dict[int, int], topics: list[str], staff: Staff
) -> None:
    _, actor = staff(Role.PUBLISHER)
    today = clock.today()
    with app.app_context():
        service.add(actor, EvidenceKind.EVENT, values(task_ids=[plan[1]]))
        months = evidence.monthly(db.session(), [plan[1]], today.year)
        task = db.session.get_one(PlanTask, plan[1])
        assert months.of(task)[today.month - 1] == 1
        assert sum(months.all_of(plan[1])) == 1
        task.counted = "document"
        assert sum(months.of(task)) == 0, "only documents count for this one"
        assert sum(evidence.monthly(db.session(), [plan[1]], today.year - 1).of(task)) == 0
        db.session.rollback()


def test_changing_tells_old_and_new_and_a_late_save_is_told(
    app: Flask, plan: dict[int, int], topics: list[str], staff: Staff
) -> None:
    browser, _ = staff(Role.UNIT_EDITOR, "cdc")
    number = add(browser)
    path = f"{HOME}{number}"
    token = browser.token(path)
    changed = typed(csrf_token=token, topic_slugs=["mo-hinh-hay"])
    assert browser.post(path, data=changed).status_code == 303
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).all()[-1]
        assert entry.changes == {"topic_slugs": [["huong-dan"], ["mo-hinh-hay"]]} or (
            entry.changes["topic_slugs"] == ["['huong-dan']", "['mo-hinh-hay']"]
        )
    late = browser.post(path, data=typed(csrf_token=token, title="Bản gõ muộn"))
    assert late.status_code == 409
    assert "Bản gõ muộn" in late.text


@pytest.mark.parametrize(
    ("kind", "wrong", "words"),
    [
        ("su-kien", {"title": ""}, "Nhập tên minh chứng"),
        ("su-kien", {"day": ""}, "Nhập ngày"),
        ("su-kien", {"day": "2999-01-01"}, "việc đã làm"),
        ("su-kien", {"day": "1999-01-01"}, "trong 5 năm"),
        ("su-kien", {"participants": "-1"}, "từ 0 trở lên"),
        ("su-kien", {"topic_slugs": []}, "ít nhất một nhiệm vụ"),
        ("su-kien", {"topic_slugs": ["khong-co"]}, "ít nhất một nhiệm vụ"),
        ("su-kien", {"unit_code": "van-phong"}, "Chọn"),
        ("su-kien", {"url": "javascript:alert(1)"}, "địa chỉ đầy đủ"),
        ("su-kien", {"url": "/noi-bo"}, "địa chỉ đầy đủ"),
        ("van-ban", {}, "Nhập số, ký hiệu"),
        ("tep", {"media_id": "77"}, "Chọn một tệp"),
    ],
)
def test_wrong_input_is_told_and_kept(
    topics: list[str], plan: dict[int, int], staff: Staff, *, kind: str, words: str,
    wrong: dict[str, object],
) -> None:  # fmt: skip
    browser, _ = staff(Role.AUTHOR, "cdc")
    data = typed(csrf_token=browser.token(f"{HOME}them/{kind}"), note="Lời ghi dài") | wrong
    answer = browser.post(f"{HOME}them/{kind}", data=data)
    assert answer.status_code == 400
    assert words in answer.text
    assert "Lời ghi dài" in answer.text


def test_others_may_not_touch_it(
    app: Flask, topics: list[str], plan: dict[int, int], staff: Staff
) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    number = add(browser)
    for role, unit in ((Role.AUTHOR, "cdc"), (Role.UNIT_EDITOR, "van-phong"), (Role.AUDITOR, None)):
        other, actor = staff(role, unit)
        assert other.get(f"{HOME}{number}").status_code == 403
        answer = other.post(f"{HOME}{number}/go", data={"csrf_token": other.token(HOME)})
        assert answer.status_code == 403
        with app.app_context(), pytest.raises(NotAllowed):
            service.edit(actor, number, 1, values())
    editor, actor = staff(Role.UNIT_EDITOR, "cdc")
    assert editor.get(f"{HOME}{number}").status_code == 200
    with app.app_context():
        with pytest.raises(Invalid):
            service.edit(actor, number, 1, values(unit_code="van-phong"))
        with pytest.raises(Conflict):
            service.edit(actor, number, 9, values())


def test_only_who_keeps_the_plan_shows_evidence_to_the_public(
    app: Flask, topics: list[str], plan: dict[int, int], staff: Staff, client: FlaskClient
) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    number = add(browser, task_ids=[plan[1]], is_public="y", url="https://vidu.vn/tap-huan")
    assert "Tập huấn" not in client.get("/ke-hoach/").text
    assert "1 bài đăng, minh chứng" in client.get("/ke-hoach/").text
    keeper, _ = staff(Role.PUBLISHER)
    data = typed(
        csrf_token=keeper.token(f"{HOME}{number}"), task_ids=[plan[1]], is_public="y",
        url="https://vidu.vn/tap-huan",
    )  # fmt: skip
    assert keeper.post(f"{HOME}{number}", data=data).status_code == 303
    assert 'href="https://vidu.vn/tap-huan"' in client.get("/ke-hoach/").text


def test_a_file_stays_closed_until_its_evidence_is_public(
    app: Flask, topics: list[str], plan: dict[int, int], staff: Staff, client: FlaskClient
) -> None:
    browser, actor = staff(Role.AUTHOR, "cdc")
    with app.app_context():
        sent = Upload(io.BytesIO(pdf()), "bien-ban.pdf")
        media_id = media.upload(actor, sent, Description(title="Biên bản"))
        address = db.session.get_one(media.MediaFile, media_id).url
    number = add(browser, "tep", media_id=media_id, task_ids=[plan[1]])
    assert client.get(address).status_code == 404
    _, keeper = staff(Role.PUBLISHER)
    with app.app_context():
        shown = values(task_ids=[plan[1]], media_id=media_id, is_public=True)
        service.edit(keeper, number, 1, shown)
    assert client.get(address).status_code == 200


def test_the_list_takes_few_statements(
    app: Flask, topics: list[str], plan: dict[int, int], staff: Staff
) -> None:
    browser, actor = staff(Role.PUBLISHER)
    with app.app_context():
        for number in range(30):
            day = clock.today() - timedelta(days=number)
            shown = values(title=f"Việc {number}", day=day, task_ids=[plan[1], plan[2]])
            service.add(actor, EvidenceKind.EVENT, shown)
    browser.get(HOME)
    with count_queries(app) as statements:
        assert "30 minh chứng" in browser.get(HOME).text
    assert len(statements) <= 12, len(statements)
