"""Letters: only to who asked and confirmed, each decision once, ended with one touch."""

from __future__ import annotations

import email
import logging
import re
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.permissions import Role
from portal.core import clock, mail
from portal.core.db import db, write
from portal.ops import ticker
from portal.procedures.models import Announcement, AnnouncementChange
from portal.subscriptions import letters, service
from portal.subscriptions.models import Subscriber

MORNING = datetime(2026, 11, 21, 2, tzinfo=UTC)
ME = "toi@vidu.vn"


@pytest.fixture(autouse=True)
def hour(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    moments = [MORNING]
    monkeypatch.setattr(clock, "now", lambda: moments[-1])
    return moments


def outbox(app: Flask) -> list[mail.Letter]:
    with app.app_context():
        return list(db.session.query(mail.Letter).order_by(mail.Letter.id))


def ask(client: FlaskClient, address: str = ME, **more: object) -> int:
    token = client.token("/nhan-thu")  # type: ignore[attr-defined]
    data = {"email": address, "consent": "y", "csrf_token": token, **more}
    return client.post("/nhan-thu", data=data).status_code


def links(app: Flask) -> list[str]:
    return [
        found for one in outbox(app) for found in re.findall(r"/nhan-thu/xac-nhan/\S+", one.body)
    ]


def press(client: FlaskClient, path: str) -> int:
    return client.post(path, data={"csrf_token": client.token(path)}).status_code  # type: ignore[attr-defined]


def subscribe(app: Flask, client: FlaskClient, address: str = ME, **more: object) -> None:
    assert ask(client, address, **more) == 303
    assert press(client, links(app)[-1]) == 303


def announce(app: Flask, number: str, field: str = "") -> None:
    from portal.procedures.models import Procedure, ProcedureField

    with app.app_context(), write() as session:
        changes = [AnnouncementChange(position=0, code="9.000001", kind="new")]
        if field and not session.query(Procedure).count():
            row = ProcedureField(key=field, name="Dược phẩm")
            session.add(Procedure(
                code="9.000001", name="Mở nhà thuốc", name_folded="mo nha thuoc", field=row,
                levels=(), subjects=(), agencies=(), competent=(), authorised=(), coordinating=(),
                keywords=(), results=(), steps=(), updated_at=MORNING,
            ))  # fmt: skip
        session.add(Announcement(slug=number, number=number, issuer="UBND", changes=changes))


def send(app: Flask) -> int:
    with app.app_context():
        return service.send_due()


def test_nothing_but_the_question_is_sent_before_it_is_answered(
    app: Flask, client: FlaskClient
) -> None:
    assert ask(client) == 303
    announce(app, "1/QĐ")
    assert send(app) == 0
    assert [one.subject for one in outbox(app)] == ["Xác nhận nhận thư về thủ tục hành chính"]
    path = links(app)[0]
    assert client.get(path).status_code == 200
    assert send(app) == 0, "opening the link, as scanners of letters do, confirms nothing"
    assert press(client, path) == 303
    assert client.get(path).status_code == 404, "the link works once"
    assert client.post(path, data={"csrf_token": client.token("/nhan-thu")}).status_code == 404  # type: ignore[attr-defined]
    assert send(app) == 0, "what was announced before is not news"
    announce(app, "2/QĐ")
    assert send(app) == 1
    body = outbox(app)[-1].body
    assert "2/QĐ" in body
    assert "1/QĐ" not in body


def test_each_decision_is_told_once_and_at_most_one_letter_a_day(
    app: Flask, client: FlaskClient, hour: list[datetime]
) -> None:
    subscribe(app, client)
    announce(app, "1/QĐ")
    assert (send(app), send(app)) == (1, 0)
    announce(app, "2/QĐ")
    announce(app, "3/QĐ")
    assert send(app) == 0, "not twice a day"
    hour.append(MORNING + timedelta(days=1))
    assert (send(app), send(app)) == (1, 0)
    assert outbox(app)[-1].subject == "Thủ tục mới công bố: 2 quyết định"
    assert "(1/QĐ" not in outbox(app)[-1].body


def test_a_crash_neither_loses_nor_doubles_a_letter(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(app, client)
    announce(app, "1/QĐ")
    before = len(outbox(app))
    real = letters.digest

    def die(*args: object) -> None:
        real(*args)  # type: ignore[arg-type]
        raise RuntimeError("power cut")

    monkeypatch.setattr(letters, "digest", die)
    with app.app_context(), pytest.raises(RuntimeError):
        service.send_due()
    assert len(outbox(app)) == before
    monkeypatch.undo()
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    assert (send(app), send(app)) == (1, 0)
    assert len(outbox(app)) == before + 1


def test_readers_choose_fields(app: Flask, client: FlaskClient, hour: list[datetime]) -> None:
    announce(app, "0/QĐ", "duoc")
    subscribe(app, client, "mot@vidu.vn", fields=["duoc"])
    with app.app_context(), write() as session:
        session.add(Announcement(slug="x", number="X/QĐ", issuer="UBND"))
    assert send(app) == 0, "a decision of other fields"
    announce(app, "1/QĐ", "duoc")
    assert send(app) == 1
    assert "Mở nhà thuốc (mã 9.000001)" in outbox(app)[-1].body
    assert ask(client, fields=["khong-co"]) == 400


def test_known_and_unknown_addresses_are_answered_alike(app: Flask, client: FlaskClient) -> None:
    subscribe(app, client)
    other = app.test_client()
    answers = []
    for address in (ME, ME.upper(), "la@vidu.vn"):
        token = other.token("/nhan-thu")  # type: ignore[attr-defined]
        data = {"email": address, "consent": "y", "csrf_token": token}
        answer = other.post("/nhan-thu", data=data)
        answers.append((answer.status_code, answer.location, answer.data))
    assert len(set(answers)) == 1
    with app.app_context():
        assert db.session.query(Subscriber).count() == 2


def test_a_mailbox_is_not_bombed(app: Flask) -> None:
    for n in range(6):
        assert ask(app.test_client()) == 303, n
    assert len(outbox(app)) == 3


def test_a_network_is_bounded(app: Flask, client: FlaskClient) -> None:
    codes = [ask(client, f"a{n}@vidu.vn") for n in range(21)]
    assert codes == [303] * 20 + [429]


def test_programs_and_the_careless_send_nothing(app: Flask, client: FlaskClient) -> None:
    assert ask(client, trang_web="http://spam") == 303
    assert ask(client, consent="") == 400
    assert ask(client, "khong-phai-thu") == 400
    assert ask(client, "a@vidu.vn\nBcc: b@vidu.vn") == 400
    assert client.post("/nhan-thu", data={"email": ME, "consent": "y"}).status_code == 400
    assert outbox(app) == []


def test_letters_end_with_one_touch(app: Flask, client: FlaskClient, instance: Path) -> None:
    subscribe(app, client)
    announce(app, "1/QĐ")
    send(app)
    with app.app_context():
        mail.deliver_due()
    files = sorted((instance / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    read = [email.message_from_bytes(path.read_bytes(), policy=default) for path in files]
    told = [one for one in read if "quyết định" in one["Subject"]]
    assert len(told) == 1
    assert told[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = told[0]["List-Unsubscribe"].strip("<>").partition(":8000")[2]
    assert address in told[0].get_content()
    assert [one["List-Unsubscribe"] for one in read if one not in told] == [None]
    robot = app.test_client()
    assert robot.get(address).status_code == 200
    with app.app_context():
        assert db.session.query(Subscriber).count() == 1, "opening a link ends nothing"
    for _ in range(2):
        assert robot.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with app.app_context():
        assert db.session.query(Subscriber).count() == 0, "the address is gone"


def test_who_does_not_answer_is_forgotten_in_a_week(
    app: Flask, client: FlaskClient, hour: list[datetime]
) -> None:
    subscribe(app, client, "co@vidu.vn")
    ask(client, "khong@vidu.vn")
    path = links(app)[-1]
    hour.append(MORNING + timedelta(days=2, minutes=1))
    assert client.get(path).status_code == 404, "the link is too old"
    with app.app_context():
        assert service.purge() == 0
    hour.append(MORNING + timedelta(days=7, minutes=1))
    with app.app_context():
        assert service.purge() == 1
        assert [one.email for one in db.session.query(Subscriber)] == ["co@vidu.vn"]


def test_no_address_is_logged_or_shown(
    app: Flask,
    client: FlaskClient,
    staff,
    caplog: pytest.LogCaptureFixture,  # type: ignore[no-untyped-def]
) -> None:
    caplog.set_level(logging.DEBUG)
    subscribe(app, client)
    announce(app, "1/QĐ")
    send(app)
    browser, _ = staff(Role.PUBLISHER)
    page = browser.get("/ban-lam-viec/nhan-thu/").get_data(as_text=True)
    assert re.search(r"Đang nhận thư</dt><dd>1<", page)
    assert ME not in page
    told = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert ME not in told
    with app.app_context():
        assert db.session.query(Subscriber).one().key not in told


def test_the_ticker_writes_and_forgets() -> None:
    assert service.send_due in ticker.OFTEN
    assert service.purge in ticker.HOURLY


def test_pages_keep_to_themselves(app: Flask, client: FlaskClient) -> None:
    for path in ("/nhan-thu", "/nhan-thu/huy/abc", "/nhan-thu/xac-nhan/abc"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Disallow: /nhan-thu" in client.get("/robots.txt").get_data(as_text=True)
    page = client.get("/thu-tuc/cong-bo")
    assert "Set-Cookie" not in page.headers
    assert 'href="/nhan-thu"' in page.get_data(as_text=True)
