"""The machine's clock jumps a day or a year, either way, and comes back.

Nobody is locked out, nothing falls over, no article appears before its hour. Both clocks that the
portal reads are moved: its own (`core.clock`) and `time.time`, which limits and signatures use.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts import passwords
from portal.accounts.models import User
from portal.accounts.permissions import Actor, Role
from portal.app import create_app
from portal.articles import service
from portal.articles.drafts import Draft
from portal.articles.models import Article, Topic
from portal.core import audit, clock
from portal.core.db import db, write
from portal.core.settings import load_settings
from portal.ops import ticker
from tests.drill.crowd import CODE, FORM
from tests.support.pages import PageClient
from tests.support.staff import make_user, sign_in

pytestmark = pytest.mark.slow
JUMPS = (timedelta(days=1), timedelta(days=-1), timedelta(days=365), timedelta(days=-365))
PASSWORD = "một câu chỉ mình tôi nghĩ ra"
PAGES = ("/", "/thu-tuc/", "/cai-cach-hanh-chinh/", "/phan-anh/", FORM, "/duong-day-nong/",
         "/ke-hoach/", "/feed.xml", "/sitemap.xml", "/tim-kiem?q=giay+phep", "/dang-nhap",
         "/healthz")  # fmt: skip
Jump = Callable[[timedelta], None]


@pytest.fixture
def app(loaded_instance: Path, tmp_path: Path) -> Iterator[Flask]:
    folder = tmp_path / "instance"
    shutil.copytree(loaded_instance, folder)
    made = create_app(load_settings({"PORTAL_INSTANCE": str(folder)}))
    made.test_client_class, made.testing = PageClient, True
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Jump:
    """`jump(timedelta(days=1))`: from now on all clocks are that far from the true time."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
    by = [timedelta()]
    now, seconds = clock.now, time.time
    monkeypatch.setattr(clock, "now", lambda: now() + by[0])
    monkeypatch.setattr(time, "time", lambda: seconds() + by[0].total_seconds())

    def to(offset: timedelta) -> None:
        by[0] = offset

    return to


def send_feedback(app: Flask, address: str) -> str:
    """The code of a feedback sent now."""
    citizen: FlaskClient = app.test_client()
    where = {"REMOTE_ADDR": address}
    page = citizen.get(f"{FORM}?loai=question").text
    for step in ("xem", "gui"):
        data = {"kind": "question", "subject": "Giờ sai", "body": "Gửi lúc đồng hồ sai.",
                "buoc": step, "csrf_token": value_of(page, "csrf_token"),
                "dau": value_of(page, "dau")}  # fmt: skip
        answer = citizen.post(FORM, data=data, environ_base=where)
        page = answer.text
    assert answer.status_code == 303, page
    found = CODE.search(citizen.get("/phan-anh/bien-nhan").text)
    assert found
    return found[1]


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def can_sign_in(app: Flask, email: str, address: str) -> bool:
    """Into the desk, or (once the grace seems over) to where the second step is switched on."""
    browser: FlaskClient = app.test_client()
    token = value_of(browser.get("/dang-nhap").text, "csrf_token")
    data = {"email": email, "password": PASSWORD, "csrf_token": token}
    answer = browser.post("/dang-nhap", data=data, environ_base={"REMOTE_ADDR": address})
    desk = browser.get("/ban-lam-viec/", follow_redirects=True)
    inside = desk.request.path in ("/ban-lam-viec/", "/ban-lam-viec/tai-khoan/cua-toi/hai-buoc")
    return answer.status_code == 303 and desk.status_code == 200 and inside


def member(app: Flask) -> tuple[Actor, str]:
    """A publisher with a password."""
    actor = make_user(app, Role.PUBLISHER)
    with app.app_context():
        hashed = passwords.make_hash(PASSWORD)
        with write() as session:
            user = session.get_one(User, actor.user_id)
            user.password_hash = hashed
            return actor, user.email


def schedule_article(app: Flask, publisher: Actor, hours: int) -> str:
    """The address of an article that is to appear in some hours."""
    with app.app_context():
        topic = db.session.scalars(select(Topic.id)).first()
        draft = Draft(title="Bài hẹn giờ", summary="Tóm tắt.", body="<p>Chữ.</p>", topic_id=topic)
        number = service.create(make_user(app, Role.PUBLISHER), draft)
        service.submit(publisher, number, 1)
        service.publish(publisher, number, 2, clock.now() + timedelta(hours=hours))
        url = db.session.get_one(Article, number).url
        db.session.remove()
        return url


@pytest.mark.parametrize("offset", JUMPS, ids=str)
def test_a_wrong_clock_locks_nobody_out_and_publishes_nothing_early(
    app: Flask, jump: Jump, monkeypatch: pytest.MonkeyPatch, offset: timedelta
) -> None:
    monkeypatch.setattr("portal.feedback.signing.SHORTEST", timedelta(0))
    publisher, email = member(app)
    address = schedule_article(app, publisher, hours=6)
    inside: FlaskClient = app.test_client()
    sign_in(app, inside, publisher)
    before = send_feedback(app, "192.0.2.1")
    for turn, by in enumerate((offset, timedelta())):
        jump(by)
        reader: FlaskClient = app.test_client()
        for path in PAGES:
            assert reader.get(path).status_code == 200, (path, by)
        due = by > timedelta(hours=6)
        ticker.tick(app)
        assert reader.get(address).status_code == (200 if due else 404), by
        assert ("Bài hẹn giờ" in reader.get("/tim-kiem?q=bai+hen+gio").text) == due
        assert ("Bài hẹn giờ" in reader.get("/feed.xml").text) == due
        assert can_sign_in(app, email, f"192.0.2.{10 + turn}"), by
        code = send_feedback(app, f"192.0.2.{20 + turn}")
        for known in (before, code):
            token = value_of(reader.get("/phan-anh/tra-cuu").text, "csrf_token")
            found = reader.post(
                "/phan-anh/tra-cuu",
                data={"csrf_token": token, "code": known},
                follow_redirects=True,
            )
            assert found.status_code == 200, by
        assert inside.get("/ban-lam-viec/").status_code in (200, 302, 303)
    with app.app_context():
        assert list(audit.verify(db.session())) == []
        db.session.remove()
