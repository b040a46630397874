"""What an officer types for a citizen: same clock and code, stored once, doubles pointed out."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db
from portal.core.errors import NotAllowed
from portal.core.settings import current_settings
from portal.feedback import deadlines, entering, reading, restricting
from portal.feedback.models import Channel, Feedback, FeedbackContact, Kind
from portal.feedback.submission import Draft, Entry
from tests.feedback.conftest import Citizen, picture
from tests.feedback.test_handling import version
from tests.support.staff import make_user, sign_in

FORM = "/ban-lam-viec/phan-anh/nhap"
PHONE = "0912 345 678"


@pytest.fixture
def officer(app: Flask, client: FlaskClient) -> Actor:
    actor = make_user(app, Role.FEEDBACK_OFFICER)
    sign_in(app, client, actor)
    return actor


def typed(client: FlaskClient, **change: str) -> dict[str, Any]:
    page = client.get(FORM).get_data(as_text=True)
    stamp = re.search(r'name="dau" value="([^"]+)"', page)
    assert stamp
    came = clock.today() - timedelta(days=3)
    return {
        "csrf_token": client.token(FORM), "dau": stamp[1], "channel": "phone",  # type: ignore[attr-defined]
        "came_on": came.isoformat(), "kind": "complaint", "subject": "Gọi không ai nghe máy",
        "body": "Gọi số của trung tâm ba lần không ai nghe.", "agreed": "noi", "phone": PHONE,
    } | change  # fmt: skip


def test_it_has_the_clock_of_the_day_it_came_and_a_code(
    app: Flask, client: FlaskClient, officer: Actor
) -> None:
    form = typed(client)
    assert client.post(FORM, data=form).location == f"{FORM}/bien-nhan"
    page = client.get(f"{FORM}/bien-nhan").get_data(as_text=True)
    code = re.search(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b", page)
    assert code
    with app.app_context():
        stored = db.session.scalars(select(Feedback)).one()
        came = clock.today() - timedelta(days=3)
        assert (stored.channel, stored.came_on) == ("phone", came)
        assert stored.entered_by == officer.user_id
        assert stored.due_on == deadlines.due_on(Kind.COMPLAINT, came, current_settings())
        assert stored.held_for_check is False
        contact = db.session.scalars(select(FeedbackContact)).one()
        assert contact.consent_version.endswith("/noi")
        told = reading.open_contact(officer, stored.id)
        assert told
        assert told.phone == PHONE
        events = list(db.session.scalars(select(AuditEntry.event)))
        assert AuditEvent.FEEDBACK_ENTERED.value in events
        for entry in db.session.scalars(select(AuditEntry)):
            assert PHONE not in str(entry.changes)
            assert "nghe máy" not in str(entry.changes)
    assert "Gọi không ai nghe máy" in Citizen(client).track(code[1]).get_data(as_text=True)
    token = client.token(FORM)  # type: ignore[attr-defined]
    assert client.post(f"{FORM}/bien-nhan", data={"csrf_token": token}).status_code == 303
    assert client.get(f"{FORM}/bien-nhan").status_code == 404


def test_the_same_press_twice_is_one_item(app: Flask, client: FlaskClient, officer: Actor) -> None:
    form = typed(client)
    first = client.post(FORM, data=form)
    again = client.post(FORM, data=form)
    assert first.status_code == again.status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(Feedback.id))) == 1


def test_what_is_here_already_is_shown_and_may_be_entered_all_the_same(
    app: Flask, client: FlaskClient, officer: Actor
) -> None:
    client.post(FORM, data=typed(client))
    form = typed(client, channel="zalo")
    page = client.post(FORM, data=form)
    assert page.status_code == 409
    assert "Có thể đã có nội dung này" in page.get_data(as_text=True)
    assert client.post(FORM, data=form | {"buoc": "van-nhap"}).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(Feedback.id))) == 2


def test_the_number_elsewhere_tells_a_double_but_not_what_one_may_not_see(
    app: Flask, client: FlaskClient, officer: Actor
) -> None:
    make_user(app, Role.INSPECTOR)
    first = typed(client, channel="national", external_code="PAKN.1")
    client.post(FORM, data=first)
    second = {"subject": "Việc khác", "body": "Chữ khác hẳn lần trước."}
    form = typed(client, channel="national", external_code="PAKN.1") | second
    assert client.post(FORM, data=form).status_code == 409
    with app.app_context():
        number = db.session.scalar(select(Feedback.id))
        assert number
        restricting.restrict(officer, number, version(number), reason="Tố cáo.")
    assert client.post(FORM, data=form).status_code == 303


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"came_on": "2999-01-01"}, "Ngày nhận không thể sau hôm nay"),
        ({"came_on": "2001-01-01"}, "hơn một năm"),
        ({"came_on": "hôm qua"}, "Chọn một ngày có thật"),
        ({"channel": "web"}, "Chọn đường mà nội dung"),
        ({"channel": "national"}, "Nhập mã phản ánh trên Cổng"),
        ({"agreed": ""}, "chưa đồng ý thì không giữ liên hệ"),
        ({"phone": ""}, "chưa nhập liên hệ nào"),
        ({"phone": "12"}, "Nhập số điện thoại đủ chữ số"),
        ({"procedure_code": "9.999999"}, "Không có thủ tục nào"),
        ({"unit_code": "la"}, "Chọn đơn vị trong danh sách"),
        ({"body": ""}, "Nhập nội dung"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    app: Flask, client: FlaskClient, officer: Actor, change: dict[str, str], said: str
) -> None:
    form = typed(client) | change
    response = client.post(FORM, data=form)
    page = response.get_data(as_text=True)
    assert response.status_code == 400
    assert said in page
    assert form["subject"] in page
    with app.app_context():
        assert db.session.scalar(select(func.count(Feedback.id))) == 0


def test_files_wait_with_the_form(app: Flask, client: FlaskClient, officer: Actor) -> None:
    form = typed(client) | {"body": ""}
    sent = form | {"tep": (io.BytesIO(picture()), "thu.jpg")}
    page = client.post(FORM, data=sent, content_type="multipart/form-data").get_data(as_text=True)
    waiting = re.search(r'name="tep_da_nhan" value="([^"]+)"', page)
    assert waiting
    form |= {"body": "Thư tay gửi kèm ảnh chụp.", "tep_da_nhan": waiting[1]}
    assert client.post(FORM, data=form).status_code == 303
    with app.app_context():
        number = db.session.scalar(select(Feedback.id))
        assert number
        assert len(reading.open_item(officer, number).files) == 1


def test_only_who_handles_feedback_enters(app: Flask) -> None:
    draft = Draft(kind=Kind.QUESTION, subject="Hỏi", body="Thứ Bảy có làm không?")
    for role in (Role.AUDITOR, Role.INSPECTOR, Role.PUBLISHER):
        actor = make_user(app, role)
        with app.app_context(), pytest.raises(NotAllowed):
            entry = Entry(actor.user_id, Channel.PHONE, clock.today())
            entering.enter(actor, draft, entry, form="1")
