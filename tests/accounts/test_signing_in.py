"""Signing in and out: sessions rotate, end and stay ended; nobody learns which accounts exist."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts import passwords, sessions, signin, throttle
from portal.accounts.models import LoginSession, User
from portal.accounts.permissions import Role
from portal.app import create_app
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.core.errors import Invalid, TooMany
from portal.core.limits import limiter
from portal.core.mail import Letter
from portal.core.settings import load_settings
from tests.accounts.conftest import LOGIN, OWN, PASSWORD, MovableClock, sign_in_by_page
from tests.support.installations import environment_of
from tests.support.pages import PageClient


def test_the_page_works_and_leads_on(app: Flask, client: PageClient, member: Any) -> None:
    email, actor = member()
    answer = sign_in_by_page(client, email, next_page=OWN)
    assert (answer.status_code, answer.location) == (303, OWN)
    assert actor.name in client.get(OWN).get_data(as_text=True)


def test_email_is_found_however_it_is_typed(client: PageClient, member: Any) -> None:
    email, _ = member()
    assert sign_in_by_page(client, f"  {email.upper()} ").status_code == 303


def test_a_closed_page_is_opened_after_signing_in(client: PageClient, member: Any) -> None:
    email, _ = member()
    away = client.get(OWN)
    assert away.status_code == 303
    page = client.get(away.location).get_data(as_text=True)
    assert f'name="next" type="hidden" value="{OWN}"' in page
    assert sign_in_by_page(client, email, next_page=OWN).location == OWN


def test_a_foreign_next_is_dropped(client: PageClient, member: Any) -> None:
    email, _ = member()
    answer = sign_in_by_page(client, email, next_page="https://ke-xau.example/")
    assert answer.location.startswith("/ban-lam-viec/")


@pytest.mark.parametrize("state", ["unknown", "wrong", "disabled", "not activated"])
def test_failures_look_the_same(
    app: Flask, client: PageClient, member: Any, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    email, actor = member()
    values: dict[str, Any] = {}
    if state == "disabled":
        values = {"disabled_at": clock.now()}
    if state == "not activated":
        values = {"password_hash": None}
    if values:
        with app.app_context(), write() as session:
            session.execute(update(User).where(User.id == actor.user_id).values(**values))
    checked: list[object] = []
    real = passwords._hasher.verify

    class Spy:
        def verify(self, stored: str, password: bytes) -> bool:
            checked.append(stored)
            return real(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Spy())
    typed = "khong-co@vidu.vn" if state == "unknown" else email
    password = PASSWORD if state in ("disabled", "not activated") else "sai mật khẩu mất rồi"
    answer = sign_in_by_page(client, typed, password)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert signin.WRONG in page
    assert typed in page, "what was typed is kept"
    assert password not in page
    assert len(checked) == 1, "one hash is computed, whatever the account"
    assert client.get(OWN).status_code == 303
    with app.app_context():
        (entry,) = db.session.scalars(select(AuditEntry))
        assert (entry.event, entry.actor_id) == ("login.failed", None)
        assert "@" not in entry.object_id


def test_the_dummy_costs_as_much_as_a_real_hash(app: Flask, real_hashes: None) -> None:
    assert not passwords.is_outdated(passwords._DUMMY)


def test_an_old_hash_is_renewed_at_the_next_sign_in(
    app: Flask, client: PageClient, member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    email, actor = member()
    monkeypatch.setattr(passwords, "_hasher", type(passwords._hasher)(2, 16, 1))
    assert sign_in_by_page(client, email).status_code == 303
    with app.app_context():
        stored = db.session.get_one(User, actor.user_id).password_hash
        assert stored is not None
        assert "t=2" in stored
        assert passwords.verify(stored, PASSWORD)


def test_a_session_fixed_beforehand_is_worthless(
    app: Flask, client: PageClient, member: Any
) -> None:
    email, _ = member()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "fixed"
        cookie["planted"] = "x"
    early = client.token(LOGIN)
    sign_in_by_page(client, email)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "fixed"
        assert "planted" not in cookie
    assert client.post("/dang-xuat", data={"csrf_token": early}).status_code == 400
    assert client.get(OWN).status_code == 200


def test_signing_in_again_ends_the_session_before(
    app: Flask, client: PageClient, member: Any
) -> None:
    email, _ = member()
    token = client.token(LOGIN)
    sign_in_by_page(client, email)
    with client.session_transaction() as cookie:
        first, token = cookie["_user_id"], client.token(OWN)
    client.post(LOGIN, data={"email": email, "password": PASSWORD, "csrf_token": token})
    with client.session_transaction() as cookie:
        second = cookie["_user_id"]
    with app.app_context():
        assert first != second
        assert sessions.find(first) is None
        assert sessions.find(second) is not None


def test_after_signing_out_a_replayed_cookie_is_anonymous(
    app: Flask, client: PageClient, member: Any
) -> None:
    email, _ = member()
    sign_in_by_page(client, email)
    stolen = client.get_cookie("phien")
    assert stolen is not None
    answer = client.post("/dang-xuat", data={"csrf_token": client.token(OWN)})
    assert (answer.status_code, answer.location) == (303, LOGIN)
    assert "cookies" not in answer.headers["Clear-Site-Data"]
    assert client.get_cookie("phien") is None
    thief = app.test_client()
    thief.set_cookie("phien", stolen.value)
    assert thief.get(OWN).status_code == 303


def test_pages_of_accounts_are_stored_by_nobody(client: PageClient) -> None:
    for path in (LOGIN, "/tai-khoan/quen-mat-khau", "/tai-khoan/kich-hoat/khong-co"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_missing_token_keeps_what_was_typed(client: PageClient) -> None:
    answer = client.post(LOGIN, data={"email": "ai-do@vidu.vn", "password": "x"})
    assert answer.status_code == 400
    assert "ai-do@vidu.vn" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("minutes", "lives"), [(29, True), (31, False)])
def test_idle_sessions_end(
    client: PageClient, member: Any, moved: MovableClock, minutes: int, lives: bool
) -> None:
    email, _ = member()
    sign_in_by_page(client, email)
    moved.move(minutes=minutes)
    assert (client.get(OWN).status_code == 200) is lives


def test_no_session_outlives_twelve_hours(
    client: PageClient, member: Any, moved: MovableClock
) -> None:
    email, _ = member()
    sign_in_by_page(client, email)
    for _ in range(35):
        moved.move(minutes=20)
        assert client.get(OWN).status_code == 200
    moved.move(minutes=21)
    assert client.get(OWN).status_code == 303


@pytest.mark.parametrize("jump", [{"days": 365}, {"days": -365}, {"hours": -1}])
def test_a_clock_that_jumps_ends_sessions_and_locks_nobody_out(
    client: PageClient, member: Any, moved: MovableClock, jump: dict[str, float]
) -> None:
    email, _ = member()
    sign_in_by_page(client, email)
    moved.move(**jump)
    assert client.get(OWN).status_code == 303
    assert sign_in_by_page(client, email).status_code == 303
    assert client.get(OWN).status_code == 200


def test_counters_of_the_future_lock_nobody_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    with app.app_context():
        real = time.time
        monkeypatch.setattr("portal.core.limits.time.time", lambda: real() + 365 * 86_400)
        for _ in range(10):
            limiter().hit("10/5 minutes", "thu", "ai")
        monkeypatch.setattr("portal.core.limits.time.time", real)
        limiter().hit("10/5 minutes", "thu", "ai")


def test_ending_wins_over_a_touch_that_comes_late(
    app: Flask, member: Any, moved: MovableClock
) -> None:
    """A request that looked the session up before it was ended must not bring it back."""
    _, actor = member()
    with app.app_context():
        for _ in range(20):
            with write() as session:
                token = sessions.start(session, session.get_one(User, actor.user_id))
            moved.move(minutes=2)
            barrier = threading.Barrier(2)

            def touch(token: str = token, barrier: threading.Barrier = barrier) -> None:
                with app.app_context():
                    barrier.wait()
                    sessions.find(token)

            thread = threading.Thread(target=touch)
            thread.start()
            barrier.wait()
            with write() as session:
                sessions.end(session, token)
            thread.join()
            assert sessions.find(token) is None


def test_a_session_ended_while_it_is_looked_up_opens_nothing(
    app: Flask, member: Any, moved: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    email, _ = member()
    with app.app_context():
        token = signin.login(email, PASSWORD, "192.0.2.1").token
        moved.move(minutes=2)
        touch = sessions._touch

        def ended_just_before(session_id: int) -> bool:
            with write() as session:
                sessions.end(session, token)
            return touch(session_id)

        monkeypatch.setattr(sessions, "_touch", ended_just_before)
        assert sessions.find(token) is None


def test_old_rows_are_forgotten(app: Flask, member: Any, moved: MovableClock) -> None:
    email, _ = member()
    with app.app_context():
        signin.login(email, PASSWORD, "192.0.2.1")
        moved.move(days=31)
        signin.login(email, PASSWORD, "192.0.2.1")
        assert len(db.session.scalars(select(LoginSession)).all()) == 1


def _guess(app: Flask, email: str, address: str, password: str = "sai mất rồi") -> str:
    with app.app_context():
        try:
            signin.login(email, password, address)
        except Invalid:
            return "wrong"
        except TooMany:
            return "wait"
    return "in"


def test_guessing_is_braked_across_workers(app: Flask, instance: Any, member: Any) -> None:
    email, _ = member()
    second = create_app(load_settings(environment_of(instance)))
    answers = [_guess((app, second)[n % 2], email, "192.0.2.9") for n in range(12)]
    assert answers == ["wrong"] * 10 + ["wait"] * 2
    assert _guess(app, email, "192.0.2.9", PASSWORD) == "wait"
    assert _guess(second, email, "192.0.2.10", PASSWORD) == "in", "a colleague elsewhere gets in"
    with second.app_context():
        db.engine.dispose()


def test_unknown_accounts_are_braked_alike(app: Flask) -> None:
    answers = [_guess(app, "khong-co@vidu.vn", "192.0.2.9") for _ in range(11)]
    assert answers == ["wrong"] * 10 + ["wait"]


def test_the_page_says_how_long_to_wait(app: Flask, client: PageClient) -> None:
    for _ in range(10):
        _guess(app, "khong-co@vidu.vn", "192.0.2.9")
    answer = sign_in_by_page(client, "khong-co@vidu.vn", "x", address="192.0.2.9")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert "Bạn chờ khoảng" in answer.get_data(as_text=True)


def test_many_colleagues_behind_one_address_sign_in(app: Flask, member: Any) -> None:
    for _ in range(15):
        email, _ = member()
        assert _guess(app, email, "192.0.2.9", PASSWORD) == "in"


def test_an_honest_account_does_not_reset_the_brake_for_others(app: Flask, member: Any) -> None:
    own, _ = member()
    target, _ = member()
    answers = []
    for _ in range(12):
        answers.append(_guess(app, target, "192.0.2.9"))
        if answers[-1] == "wrong" and len(answers) < 10:
            assert _guess(app, own, "192.0.2.9", PASSWORD) == "in"
    assert answers.count("wrong") == 10


def test_a_hundred_failures_in_a_row_bring_a_letter_and_slow_strangers_only(
    app: Flask, member: Any
) -> None:
    email, _ = member(Role.PUBLISHER)
    assert _guess(app, email, "198.51.100.1", PASSWORD) == "in"  # the office
    for number in range(101):
        assert _guess(app, email, f"203.0.113.{number // 9}") == "wrong"
    with app.app_context():
        letters = db.session.scalars(select(Letter)).all()
        assert len(letters) == 1
        assert "/tai-khoan/kich-hoat/" in letters[0].body
    assert _guess(app, email, "203.0.113.200") == "wrong"
    assert _guess(app, email, "203.0.113.200") == "wait", "one try in five minutes for strangers"
    assert _guess(app, email, "198.51.100.1", "gõ nhầm") == "wrong"
    assert _guess(app, email, "198.51.100.1", PASSWORD) == "in", "the office is not touched"
    assert _guess(app, email, "198.51.100.77", PASSWORD) == "in", "nor the owner elsewhere"


def test_the_brake_of_the_whole_site_spares_known_places(
    app: Flask, member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    email, _ = member()
    assert _guess(app, email, "198.51.100.1", PASSWORD) == "in"
    monkeypatch.setattr(throttle, "OVERALL", "3/5 minutes")
    for number in range(3):
        _guess(app, "khong-co@vidu.vn", f"203.0.113.{number}")
    assert _guess(app, email, "203.0.113.50", PASSWORD) == "wait"
    assert _guess(app, email, "198.51.100.1", PASSWORD) == "in"


def test_a_spoofed_forwarded_for_changes_no_limit(client: PageClient) -> None:
    codes = []
    for number in range(12):
        token = client.token(LOGIN)
        data = {"email": "a@vidu.vn", "password": "x", "csrf_token": token}
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        codes.append(client.post(LOGIN, data=data, headers=headers).status_code)
    assert codes == [400] * 10 + [429] * 2
