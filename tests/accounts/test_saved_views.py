"""A person's own lists: kept under a name, opened first, forgotten, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts import saved_views
from portal.accounts.models import DeskList, SavedView
from portal.accounts.permissions import Actor, Role
from portal.core.db import db
from portal.core.errors import Invalid, NotAllowed, NotFound
from tests.support.queries import count_queries
from tests.support.staff import make_user

LIST = "/ban-lam-viec/tai-khoan/"
SAVE = "/ban-lam-viec/danh-sach/tai-khoan"
Staff = Callable[..., tuple[FlaskClient, Actor]]


@pytest.fixture
def me(app: Flask) -> Actor:
    return make_user(app, Role.ADMINISTRATOR)


def keep(actor: Actor, name: str, query: str = "q=an", **more: bool) -> int:
    return saved_views.save(actor, DeskList.ACCOUNTS, name, query, **more).id


def test_a_list_is_kept_opened_first_and_forgotten(staff: Staff) -> None:
    browser, _ = staff(Role.ADMINISTRATOR)
    assert "Lưu bộ lọc này" not in browser.get(LIST).get_data(as_text=True)
    page = browser.get(f"{LIST}?trang_thai=khoa&q=&x=1").get_data(as_text=True)
    assert "Lưu bộ lọc này" in page
    token = browser.token(LIST)  # type: ignore[attr-defined]
    data = {"csrf_token": token, "name": " Đã  khóa ", "query": "x=1&trang_thai=khoa&trang=3"}
    saved = browser.post(SAVE, data={**data, "first": "1"})
    assert saved.location == f"{LIST}?trang_thai=khoa"
    assert browser.get(LIST).location == f"{LIST}?trang_thai=khoa"
    page = browser.get(saved.location).get_data(as_text=True)
    assert 'aria-current="page">Đã khóa</a>' in page
    assert f'<a href="{LIST}?tat-ca=1">Tất cả</a>' in page
    assert browser.get(f"{LIST}?tat-ca=1").status_code == 200
    browser.post("/ban-lam-viec/danh-sach/1/mo-dau-tien", data={"csrf_token": token, "on": ""})
    assert browser.get(LIST).status_code == 200
    gone = browser.post("/ban-lam-viec/danh-sach/1/xoa", data={"csrf_token": token})
    page = browser.get(gone.location).get_data(as_text=True)
    assert "Đã xóa danh sách “Đã khóa”." in page
    assert "Hoàn tác" in page


def test_what_cannot_be_kept_is_said(app: Flask, staff: Staff) -> None:
    browser, actor = staff(Role.ADMINISTRATOR)
    token = browser.token(LIST)  # type: ignore[attr-defined]
    refused = browser.post(SAVE, data={"csrf_token": token, "name": "", "query": "q=an"})
    assert "Đặt tên cho danh sách" in browser.get(refused.location).get_data(as_text=True)
    assert browser.post(f"{SAVE}x", data={"csrf_token": token}).status_code == 404
    with app.app_context():
        keep(actor, "Một")
        for name, query in (("Một", "q=an"), ("Hai", "tat-ca=1"), ("x" * 41, "q=an")):
            with pytest.raises(Invalid):
                keep(actor, name, query)
        for number in range(2, saved_views.MOST + 1):
            keep(actor, f"Danh sách {number}", f"q={number}")
        with pytest.raises(Invalid, match="12 danh sách"):
            keep(actor, "Thêm nữa", "q=them")


def test_nobody_touches_anothers_list(app: Flask, me: Actor) -> None:
    other = make_user(app, Role.ADMINISTRATOR)
    author = make_user(app, Role.AUTHOR, "cdc")
    with app.app_context():
        number = keep(me, "Của tôi")
        assert saved_views.of(other, DeskList.ACCOUNTS) == []
        for act in (
            lambda: saved_views.remove(other, number),
            lambda: saved_views.set_default(other, number, on=True),
            lambda: saved_views.remove(me, 99_999),
        ):
            with pytest.raises(NotFound):
                act()
        with pytest.raises(NotAllowed):
            keep(author, "Tài khoản")
        assert db.session.scalars(select(SavedView.is_default)).all() == [False]


def test_one_list_at_most_opens_first(app: Flask, me: Actor) -> None:
    with app.app_context():
        keep(me, "Một", "q=1", is_default=True)
        second = keep(me, "Hai", "q=2", is_default=True)
        rows = select(SavedView.id).where(SavedView.is_default)
        assert db.session.scalars(rows).all() == [second]


def test_views_cost_one_statement(app: Flask, me: Actor) -> None:
    with app.app_context():
        for number in range(5):
            keep(me, f"Danh sách {number}", f"q={number}")
        with count_queries(app) as statements:
            assert len(saved_views.of(me, DeskList.ACCOUNTS)) == 5
        assert len(statements) == 1


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=300)), max_size=8))
def test_an_address_is_kept_the_same_way_however_often(pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import parse_qsl

    once = saved_views.canonical(DeskList.AUDIT, pairs)
    assert saved_views.canonical(DeskList.AUDIT, parse_qsl(once)) == once
