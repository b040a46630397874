"""Marked values go in everywhere; then everything that leaves the system is searched for them."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.core.audit import AuditEntry
from portal.core.db import db
from portal.core.mail import Letter
from portal.core.web.logs import JsonLines
from portal.feedback import search_documents
from portal.feedback.models import Feedback
from portal.search import feed
from tests.feedback.conftest import TEXTS, Citizen, picture
from tests.feedback.test_desk import DESK, Officer
from tests.support.queries import count_queries

CANARY = {
    "name": "Chim Hoàng Yến",
    "phone": "0987650123",
    "email": "hoang.yen@canary.vn",
    "subject": "Tiêu đề chim yến",
    "body": "Nội dung chim yến hót vang.",
}
FILE = "tệp chim yến.jpg"
WORDS = ("yến", "yen@canary", "0987650123", "canary", "%E1%BA%BFn")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    portal = logging.getLogger("portal")
    portal.addHandler(caplog.handler)
    portal.setLevel(logging.DEBUG)
    return lambda: "\n".join(JsonLines().format(record) for record in caplog.records)


def test_no_personal_word_leaves_the_system(
    app: Flask,
    citizen: Citizen,
    staff: Callable[..., tuple[FlaskClient, Actor]],
    units: list[str],
    log: Callable[[], str],
) -> None:
    officer, colleague = (Officer(*staff(Role.FEEDBACK_OFFICER)) for _ in range(2))
    code = citizen.send(TEXTS | CANARY | {"consent": "y"}, [(io.BytesIO(picture()), FILE)])
    citizen.press("xem", CANARY | {"email": "chim yến@", "phone": "yến"})
    citizen.track(code)
    citizen.client.get("/phan-anh/?q=chim+yến")
    assert any(word in officer.read(1) for word in WORDS)
    officer.do(1, "lien-he")
    officer.do(1, "giao", unit="cdc", assignee=str(colleague.actor.user_id))
    officer.do(1, "tra-loi", answer_text="Đã xem xét.")
    officer.do(1, "cong-khai", public_subject="Chim Hoàng Yến", public_question="a",
               public_answer="b")  # fmt: skip
    officer.do(1, "cong-khai", public_subject="Giờ làm", public_question="Hỏi?",
               public_answer="Đáp.")  # fmt: skip
    assert colleague.do(1, "cong-khai/duyet").status_code == 303

    with app.app_context():
        item = db.session.scalars(select(Feedback)).one()
        document = search_documents.document(db.session(), item.public_id)
        letters = db.session.scalars(select(Letter)).all()
        leaving = {
            "audit": json.dumps(
                [
                    [entry.event, entry.object_id, entry.changes]
                    for entry in db.session.scalars(select(AuditEntry))
                ],
                ensure_ascii=False,
            ),
            "search": repr(document) + repr(list(feed.registry.all_keys(db.session()))),
            "letters": " ".join(letter.subject + letter.body for letter in letters),
            "log": log(),
        }
        public_id = item.public_id
    stranger = app.test_client()
    for address in ("/phan-anh/", f"/phan-anh/{public_id}", "/phan-anh/?q=yến", "/tim-kiem?q=gio"):
        page = stranger.get(address, check=False).get_data(as_text=True)
        # what a reader asks for comes back to that reader alone
        leaving[address] = re.sub(r'value="[^"]*"|href="/phan-anh/\?q=[^"]*"|“yến”', "", page)
    assert "Giờ làm" in leaving["/phan-anh/"]
    assert "feedback.read" in leaving["audit"]
    for where, text in leaving.items():
        for word in WORDS:
            assert word.casefold() not in text.casefold(), (where, word)


def test_errors_are_logged_without_their_parameters(
    app: Flask, citizen: Citizen, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left", FILE)

    citizen.open()
    citizen.press("xem", TEXTS | CANARY | {"consent": "y"})
    monkeypatch.setattr("portal.feedback.submission._store", fail)
    assert citizen.press("gui").status_code == 503
    written = log()
    assert "feedback.not_stored" in written
    for word in (*WORDS, "chim"):
        assert word not in written


def test_stored_files_do_not_carry_their_names(app: Flask, citizen: Citizen) -> None:
    citizen.send(TEXTS, [(io.BytesIO(picture()), FILE)])
    names = [path.name for path in app.extensions["settings"].uploads.rglob("*")]
    assert names
    assert not any("yến" in name for name in names)


def test_lists_do_not_load_texts_or_contacts(
    app: Flask, citizen: Citizen, staff: Callable[..., tuple[FlaskClient, Actor]]
) -> None:
    client, _ = staff(Role.FEEDBACK_OFFICER)
    citizen.send(TEXTS | CANARY | {"consent": "y"})
    with count_queries(app) as statements:
        assert client.get(DESK).status_code == 200
    loaded = [sql for sql in statements if not sql.startswith("SELECT count(*)")]
    assert any("feedback.subject" in sql for sql in loaded)
    for sql in loaded:
        assert "feedback_contact" not in sql
        assert "feedback.body" not in sql
