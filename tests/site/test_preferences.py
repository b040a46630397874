"""Settings of the site: over the files, by the files' rules, with every state kept."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.access import DESK
from portal.accounts.audit_words import FIELDS
from portal.accounts.permissions import Actor, Role
from portal.app import create_app
from portal.core import live
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.errors import Conflict, Invalid, NotAllowed
from portal.core.settings import current_settings, load_settings
from portal.site import preferences
from portal.site.models import SettingsState
from tests.support.browsing import forms_in
from tests.support.installations import environment_of
from tests.support.pages import PageClient
from tests.support.queries import count_queries
from tests.support.staff import make_user

PAGE = f"{DESK}/cai-dat/"


@pytest.fixture
def admin(app: Flask) -> Actor:
    return make_user(app, Role.ADMINISTRATOR)


def change(app: Flask, actor: Actor, seen: int = 0, **values: Any) -> None:
    with app.app_context():
        site = current_settings().site
        now = {key: preferences.value_of(site, key) for key in preferences.KEYS}
        typed = {key.replace("__", "."): value for key, value in values.items()}
        preferences.change(actor, now | typed, "thử", seen)


def last(app: Flask) -> int:
    with app.app_context():
        state = preferences.latest(db.session())
        return state.id if state else 0


def test_by_the_page_and_at_once(app: Flask, client: PageClient, staff: Any) -> None:
    browser, actor = staff(Role.ADMINISTRATOR)
    before = client.get("/").headers["ETag"]
    form = next(one for one in forms_in(browser.get(PAGE).text) if one.action == PAGE)
    data = {**dict(form.fields), "agency__phone": "0225 3745 123",
            "agency__hours": "07:30 đến 17:00", "reason": "Văn phòng báo số mới"}  # fmt: skip
    answer = browser.post(PAGE, data=data)
    assert answer.status_code == 303, answer.text
    page = client.get("/", headers={"If-None-Match": before})
    assert page.status_code == 200
    assert "0225 3745 123" in page.text
    assert "Giờ làm việc: 07:30 đến 17:00" in page.text
    shown = browser.get(PAGE).text
    assert "Văn phòng báo số mới" in shown
    assert "Theo tệp: (trống)" in shown
    with app.app_context():
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == "settings.changed")
        ).one()
        assert entry.actor_id == actor.user_id
        assert entry.changes["agency.phone"] == ["", "0225 3745 123"]
        assert entry.changes["reason"][1] == "Văn phòng báo số mới"


def test_every_setting_has_its_words_and_exists(app: Flask) -> None:
    with app.app_context():
        for key in preferences.KEYS:
            assert FIELDS[key]
            preferences.value_of(preferences.base(), key)


def test_the_file_stays_the_basis(app: Flask, admin: Actor) -> None:
    with app.app_context():
        title = preferences.base().site.title
    change(app, admin, site__title="Tên khác")
    with app.app_context():
        assert current_settings().site.site.title == "Tên khác"
    change(app, admin, last(app), site__title=title, agency__phone="0225")
    with app.app_context():
        state = preferences.latest(db.session())
        assert state is not None
        assert state.values == {"agency.phone": "0225"}, "what equals the file is the file's"
        preferences.restore(admin, 0, "về tệp", state.id)
        assert current_settings().site == preferences.base()


def test_any_state_can_count_again(app: Flask, admin: Actor) -> None:
    change(app, admin, site__title="Một", sharing__networks=("zalo",))
    first = last(app)
    change(app, admin, first, site__title="Hai", sharing__networks=())
    with app.app_context():
        coming = preferences.difference(first)
        assert coming["site.title"] == ("Hai", "Một")
        preferences.restore(admin, first, "quay lại", last(app))
        site = current_settings().site
        assert (site.site.title, site.sharing.networks) == ("Một", ("zalo",))
        rows = db.session.scalars(select(SettingsState)).all()
        assert len(rows) == 3, "history only grows"


def test_other_processes_follow_and_new_ones_begin_with_it(
    app: Flask, instance: Any, admin: Actor
) -> None:
    other = create_app(load_settings(environment_of(instance)))
    change(app, admin, site__title="Ở mọi tiến trình")
    with other.app_context():
        live.refresh()
        assert current_settings().site.site.title == "Ở mọi tiến trình"
    with other.test_client() as browser:
        assert "Ở mọi tiến trình" in browser.get("/").text
    with other.app_context():
        db.engine.dispose()


def test_pages_cost_no_statement_for_it(app: Flask, client: PageClient, admin: Actor) -> None:
    client.get("/thu-tuc/cong-bo")
    with count_queries(app) as before:
        client.get("/thu-tuc/cong-bo")
    change(app, admin, site__title="Không thêm câu nào")
    with count_queries(app) as after:
        client.get("/thu-tuc/cong-bo")
    assert len(after) == len(before)


@pytest.mark.parametrize(
    "values",
    [
        {"sharing__networks": ("khong-co",)},
        {"accounts__second_step": ("vua",)},
        {"accounts__grace_days": 1000},
        {"board__seconds": 1},
    ],
)
def test_the_rules_are_those_of_the_file(app: Flask, admin: Actor, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        change(app, admin, **values)
    with app.app_context():
        assert current_settings().site == preferences.base()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("agency__email", "không phải", "đúng dạng"),
        ("agency__phone", "gọi nhé", "bằng chữ số"),
        ("agency__website", "javascript:alert(1)", "https://"),
        ("site__title", "", "Nhập tên cổng"),
        ("board__articles", "nhiều", "chữ số"),
        ("reason", "", "Nhập lý do"),
    ],
)
def test_the_page_says_what_is_wrong(
    client: PageClient, staff: Any, name: str, value: str, message: str
) -> None:
    browser, _ = staff(Role.ADMINISTRATOR)
    form = next(one for one in forms_in(browser.get(PAGE).text) if one.action == PAGE)
    data = {**dict(form.fields), "reason": "thử", "agency__hours": "x", name: value}
    answer = browser.post(PAGE, data=data)
    assert answer.status_code == 400
    assert message in answer.text


def test_the_second_saver_is_told(app: Flask, admin: Actor) -> None:
    change(app, admin, site__title="Một")
    with pytest.raises(Conflict):
        change(app, admin, 0, site__title="Hai")


def test_only_administrators_change(app: Flask, staff: Any) -> None:
    with pytest.raises(NotAllowed):
        change(app, make_user(app, Role.PUBLISHER), site__title="Không")
    auditor, _ = staff(Role.AUDITOR)
    page = auditor.get(PAGE)
    assert page.status_code == 200
    assert "Lưu cài đặt" not in page.text


def test_a_state_that_no_longer_fits_does_no_harm(app: Flask, admin: Actor) -> None:
    change(app, admin, site__title="Còn dùng được")
    with app.app_context():
        from portal.core.db import write

        with write() as session:
            state = preferences.latest(session)
            assert state is not None
            state.values = {**state.values, "bo.di": 1, "board.seconds": 1}
        live.refresh()
        assert current_settings().site.site.title == "Còn dùng được", "what was good goes on"


def test_requiring_a_second_step_for_more_roles_counts_at_the_next_sign_in(
    app: Flask, admin: Actor
) -> None:
    from portal.accounts import second_step

    with app.app_context():
        author = make_user(app, Role.AUTHOR, "cdc")
        assert not second_step.is_required(author)
    change(app, admin, accounts__second_step=("author",))
    with app.app_context():
        assert second_step.is_required(author)
