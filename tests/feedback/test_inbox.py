"""The inbox: who sees which piles, filters that hold, words that leak nothing, few statements."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from portal.accounts.permissions import Actor, Role
from portal.core.db import db, write
from portal.feedback import handling, queries
from portal.feedback.models import Feedback, Kind
from portal.feedback.queries import Tray
from tests.feedback.test_handling import receive, version
from tests.support.queries import count_queries
from tests.support.staff import make_user, sign_in

INBOX = "/ban-lam-viec/phan-anh/"


@pytest.fixture
def officer(app: Flask) -> Actor:
    return make_user(app, Role.FEEDBACK_OFFICER)


def change(number: int, **values: object) -> None:
    with write() as session:
        session.execute(update(Feedback).where(Feedback.id == number).values(**values))


def test_each_role_has_the_piles_that_can_hold_something(app: Flask, officer: Actor) -> None:
    def trays(*actors: Actor) -> list[set[Tray]]:
        return [set(queries.trays_of(actor)) for actor in actors]

    all_but_secret = set(Tray) - {Tray.RESTRICTED}
    inspector, head = make_user(app, Role.INSPECTOR), make_user(app, Role.HEAD)
    of_unit = make_user(app, Role.HEAD, "cdc")
    assert trays(officer, of_unit, make_user(app, Role.AUDITOR)) == [all_but_secret] * 3
    assert trays(inspector, head) == [{Tray.RESTRICTED, Tray.ERASURE}, set(Tray)]
    page = FlaskClient(app)
    sign_in(app, page, inspector)
    assert page.get(INBOX).status_code == 200  # opens with the only pile it has


def test_filters_narrow_and_the_register_number_finds(
    app: Flask, client: FlaskClient, officer: Actor, units: list[str]
) -> None:
    with app.app_context():
        first = receive(subject="Chờ lâu ở Quầy số 3", kind=Kind.COMPLAINT)
        second = receive(subject="Hỏi giờ làm việc")
        change(first, channel="zalo", register_year=2026, register_number=17,
               external_code="PAKN-5")  # fmt: skip
        handling.assign(officer, second, version(second), unit_code="cdc")
    sign_in(app, client, officer)
    for asked, found in (
        ("loai=complaint", {first}), ("kenh=zalo", {first}), ("kenh=phone", set()),
        ("don_vi=cdc", {second}), ("q=17/2026", {first}), ("q=17%2F2025", set()),
        ("q=cho+lau", {first}), ("q=QUẦY", {first}), ("q=PAKN-5", {first}),
        ("q=giờ+quầy", set()), (f"q={second}", {second}), ("tu_ngay=2020-01-01", {first, second}),
        ("den_ngay=2020-01-01", set()), ("loai=question&q=giờ", {second}),
    ):  # fmt: skip
        page = client.get(f"{INBOX}?khay=tat-ca&{asked}").get_data(as_text=True)
        seen = {number for number in (first, second) if f'phan-anh/{number}"' in page}
        assert seen == found, asked
    for wrong in ("khay=x", "loai=x", "kenh=x", "tu_ngay=hôm-qua", "sap-xep=x"):
        assert client.get(f"{INBOX}?{wrong}").status_code == 400, wrong


def test_words_find_nothing_for_who_may_not_read(app: Flask, client: FlaskClient) -> None:
    """Otherwise the list would say, word by word, what the hidden subject holds."""
    sign_in(app, client, make_user(app, Role.AUDITOR))
    with app.app_context():
        receive(subject="Quầy số 3")
    assert "1 nội dung" in client.get(f"{INBOX}?khay=tat-ca").get_data(as_text=True)
    assert "0 nội dung" in client.get(f"{INBOX}?khay=tat-ca&q=quầy").get_data(as_text=True)


def test_rows_tell_the_days_left_and_a_clock_that_stands(
    app: Flask, client: FlaskClient, officer: Actor
) -> None:
    sign_in(app, client, officer)
    with app.app_context():
        number = receive()
        due = db.session.get_one(Feedback, number).due_on
    assert "ngày làm việc" in client.get(INBOX).get_data(as_text=True)
    with app.app_context():
        change(number, state="waiting", paused_on=due, days_left=4)
    page = client.get(f"{INBOX}?khay=cho-bo-sung").get_data(as_text=True)
    assert "tạm dừng" in page
    assert "còn 4 ngày làm việc" in page


def test_a_page_asks_little(app: Flask, client: FlaskClient, officer: Actor) -> None:
    sign_in(app, client, officer)
    with app.app_context():
        for _ in range(5):
            receive()
    client.get(INBOX)
    with count_queries(app) as statements:
        client.get(f"{INBOX}?khay=tat-ca&q=hỏi&loai=question&sap-xep=moi-nhat")
    assert len(statements) <= 12


def test_the_inbox_leads_to_the_form_of_who_enters(
    app: Flask, client: FlaskClient, officer: Actor
) -> None:
    sign_in(app, client, officer)
    assert f'href="{INBOX}nhap"' in client.get(INBOX).get_data(as_text=True)
    auditor = FlaskClient(app)
    sign_in(app, auditor, make_user(app, Role.AUDITOR))
    assert f'href="{INBOX}nhap"' not in auditor.get(INBOX).get_data(as_text=True)
