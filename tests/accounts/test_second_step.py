"""The second step: set up with proof, asked after the password, each code once, no way around."""

from __future__ import annotations

import re
import threading
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.accounts import second_step, signin
from portal.accounts.access import DESK
from portal.accounts.models import (
    LoginSession,
    PendingSignIn,
    RecoveryCode,
    SecondStep,
    User,
)
from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, TooMany
from portal.core.mail import Letter
from portal.core.settings import current_settings
from portal.core.site_config import STAFF_ROLES
from tests.accounts.conftest import LOGIN, OWN, PASSWORD, MovableClock, sign_in_by_page
from tests.support.pages import PageClient

STEP = OWN + "/hai-buoc"
CODE = "/dang-nhap/ma"


class Telephone:
    """An application that has learnt the secret; its clock is the portal's."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)

    def shows(self) -> str:
        return str(self._totp.at(clock.now()))


def post(client: PageClient, path: str, form_at: str, **data: str) -> TestResponse:
    return client.post(path, data={**data, "csrf_token": client.token(form_at)})


def enrol(client: PageClient) -> tuple[Telephone, list[str]]:
    """Set the second step up by its pages, as a person does."""
    assert post(client, STEP + "/bat-dau", STEP, current=PASSWORD).status_code == 303
    page = client.get(STEP + "/quet-ma").get_data(as_text=True)
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found
    phone = Telephone(found[1].replace(" ", ""))
    answer = post(client, STEP + "/quet-ma", STEP + "/quet-ma", code=phone.shows())
    assert answer.status_code == 200
    made = re.findall(r"<code>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})</code>", answer.text)
    return phone, made


@pytest.fixture
def enrolled(
    client: PageClient, member: Any, moved: MovableClock
) -> tuple[str, Actor, Telephone, list[str]]:
    """A publisher with a second step, signed out, half a minute later."""
    email, actor = member(Role.PUBLISHER)
    sign_in_by_page(client, email)
    phone, made = enrol(client)
    post(client, "/dang-xuat", OWN)
    moved.move(seconds=60)
    return email, actor, phone, made


def letters(app: Flask) -> list[str]:
    with app.app_context():
        return [letter.subject for letter in db.session.scalars(select(Letter))]


def events(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))


def test_the_roles_of_the_settings_are_the_roles() -> None:
    assert set(STAFF_ROLES) == {role.value for role in Role}


def test_setting_up_wants_the_password_and_a_first_code(
    app: Flask, client: PageClient, member: Any
) -> None:
    email, actor = member(Role.PUBLISHER)
    sign_in_by_page(client, email)
    assert client.get(STEP + "/quet-ma").status_code == 303, "no secret without the password"
    assert post(client, STEP + "/bat-dau", STEP, current="sai").status_code == 400
    assert client.get(STEP + "/quet-ma").status_code == 303
    post(client, STEP + "/bat-dau", STEP, current=PASSWORD)
    wrong = post(client, STEP + "/quet-ma", STEP + "/quet-ma", code="000000")
    assert wrong.status_code == 400
    assert second_step.WRONG_CODE in wrong.text
    with app.app_context():
        assert db.session.get_one(User, actor.user_id).second_step_at is None
    _, made = enrol(client)
    assert len(set(made)) == 10
    assert "10 mã" in client.get(STEP).text
    assert client.get(STEP + "/quet-ma").status_code == 303, "the secret is shown no more"
    assert any("Đã bật xác nhận hai bước" in subject for subject in letters(app))
    assert "second_step.enabled" in events(app)


def test_the_database_keeps_neither_secret_nor_codes(
    app: Flask, client: PageClient, member: Any
) -> None:
    email, _ = member()
    sign_in_by_page(client, email)
    phone, made = enrol(client)
    secret = phone._totp.secret
    with app.app_context():
        row = db.session.scalars(select(SecondStep)).one()
        assert secret not in row.secret
        hashes = set(db.session.scalars(select(RecoveryCode.code_hash)))
        assert len(hashes) == 10
        assert not hashes & set(made)
        dump = "\n".join(db.engine.raw_connection().driver_connection.iterdump()) if (
            current_settings().is_sqlite
        ) else ""  # fmt: skip
    assert secret not in dump
    assert not [code for code in made if code in dump or code.replace("-", "") in dump]


def test_setting_up_ends_the_sessions_that_began_without_it(
    app: Flask, client: PageClient, member: Any
) -> None:
    email, _ = member()
    other = app.test_client()
    sign_in_by_page(other, email)
    sign_in_by_page(client, email)
    before = client.get_cookie("phien")
    enrol(client)
    assert client.get(OWN).status_code == 200
    assert other.get(OWN).status_code == 303
    thief = app.test_client()
    assert before is not None
    thief.set_cookie("phien", before.value)
    assert thief.get(OWN).status_code == 303, "the id is renewed"


def test_password_then_code(app: Flask, client: PageClient, enrolled: Any) -> None:
    email, actor, phone, _ = enrolled
    answer = sign_in_by_page(client, email, next_page=OWN)
    assert (answer.status_code, answer.location) == (303, f"{CODE}?next={OWN}")
    page = client.get(answer.location).text
    assert actor.name not in page
    assert email not in page
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    assert client.get(OWN).status_code == 303, "not signed in yet"
    done = client.post(
        CODE, data={"code": phone.shows(), "next": OWN, "csrf_token": client.token(CODE)}
    )
    assert (done.status_code, done.location) == (303, OWN)
    assert actor.name in client.get(OWN).text
    assert client.get(CODE).status_code == 303, "used up"


def test_between_password_and_code_nothing_opens(
    app: Flask, client: PageClient, enrolled: Any
) -> None:
    email, _, _, _ = enrolled
    sign_in_by_page(client, email)
    with client.session_transaction() as cookie:
        waiting = cookie["cho_ma"]
        assert set(cookie) <= {"cho_ma", "csrf_token"}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(DESK) and "GET" in (rule.methods or ()) and not rule.arguments:
            assert client.get(rule.rule, check=False).status_code == 303, rule.rule
    answer = client.post(STEP + "/tat", data={"csrf_token": client.token(CODE)})
    assert answer.status_code == 403
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = waiting
    assert thief.get(OWN).status_code == 303, "the place in the queue is no session"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 2


def test_a_code_works_once(app: Flask, client: PageClient, enrolled: Any) -> None:
    email, _, phone, _ = enrolled
    code = phone.shows()
    sign_in_by_page(client, email)
    assert post(client, CODE, CODE, code=code).status_code == 303
    thief = app.test_client()
    sign_in_by_page(thief, email)
    answer = post(thief, CODE, CODE, code=code)
    assert answer.status_code == 400
    assert second_step.WRONG_CODE in answer.text
    assert thief.get(OWN).status_code == 303


def test_wrong_and_used_codes_are_answered_alike(client: PageClient, enrolled: Any) -> None:
    email, _, _, made = enrolled
    sign_in_by_page(client, email)
    assert post(client, CODE, CODE, code=made[0]).status_code == 303
    post(client, "/dang-xuat", OWN)
    sign_in_by_page(client, email)
    pages = set()
    for typed in ("000000", made[0], "AAAA-BBBB-CCCC", "xyz"):
        answer = post(client, CODE, CODE, code=typed)
        pages.add((answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)))
    assert len(pages) == 1


def test_guessing_codes_is_braked_and_told_to_the_owner(
    app: Flask, client: PageClient, enrolled: Any
) -> None:
    email, _, phone, _ = enrolled
    sign_in_by_page(client, email)
    answers = [post(client, CODE, CODE, code=f"{n:06d}").status_code for n in range(6)]
    assert answers == [400] * 5 + [429]
    late = post(client, CODE, CODE, code=phone.shows())
    assert late.status_code == 429, "the right one waits as well"
    assert int(late.headers["Retry-After"]) <= 300
    elsewhere = app.test_client()
    sign_in_by_page(elsewhere, email, address="198.51.100.3")
    assert post(elsewhere, CODE, CODE, code=phone.shows()).status_code == 429, "per account"
    told = [subject for subject in letters(app) if "nhập sai mã xác nhận" in subject]
    assert len(told) == 1
    assert events(app).count("second_step.failed") == 5


def test_twenty_tries_an_hour(app: Flask, enrolled: Any, monkeypatch: Any) -> None:
    email, _, _, _ = enrolled
    monkeypatch.setattr("portal.accounts.throttle.CODES", "1000/5 minutes")
    with app.app_context():
        token = signin.login(email, PASSWORD, "192.0.2.1").token
        for _ in range(20):
            with pytest.raises(Invalid):
                signin.finish(token, "000000", signin.NOBODYS)
        with pytest.raises(TooMany):
            signin.finish(token, "000000", signin.NOBODYS)


def test_the_wait_for_a_code_ends(
    app: Flask, client: PageClient, enrolled: Any, moved: MovableClock
) -> None:
    email, _, phone, _ = enrolled
    sign_in_by_page(client, email)
    token = client.token(CODE)
    moved.move(minutes=11)
    answer = client.post(CODE, data={"code": phone.shows(), "csrf_token": token})
    assert answer.location == LOGIN
    assert "hết hạn" in client.get(LOGIN).text


@pytest.mark.parametrize("happens", ["disabled", "password", "reset"])
def test_what_happens_meanwhile_ends_the_wait(
    app: Flask, client: PageClient, enrolled: Any, happens: str
) -> None:
    email, actor, phone, _ = enrolled
    sign_in_by_page(client, email)
    token = client.token(CODE)
    with app.app_context():
        if happens == "reset":
            second_step.reset(None, actor.user_id)
        else:
            with write() as session:
                user = session.get_one(User, actor.user_id)
                if happens == "disabled":
                    user.disabled_at = clock.now()
                else:
                    from portal.accounts import sessions

                    sessions.end_all(session, user.id)
    client.post(CODE, data={"code": phone.shows(), "csrf_token": token})
    assert client.get(OWN).status_code == 303


def test_a_code_needs_the_token_of_its_form(client: PageClient, enrolled: Any) -> None:
    email, _, phone, _ = enrolled
    sign_in_by_page(client, email)
    assert client.post(CODE, data={"code": phone.shows()}).status_code == 400
    assert client.get(OWN).status_code == 303


def test_the_session_after_the_code_is_a_new_one(
    app: Flask, client: PageClient, enrolled: Any
) -> None:
    email, _, phone, _ = enrolled
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "fixed"
    sign_in_by_page(client, email)
    waiting = client.get_cookie("phien")
    assert waiting is not None
    post(client, CODE, CODE, code=phone.shows())
    thief = app.test_client()
    thief.set_cookie("phien", waiting.value)
    assert thief.get(OWN).status_code == 303
    assert thief.get(CODE).status_code == 303
    with client.session_transaction() as cookie:
        assert "cho_ma" not in cookie


def test_a_recovery_code_opens_once_and_is_told(
    app: Flask, client: PageClient, enrolled: Any
) -> None:
    email, _, _, made = enrolled
    sign_in_by_page(client, email)
    page = client.get(CODE + "?cach=ma-khoi-phuc").text
    assert "mã khôi phục" in page
    assert post(client, CODE, CODE, code=made[3].lower().replace("-", "")).status_code == 303
    assert "9 mã" in client.get(STEP).text
    assert any("Một mã khôi phục vừa được dùng" in subject for subject in letters(app))
    assert "recovery_code.used" in events(app)


def test_two_uses_of_one_recovery_code_at_once(app: Flask, enrolled: Any) -> None:
    email, _, _, made = enrolled
    with app.app_context():
        tokens = [signin.login(email, PASSWORD, f"192.0.2.{n}").token for n in range(4)]
    barrier, opened = threading.Barrier(4), []

    def use(token: str) -> None:
        with app.app_context():
            barrier.wait()
            try:
                opened.append(signin.finish(token, made[0], signin.NOBODYS))
            except Exception as error:
                opened.append(error)

    threads = [threading.Thread(target=use, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, signin.SignedIn) for one in opened) == 1, opened
    with app.app_context():
        used = select(func.count()).where(RecoveryCode.used_at.is_not(None))
        assert db.session.scalar(used) == 1


def signed_in(client: PageClient, email: str, code: str) -> None:
    sign_in_by_page(client, email)
    assert post(client, CODE, CODE, code=code).status_code == 303


def test_renewing_and_removing_want_password_and_code(
    app: Flask, client: PageClient, enrolled: Any, moved: MovableClock
) -> None:
    email, actor, phone, made = enrolled
    signed_in(client, email, phone.shows())
    moved.move(seconds=60)
    path = STEP + "/ma-khoi-phuc"
    assert post(client, path, STEP, current="sai", code=phone.shows()).status_code == 400
    assert post(client, path, STEP, current=PASSWORD, code="000000").status_code == 400
    answer = post(client, path, STEP, current=PASSWORD, code=phone.shows())
    fresh = re.findall(r"<code>([0-9A-Z-]{14})</code>", answer.text)
    assert len(fresh) == 10
    assert not set(fresh) & set(made)
    path = STEP + "/tat"
    wrong = {"tat-current": PASSWORD, "tat-code": made[0]}
    assert post(client, path, STEP, **wrong).status_code == 400, "the old set is void"
    right = {"tat-current": PASSWORD, "tat-code": fresh[0]}
    assert post(client, path, STEP, **right).status_code == 303
    with app.app_context():
        assert db.session.get_one(User, actor.user_id).second_step_at is None
        assert not db.session.scalars(select(RecoveryCode)).all()
    post(client, "/dang-xuat", OWN)
    assert sign_in_by_page(client, email).location == f"{DESK}/"


def test_an_administrator_lets_somebody_in_again(
    app: Flask, client: PageClient, enrolled: Any, member: Any
) -> None:
    email, actor, _, _ = enrolled
    admin, me = member(Role.ADMINISTRATOR)
    sign_in_by_page(client, admin)
    one = f"{DESK}/tai-khoan/{actor.user_id}"
    assert "đang bật" in client.get(one).text
    assert post(client, one + "/hai-buoc/dat-lai", one).status_code == 303
    with app.app_context():
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "second_step.reset")
        ).one()
        assert (entry.actor_id, entry.object_id) == (me.user_id, str(actor.user_id))
    assert any("Đã tắt xác nhận hai bước" in subject for subject in letters(app))
    assert sign_in_by_page(app.test_client(), email).location == f"{DESK}/"


def test_nobody_resets_their_own(app: Flask, client: PageClient, member: Any) -> None:
    email, me = member(Role.ADMINISTRATOR)
    sign_in_by_page(client, email)
    enrol(client)
    own = f"{DESK}/tai-khoan/{me.user_id}"
    assert "hai-buoc/dat-lai" not in client.get(own).text
    with app.app_context(), pytest.raises(Conflict):
        second_step.reset(me, me.user_id)


def test_the_last_administrator_has_the_command_line(
    app: Flask, client: PageClient, member: Any
) -> None:
    email, _ = member(Role.ADMINISTRATOR)
    sign_in_by_page(client, email)
    enrol(client)
    done = app.test_cli_runner().invoke(args=["users", "reset-second-step", email.upper()])
    assert done.exit_code == 0, done.output
    assert sign_in_by_page(app.test_client(), email).location == f"{DESK}/"
    again = app.test_cli_runner().invoke(args=["users", "reset-second-step", email])
    assert again.exit_code == 1


def test_days_of_grace_then_nothing_but_setting_up(
    app: Flask, client: PageClient, member: Any, moved: MovableClock
) -> None:
    email, _ = member(Role.PUBLISHER)
    sign_in_by_page(client, email)
    assert "Vai trò của bạn cần xác nhận hai bước" in client.get(OWN).text
    moved.move(days=14, minutes=1)
    sign_in_by_page(client, email)
    for path in (f"{DESK}/", OWN, f"{DESK}/bai-viet/"):
        assert client.get(path).location == STEP, path
    assert "Đã hết thời gian chờ" in client.get(STEP).text
    answer = post(client, OWN + "/mat-khau", STEP, current=PASSWORD, password="x" * 20)
    assert answer.status_code == 403
    enrol(client)
    assert client.get(f"{DESK}/").status_code == 200


def test_roles_that_need_none_are_left_alone(
    client: PageClient, member: Any, moved: MovableClock
) -> None:
    email, _ = member(Role.AUTHOR, "cdc")
    sign_in_by_page(client, email)
    moved.move(days=400)
    sign_in_by_page(client, email)
    page = client.get(OWN)
    assert page.status_code == 200
    assert "Vai trò của bạn cần" not in page.text


def test_removing_where_it_is_required_leads_back_at_once(
    app: Flask, client: PageClient, enrolled: Any, moved: MovableClock
) -> None:
    email, _, phone, _ = enrolled
    moved.move(days=30)
    signed_in(client, email, phone.shows())
    moved.move(seconds=60)
    right = {"tat-current": PASSWORD, "tat-code": phone.shows()}
    assert post(client, STEP + "/tat", STEP, **right).status_code == 303
    assert client.get(OWN).location == STEP


def test_the_cookie_of_a_browser(app: Flask, client: PageClient, member: Any) -> None:
    email, _ = member()
    sign_in_by_page(client, email)
    cookie = client.get_cookie("trinh-duyet", path="/dang-nhap")
    assert cookie is not None
    assert cookie.http_only
    assert letters(app) == [], "the first sign-in of an account tells nothing new"
    post(client, "/dang-xuat", OWN)
    sign_in_by_page(client, email)
    assert letters(app) == [], "nor does the same browser"
    other = app.test_client()
    other.set_cookie("trinh-duyet", cookie.value[:-2] + "xx", path="/dang-nhap")
    sign_in_by_page(other, email)
    (subject,) = letters(app)
    assert "trình duyệt mới" in subject, "a forged cookie is a new browser"
    with app.app_context():
        body = db.session.scalars(select(Letter)).one().body
        assert "192.0.2" not in body
        assert "Werkzeug" not in body


def test_one_browser_of_two_people_is_known_to_each(
    app: Flask, client: PageClient, member: Any
) -> None:
    for email in (member()[0], member()[0]):
        sign_in_by_page(client, email)
        post(client, "/dang-xuat", OWN)
    assert letters(app) == []


def test_signing_out_everywhere(app: Flask, client: PageClient, member: Any) -> None:
    email, _ = member()
    other = app.test_client()
    for browser in (other, client):
        sign_in_by_page(browser, email)
    answer = post(client, OWN + "/phien/ket-thuc-het", OWN)
    assert (answer.status_code, answer.location) == (303, LOGIN)
    for browser in (other, client):
        assert browser.get(OWN).status_code == 303


def test_old_waits_are_forgotten(
    app: Flask, client: PageClient, enrolled: Any, moved: MovableClock
) -> None:
    email, _, _, _ = enrolled
    sign_in_by_page(client, email)
    moved.move(days=1)
    sign_in_by_page(client, email)
    with app.app_context():
        assert len(db.session.scalars(select(PendingSignIn)).all()) == 1
