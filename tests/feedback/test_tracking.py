"""The way back by code: tolerant for its owner, silent for everybody else."""

from __future__ import annotations

import logging
import re
import time

import pytest
from flask import Flask
from sqlalchemy import update

from portal.core import clock
from portal.core.db import write
from portal.core.web.logs import JsonLines
from portal.feedback import codes, submission
from portal.feedback.models import Feedback
from tests.feedback.conftest import TEXTS, Citizen
from tests.support.queries import count_queries


def without_what_was_typed(page: str) -> str:
    page = re.sub(r'name="csrf_token" value="[^"]+"', "", page)
    return re.sub(r'(<input[^>]*id="code"[^>]*value=")[^"]*', r"\1", page)


def test_wrong_and_unknown_codes_get_the_same_answer(citizen: Citizen) -> None:
    citizen.send()
    answers = [citizen.track(typed) for typed in (unknown(1), "0000", "tiếng Việt", "💥" * 300)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({without_what_was_typed(a.get_data(as_text=True)) for a in answers}) == 1


def unknown(number: int) -> str:
    """A code as it could be, that nobody has."""
    return codes.show(codes.derive("other key", f"seed {number}"))


def test_guesses_are_slowed_and_the_owner_behind_the_same_address_gets_in(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, real, ahead = citizen.send(), time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])
    statuses = [citizen.track(unknown(number)).status_code for number in range(60)]
    assert statuses[:20] == [404] * 20
    assert statuses.count(404) < 40
    response = citizen.track(code)
    while response.status_code == 429:
        wait = int(response.headers["Retry-After"])
        assert 0 < wait <= 6
        assert code in response.get_data(as_text=True)
        ahead[0] += wait
        response = citizen.track(code)
    assert response.status_code in (200, 303)
    assert ahead[0] <= 6


def test_while_guesses_are_slowed_a_right_code_is_refused_like_a_wrong_one(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.feedback.submission.GUESSES", "1/10 minutes")
    monkeypatch.setattr("portal.feedback.submission.LOOKS_WHEN_GUESSED", "1/1 hour")
    code = citizen.send()
    assert [citizen.track(unknown(number)).status_code for number in range(2)] == [404, 404]
    answers = [citizen.track(typed) for typed in (code, unknown(3))]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert len({without_what_was_typed(a.get_data(as_text=True)) for a in answers}) == 1


def test_slips_of_the_finger_are_no_guesses(citizen: Citizen) -> None:
    code = citizen.send()
    last = codes.ALPHABET[(codes.ALPHABET.index(code[-1]) + 1) % 32]
    for slip in [code[:-1] + last, "AAAA", ""] * 10:
        assert citizen.track(slip).status_code in (400, 404)
    assert citizen.track(code).status_code in (200, 303)


@pytest.mark.parametrize("case", ["unknown", "erased", "slip", "no code at all"])
def test_whatever_opens_nothing_costs_the_same_statements(
    app: Flask, citizen: Citizen, case: str
) -> None:
    code = citizen.send()
    with app.app_context(), write() as session:
        session.execute(update(Feedback).values(erased_at=clock.now()))
    typed = {"unknown": unknown(1), "erased": code, "slip": code[:-2], "no code at all": "💥"}
    with app.app_context(), count_queries(app) as asked:
        assert submission.track(typed[case], network="192.0.2.1") is None
    assert len(asked) == 1
    assert "code_hmac" in asked[0]


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
