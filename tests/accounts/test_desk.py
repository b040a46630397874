"""The administrators' desk: inviting, roles, closing accounts, and what must not be possible."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts import links, own, service, sessions, signin, units
from portal.accounts.models import LoginSession, RoleGrant, User
from portal.accounts.permissions import Actor, Grant, Role
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from portal.core.mail import Letter
from tests.accounts.conftest import OWN, PASSWORD, MovableClock, sign_in_by_page
from tests.support.pages import PageClient
from tests.support.queries import count_queries

LIST = "/ban-lam-viec/tai-khoan/"
NEW = LIST + "moi"
STRONG = "một câu khác hẳn, dài và lạ"


@pytest.fixture(autouse=True)
def unit_names(app: Flask) -> None:
    units.lend(app, lambda: {"cdc": "Trung tâm Kiểm soát bệnh tật", "van-phong": "Văn phòng"})


@pytest.fixture
def admin(app: Flask, client: PageClient, member: Any) -> Actor:
    email, actor = member(Role.ADMINISTRATOR)
    sign_in_by_page(client, email)
    return actor


def grants_of(app: Flask, user_id: int) -> set[Grant]:
    with app.app_context():
        return set(db.session.get_one(User, user_id).actor.grants)


def send(client: PageClient, path: str, form_at: str, **data: str) -> Any:
    return client.post(path, data={**data, "csrf_token": client.token(form_at)})


def test_an_invitation_makes_an_account_and_a_letter(
    app: Flask, client: PageClient, admin: Actor
) -> None:
    answer = send(
        client, NEW, NEW, name=" Lê  Thị Hoa ", email="Hoa@vidu.vn",
        **{"grants-0-role": "author", "grants-0-unit": "cdc", "grants-1-role": "publisher"},
    )  # fmt: skip
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert "Lê Thị Hoa" in page
    assert "chờ kích hoạt" in page
    assert "Người viết, Trung tâm Kiểm soát bệnh tật" in page
    with app.app_context():
        letter = db.session.scalars(select(Letter)).one()
        assert letter.recipient == "hoa@vidu.vn"
        assert "/tai-khoan/kich-hoat/" in letter.body
        assert "/tai-khoan/kich-hoat/" not in page, "the link is the letter's alone"
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.event, entry.actor_id) == ("user.invited", admin.user_id)
        assert entry.changes == {"roles": ["", "Người viết (cdc), Người duyệt đăng"]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"name": "", "email": "a@vidu.vn", "grants-0-role": "publisher"}, "Nhập họ và tên"),
        ({"name": "A", "email": "không phải", "grants-0-role": "publisher"}, "thư điện tử đúng"),
        ({"name": "A", "email": "a@vidu.vn"}, "Chọn ít nhất một vai trò"),
        ({"name": "A", "email": "a@vidu.vn", "grants-0-role": "author"}, "Chọn đơn vị"),
        (
            {"name": "A", "email": "a@vidu.vn", "grants-0-role": "vua"},
            "Chọn vai trò trong danh sách",
        ),
        (
            {"name": "A", "email": "a@vidu.vn", "grants-0-role": "author", "grants-0-unit": "x"},
            "Không có đơn vị",
        ),
        ({"name": "A" * 121, "email": "a@vidu.vn", "grants-0-role": "auditor"}, "120 ký tự"),
    ],
)
def test_a_bad_invitation_keeps_what_was_typed(
    app: Flask, client: PageClient, admin: Actor, data: dict[str, str], message: str
) -> None:
    answer = send(client, NEW, NEW, **data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert message in page
    assert data["email"] in page
    with app.app_context():
        assert len(db.session.scalars(select(User)).all()) == 1


def test_the_list_filters_without_marks(app: Flask, client: PageClient, admin: Actor) -> None:
    with app.app_context():
        service.invite(None, "hoa@vidu.vn", "Lê Thị Hoà", [Grant(Role.AUTHOR, "cdc")])
        service.invite(None, "dung@vidu.vn", "Đỗ Tiến Dũng", [Grant(Role.PUBLISHER)])

    def shown(query: str) -> tuple[bool, bool]:
        page = client.get(LIST + query).get_data(as_text=True)
        return "Lê Thị Hoà" in page, "Đỗ Tiến Dũng" in page

    assert shown("") == (True, True)
    assert shown("?q=do+tien") == (False, True)
    assert shown("?q=hoa@vidu") == (True, False)
    assert shown("?vai_tro=author") == (True, False)
    assert shown("?don_vi=van-phong") == (False, False)
    assert shown("?trang_thai=da-moi") == (True, True)
    assert shown("?trang_thai=khoa&vai_tro=x&don_vi=%27") == (False, False)


def test_the_list_costs_few_statements(app: Flask, client: PageClient, admin: Actor) -> None:
    with app.app_context():
        for number in range(30):
            grants = [Grant(Role.AUDITOR), Grant(Role.AUTHOR, "cdc")]
            service.invite(None, f"n{number}@vidu.vn", f"Người {number}", grants)
    with count_queries(app) as statements:
        client.get(LIST)
    assert len(statements) <= 5, statements


def test_new_roles_count_at_once_and_end_sessions(
    app: Flask, client: PageClient, admin: Actor, member: Any
) -> None:
    email, actor = member(Role.AUTHOR, "cdc")
    with app.app_context():
        token = signin.login(email, PASSWORD, "192.0.2.7").token
    path = f"{LIST}{actor.user_id}"
    page = client.get(path).get_data(as_text=True)
    assert 'name="seen" value="author:cdc"' in page
    answer = send(
        client, f"{path}/vai-tro", path, seen="author:cdc",
        **{"grants-0-role": "unit_editor", "grants-0-unit": "cdc", "grants-1-role": "publisher"},
    )  # fmt: skip
    assert answer.status_code == 303
    assert grants_of(app, actor.user_id) == {Grant(Role.UNIT_EDITOR, "cdc"), Grant(Role.PUBLISHER)}
    with app.app_context():
        assert sessions.find(token) is None
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert entry.changes["roles"][0] == "Người viết (cdc)"


def test_roles_changed_meanwhile_are_not_overwritten(
    app: Flask, client: PageClient, admin: Actor, member: Any
) -> None:
    _, actor = member(Role.AUTHOR, "cdc")
    path = f"{LIST}{actor.user_id}"
    answer = send(
        client, f"{path}/vai-tro", path, seen="publisher:", **{"grants-0-role": "auditor"}
    )
    assert answer.status_code == 409
    assert grants_of(app, actor.user_id) == {Grant(Role.AUTHOR, "cdc")}


def test_the_last_administrator_stays(app: Flask, client: PageClient, admin: Actor) -> None:
    path = f"{LIST}{admin.user_id}"
    assert send(client, f"{path}/khoa", path).status_code == 409
    roles = send(
        client, f"{path}/vai-tro", path, seen="administrator:", **{"grants-0-role": "auditor"}
    )
    assert roles.status_code == 409
    assert grants_of(app, admin.user_id) == {Grant(Role.ADMINISTRATOR)}


def test_an_administrator_who_never_came_does_not_count(
    app: Flask, client: PageClient, admin: Actor
) -> None:
    with app.app_context():
        service.invite(None, "b@vidu.vn", "B", [Grant(Role.ADMINISTRATOR)])
        with pytest.raises(Conflict):
            service.disable(admin, admin.user_id)


def test_two_administrators_cannot_close_each_other(app: Flask, member: Any) -> None:
    for _ in range(10):
        pair = [member(Role.ADMINISTRATOR)[1] for _ in range(2)]
        barrier = threading.Barrier(2)

        def close(who: Actor, whom: Actor, barrier: threading.Barrier = barrier) -> None:
            with app.app_context():
                barrier.wait()
                with contextlib.suppress(Conflict):
                    service.disable(who, whom.user_id)

        threads = [threading.Thread(target=close, args=couple) for couple in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with app.app_context(), write() as session:
            (left,) = links.active_administrators(session)
            session.get_one(User, left).password_hash = None  # makes room for the next pair


def test_a_closed_account_is_out_at_once_and_can_come_back(
    app: Flask, client: PageClient, admin: Actor, member: Any
) -> None:
    email, actor = member()
    browser = app.test_client()
    sign_in_by_page(browser, email)
    with app.app_context():
        reset = service.send_link(admin, actor.user_id)
    path = f"{LIST}{actor.user_id}"
    assert send(client, f"{path}/khoa", path).status_code == 303
    assert browser.get(OWN).status_code == 303
    assert client.get(reset.partition("8000")[2]).status_code == 410
    assert sign_in_by_page(browser, email).status_code == 400
    assert "đã khóa" in client.get(path).get_data(as_text=True)
    assert send(client, f"{path}/lien-ket", path).status_code == 409
    assert send(client, f"{path}/mo-lai", path).status_code == 303
    assert sign_in_by_page(browser, email).status_code == 303
    with app.app_context():
        assert db.session.get(User, actor.user_id) is not None, "accounts are never deleted"


def test_details_are_corrected_and_a_new_address_ends_sessions(
    app: Flask, client: PageClient, admin: Actor, member: Any
) -> None:
    email, actor = member()
    other, _ = member()
    with app.app_context():
        token = signin.login(email, PASSWORD, "192.0.2.7").token
    path = f"{LIST}{actor.user_id}"
    answer = send(client, f"{path}/thong-tin", path, name="Tên Mới", email=email)
    assert answer.status_code == 303
    with app.app_context():
        assert sessions.find(token) is not None, "a name ends nothing"
    taken = send(client, f"{path}/thong-tin", path, name="Tên Mới", email=other.upper())
    assert taken.status_code == 400
    assert "đã thuộc một tài khoản" in taken.get_data(as_text=True)
    send(client, f"{path}/thong-tin", path, name="Tên Mới", email="moi@vidu.vn")
    with app.app_context():
        assert sessions.find(token) is None
        assert signin.login("moi@vidu.vn", PASSWORD, "192.0.2.7")


@pytest.mark.parametrize("path", ["999999", "2147483648", "99999999999999999999"])
def test_an_account_that_is_not_there(client: PageClient, admin: Actor, path: str) -> None:
    assert client.get(LIST + path).status_code == 404


def test_an_auditor_looks_and_changes_nothing(app: Flask, staff: Any, member: Any) -> None:
    browser, auditor = staff(Role.AUDITOR)
    _, actor = member()
    page = browser.get(f"{LIST}{actor.user_id}").get_data(as_text=True)
    assert actor.name in page
    assert 'action="/ban-lam-viec/tai-khoan/' not in page
    token = browser.token(OWN)
    for verb in ("khoa", "mo-lai", "vai-tro", "thong-tin", "lien-ket"):
        answer = browser.post(f"{LIST}{actor.user_id}/{verb}", data={"csrf_token": token})
        assert answer.status_code == 403, verb
    with app.app_context():
        for attempt in (
            lambda: service.disable(auditor, actor.user_id),
            lambda: service.enable(auditor, actor.user_id),
            lambda: service.send_link(auditor, actor.user_id),
            lambda: service.invite(auditor, "x@vidu.vn", "X", [Grant(Role.AUDITOR)]),
            lambda: service.change_grants(auditor, actor.user_id, [Grant(Role.AUDITOR)], ""),
            lambda: service.change_details(auditor, actor.user_id, "x@vidu.vn", "X"),
        ):
            with pytest.raises(NotAllowed):
                attempt()


def test_the_database_refuses_a_role_that_does_not_exist(app: Flask, member: Any) -> None:
    _, actor = member()
    with (
        app.app_context(),
        pytest.raises(Exception, match=r"(?i)check constraint"),
        write() as session,
    ):
        session.add(RoleGrant(user_id=actor.user_id, role="vua"))


# --- one's own account


def test_a_new_password_ends_the_other_sessions(
    app: Flask, client: PageClient, member: Any
) -> None:
    email, actor = member()
    other = app.test_client()
    for browser in (client, other):
        sign_in_by_page(browser, email)
    path = f"{OWN}/mat-khau"
    wrong = send(client, path, OWN, current="nhầm rồi", password=STRONG)
    assert wrong.status_code == 400
    assert own.WRONG_CURRENT in wrong.get_data(as_text=True)
    weak = send(client, path, OWN, current=PASSWORD, password="ngắn quá")
    assert weak.status_code == 400
    assert send(client, path, OWN, current=PASSWORD, password=STRONG).status_code == 303
    assert client.get(OWN).status_code == 200
    assert other.get(OWN).status_code == 303
    assert sign_in_by_page(other, email, STRONG).status_code == 303
    with app.app_context():
        told = select(Letter).where(Letter.subject.startswith("Mật khẩu đã"))
        letter = db.session.scalars(told).one()
        assert letter.recipient == email
        assert STRONG not in letter.body
        assert actor.user_id


def test_a_stolen_session_cannot_guess_the_password(app: Flask, member: Any) -> None:
    email, actor = member()
    with app.app_context():
        token = signin.login(email, PASSWORD, "192.0.2.7").token
        for _ in range(10):
            with pytest.raises(Invalid):
                own.change_password(actor, token, "đoán bừa", STRONG)
        with pytest.raises(TooMany):
            own.change_password(actor, token, PASSWORD, STRONG)


def test_own_sessions_are_listed_and_ended(
    app: Flask, client: PageClient, member: Any, moved: MovableClock
) -> None:
    email, actor = member()
    stale, other, third = (app.test_client() for _ in range(3))
    sign_in_by_page(stale, email)
    moved.move(minutes=40)
    for browser in (client, other, third):
        sign_in_by_page(browser, email)
    with app.app_context():
        rows = db.session.scalars(select(LoginSession).order_by(LoginSession.id)).all()
        ids = [row.id for row in rows]
    page = client.get(OWN).get_data(as_text=True)
    assert page.count("phiên này") == 1
    assert f"/phien/{ids[0]}/" not in page, "an idle session is over already"
    assert send(client, f"{OWN}/phien/{ids[2]}/ket-thuc", OWN).status_code == 303
    assert other.get(OWN).status_code == 303
    assert third.get(OWN).status_code == 200
    assert send(client, f"{OWN}/phien/ket-thuc-khac", OWN).status_code == 303
    assert third.get(OWN).status_code == 303
    assert client.get(OWN).status_code == 200
    assert actor.user_id


def test_the_sessions_of_others_are_not_there(app: Flask, member: Any) -> None:
    (email, actor), (_, thief) = member(), member(Role.ADMINISTRATOR)
    with app.app_context():
        token = signin.login(email, PASSWORD, "192.0.2.7").token
        row = sessions.find(token)
        assert row is not None
        with pytest.raises(NotFound):
            own.end_session(thief, row.id)
        assert sessions.find(token) is not None
        assert actor.user_id != thief.user_id


def test_people_stand_in_the_order_of_their_given_names(
    app: Flask, client: PageClient, admin: Actor
) -> None:
    with app.app_context():
        for number, name in enumerate(["Vũ Thị Ánh", "Đỗ Tiến Dũng", "Lê Quốc Khánh", "An"]):
            service.invite(None, f"p{number}@vidu.vn", name, [Grant(Role.AUDITOR)])
    page = client.get(LIST).get_data(as_text=True)
    places = [page.index(f">{name}</a></th>") for name in ("An", "Vũ Thị Ánh", "Đỗ Tiến Dũng")]
    assert places == sorted(places)


def test_the_list_asks_once_for_the_names_of_units(app: Flask, staff: Any, member: Any) -> None:
    browser, _ = staff(Role.ADMINISTRATOR)
    for _ in range(8):
        member(Role.AUTHOR, "cdc")
    browser.get("/ban-lam-viec/tai-khoan/")
    with count_queries(app) as statements:
        assert browser.get("/ban-lam-viec/tai-khoan/").status_code == 200
    assert len(statements) <= 12
