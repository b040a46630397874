"""One-time links: set a password once, in time, for nobody else; the first administrator."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import links, passwords, sessions, signin
from portal.accounts.models import OneTimeLink, User
from portal.accounts.permissions import Role
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound, TooMany
from portal.core.mail import Letter
from tests.accounts.conftest import (
    LOGIN,
    PASSWORD,
    MovableClock,
    letter_link,
    sign_in_by_page,
)
from tests.support.pages import PageClient

NEW = "một câu khác hẳn, dài và lạ"
FORGOTTEN = "/tai-khoan/quen-mat-khau"


def run(app: Flask, *words: str) -> Any:
    return app.test_cli_runner().invoke(args=["users", *words])


def path_of(output: str) -> str:
    return letter_link(output)


def test_invited_by_command_then_signed_in(app: Flask, client: PageClient) -> None:
    result = run(app, "invite", "Lan@VIDU.vn", "--role", "publisher", "--name", "Nguyễn Thị Lan")
    assert result.exit_code == 0, result.output
    path = path_of(result.output)
    page = client.get(path).get_data(as_text=True)
    assert "Nguyễn Thị Lan" in page
    assert client.get(path).status_code == 200, "looking does not use it up"
    answer = client.post(path, data={"password": NEW, "csrf_token": client.token(path)})
    assert (answer.status_code, answer.location) == (303, LOGIN)
    assert "Mật khẩu đã được đặt" in client.get(LOGIN).get_data(as_text=True)
    assert sign_in_by_page(client, "lan@vidu.vn", NEW).status_code == 303
    assert client.get(path).status_code == 410
    again = client.post(path, data={"password": PASSWORD, "csrf_token": client.token(FORGOTTEN)})
    assert again.status_code == 410
    with app.app_context():
        events = [entry.event for entry in db.session.scalars(select(AuditEntry))]
    assert events == ["user.invited", "user.activated", "session.started"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("invite", "khong-phai-thu", "--role", "publisher"), "địa chỉ thư điện tử"),
        (("invite", "a@vidu.vn", "--role", "author"), "Chọn đơn vị"),
        (("invite", "a@vidu.vn", "--role", "author", "--unit", "Không Phải Mã"), "mã"),
        (("invite", "a@vidu.vn", "--role", "vua"), "Invalid value"),
        (("link", "khong-co@vidu.vn"), "no account"),
    ],
)
def test_commands_refuse_with_one_clear_line(
    app: Flask, words: tuple[str, ...], message: str
) -> None:
    result = run(app, *words)
    assert result.exit_code != 0
    assert message in result.output
    with app.app_context():
        assert db.session.scalar(select(User)) is None


def test_a_second_invitation_for_the_same_address_is_refused(app: Flask) -> None:
    assert run(app, "invite", "a@vidu.vn", "--role", "auditor").exit_code == 0
    again = run(app, "invite", "A@vidu.vn", "--role", "administrator")
    assert again.exit_code != 0
    assert "đã thuộc một tài khoản" in again.output


def test_a_new_link_ends_the_one_before(app: Flask, client: PageClient) -> None:
    old = path_of(run(app, "invite", "a@vidu.vn", "--role", "auditor").output)
    new = path_of(run(app, "link", "a@vidu.vn").output)
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200


def test_only_a_hash_of_the_link_is_kept(app: Flask) -> None:
    token = path_of(run(app, "invite", "a@vidu.vn", "--role", "auditor").output).rpartition("/")[2]
    assert len(token) >= 43  # 256 bits
    with app.app_context():
        link = db.session.scalars(select(OneTimeLink)).one()
        assert token not in (link.token_hash, str(link.__dict__))


@pytest.mark.parametrize(("days", "status"), [(6.9, 200), (7.1, 410)])
def test_invitations_last_seven_days(
    app: Flask, client: PageClient, moved: MovableClock, days: float, status: int
) -> None:
    path = path_of(run(app, "invite", "a@vidu.vn", "--role", "auditor").output)
    moved.move(days=days)
    assert client.get(path).status_code == status


def test_a_refused_password_leaves_the_link_alive(app: Flask, client: PageClient) -> None:
    path = path_of(run(app, "invite", "a@vidu.vn", "--role", "auditor").output)
    for bad in ("ngắn", "x" * 257, "matkhaumatkhau123", ""):
        answer = client.post(path, data={"password": bad, "csrf_token": client.token(path)})
        assert answer.status_code == 400, bad
    assert client.get(path).status_code == 200


def test_two_at_once_use_a_link_once(app: Flask) -> None:
    path = path_of(run(app, "invite", "a@vidu.vn", "--role", "auditor").output)
    token, results = path.rpartition("/")[2], []
    barrier = threading.Barrier(4)

    def use(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                links.set_password(token, f"{NEW} {number}")
                results.append(number)
            except NotFound:
                pass

    threads = [threading.Thread(target=use, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 1
    with app.app_context():
        stored = db.session.scalars(select(User)).one().password_hash
        assert passwords.verify(stored, f"{NEW} {results[0]}")


def test_a_reset_by_letter_ends_all_sessions(app: Flask, client: PageClient, member: Any) -> None:
    email, actor = member()
    with app.app_context():
        token = signin.login(email, PASSWORD, "192.0.2.1").token
    answer = client.post(FORGOTTEN, data={"email": email, "csrf_token": client.token(FORGOTTEN)})
    assert answer.status_code == 303
    assert "Bạn kiểm tra hộp thư" in client.get(answer.location).get_data(as_text=True)
    with app.app_context():
        letter = db.session.scalars(select(Letter)).one()
        assert (letter.recipient, actor.name in letter.body) == (email, True)
        path = letter_link(letter.body)
    client.post(path, data={"password": NEW, "csrf_token": client.token(path)})
    with app.app_context():
        assert sessions.find(token) is None
        with pytest.raises(Invalid):
            signin.login(email, PASSWORD, "192.0.2.1")
        assert signin.login(email, NEW, "192.0.2.1").actor.user_id == actor.user_id
        assert "vừa được thay đổi" in db.session.scalars(select(Letter)).all()[-1].body


def test_asking_never_tells_whether_there_is_an_account(
    app: Flask, client: PageClient, member: Any
) -> None:
    email, _ = member()
    answers = []
    for typed in (email, "khong-co@vidu.vn", "không phải thư"):
        data = {"email": typed, "csrf_token": client.token(FORGOTTEN)}
        answer = client.post(FORGOTTEN, data=data)
        answers.append((answer.status_code, answer.location, answer.get_data()))
    assert answers[0] == answers[1] == answers[2]
    with app.app_context():
        assert len(db.session.scalars(select(Letter)).all()) == 1
        entries = db.session.scalars(select(AuditEntry)).all()
        assert [e.event for e in entries] == ["user.reset_asked"] * 3, "each costs one write"


def test_nobody_can_fill_a_mailbox(app: Flask, member: Any) -> None:
    email, _ = member()
    with app.app_context():
        for number in range(8):
            links.ask_reset(email, f"203.0.113.{number}")
        assert len(db.session.scalars(select(Letter)).all()) == 3
        with pytest.raises(TooMany):
            for _ in range(11):
                links.ask_reset("khong-co@vidu.vn", "203.0.113.9")


def test_the_first_administrator_makes_the_account(app: Flask, client: PageClient) -> None:
    path = path_of(run(app, "first").output)
    data = {"name": "Trần Văn Quản", "email": "Quan@vidu.vn", "password": NEW}
    assert client.post(path, data={**data, "csrf_token": "khác"}).status_code == 400
    answer = client.post(path, data={**data, "csrf_token": client.token(path)})
    assert (answer.status_code, answer.location) == (303, LOGIN)
    assert client.get(path).status_code == 410
    assert run(app, "first").output == ""
    assert sign_in_by_page(client, "quan@vidu.vn", NEW).status_code == 303
    with app.app_context():
        user = db.session.scalars(select(User)).one()
        assert [grant.role for grant in user.actor.grants] == [Role.ADMINISTRATOR]


def test_each_start_prints_a_link_that_works_until_there_is_an_administrator(
    app: Flask, client: PageClient
) -> None:
    first, second = (path_of(run(app, "first").output) for _ in range(2))
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    invitation = path_of(run(app, "invite", "a@vidu.vn", "--role", "administrator").output)
    assert run(app, "first").output == "", "an invited administrator is on the way"
    client.post(invitation, data={"password": NEW, "csrf_token": client.token(invitation)})
    data = {"name": "Kẻ Lạ", "email": "la@vidu.vn", "password": NEW}
    late = client.post(second, data={**data, "csrf_token": client.token(FORGOTTEN)})
    assert late.status_code == 410
    with app.app_context():
        assert [u.email for u in db.session.scalars(select(User))] == ["a@vidu.vn"]


def test_a_link_of_another_purpose_does_not_make_administrators(app: Flask) -> None:
    token = path_of(run(app, "invite", "a@vidu.vn", "--role", "author", "--unit", "cdc").output)
    with app.app_context(), pytest.raises(NotFound):
        links.create_first_administrator(token.rpartition("/")[2], "b@vidu.vn", "Kẻ Lạ", NEW)
    with app.app_context(), write() as session:
        assert not links.has_active_administrator(session)
