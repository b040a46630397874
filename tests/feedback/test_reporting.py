"""A mistake on the page of a procedure is told in a minute and lands with who answers for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.db import db
from portal.feedback import contacts
from portal.feedback.models import Feedback
from tests.feedback.conftest import CONTACT

ADDRESS = "/thu-tuc/1.012290/bao-sai-sot"
TEXTS = {"part": "phi", "body": "Phí nay là 250.000 đồng, trang ghi 215.000 đồng.", "ban_so": "2"}


def hidden(page: str) -> dict[str, str]:
    form = next(f for f in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if ADDRESS in f)
    found = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", form)]
    return {one["name"]: one.get("value", "") for one in found if one.get("type") == "hidden"}


@pytest.fixture
def opened(client: FlaskClient, travel: Callable[..., None]) -> dict[str, str]:
    """The form as it was opened half a minute ago."""
    fields = hidden(client.get(f"{ADDRESS}?phan=phi&ban_so=2").get_data(as_text=True))
    travel(seconds=30)
    return fields


def rows(app: Flask) -> list[Feedback]:
    with app.app_context():
        return list(db.session.scalars(select(Feedback)))


def test_it_lands_with_the_unit_in_charge(
    app: Flask, client: FlaskClient, units: list[str], opened: dict[str, str]
) -> None:
    response = client.post(ADDRESS, data=opened | TEXTS)
    assert (response.status_code, response.headers["Location"]) == (303, "/phan-anh/bien-nhan")
    (feedback,) = rows(app)
    assert (feedback.unit_code, feedback.procedure_code) == ("cdc", "1.012290")
    assert feedback.subject == "Báo sai sót thủ tục 1.012290: Phí, lệ phí"
    assert "250.000 đồng" in feedback.body
    assert "bản số 2" in feedback.body
    assert "Mã tra cứu" in client.get("/phan-anh/bien-nhan").get_data(as_text=True)


def test_the_same_press_twice_is_one_report(
    app: Flask, client: FlaskClient, opened: dict[str, str]
) -> None:
    for _ in range(2):
        assert client.post(ADDRESS, data=opened | TEXTS).status_code == 303
    assert len(rows(app)) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"body": ""}, "Viết điều bạn thấy sai."),
        ({"body": "sai"}, "Viết rõ hơn một chút"),
        ({"body": "a" * 4701}, "nhiều nhất 4700"),
        ({"part": "xyz"}, "Phần nào sai?"),
        ({"name": "Trần Thị Mật Danh"}, "cần đồng ý"),
        ({"email": "khong phai", "consent": "y"}, "email"),
        ({"csrf_token": "x"}, ""),
        ({"dau": "x"}, ""),
    ],
)
def test_what_is_refused_keeps_what_was_written(
    app: Flask, client: FlaskClient, opened: dict[str, str], change: dict[str, str], said: str
) -> None:
    response = client.post(ADDRESS, data=opened | TEXTS | change)
    page = response.get_data(as_text=True)
    assert response.status_code == 400
    assert said in page
    assert (change.get("body") or TEXTS["body"])[:100] in page or not change.get("body", "x")
    assert rows(app) == []


def test_too_fast_is_asked_to_look_again(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.feedback.signing.SHORTEST", timedelta(seconds=3))
    fields = hidden(client.get(ADDRESS).get_data(as_text=True))
    response = client.post(ADDRESS, data=fields | TEXTS)
    assert response.status_code == 400
    assert TEXTS["body"] in response.get_data(as_text=True)
    assert rows(app) == []


def test_a_program_is_held_for_a_check(
    app: Flask, client: FlaskClient, opened: dict[str, str]
) -> None:
    assert client.post(ADDRESS, data=opened | TEXTS | {"trang_web": "http://x"}).status_code == 303
    assert rows(app)[0].held_for_check


def test_contact_goes_where_contacts_go(
    app: Flask, client: FlaskClient, opened: dict[str, str]
) -> None:
    mine = {key: CONTACT[key] for key in ("name", "email", "consent")}
    assert client.post(ADDRESS, data=opened | TEXTS | mine).status_code == 303
    with app.app_context():
        contact = contacts.of(db.session(), db.session.scalars(select(Feedback)).one())
        assert contact is not None
        assert contact.email == CONTACT["email"]
    assert CONTACT["name"] not in rows(app)[0].body


@pytest.mark.parametrize("code", ["1.999999", "abc", "1012290"])
def test_no_such_procedure(client: FlaskClient, code: str) -> None:
    assert client.get(f"/thu-tuc/{code}/bao-sai-sot").status_code == 404
    token = client.token("/phan-anh/tra-cuu")  # type: ignore[attr-defined]
    address, body = f"/thu-tuc/{code}/bao-sai-sot", {"csrf_token": token}
    assert client.post(address, data=body).status_code == 404
    assert client.post(address).status_code == 400, "nobody is told more without a token"


def test_an_old_form_may_be_sent_after_a_look(
    app: Flask, client: FlaskClient, opened: dict[str, str], travel: Callable[..., None]
) -> None:
    travel(hours=5)
    page = client.post(ADDRESS, data=opened | TEXTS)
    assert page.status_code == 400
    again = hidden(page.get_data(as_text=True))
    assert client.post(ADDRESS, data=again | TEXTS).status_code == 303
