"""The page that a code opens, and its forms: reloads, expiry, strangers, conflicts, a full disk."""

from __future__ import annotations

import html
import io
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.db import db, write
from portal.core.web.logs import JsonLines
from portal.feedback import answering, attachments, codes, handling
from portal.feedback.models import Feedback, FeedbackFile, FeedbackMessage, Said
from portal.feedback.states import State
from tests.feedback.conftest import TEXTS, Citizen, picture
from tests.feedback.test_handling import load, version
from tests.support.staff import make_user

PAGE = "/phan-anh/theo-doi"
MORE = "Thêm: quầy số 3,\nlúc chín giờ."


class Follower:
    """A citizen with the page of their feedback open."""

    def __init__(self, app: Flask, citizen: Citizen) -> None:
        self.app, self.client = app, citizen.client
        self.code = citizen.send()
        with app.app_context():
            self.number = db.session.scalars(select(func.max(Feedback.id))).one()
        self.page = citizen.track(self.code).get_data(as_text=True)

    def show(self) -> str:
        return self.client.get(PAGE).get_data(as_text=True)

    def act(self, slug: str, **fields: Any) -> TestResponse:
        """Open the form of an act as it is offered, fill it in and send it."""
        return self.post(slug, self.hidden(slug) | fields)

    def hidden(self, slug: str) -> dict[str, Any]:
        page = self.client.get(f"{PAGE}/{slug}").get_data(as_text=True)
        form = re.search(rf'<form[^>]*action="{PAGE}/{slug}".*?</form>', page, re.DOTALL)
        assert form, page
        tags = [
            dict(re.findall(r'(\w+)="([^"]*)"', t)) for t in re.findall("<input[^>]*>", form[0])
        ]
        return {
            t["name"]: html.unescape(t.get("value", "")) for t in tags if t.get("type") == "hidden"
        }

    def post(self, slug: str, fields: dict[str, Any]) -> TestResponse:
        return self.client.post(f"{PAGE}/{slug}", data=fields, content_type="multipart/form-data")

    def put(self, state: State, **values: object) -> None:
        with self.app.app_context(), write() as session:
            session.execute(
                update(Feedback)
                .where(Feedback.id == self.number)
                .values(state=state.value, **values)
            )

    def said(self) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(FeedbackMessage.body)))


@pytest.fixture
def follower(app: Flask, citizen: Citizen) -> Follower:
    return Follower(app, citizen)


@pytest.fixture
def officer(app: Flask) -> Actor:
    return make_user(app, Role.FEEDBACK_OFFICER)


def answer(app: Flask, officer: Actor, number: int, text: str = "Đã bố trí thêm quầy.") -> None:
    with app.app_context():
        handling.assign(officer, number, version(number), assignee_id=officer.user_id)
        answering.answer(officer, number, version(number), text)


def test_a_code_opens_a_page_that_a_reload_does_not_repeat(follower: Follower) -> None:
    assert TEXTS["subject"] in follower.show()
    assert "Cơ quan đã nhận ngày" in follower.page
    assert "Tính thế nào?" in follower.page
    cookie = next(c for c in follower.client._cookies.values() if "theo-doi" in c.key)  # type: ignore[union-attr]
    assert cookie.http_only
    assert (cookie.same_site, cookie.path) == ("Strict", "/phan-anh")
    assert follower.code.replace("-", "") not in cookie.value


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/bo-sung", f"{PAGE}/rut"])
def test_these_pages_are_stored_nowhere(follower: Follower, path: str) -> None:
    response = follower.client.get(path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    page = response.get_data(as_text=True)
    assert '<meta name="robots" content="noindex">' in page
    assert follower.code not in page
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title
    assert TEXTS["subject"] not in title[1]


def test_without_a_code_nothing_opens(app: Flask, citizen: Citizen) -> None:
    for path in (PAGE, f"{PAGE}/bo-sung"):
        page = citizen.client.get(path).get_data(as_text=True)
        assert "Bạn nhập mã tra cứu để mở lại" in page
    assert citizen.client.get(f"{PAGE}/khong-co").status_code == 404


@pytest.mark.parametrize("forged", ["", "a", "1.2.3", "WzEsIngiLDFd.aaaa", "💥"])
def test_a_forged_cookie_opens_nothing(citizen: Citizen, forged: str) -> None:
    citizen.send()
    citizen.client.set_cookie("theo-doi", forged, path="/phan-anh")
    assert "Bạn nhập mã tra cứu để mở lại" in citizen.client.get(PAGE).get_data(as_text=True)


def test_the_cookie_of_one_opens_no_other_and_ends_with_an_erasure(follower: Follower) -> None:
    follower.put(State.RECEIVED, erased_at=clock.now())
    assert TEXTS["subject"] not in follower.show()
    follower.put(State.RECEIVED, erased_at=None, code_hmac="0" * 64)
    assert TEXTS["subject"] not in follower.show()


def test_half_an_hour_after_the_last_page_it_is_closed(
    follower: Follower, travel: Callable[..., None]
) -> None:
    travel(minutes=29)
    assert TEXTS["subject"] in follower.show()
    travel(minutes=29)
    assert TEXTS["subject"] in follower.show()
    travel(minutes=31)
    assert TEXTS["subject"] not in follower.show()


def test_closing_forgets_page_and_receipt(follower: Follower) -> None:
    token = follower.client.token(PAGE)  # type: ignore[attr-defined]
    assert follower.client.post(f"{PAGE}/dong", data={"csrf_token": token}).status_code == 303
    assert TEXTS["subject"] not in follower.show()
    assert follower.client.get("/phan-anh/bien-nhan").status_code == 404


def test_adding_text_and_a_file_once_however_often_it_is_sent(follower: Follower) -> None:
    fields = follower.hidden("bo-sung") | {"text": MORE}
    for _ in range(2):
        response = follower.post("bo-sung", fields | {"tep": (io.BytesIO(picture()), "quầy.jpg")})
        assert response.status_code == 303
        assert response.location == f"{PAGE}?da=bo-sung"
    page = follower.client.get(response.location).get_data(as_text=True)
    assert "Đã gửi thông tin bổ sung." in page
    assert "quầy.jpg" in page
    assert "lúc chín giờ." in page
    assert follower.said() == [MORE]


def test_a_waiting_page_says_what_for_and_how_long_and_takes_the_answer(
    follower: Follower, app: Flask
) -> None:
    follower.put(State.WAITING, paused_on=clock.today(), days_left=4)
    with app.app_context(), write() as session:
        session.add(FeedbackMessage(
            feedback_id=follower.number, at=clock.now(), said=Said.REQUEST.value,
            body="Bạn cho biết số quầy.",
        ))  # fmt: skip
    page = follower.show()
    assert "Bạn cho biết số quầy." in page
    assert "còn 4 ngày làm việc" in page
    assert follower.act("bo-sung", text="Quầy số 3.").status_code == 303
    with app.app_context():
        assert load(follower.number).state == "assigned"


def test_expiry_while_writing_loses_nothing_and_asks_for_the_code_first(
    follower: Follower, travel: Callable[..., None]
) -> None:
    fields = follower.hidden("bo-sung") | {"text": MORE}
    travel(minutes=31)
    response = follower.post("bo-sung", fields | {"tep": (io.BytesIO(picture()), "quầy.jpg")})
    page = response.get_data(as_text=True)
    assert response.status_code == 403
    assert "lúc chín giờ." in page
    assert "quầy.jpg" in page
    assert follower.said() == []
    file = re.search(r'name="tep_da_nhan" value="([^"]+)"', page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert file
    assert token
    again = fields | {"tep_da_nhan": file[1], "csrf_token": token[1]}
    wrong = codes.show(codes.derive("other key", "other seed"))
    refused = follower.post("bo-sung", again | {"code": wrong})
    assert refused.status_code == 404
    assert "lúc chín giờ." in refused.get_data(as_text=True)
    assert follower.said() == []
    assert follower.post("bo-sung", again | {"code": follower.code}).status_code == 303
    assert follower.said() == [MORE]
    assert "quầy.jpg" in follower.show()


def test_an_officers_change_meanwhile_is_told_and_the_words_stay(
    app: Flask, follower: Follower, officer: Actor
) -> None:
    fields = follower.hidden("bo-sung") | {"text": MORE}
    answer(app, officer, follower.number)
    response = follower.post("bo-sung", fields)
    assert response.status_code == 409
    page = response.get_data(as_text=True)
    assert "Đã trả lời" in page
    assert "lúc chín giờ." in page
    assert follower.said() == ["Đã bố trí thêm quầy."]


def test_rating_then_reopening_with_a_new_term_and_the_old_answer_kept(
    app: Flask, follower: Follower, officer: Actor
) -> None:
    answer(app, officer, follower.number)
    assert "Đã bố trí thêm quầy." in follower.show()
    assert follower.act("danh-gia", rating="").status_code == 400
    assert follower.act("danh-gia", rating="9").status_code == 400
    assert follower.act("danh-gia", rating="1", text="Vẫn chờ lâu.").status_code == 303
    page = follower.show()
    assert "Chưa hài lòng" in page
    assert "Đề nghị xem lại" in page
    assert follower.act("xem-lai", text="").status_code == 400
    assert follower.act("xem-lai", text="Sáng nay vẫn một quầy.").status_code == 303
    page = follower.client.get(f"{PAGE}?da=xem-lai").get_data(as_text=True)
    assert "đang xử lý lại theo đề nghị của bạn" in page
    assert "Câu trả lời trước của cơ quan" in page
    assert "Đã bố trí thêm quầy." in page
    answer(app, officer, follower.number, "Đã mở quầy số 4.")
    page = follower.show()
    assert "Đã mở quầy số 4." in page
    assert "Gửi đánh giá" in page
    assert f'href="{PAGE}/xem-lai"' not in page


def test_destructive_acts_have_a_page_of_their_own_and_say_what_they_mean(
    app: Flask, follower: Follower
) -> None:
    page = follower.client.get(f"{PAGE}/xoa-du-lieu").get_data(as_text=True)
    assert "72 giờ" in page
    assert "Số liệu trong sổ" in page
    assert "Xóa cũng là rút" in page
    with app.app_context():
        assert load(follower.number).state == "received"
    assert follower.act("rut", text="Nhầm nơi.").status_code == 303
    assert "Bạn đã rút nội dung này" in follower.show()
    assert follower.client.get(f"{PAGE}/rut").status_code == 303
    assert follower.act("xoa-du-lieu").status_code == 303
    assert "thực hiện trong 72 giờ" in follower.show()


def test_publication_is_allowed_and_refused_on_the_page(follower: Follower) -> None:
    assert follower.act("khong-cong-khai").status_code == 303
    assert "Bạn không đồng ý công khai" in follower.show()
    assert follower.act("cho-cong-khai").status_code == 303
    assert "Bạn không đồng ý công khai" not in follower.show()


def test_a_refused_file_and_a_stale_token_keep_the_words(follower: Follower) -> None:
    fields = follower.hidden("bo-sung") | {"text": MORE}
    bad = follower.post("bo-sung", fields | {"tep": (io.BytesIO(b"MZ"), "virus.exe")})
    stale = follower.post("bo-sung", fields | {"csrf_token": "x"})
    for response in (bad, stale):
        assert response.status_code == 400
        assert "lúc chín giờ." in response.get_data(as_text=True)
    assert follower.said() == []


@pytest.mark.parametrize("fault", ["disk", "database"])
def test_a_full_disk_and_a_silent_database_keep_the_words(
    app: Flask, follower: Follower, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def fail(*_: object) -> None:
        if fault == "disk":
            raise OSError(28, "No space left on device")
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    fields = follower.hidden("bo-sung") | {"text": MORE}
    with monkeypatch.context() as broken:
        broken.setattr(attachments, "keep", fail)
        response = follower.post("bo-sung", fields | {"tep": (io.BytesIO(picture()), "quầy.jpg")})
    page = response.get_data(as_text=True)
    assert response.status_code == 503
    assert "chưa lưu được" in page
    assert "lúc chín giờ." in page
    file = re.search(r'name="tep_da_nhan" value="([^"]+)"', page)
    assert file
    assert follower.post("bo-sung", fields | {"tep_da_nhan": file[1]}).status_code == 303
    with app.app_context():
        assert len(list(db.session.scalars(select(FeedbackFile)))) == 1


def test_too_much_is_slowed_down_and_kept(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.feedback.tracking.PER_FEEDBACK", "1/hour")
    assert follower.act("bo-sung", text="Một.").status_code == 303
    response = follower.act("bo-sung", text="Hai.")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Hai." in response.get_data(as_text=True)


@pytest.mark.parametrize("state", sorted(State))
def test_every_state_has_a_sentence_and_only_its_acts(
    app: Flask, follower: Follower, state: State
) -> None:
    values: dict[str, object] = {"closed_at": clock.now(), "closing_note": "Vì một lẽ."}
    values |= {"forwarded_to": "Sở Nội vụ", "refusal": "denunciation", "answer": "Đã trả lời."}
    values |= {"answered_at": clock.now(), "paused_on": clock.today(), "days_left": 2}
    follower.put(state, **values)
    page = follower.show()
    lead = re.search(r'<p class="lead">(.*?)</p>', page, re.DOTALL)
    assert lead
    assert len(lead[1].strip()) > 15
    for slug in re.findall(rf'(?:href|action)="{PAGE}/([\w-]+)"', page):
        if slug != "dong":
            assert follower.client.get(f"{PAGE}/{slug}").status_code == 200, slug


def test_nothing_of_it_is_logged(follower: Follower, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("portal").addHandler(caplog.handler)
    try:
        follower.act("bo-sung", text="Lời riêng của tôi")
        follower.show()
    finally:
        logging.getLogger("portal").removeHandler(caplog.handler)
    written = "\n".join(JsonLines().format(record) for record in caplog.records)
    assert written
    assert "Lời riêng" not in written
    assert follower.code not in written
