"""Accounts that have a password, a clock that can be moved, browsers that sign in by the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts import passwords
from portal.accounts.models import User
from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.db import write
from tests.support.staff import make_user

PASSWORD = "một câu chỉ mình tôi nghĩ ra"
LOGIN = "/dang-nhap"
OWN = "/ban-lam-viec/tai-khoan/cua-toi"


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2id with small parameters; tests of the parameters ask for the real ones."""
    if "real_hashes" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))


@pytest.fixture
def real_hashes() -> None:
    """Keep the parameters of production."""


class MovableClock:
    """`clock.now`, moved by hand."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self._real = clock.now

    def __call__(self) -> datetime:
        return self._real() + self.offset

    def move(self, **parts: float) -> None:
        self.offset += timedelta(**parts)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> MovableClock:
    movable = MovableClock()
    monkeypatch.setattr(clock, "now", movable)
    return movable


@pytest.fixture
def member(app: Flask) -> Callable[..., tuple[str, Actor]]:
    """`member(Role.AUTHOR)` → (e-mail, actor) of an account that signs in with PASSWORD."""

    def make(role: Role = Role.AUTHOR, unit: str | None = None) -> tuple[str, Actor]:
        actor = make_user(app, role, unit)
        with app.app_context():
            digest = passwords.make_hash(PASSWORD)
            with write() as session:
                user = session.get_one(User, actor.user_id)
                user.password_hash = digest
                return user.email, actor

    return make


def sign_in_by_page(
    browser: FlaskClient,
    email: str,
    password: str = PASSWORD,
    *,
    next_page: str = "",
    address: str = "192.0.2.1",
) -> TestResponse:
    """Open the sign-in page, fill it in, send it."""
    data = {
        "email": email,
        "password": password,
        "next": next_page,
        "csrf_token": browser.token(LOGIN),
    }
    return browser.post(LOGIN, data=data, environ_base={"REMOTE_ADDR": address})


def letter_link(text: str) -> str:
    """The path of the one-time link in a letter."""
    found = re.search(r"https?://[^/\s]+(/tai-khoan/kich-hoat/\S+)", text)
    assert found, "no link in the letter"
    return found[1]
