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
from tests.support.queries import count_queries
from tests.support.staff import sign_in

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
    results = citizen.client.get("/phan-anh/?q=cho+lau").get_data(as_text=True)
    assert f"/phan-anh/{public_id}" in results
    assert colleague.do(1, "cong-khai/go").status_code == 400
    gone = colleague.do(1, "cong-khai/go", unpublish_note="Câu trả lời đã cũ.")
    assert gone.status_code == 303
    assert "Câu trả lời đã cũ." in citizen.track(code).get_data(as_text=True)
    assert citizen.client.get(f"/phan-anh/{public_id}").status_code == 404


def test_an_officers_words_survive_a_colleague(
    citizen: Citizen, officer: Officer, colleague: Officer
) -> None:
    citizen.send()
    assert colleague.do(1, "tra-loi", answer_text="Nhanh hơn.").status_code == 303
    response = officer.do(1, "tra-loi", version=1, answer_text="Lời của tôi.\nDòng hai.")
    assert response.status_code == 409
    assert "Lời của tôi." in response.get_data(as_text=True)
    assert "Nhanh hơn." in officer.read(1)


def test_an_officers_words_survive_a_change_of_the_item(
    app: Flask, citizen: Citizen, officer: Officer, colleague: Officer, units: list[str]
) -> None:
    citizen.send()
    assert colleague.do(1, "giao", unit="cdc").status_code == 303
    response = officer.do(1, "tra-loi", version=1, answer_text="Lời của tôi.")
    assert response.status_code == 409
    assert "Lời của tôi." in response.get_data(as_text=True)
    assert only(app).answer is None


@pytest.mark.parametrize(
    ("path", "data", "message"),
    [
        ("tra-loi", {"answer_text": " "}, "Nhập câu trả lời."),
        ("tra-loi", {"answer_text": "x" * 20_001}, "dài 20001 ký tự"),
        ("giao", {}, "Chọn đơn vị hoặc người xử lý."),
        ("giao", {"unit": "khong-co"}, "Chọn đơn vị trong danh sách."),
        ("giao", {"assignee": "99999"}, "không còn làm việc"),
        ("chuyen", {"forward_to": "", "forward_note": "x"}, "Nhập tên cơ quan"),
        ("chuyen", {"forward_to": "x" * 201, "forward_note": "x"}, "nhiều nhất 200"),
        ("tu-choi", {"refuse_note": "x"}, "Chọn lý do không tiếp nhận."),
        ("phan-loai", {"kind": "x"}, "Chọn loại phản ánh."),
        ("phan-loai", {"kind": "praise", "procedure_code": "<b>"}, "Không có thủ tục"),
    ],
)
def test_mistakes_at_the_desk_are_named(
    citizen: Citizen, officer: Officer, path: str, data: dict[str, str], message: str
) -> None:
    citizen.send()
    response = officer.do(1, path, **data)
    assert response.status_code == 400
    assert message in response.get_data(as_text=True)
    assert 'name="version" value="1"' in officer.read(1)


def test_attachments_are_saved_never_shown(citizen: Citizen, officer: Officer) -> None:
    citizen.send(TEXTS, [(io.BytesIO(picture("PNG")), "ảnh chụp.png")])
    address = re.search(r'href="(/ban-lam-viec/phan-anh/1/tep/\d+)"', officer.read(1))
    assert address
    response = officer.client.get(address[1])
    assert response.status_code == 200
    assert response.mimetype == "image/png"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%E1%BA%A3nh" in response.headers["Content-Disposition"]
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.get_data().startswith(b"\x89PNG")
    assert officer.client.get(f"{DESK}1/tep/999").status_code == 404


def test_other_roles_stay_outside(citizen: Citizen, staff: Staff) -> None:
    citizen.send()
    for role in Role:
        client, _ = staff(role, "cdc" if role in (Role.AUTHOR, Role.UNIT_EDITOR) else None)
        handlers = (Role.FEEDBACK_OFFICER, Role.HEAD)
        listed = 200 if role in (*handlers, Role.AUDITOR, Role.INSPECTOR) else 403
        assert client.get(DESK).status_code == listed, role
        # An inspector may read denunciations, which this is not: it does not exist for them.
        opened = 200 if role in handlers else 404 if role is Role.INSPECTOR else 403
        assert client.get(f"{DESK}1").status_code == opened, role
    auditor, _ = staff(Role.AUDITOR)
    assert TEXTS["subject"] not in auditor.get(DESK).get_data(as_text=True)
    assert citizen.client.get(f"{DESK}1").status_code == 303


def test_trays_hold_what_their_names_say(
    citizen: Citizen, officer: Officer, travel: Callable[..., None], units: list[str]
) -> None:
    for number in range(4):
        citizen.send(TEXTS | {"subject": f"Việc số {number}"})
    citizen.send(TEXTS | {"subject": "Việc bị giữ", "trang_web": "x"})
    late_code = citizen.receipt()
    officer.do(1, "giao", assignee=str(officer.actor.user_id))
    officer.do(2, "tra-loi", answer_text="Xong.")

    def tray(name: str) -> set[str]:
        page = officer.client.get(f"{DESK}?khay={name}").get_data(as_text=True)
        return set(re.findall(r">(Việc [^<]+)</a>", page))

    assert tray("moi") == {"Việc số 2", "Việc số 3"}
    assert tray("cua-toi") == {"Việc số 0"}
    assert tray("da-tra-loi") == {"Việc số 1"}
    assert tray("cho-kiem-tra") == {"Việc bị giữ"}
    assert tray("qua-han") == set()
    officer.do(5, "kiem-tra")
    assert "Việc bị giữ" in tray("moi")
    travel(days=30)
    sign_in(officer.client.application, officer.client, officer.actor)
    assert tray("qua-han") == {"Việc số 0", "Việc số 2", "Việc số 3", "Việc bị giữ"}
    assert "Đã quá hạn" in citizen.track(late_code).get_data(as_text=True)


@pytest.mark.parametrize(
    "query", ["khay=khong-co", "loai=x", "trang=0", "trang=-1", "khay=moi&trang=99999"]
)
def test_bad_lists_are_400(officer: Officer, query: str) -> None:
    assert officer.client.get(f"{DESK}?{query}").status_code == 400


def test_budgets(
    app: Flask, citizen: Citizen, officer: Officer, colleague: Officer, units: list[str]
) -> None:
    code = citizen.send(TEXTS | CONTACT, [(io.BytesIO(picture()), "a.jpg")])
    for number in range(3):
        citizen.send(TEXTS | {"subject": f"Thêm {number}"})
    officer.do(1, "giao", unit="cdc", assignee=str(colleague.actor.user_id))
    officer.do(1, "tra-loi", answer_text="Xong.")
    officer.do(1, "cong-khai", public_subject="a", public_question="b", public_answer="c")
    colleague.do(1, "cong-khai/duyet")
    with app.app_context():
        public_id = db.session.scalar(select(Feedback.public_id).where(Feedback.id == 1))
    budgets = [
        (citizen.client, "/phan-anh/", 5),
        (citizen.client, "/phan-anh/?q=a&loai=phan-anh", 5),
        (citizen.client, f"/phan-anh/{public_id}", 5),
        (citizen.client, "/phan-anh/gui?thu_tuc=1.012290", 5),
        (citizen.client, "/phan-anh/tra-cuu", 2),
        (officer.client, f"{DESK}?khay=tat-ca", 10),
        (officer.client, f"{DESK}1", 15),
    ]
    for client, address, budget in budgets:
        client.get(address)
        with count_queries(app) as statements:
            assert client.get(address).status_code == 200
        before_answer = [sql for sql in statements if "search_change" not in sql]
        assert len(before_answer) <= budget, (address, before_answer)
    token = citizen.client.token("/phan-anh/tra-cuu")
    with count_queries(app) as statements:
        citizen.client.post("/phan-anh/tra-cuu", data={"csrf_token": token, "code": code})
    assert len(statements) <= 5
