"""The way back by code: tolerant for its owner, silent for everybody else."""

from __future__ import annotations

import logging
import re

import pytest
from flask import Flask

from portal.core.web.logs import JsonLines
from portal.feedback import codes
from tests.feedback.conftest import TEXTS, Citizen


def without_what_was_typed(page: str) -> str:
    page = re.sub(r'name="csrf_token" value="[^"]+"', "", page)
    return re.sub(r'(<input[^>]*id="code"[^>]*value=")[^"]*', r"\1", page)


def test_wrong_and_unknown_codes_get_the_same_answer(citizen: Citizen) -> None:
    citizen.send()
    unknown = codes.show(codes.derive("other key", "other seed"))
    answers = [citizen.track(typed) for typed in (unknown, "0000", "tiếng Việt", "💥" * 300)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({without_what_was_typed(a.get_data(as_text=True)) for a in answers}) == 1


def test_ten_wrong_tries_then_a_rest_and_what_was_typed_stays(citizen: Citizen) -> None:
    code = citizen.send()
    for _ in range(10):
        assert citizen.track("AAAA").status_code == 404
    response = citizen.track(code)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert code in response.get_data(as_text=True)


def test_right_codes_do_not_use_up_tries(citizen: Citizen) -> None:
    code = citizen.send()
    assert [citizen.track(code).status_code for _ in range(15)] == [200] * 15


def test_a_stale_token_keeps_the_code(citizen: Citizen) -> None:
    response = citizen.client.post(
        "/phan-anh/tra-cuu", data={"code": "K7QM-2XWD", "csrf_token": ""}
    )
    assert response.status_code == 400
    assert "K7QM-2XWD" in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/phan-anh/gui", "/phan-anh/tra-cuu", "/phan-anh/bien-nhan"])
def test_private_pages_are_stored_nowhere(citizen: Citizen, path: str) -> None:
    response = citizen.client.get(path)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in response.get_data(as_text=True)


def test_the_code_is_in_no_title_no_address_no_log(
    citizen: Citizen, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("portal").addHandler(caplog.handler)
    try:
        code = citizen.send()
        response = citizen.track(code)
    finally:
        logging.getLogger("portal").removeHandler(caplog.handler)
    page = response.get_data(as_text=True)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title
    assert TEXTS["subject"] not in title[1]
    assert code not in page
    assert caplog.records
    written = "\n".join(JsonLines().format(record) for record in caplog.records)
    assert code not in written
    assert code.replace("-", "") not in written


def test_public_pages_set_no_cookie_and_can_be_kept(app: Flask, citizen: Citizen) -> None:
    response = citizen.client.get("/phan-anh/")
    assert response.headers.getlist("Set-Cookie") == []
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("public_id", ["khong-co", "1", "%20", "gui%00", "a" * 500, "đ"])
def test_unknown_public_ids_are_not_found(citizen: Citizen, public_id: str) -> None:
    assert citizen.client.get(f"/phan-anh/{public_id}").status_code in (400, 404)
