"""A citizen sends a feedback: once, whole, and without losing a word on the way."""

from __future__ import annotations

import errno
import io
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal.core.db import db
from portal.core.errors import TooMany
from portal.core.locks import file_lock
from portal.feedback import codes, contacts, submission
from portal.feedback.entrance import entrance
from portal.feedback.models import Feedback, FeedbackContact, FeedbackFile, Kind
from portal.feedback.submission import Draft
from tests.feedback.conftest import CONTACT, FORM, TEXTS, Citizen, picture


def rows(app: Flask) -> list[Feedback]:
    with app.app_context():
        return list(db.session.scalars(select(Feedback).order_by(Feedback.id)))


def keeps_everything(page: str) -> None:
    assert "Chờ lâu ở bộ phận tiếp nhận" in page
    assert re.search(r"Sáng 20/11 tôi chờ hai tiếng\r?\nở quầy số 3 mà không ai gọi.", page)


def test_send_and_track(app: Flask, citizen: Citizen, units: list[str]) -> None:
    code = citizen.send(TEXTS | CONTACT | {"unit_code": "cdc", "procedure_code": "1.012290"})
    response = citizen.track(code.lower().replace("-", " "))
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    keeps_everything(page.replace("<br>", "\n"))
    assert "Trung tâm Kiểm soát bệnh tật" in page
    assert "Đã tiếp nhận" in page
    with app.app_context():
        kept = db.session.scalars(select(FeedbackContact)).one()
        feedback = db.session.scalars(select(Feedback)).one()
        contact = contacts.of(db.session(), feedback)
        assert contact is not None
        assert (contact.phone, kept.consent_version) == (CONTACT["phone"], "2026-11")
        assert feedback.code_hmac != code
        stored = {str(getattr(feedback, c.key)) for c in Feedback.__table__.columns}
        assert not any(code.replace("-", "") in value for value in stored)


def test_the_due_date_is_told_before_sending(citizen: Citizen) -> None:
    citizen.open()
    citizen.press("xem", TEXTS)
    assert re.search(r"Hạn trả lời nếu gửi hôm nay: <strong[^>]*>\d\d/\d\d/\d{4}", citizen.page)
    assert "Tính thế nào?" in citizen.page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": ""}, "Chọn việc bạn muốn làm."),
        ({"kind": "spam"}, "Chọn việc bạn muốn làm."),
        ({"subject": "x" * 151}, "Tiêu đề dài 151 ký tự"),
        ({"body": "Tệ"}, "Viết rõ hơn một chút"),
        ({"body": "a" * 5_001}, "Bạn rút bớt 1."),
        ({"phone": "12"}, "Nhập số điện thoại đủ chữ số"),
        ({"phone": "0912345678"}, "cần đồng ý"),
        ({"procedure_code": "9.999999"}, "Không có thủ tục nào mang mã này"),
        ({"email": "khong-phai@", "consent": "y"}, "Nhập địa chỉ thư điện tử đúng dạng"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_lost(
    app: Flask, citizen: Citizen, change: dict[str, str], message: str
) -> None:
    citizen.open()
    response = citizen.press("xem", TEXTS | change)
    assert response.status_code == 400
    assert message in citizen.page
    for name in ("subject", "body", "phone", "email"):
        if typed := (TEXTS | change).get(name):
            assert typed.splitlines()[0] in citizen.page
    assert rows(app) == []


def test_what_was_written_can_be_changed_after_the_review(app: Flask, citizen: Citizen) -> None:
    citizen.open()
    citizen.press("xem", TEXTS, [(io.BytesIO(picture()), "anh.jpg")])
    assert citizen.press("sua").status_code == 200
    keeps_everything(citizen.page)
    assert "anh.jpg" in citizen.page
    citizen.press("xem", TEXTS | {"subject": "Tiêu đề khác"})
    assert citizen.press("gui").status_code == 303
    assert [row.subject for row in rows(app)] == ["Tiêu đề khác"]


def test_a_lost_token_is_told_and_renewed(app: Flask, citizen: Citizen) -> None:
    citizen.open()
    citizen.press("xem", TEXTS)
    citizen.hidden = [(k, v if k != "csrf_token" else "stale") for k, v in citizen.hidden]
    response = citizen.press("gui")
    assert response.status_code == 400
    assert "Trang mở đã lâu" in citizen.page
    keeps_everything(citizen.page.replace("<br>", "\n"))
    assert rows(app) == []
    assert citizen.press("gui").status_code == 303


def test_without_a_token_nothing_is_written(app: Flask, citizen: Citizen) -> None:
    for step in ("xem", "gui"):
        response = citizen.client.post(FORM, data=TEXTS | {"buoc": step})
        assert response.status_code == 400
        keeps_everything(response.get_data(as_text=True).replace("<br>", "\n"))
    assert rows(app) == []


def test_a_form_open_for_hours_still_works(
    app: Flask, citizen: Citizen, travel: Callable[..., None]
) -> None:
    citizen.open()
    citizen.press("xem", TEXTS)
    travel(hours=5)
    assert citizen.press("gui").status_code == 400
    keeps_everything(citizen.page.replace("<br>", "\n"))
    assert citizen.press("gui").status_code == 303
    assert len(rows(app)) == 1


def test_a_forged_stamp_is_replaced(app: Flask, citizen: Citizen) -> None:
    citizen.open()
    citizen.press("xem", TEXTS)
    citizen.hidden = [(k, v if k != "dau" else "WyJhIiwxXQ.forged") for k, v in citizen.hidden]
    assert citizen.press("gui").status_code == 400
    assert rows(app) == []
    assert citizen.press("gui").status_code == 303


def test_a_program_is_too_fast(
    app: Flask, citizen: Citizen, travel: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.feedback.signing.SHORTEST", timedelta(seconds=3))
    citizen.open()
    citizen.press("xem", TEXTS)
    assert citizen.press("gui").status_code == 400
    keeps_everything(citizen.page.replace("<br>", "\n"))
    assert rows(app) == []
    travel(seconds=4)
    assert citizen.press("gui").status_code == 303


def test_a_filled_honeypot_is_held_and_not_lost(app: Flask, citizen: Citizen) -> None:
    code = citizen.send(TEXTS | {"trang_web": "http://vidu.vn"})
    assert [row.held_for_check for row in rows(app)] == [True]
    assert citizen.track(code).status_code == 200


@pytest.mark.parametrize("kind", ["grievance", "denunciation"])
def test_what_has_its_own_road_is_shown_it_and_never_stored(
    app: Flask, citizen: Citizen, kind: str
) -> None:
    citizen.open()
    response = citizen.press("xem", TEXTS | {"kind": kind}, [(io.BytesIO(picture()), "a.jpg")])
    assert response.status_code == 200
    assert "Luật Khiếu nại" in citizen.page or "Luật Tố cáo" in citizen.page
    keeps_everything(citizen.page)
    citizen.press("gui", {"kind": kind})
    assert rows(app) == []
    folder = app.extensions["settings"].uploads
    assert not folder.exists() or not [path for path in folder.rglob("*") if path.is_file()]


def test_a_second_press_finds_the_first(app: Flask, citizen: Citizen) -> None:
    citizen.open()
    citizen.press("xem", TEXTS | CONTACT, [(io.BytesIO(picture()), "anh.jpg")])
    luggage = list(citizen.hidden)
    assert citizen.press("gui").status_code == 303
    first = citizen.receipt()
    citizen.hidden = luggage
    assert citizen.press("gui").status_code == 303
    assert citizen.receipt() == first
    with app.app_context():
        for table in (Feedback, FeedbackContact, FeedbackFile):
            assert db.session.scalar(select(func.count()).select_from(table)) == 1


def test_another_text_from_the_same_form_is_another_message(app: Flask, citizen: Citizen) -> None:
    citizen.open()
    citizen.press("xem", TEXTS)
    luggage = list(citizen.hidden)
    citizen.press("gui")
    first = citizen.receipt()
    citizen.hidden = [(k, v if k != "subject" else "Việc thứ hai") for k, v in luggage]
    assert citizen.press("gui").status_code == 303
    assert citizen.receipt() != first
    assert [row.subject for row in rows(app)] == [TEXTS["subject"], "Việc thứ hai"]


def test_the_same_form_at_the_same_moment_is_one_message(app: Flask) -> None:
    draft = Draft(kind=Kind.QUESTION, subject="Hỏi giờ làm việc", body="Thứ Bảy có làm không?")
    barrier, found = threading.Barrier(6), []

    def send() -> None:
        with app.app_context():
            barrier.wait()
            found.append(submission.submit(draft, form="f" * 32, network="192.0.2.1").code)
            db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert len(rows(app)) == 1


def test_thirty_people_behind_one_address_pass_and_a_flood_waits(
    app: Flask, citizen: Citizen
) -> None:
    for number in range(40):
        citizen.send(TEXTS | {"subject": f"Người thứ {number}"})
    citizen.open()
    citizen.press("xem", TEXTS)
    response = citizen.press("gui")
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    keeps_everything(citizen.page.replace("<br>", "\n"))
    assert len(rows(app)) == 40
    assert not any(row.held_for_check for row in rows(app))


def test_a_text_sent_again_and_again_is_held(app: Flask, citizen: Citizen) -> None:
    for number in range(5):
        spaced = TEXTS["body"].upper() if number % 2 else TEXTS["body"].replace(" ", "  ")
        citizen.send(TEXTS | {"body": spaced})
    assert [row.held_for_check for row in rows(app)] == [False, False, False, True, True]


def drafts(count: int, text: str) -> list[Draft]:
    return [Draft(kind=Kind.PRAISE, subject=f"Khen {n}", body=text.format(n)) for n in range(count)]


@pytest.mark.parametrize(
    ("limit", "value", "networks"),
    [("PER_NETWORK", "3/hour", "192.0.2.{}"), ("NUMBERED", "3/day", "10.{}.0.1")],
)
def test_what_one_network_or_one_text_sends_too_often_is_held_and_not_lost(
    app: Flask, monkeypatch: pytest.MonkeyPatch, limit: str, value: str, networks: str
) -> None:
    monkeypatch.setattr(submission, limit, value)
    with app.app_context():
        for number, draft in enumerate(drafts(5, "Rất tốt, xin cảm ơn. {}")):
            submission.submit(draft, form=f"{number:032}", network=networks.format(number))
    assert [row.held_for_check for row in rows(app)] == [False] * 3 + [True] * 2


def test_many_links_are_held(app: Flask) -> None:
    links = "Mời xem http://vidu.vn/1 và WWW.vidu.vn/2"
    with app.app_context():
        for number, more in enumerate(["", " và https://vidu.vn/3"]):
            draft = Draft(kind=Kind.QUESTION, subject="Hỏi", body=links + more)
            submission.submit(draft, form=f"{number:032}", network="192.0.2.1")
    assert [row.held_for_check for row in rows(app)] == [False, True]


def test_a_refused_sender_floods_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "ALL_TOGETHER", "42/10 minutes")
    with app.app_context():
        for number, draft in enumerate(drafts(45, "Rất tốt. {}")):
            with suppress(TooMany):
                submission.submit(draft, form=f"{number:032}", network="192.0.2.1")
        assert not submission.is_flooded()


def test_in_a_flood_the_form_must_have_been_open_as_long_as_people_write(
    app: Flask, citizen: Citizen, monkeypatch: pytest.MonkeyPatch, travel: Callable[..., None]
) -> None:
    monkeypatch.setattr(submission, "ALL_TOGETHER", "1/10 minutes")
    citizen.send()
    citizen.open()
    citizen.press("xem", TEXTS)
    response = citizen.press("gui")
    assert response.status_code == 429
    assert "rất nhiều nội dung gửi đến cùng lúc" in citizen.page
    keeps_everything(citizen.page.replace("<br>", "\n"))
    travel(seconds=int(response.headers["Retry-After"]))
    assert citizen.press("gui").status_code == 303
    assert [row.held_for_check for row in rows(app)] == [False, True]


def test_where_no_place_is_left_the_page_says_so_and_keeps_the_text(
    app: Flask, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.core.turnstile.PATIENCE", 0.01)
    citizen.open()
    citizen.press("xem", TEXTS)
    with app.app_context(), entrance():
        response = citizen.press("gui")
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0
        assert "đang quá tải" in citizen.page
        keeps_everything(citizen.page.replace("<br>", "\n"))
        assert citizen.client.get("/phan-anh/").status_code == 200
        refused = citizen.press("xem", TEXTS, [(io.BytesIO(picture()), "anh.jpg")])
        assert refused.status_code == 400
        assert "chưa nhận được tệp" in citizen.page
        keeps_everything(citizen.page)
    assert citizen.press("xem", TEXTS).status_code == 200
    assert citizen.press("gui").status_code == 303
    assert len(rows(app)) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("holder", ["queue", "database"])
def test_while_others_write_nobody_waits_for_ever(
    app: Flask, citizen: Citizen, monkeypatch: pytest.MonkeyPatch, instance: Path, holder: str
) -> None:
    monkeypatch.setattr(submission, "PATIENCE", 0.05)
    citizen.open()
    citizen.press("xem", TEXTS)
    with ExitStack() as held:
        if holder == "queue":
            held.enter_context(file_lock(instance / "writer.lock", wait=True))
        else:
            stranger = sqlite3.connect(instance / "portal.sqlite3", isolation_level=None)
            held.callback(stranger.close)
            stranger.execute("BEGIN IMMEDIATE")
        assert citizen.press("gui").status_code == 503
        keeps_everything(citizen.page.replace("<br>", "\n"))
    assert citizen.press("gui").status_code == 303
    assert len(rows(app)) == 1


def test_a_flood_from_everywhere_is_held_and_not_lost(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission, "ALL_TOGETHER", "3/10 minutes")
    with app.app_context():
        for number in range(5):
            draft = Draft(kind=Kind.PRAISE, subject=f"Khen {number}", body="Rất tốt, xin cảm ơn.")
            submission.submit(draft, form=f"{number:032}", network=f"192.0.2.{number}")
    assert [row.held_for_check for row in rows(app)] == [False] * 3 + [True] * 2


def test_a_refused_file_costs_nothing_else(app: Flask, citizen: Citizen) -> None:
    citizen.open()
    response = citizen.press(
        "xem", TEXTS, [(io.BytesIO(picture()), "tốt.jpg"), (io.BytesIO(b"<svg/>"), "xấu.svg")]
    )
    assert response.status_code == 400
    assert "xấu.svg" in citizen.page
    keeps_everything(citizen.page)
    assert citizen.press("xem", TEXTS).status_code == 200
    assert citizen.press("gui").status_code == 303
    with app.app_context():
        files = db.session.scalars(select(FeedbackFile))
        assert list(contacts.names_of(files).values()) == ["tốt.jpg"]


def test_at_most_three_files(citizen: Citizen) -> None:
    citizen.open()
    four = [(io.BytesIO(picture(size=(20 + n, 20))), f"{n}.jpg") for n in range(4)]
    assert citizen.press("xem", TEXTS, four).status_code == 400
    assert "nhiều nhất 3 tệp" in citizen.page
    assert "2.jpg" in citizen.page


def test_a_waiting_file_can_be_dropped(app: Flask, citizen: Citizen) -> None:
    citizen.open()
    citizen.press("xem", TEXTS, [(io.BytesIO(picture()), "anh.jpg")])
    citizen.press("sua")
    name = re.search(r'name="bo_tep" value="([^"]+)"', citizen.page)
    assert name
    citizen.press("xem", TEXTS | {"bo_tep": name[1]})
    assert citizen.press("gui").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(FeedbackFile)).all() == []


def test_files_are_durable_before_the_row(
    app: Flask, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the transaction fails the file is there; when it succeeds it was there before."""
    seen: list[bool] = []
    real = submission._store

    def watch(session, draft, *args, **kwargs):
        kept = app.extensions["settings"].uploads / "feedback"
        seen.append(all((kept / file.stored_name).is_file() for file in draft.files))
        return real(session, draft, *args, **kwargs)

    monkeypatch.setattr(submission, "_store", watch)
    citizen.send(TEXTS, [(io.BytesIO(picture()), "anh.jpg")])
    assert seen == [True]


@pytest.mark.parametrize("where", ["file", "commit", "move"])
def test_a_full_disk_keeps_the_text(
    app: Flask, citizen: Citizen, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    files = [(io.BytesIO(picture()), "anh.jpg")]
    citizen.open()
    with monkeypatch.context() as broken:
        if where == "file":
            broken.setattr("portal.core.files.store", full)
            response = citizen.press("xem", TEXTS, files)
        else:
            citizen.press("xem", TEXTS, files)
            target = "portal.feedback.submission._store" if where == "commit" else None
            broken.setattr(target or "portal.core.files.sync_directory", full)
            response = citizen.press("gui")
    assert response.status_code == 503
    assert "vẫn còn trên trang này" in citizen.page
    keeps_everything(citizen.page.replace("<br>", "\n"))
    assert rows(app) == []
    if where == "file":
        citizen.press("xem", TEXTS, [(io.BytesIO(picture()), "anh.jpg")])
    assert citizen.press("gui").status_code == 303
    assert len(rows(app)) == 1


@pytest.mark.parametrize("step", ["xem", "gui"])
def test_a_dead_limiter_keeps_the_text(
    app: Flask, citizen: Citizen, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def dead(*_args: object) -> None:
        raise OperationalError("upsert", {}, Exception("disk I/O error"))

    citizen.open()
    if step == "gui":
        citizen.press("xem", TEXTS)
    monkeypatch.setattr("portal.core.limits.SqlStorage.incr_all", dead)
    files = [(io.BytesIO(picture()), "anh.jpg")] if step == "xem" else None
    assert citizen.press(step, TEXTS if step == "xem" else None, files).status_code == 503
    keeps_everything(citizen.page.replace("<br>", "\n"))


@pytest.mark.sqlite
def test_a_dead_database_keeps_the_text(app: Flask, citizen: Citizen, instance) -> None:
    citizen.open()
    citizen.press("xem", TEXTS)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    database = instance / "portal.sqlite3"
    for leftover in instance.glob("portal.sqlite3-*"):
        leftover.unlink()
    whole = database.read_bytes()
    database.write_bytes(b"no database at all" * 1_000)
    response = citizen.press("gui")
    assert response.status_code == 503
    keeps_everything(citizen.page.replace("<br>", "\n"))
    assert citizen.press("xem", {}).status_code == 200
    assert citizen.client.get(FORM).status_code == 200
    with app.app_context():
        db.engine.dispose()
    database.write_bytes(whole)
    assert citizen.press("gui").status_code == 303
    assert len(rows(app)) == 1


def test_the_review_shows_what_could_become_public(citizen: Citizen) -> None:
    citizen.open()
    own = {"body": "Tôi là Trần Thị Mật Danh, gọi 0987 654 321 giúp."}
    citizen.press("xem", TEXTS | CONTACT | own)
    preview = citizen.page.partition('class="preview"')[2].partition("</blockquote>")[0]
    assert "gọi […] giúp" in preview
    assert "Mật Danh" not in preview
    assert "một cán bộ khác duyệt" in citizen.page


def test_a_citizen_can_keep_it_private(app: Flask, citizen: Citizen) -> None:
    citizen.open()
    citizen.press("xem", TEXTS)
    citizen.press("sua", {"no_publication": "y"})
    citizen.press("xem", TEXTS)  # the choice comes along
    assert re.search(r'<input checked[^>]*name="no_publication"', citizen.page)
    assert citizen.press("gui", {"no_publication": "y"}).status_code == 303
    assert [row.no_publication for row in rows(app)] == [True]


def test_a_box_cleared_on_the_review_is_cleared(app: Flask, citizen: Citizen) -> None:
    citizen.open()
    citizen.press("xem", TEXTS | {"no_publication": "y"})
    citizen.press("gui")
    assert [row.no_publication for row in rows(app)] == [False]


def test_the_receipt_is_for_one_browser_and_half_an_hour(
    app: Flask, citizen: Citizen, travel: Callable[..., None]
) -> None:
    code = citizen.send()
    assert citizen.receipt() == code
    stranger = app.test_client()
    assert stranger.get("/phan-anh/bien-nhan").status_code == 404
    travel(minutes=31)
    assert citizen.client.get("/phan-anh/bien-nhan").status_code == 404


def test_the_receipt_can_be_saved_without_scripts(app: Flask, citizen: Citizen) -> None:
    code = citizen.send()
    answer = citizen.client.get("/phan-anh/bien-nhan.txt")
    text = answer.get_data().decode("utf-8-sig")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    with app.app_context():
        due = db.session.scalars(select(Feedback)).one().due_on
    for words in (code, f"Hạn trả lời: {due:%d/%m/%Y}", "/phan-anh/tra-cuu", "\r\n"):
        assert words in text
    assert "&" not in text
    assert TEXTS["subject"] not in text
    assert app.test_client().get("/phan-anh/bien-nhan.txt").status_code == 404


def test_the_receipt_says_how_to_read_the_code_out(citizen: Citizen) -> None:
    code = citizen.send()
    page = citizen.client.get("/phan-anh/bien-nhan").get_data(as_text=True)
    for group, words in codes.spoken(code.replace("-", "")):
        assert group in page
        assert words in page


def test_the_receipt_can_be_taken_off_a_shared_computer(citizen: Citizen) -> None:
    citizen.send()
    page = citizen.client.get("/phan-anh/bien-nhan").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    citizen.client.post("/phan-anh/bien-nhan", data={"csrf_token": token[1]})
    assert citizen.client.get("/phan-anh/bien-nhan").status_code == 404


def test_the_cookie_does_not_hold_the_code(citizen: Citizen) -> None:
    code = citizen.send().replace("-", "")
    cookie = citizen.client.get_cookie("phien")
    assert cookie is not None
    assert code not in cookie.value
    with citizen.client.session_transaction() as session:
        assert codes.show(code) not in str(dict(session))
        assert code not in str(dict(session))


def test_the_form_is_filled_in_from_the_address(citizen: Citizen, units: list[str]) -> None:
    citizen.open(f"{FORM}?thu_tuc=1.012290&don_vi=cdc&loai=question")
    assert 'value="1.012290"' in citizen.page
    assert "Cấp lại giấy phép hành nghề" in citizen.page
    assert re.search(r"<option selected value=\"cdc\"", citizen.page)
    assert re.search(r"<input checked[^>]*value=\"question\"", citizen.page)
