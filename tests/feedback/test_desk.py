"""The officer's pages, through the browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.core.db import db
from portal.feedback.models import Feedback
from tests.feedback.conftest import CONTACT, TEXTS, Citizen, picture

DESK = "/ban-lam-viec/phan-anh/"
Staff = Callable[..., tuple[FlaskClient, Actor]]


class Officer:
    """A browser at the desk that posts with the version it last read."""

    def __init__(self, client: FlaskClient, actor: Actor) -> None:
        self.client, self.actor = client, actor

    def read(self, number: int) -> str:
        response = self.client.get(f"{DESK}{number}")
        assert response.status_code == 200, response.status_code
        return response.get_data(as_text=True)

    def do(self, number: int, path: str, version: int | None = None, **data: str):
        page = self.client.get(f"{DESK}{number}").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        current = re.search(r'name="version" value="(\d+)"', page)
        assert token
        data |= {
            "csrf_token": token[1],
            "version": str(version if version is not None else current[1] if current else 0),
        }
        return self.client.post(f"{DESK}{number}/{path}", data=data)


@pytest.fixture
def officer(staff: Staff) -> Officer:
    return Officer(*staff(Role.FEEDBACK_OFFICER))


@pytest.fixture
def colleague(staff: Staff) -> Officer:
    return Officer(*staff(Role.FEEDBACK_OFFICER))


def only(app: Flask) -> Feedback:
    with app.app_context():
        return db.session.scalars(select(Feedback)).one()


def test_from_a_first_word_to_a_published_answer(
    app: Flask, citizen: Citizen, officer: Officer, colleague: Officer, units: list[str]
) -> None:
    code = citizen.send(TEXTS | CONTACT, [(io.BytesIO(picture()), "anh.jpg")])
    inbox = officer.client.get(DESK).get_data(as_text=True)
    assert TEXTS["subject"] in inbox
    page = officer.read(1)
    assert TEXTS["subject"] in page
    assert CONTACT["phone"] not in page
    assert CONTACT["phone"] in officer.do(1, "lien-he").get_data(as_text=True)
    assert officer.do(1, "giao", unit="cdc", assignee=str(officer.actor.user_id)).status_code == 303
    assert "Trung tâm Kiểm soát bệnh tật" in citizen.track(code).get_data(as_text=True)
    assert officer.do(1, "tra-loi", answer_text="Chúng tôi đã thêm một quầy.").status_code == 303
    assert "đã thêm một quầy" in citizen.track(code).get_data(as_text=True)
    saved = officer.do(
        1, "cong-khai", public_subject="Chờ lâu ở quầy", public_question="Vì sao chờ lâu?",
        public_answer="Đã thêm một quầy.",
    )  # fmt: skip
    assert saved.status_code == 303
    public_id = only(app).public_id
    assert citizen.client.get(f"/phan-anh/{public_id}").status_code == 404
    assert officer.do(1, "cong-khai/duyet").status_code == 409
    assert colleague.do(1, "cong-khai/duyet").status_code == 303
    public = citizen.client.get(f"/phan-anh/{public_id}").get_data(as_text=True)
    assert "Vì sao chờ lâu?" in public
    assert "hai tiếng" not in public
    assert "Chờ lâu ở quầy" in citizen.client.get("/phan-anh/?q=cho+lau").get_data(as_text=True)
    assert colleague.do(1, "cong-khai/go").status_code == 303
    assert citizen.client.get(f"/phan-anh/{public_id}").status_code == 404
