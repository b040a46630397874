"""Suggestions from the text: with their reasons, never of what one may not read, never acted on."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from portal.accounts.permissions import Actor, Role
from portal.core.db import db, write
from portal.directory.queries import unit_names
from portal.feedback import answering, handling, publishing, restricting, suggesting
from portal.feedback.models import Feedback
from portal.feedback.publishing import PublicCopy
from portal.feedback.suggesting import Suggestions
from portal.search import service as search
from portal.search.engine import SearchQuery
from tests.feedback.test_handling import load, receive, version
from tests.support.queries import count_queries
from tests.support.staff import make_user, sign_in

TEXT = "Sáng thứ hai tôi chờ hai tiếng ở quầy số ba mà không ai gọi tên, hỏi thì không trả lời."


@pytest.fixture
def officer(app: Flask) -> Actor:
    return make_user(app, Role.FEEDBACK_OFFICER)


def of(actor: Actor, number: int) -> Suggestions:
    return suggesting.suggest(db.session(), actor, load(number), unit_names())


def test_a_unit_is_suggested_with_its_reasons(app: Flask, officer: Actor, units: list[str]) -> None:
    with app.app_context():
        number = receive(subject="Hỏi về mã 1.012290", body="Văn phòng Sở bảo chờ.")
        found = {unit.code: " ".join(unit.reasons) for unit in of(officer, number).units}
        assert "Cấp lại giấy phép hành nghề" in found["cdc"]
        assert "nhắc tên" in found["van-phong"]
        assert of(officer, number).procedures == [("1.012290", "Cấp lại giấy phép hành nghề")]
        about = receive(subject="Chuyện khác", unit_code="van-phong")
        assert "người gửi chọn" in of(officer, about).units[0].reasons[0]
        assert load(about).unit_code is None  # nothing was done


def test_where_such_items_went_counts_without_their_texts(
    app: Flask, officer: Actor, units: list[str]
) -> None:
    with app.app_context():
        for _ in range(2):
            one = receive(procedure_code="1.012290")
            handling.assign(officer, one, version(one), unit_code="van-phong")
        fresh = receive(procedure_code="1.012290", subject="Việc mới")
        found = {unit.code: unit.reasons for unit in of(officer, fresh).units}
        assert any("2 nội dung" in why for why in found["van-phong"])
        assert not of(officer, fresh).procedures  # it is written on it already


def test_doubles_are_those_one_may_read(app: Flask, officer: Actor, units: list[str]) -> None:
    make_user(app, Role.INSPECTOR)
    of_unit = make_user(app, Role.FEEDBACK_OFFICER, "cdc")
    with app.app_context():
        first = receive(subject="Chờ lâu", body=TEXT)
        near = receive(subject="Chờ quá lâu", body=f"{TEXT} Mong cơ quan xem lại.")
        other = receive(subject="Giờ làm việc", body="Thứ Bảy có làm việc buổi sáng không ạ?")
        same = receive(subject="CHỜ LÂU!", body=TEXT.lower())
        shares = {
            one.id: one.share for one in suggesting.doubles(db.session(), officer, load(same))
        }
        assert shares[first] == 100
        assert 40 <= shares[near] < 100
        assert other not in shares
        handling.assign(officer, first, version(first), unit_code="van-phong")
        seen = {one.id for one in suggesting.doubles(db.session(), of_unit, load(same))}
        assert seen == {near}
        restricting.restrict(officer, near, version(near), reason="Tố cáo.")
        seen = {one.id for one in suggesting.doubles(db.session(), officer, load(same))}
        assert near not in seen
        search.drain()
        assert not search.search(SearchQuery("quầy số ba không ai gọi tên")).hits


def test_an_answer_that_is_public_is_offered(app: Flask, officer: Actor) -> None:
    second = make_user(app, Role.FEEDBACK_OFFICER)
    with app.app_context():
        known = receive(subject="Giờ làm việc thứ bảy")
        answering.answer(officer, known, version(known), "Có, buổi sáng.")
        copy = PublicCopy("Giờ làm việc thứ bảy", "Thứ bảy có làm không?", "Có, buổi sáng.")
        publishing.prepare(officer, known, version(known), copy)
        publishing.publish(second, known, version(known))
        search.drain()
        fresh = receive(subject="Giờ làm việc thứ bảy")
        assert [one.title for one in of(officer, fresh).answers] == ["Giờ làm việc thứ bảy"]


def test_the_page_offers_and_the_officer_decides(
    app: Flask, client: FlaskClient, officer: Actor, units: list[str]
) -> None:
    with app.app_context():
        first = receive(subject="Chờ lâu", body=TEXT)
        number = receive(subject="Chờ lâu quá", body=f"{TEXT} Văn phòng Sở.")
        with write() as session:
            session.execute(update(Feedback).where(Feedback.id == first).values(
                register_year=2026, register_number=31))  # fmt: skip
    sign_in(app, client, officer)
    item = f"/ban-lam-viec/phan-anh/{number}"
    client.get(item)
    with count_queries(app) as statements:
        page = client.get(item).get_data(as_text=True)
    assert len(statements) <= 18
    assert "Giao Văn phòng Sở" in page
    assert "31/2026" in page
    form = {
        "csrf_token": client.token(item), "version": "1",  # type: ignore[attr-defined]
        "refuse_reason": "duplicate", "refuse_note": "Trùng với nội dung số 31/2026.",
    }  # fmt: skip
    assert client.post(f"{item}/tu-choi", data=form).status_code == 303
    with app.app_context():
        assert load(number).refusal == "duplicate"
