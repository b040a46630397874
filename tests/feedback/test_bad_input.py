"""Whatever is posted or asked, the answer is a page and never a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.permissions import Role
from tests.feedback.conftest import FORM, TEXTS
from tests.feedback.test_desk import DESK
from tests.feedback.test_handling import receive
from tests.support.staff import make_user, sign_in

NASTY = [
    "", " ", "\x00", "\ud7ff", "\u202e", "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}",
    "%00", "../../etc/passwd", "9" * 400, "-1", "1e9", "NaN", "null", "[]", "ＡＢＣ", "ế" * 3_000,
    "a\r\nSet-Cookie: x=1", "💥", "\u0000\u0001", "=1+1", "${jndi:ldap://x}", "y" * 100_000,
]  # fmt: skip
FIELDS = [
    "kind", "subject", "body", "unit_code", "procedure_code", "name", "phone", "email", "consent",
    "trang_web", "dau", "tep_da_nhan", "bo_tep", "buoc", "csrf_token",
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_the_form_survives_any_field(app: Flask, field: str) -> None:
    client = app.test_client()
    token = client.token(f"{FORM}?loai=question")  # type: ignore[attr-defined]
    for value in NASTY:
        for step in ("gui", "sua"):
            data: dict[str, Any] = {**TEXTS, "buoc": step, "csrf_token": token} | {field: value}
            response = client.post(FORM, data=data, check=False)
            assert response.status_code < 500, (field, value[:20], step)


@pytest.mark.parametrize("value", NASTY)
def test_addresses_survive_any_argument(app: Flask, value: str) -> None:
    client = app.test_client()
    for path, name in (
        (FORM, "thu_tuc"), (FORM, "don_vi"), (FORM, "loai"), ("/phan-anh/", "q"),
        ("/phan-anh/", "loai"), ("/phan-anh/", "trang"),
    ):  # fmt: skip
        assert client.get(path, query_string={name: value}, check=False).status_code in (200, 400)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.dictionaries(
        st.sampled_from(FIELDS), st.lists(st.text(max_size=60), min_size=1, max_size=3), max_size=8
    )
)
def test_the_form_survives_anything(app: Flask, data: dict[str, list[str]]) -> None:
    client = app.test_client()
    token = client.token(f"{FORM}?loai=question")  # type: ignore[attr-defined]
    assert client.post(FORM, data={"csrf_token": token, **data}, check=False).status_code < 500


VERBS = ["lien-he", "kiem-tra", "phan-loai", "giao", "tra-loi", "chuyen", "tu-choi", "cong-khai",
         "cong-khai/duyet", "cong-khai/go"]  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_the_desk_survives_any_field(app: Flask, verb: str) -> None:
    with app.app_context():
        number = receive()
    actor = make_user(app, Role.FEEDBACK_OFFICER)
    client = app.test_client()
    sign_in(app, client, actor)
    token = client.token(f"{DESK}{number}")  # type: ignore[attr-defined]
    fields = ("version", "unit", "assignee", "kind", "refuse_reason", "public_subject", "xac_nhan")
    for place, value in enumerate(NASTY):
        for field in (fields[place % len(fields)], "version"):
            data = {"csrf_token": token, "version": "1", field: value}
            response = client.post(f"{DESK}{number}/{verb}", data=data, check=False)
            assert response.status_code < 500, (verb, field, value[:20])


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "1e3", "x", "2147483648", "%00"])
def test_impossible_numbers_are_not_found(app: Flask, number: str) -> None:
    client = app.test_client()
    sign_in(app, client, make_user(app, Role.FEEDBACK_OFFICER))
    for path in (f"{DESK}{number}", f"{DESK}1/tep/{number}"):
        assert client.get(path).status_code in (400, 404)
