"""What may already help is shown before a feedback is sent, and is never in the way."""

from __future__ import annotations

import logging
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.core import clock
from portal.core.db import write
from portal.feedback import helping, neighbours
from portal.feedback.models import Feedback
from portal.procedures import queries as procedures_queries
from portal.search import feed, service
from portal.search.engine import SearchUnavailable
from tests.feedback.conftest import TEXTS, Citizen

HELP = "/phan-anh/gui/goi-y"
CODE, NAME = "1.012290", "Cấp lại giấy phép hành nghề"
TITLE = "Thứ Bảy có nhận hồ sơ không?"
ASKED = {"kind": "question", "subject": "Thứ Bảy có nhận hồ sơ không ạ"}


@pytest.fixture
def answered(app: Flask) -> str:
    """A published answer about a procedure, in the index; its address."""
    with app.app_context():
        with write() as session:
            moment = clock.now()
            session.add(
                Feedback(
                    public_id="bcdfghjkmnpq", code_hmac="a", form_key="b", text_hash="c",
                    kind="question", subject="Tên thật", body="Bản gốc riêng", state="answered",
                    received_at=moment, due_on=date(2026, 12, 1), procedure_code=CODE,
                    answer="Có", answered_at=moment, published_at=moment, public_subject=TITLE,
                    public_question="Thứ Bảy có nhận hồ sơ không?", public_answer="Có, buổi sáng.",
                    public_folded=" thu bay ",
                )
            )  # fmt: skip
            feed.changed(session, "feedback", "bcdfghjkmnpq")
        service.drain()
    return "/phan-anh/bcdfghjkmnpq"


@pytest.fixture
def likely(app: Flask) -> None:
    card = procedures_queries.Card(CODE, NAME, 3, "cdc")
    neighbours.lend_procedures(
        app, lambda _s, code: card if code == CODE else None, lambda *_: [(CODE, NAME)]
    )


def told(citizen: Citizen, data: dict[str, str]) -> list[str]:
    """Addresses that are suggested for what is being typed."""
    answer = citizen.client.post(HELP, data=data)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return [item["url"] for item in answer.get_json()["items"]]


def test_the_review_offers_what_was_answered(citizen: Citizen, answered: str, likely: None) -> None:
    citizen.open()
    citizen.press("xem", TEXTS | ASKED)
    assert "Có thể bạn đã có câu trả lời" in citizen.page
    assert f'href="{answered}"' in citizen.page
    assert f'href="/thu-tuc/{CODE}"' in citizen.page
    assert "Bản gốc riêng" not in citizen.page
    assert citizen.press("gui").status_code == 303


def test_while_typing_the_same_is_told(citizen: Citizen, answered: str, likely: None) -> None:
    assert told(citizen, ASKED) == [answered, f"/thu-tuc/{CODE}"]
    about = {"kind": "complaint", "subject": "", "procedure_code": CODE}
    assert told(citizen, about) == [answered]


@pytest.mark.parametrize(
    "data", [{}, ASKED | {"kind": "praise"}, ASKED | {"subject": "Quầy nào cũng vắng người trực"}]
)
def test_nothing_is_offered_where_nothing_fits(
    citizen: Citizen, answered: str, data: dict[str, str]
) -> None:
    assert told(citizen, data) == []


def test_words_typed_are_written_nowhere(
    citizen: Citizen, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        citizen.client.post(HELP, data=ASKED | {"subject": "Tôi là Trần Thị Mật Danh"})
        assert citizen.client.get(f"{HELP}?subject=x", check=False).status_code == 405
    assert "Mật Danh" not in " ".join(str(record.__dict__) for record in caplog.records)


@pytest.mark.parametrize(
    "fault", [SearchUnavailable(), OperationalError("select", {}, Exception("disk I/O error"))]
)
def test_a_dead_search_is_never_in_the_way(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def dead(*_args: object) -> None:
        raise fault

    monkeypatch.setattr(helping.search, "search", dead)
    assert told(citizen, ASKED) == []
    citizen.send(TEXTS | ASKED)


def test_asking_too_often_is_refused_for_a_while(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helping, "SUGGEST_LIMIT", "2/minute")
    answers = [citizen.client.post(HELP, data=ASKED, check=False) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
