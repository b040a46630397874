"""Marks are planted in every field, a whole life is lived, and all that leaves is searched."""

from __future__ import annotations

import io
import logging
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.core import mail
from portal.core.db import db
from portal.core.mail import Letter
from portal.core.web.logs import JsonLines
from portal.feedback.models import Feedback
from portal.ops import backup
from portal.search import service as search
from tests.feedback.conftest import TEXTS, Citizen, picture
from tests.feedback.test_desk import Officer

CONTACT = {
    "name": "Trịnh Quỳnh Zyxwa",
    "phone": "0987650123",
    "email": "zyxwa.mail@canaryhost.vn",
    "consent": "y",
}
FILE = "zyxwafile.jpg"
BODY = f"Tôi là {CONTACT['name']}, số {CONTACT['phone']}, thư {CONTACT['email']}, xe 15A-987.65."
OF_CONTACT = ("zyxwa", "0987650123", "canaryhost")
ANYWHERE = (*OF_CONTACT, "987.65", "987 650")
DESK_LISTS = ("/ban-lam-viec/phan-anh", "/ban-lam-viec/nhat-ky", "/ban-lam-viec/bao-cao")


def told(raw: bytes, words: tuple[str, ...]) -> list[str]:
    """Which words stand in a file or page, also inside what is zipped."""
    texts = [raw]
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            texts = [book.read(name) for name in book.namelist()]
    return [word for word in words for text in texts if word.encode() in text.lower()]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    portal = logging.getLogger("portal")
    level = portal.level
    portal.addHandler(caplog.handler)
    portal.setLevel(logging.DEBUG)
    yield lambda: "\n".join(JsonLines().format(record) for record in caplog.records)
    portal.removeHandler(caplog.handler)
    portal.setLevel(level)


@pytest.fixture
def people(
    staff: Callable[..., tuple[FlaskClient, Actor]], units: list[str]
) -> tuple[Officer, Officer, FlaskClient]:
    """Two officers and an auditor."""
    officer, colleague = (Officer(*staff(Role.FEEDBACK_OFFICER)) for _ in range(2))
    return officer, colleague, staff(Role.AUDITOR)[0]


@pytest.mark.sqlite
def test_no_mark_leaves_the_system(
    instance: Path,
    tmp_path: Path,
    citizen: Citizen,
    people: tuple[Officer, Officer, FlaskClient],
    log: Callable[[], str],
) -> None:
    officer, colleague, auditor = people
    app = citizen.client.application
    for number in (1, 2, 3):
        texts = (
            TEXTS
            | CONTACT
            | {"subject": f"Việc {number} của chị Zyxwa", "body": f"{BODY} {number}"}
        )
        code = citizen.send(texts, [(io.BytesIO(picture()), FILE)])
        citizen.track(code)
        assert "Zyxwa" in officer.read(number)
        officer.do(number, "lien-he")
    officer.do(1, "tra-loi", answer_text=f"Kính gửi {CONTACT['name']}, đã xem xét.")
    editor = officer.client.get("/ban-lam-viec/phan-anh/1/cong-khai").get_data()
    # Names of files stand there for the officer alone, who decides about each.
    suggested = re.sub(rb"<bdi>.*?</bdi>", b"", editor)
    assert told(suggested, ANYWHERE) == [], "the suggested copy is masked"
    officer.do(
        1, "cong-khai", public_subject=CONTACT["name"], public_question="Hỏi?", public_answer="Đáp."
    )
    officer.do(1, "cong-khai", public_subject="Giờ làm", public_question="Hỏi?",
               public_answer="Đáp.")  # fmt: skip
    assert colleague.do(1, "cong-khai/duyet").status_code == 303
    officer.do(2, "tu-choi", refuse_reason="unclear", refuse_note="Bạn gửi lại.")
    officer.do(3, "chuyen", forward_to="Sở Nội vụ", forward_note="Đúng thẩm quyền.")

    leaving: dict[str, bytes] = {}
    with app.app_context():
        search.drain()
        subjects = " ".join(db.session.scalars(select(Letter.subject)))
        while mail.deliver_due()[0]:
            pass
        sent = db.session.scalars(select(Letter)).all()
        assert len(sent) >= 6
        leaving["outbox after sending"] = "".join(
            f"{one.recipient}{one.body}{one.unsubscribe}" for one in sent
        ).encode()
        leaving["subjects"] = subjects.encode()
        public_id = db.session.scalars(select(Feedback.public_id).order_by(Feedback.id)).first()
        archive = backup.make(app.extensions["settings"], tmp_path / "backups").path
        db.session.remove()
        db.engine.dispose()
    stranger = app.test_client()
    plain = [
        rule.rule for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]  # fmt: skip
    for address in [*plain, f"/phan-anh/{public_id}", "/tim-kiem?q=gio", "/sitemap.xml"]:
        if not address.startswith("/ban-lam-viec"):
            leaving[address] = stranger.get(address, check=False).get_data()
        elif address.startswith(DESK_LISTS):
            leaving[address] = auditor.get(address, check=False).get_data()
    assert "Giờ làm".encode() in leaving["/phan-anh/"]
    for name in ("so/so-theo-doi.xlsx", "so/bao-cao.docx"):
        assert leaving[f"/ban-lam-viec/phan-anh/{name}"][:2] == b"PK", "an export was judged"
    assert b"feedback.read" in leaving["/ban-lam-viec/nhat-ky/nhat-ky.csv"]
    leaving |= {str(p): p.read_bytes() for p in (instance / "search").rglob("*") if p.is_file()}
    leaving["names of files"] = " ".join(p.name for p in instance.rglob("*")).encode()
    leaving["log"] = log().encode()
    found = {where: words for where, raw in leaving.items() if (words := told(raw, ANYWHERE))}
    assert found == {}
    _contact_is_sealed(instance / "portal.sqlite3", archive)


def _contact_is_sealed(database: Path, archive: Path) -> None:
    """Name and address stand in what the citizens wrote, but the e-mail of a contact nowhere."""
    with tarfile.open(archive) as tar:
        member = tar.extractfile("portal.sqlite3")
        assert member is not None
        copies = (database.read_bytes(), member.read())
    for raw in copies:
        assert FILE.encode() not in raw
        assert raw.lower().count(b"canaryhost") == 3, "once in each of three texts"
