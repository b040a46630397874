"""The register and its reports: right figures, the right people, nobody's data, no formulas."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import mammoth
import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.accounts.permissions import Actor, Role
from portal.core import clock
from portal.core.audit import AuditEntry, AuditEvent
from portal.core.db import db, write
from portal.core.docx import Document
from portal.core.tables import Sheet, workbook
from portal.feedback import contacts, overview, register_rows
from portal.feedback.contacts import Contact
from portal.feedback.models import Feedback, FeedbackContact, FeedbackFile
from tests.support.queries import count_queries

Staff = Callable[..., tuple[FlaskClient, Actor]]
BASE = "/ban-lam-viec/phan-anh/so/"
FILES = ("so-theo-doi.xlsx", "so-theo-doi.docx", "bao-cao.xlsx", "bao-cao.docx")
NOVEMBER = "?tu_ngay=2026-11-01&den_ngay=2026-11-30"
PLANTED = ("Mật Danh", "0912345678", "mat.danh@vidu.vn", "12 Ngõ Kín", "mat-danh.jpg")
_count = iter(range(1, 10_000))


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 11, 25, 3, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)


def keep(app: Flask, day: int = 2, **values: Any) -> int:
    """A feedback of November in which everything that a person wrote is marked."""
    number, said = next(_count), " ".join(PLANTED)
    received = datetime(2026, 11, day, 3, tzinfo=UTC)
    given: dict[str, Any] = {
        "public_id": f"p{number}", "code_hmac": f"c{number}", "form_key": f"f{number}",
        "text_hash": "h", "kind": "complaint", "subject": said[:150], "body": said,
        "state": "assigned", "received_at": received, "due_on": date(2026, 11, 11),
        "rating_note": said, "closing_note": said, "draft": said, **values,
    }  # fmt: skip
    with app.app_context(), write() as session:
        feedback = Feedback(**given)
        stored = f"s{number}"
        feedback.files = [
            FeedbackFile(
                stored_name=stored, sealed_name=contacts.sealed_name(stored, PLANTED[4]),
                mime="image/jpeg", size=1, sha256="x",
            )
        ]  # fmt: skip
        session.add(feedback)
        session.flush()
        left = Contact(name=PLANTED[0], phone=PLANTED[1], email=PLANTED[2], address=PLANTED[3])
        sealed = contacts.row(feedback.public_id, left, "1", received)
        session.add(FeedbackContact(feedback_id=feedback.id, **sealed))
        return feedback.id


def answered(app: Flask, day: int, after: int, **values: Any) -> int:
    at = datetime(2026, 11, day, 3, tzinfo=UTC) + timedelta(after)
    return keep(
        app, day, state="answered", answer=" ".join(PLANTED), answered_at=at, closed_at=at, **values
    )


def words(content: bytes) -> str:
    """Everything that a file says, names of its parts included."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(name + archive.read(name).decode() for name in archive.namelist())


def rows(content: bytes, sheet: int = 0) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for row in book.worksheets[sheet].iter_rows()]


def test_figures_of_a_period(app: Flask, staff: Staff, units: list[str]) -> None:
    answered(app, 2, 1, unit_code="cdc", procedure_code="1.012290", rating=3)
    answered(app, 2, 12, unit_code="cdc", channel="phone")
    keep(app, unit_code="van-phong", kind="question")  # its term is over
    keep(app, 24, due_on=date(2026, 12, 3), about_unit_code="cdc", procedure_code="1.012290")
    keep(app, state="waiting", paused_on=date(2026, 11, 3), days_left=3, about_unit_code="cdc")
    keep(app, state="refused")
    keep(app, state="restricted", unit_code="cdc")
    browser, actor = staff(Role.FEEDBACK_OFFICER)
    with app.app_context():
        shown = overview.of(db.session(), actor, overview.month_of(clock.today()))
    of = shown.total
    assert (of.received, of.answered, of.on_time, of.late) == (6, 2, 1, 1)
    assert (of.waiting, of.overdue, of.refused, of.median_days) == (3, 1, 1, 5.0)
    by = {group.title: {name: f.received for name, f in group.rows} for group in shown.groups}
    assert by["Theo đơn vị xử lý"] == {
        overview.NO_UNIT: 3, "Trung tâm Kiểm soát bệnh tật": 2, "Văn phòng Sở": 1,
    }  # fmt: skip
    assert by["Theo loại"] == {"Phản ánh": 5, "Câu hỏi": 1}
    assert by["Theo kênh tiếp nhận"] == {"Cổng này": 5, "Điện thoại": 1}
    assert by["Theo tháng nhận"] == {"Tháng 11/2026": 6}
    assert all(sum(group.values()) == 6 for group in by.values())
    assert shown.complained == [
        ("Thủ tục", "1.012290", 2), ("Đơn vị", "Trung tâm Kiểm soát bệnh tật", 2),
    ]  # fmt: skip
    page = browser.get(BASE + NOVEMBER).get_data(as_text=True)
    assert "Trong kỳ đã tiếp nhận 6 phản ánh" in page
    assert "Một nửa số câu trả lời có trong 5 ngày làm việc." in page


def test_the_page_asks_the_same_number_of_times(app: Flask, staff: Staff) -> None:
    browser, _ = staff(Role.AUDITOR)
    asked = []
    for _ in range(2):
        for code in ("1.012290", "1.012278", None):
            answered(app, 2, 1, unit_code="cdc", procedure_code=code)
        browser.get(BASE + NOVEMBER)
        with count_queries(app) as statements:
            browser.get(BASE + NOVEMBER)
        asked.append(len(statements))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_a_person_leaves(app: Flask, staff: Staff, name: str) -> None:
    answered(app, 2, 1, unit_code="cdc")
    keep(app, state="forwarded", forwarded_to="Sở Xây dựng")
    keep(app, state="refused", extension_reason=" ".join(PLANTED))
    browser, actor = staff(Role.AUDITOR)
    said = browser.get(BASE + name + NOVEMBER)
    told = words(said.data) + browser.get(BASE + NOVEMBER).get_data(as_text=True)
    assert not [mark for mark in PLANTED if mark in told]
    assert said.headers["Content-Disposition"].endswith(f'20261101-20261130.{name[-4:]}"')
    with app.app_context():
        query = select(AuditEntry).where(AuditEntry.event == AuditEvent.FEEDBACK_EXPORTED.value)
        (entry,) = db.session.scalars(query)
        assert entry.actor_id == actor.user_id
        assert entry.changes["rows"] == [None, 3]


def test_words_stand_in_the_register_once_they_were_released(app: Flask, staff: Staff) -> None:
    copy = {"public_subject": "Chờ lâu ở quầy 3", "public_question": "x", "public_answer": "y"}
    at = datetime(2026, 11, 20, tzinfo=UTC)
    answered(app, 2, 1, published_at=at, **copy)
    answered(app, 3, 1, **{**copy, "public_subject": "Chưa công khai"})
    browser, _ = staff(Role.AUDITOR)
    told = rows(browser.get(BASE + "so-theo-doi.xlsx" + NOVEMBER).data)
    assert [row[5] for row in told[1:]] == ["Chờ lâu ở quầy 3", None]


def test_the_register_line_by_line(app: Flask, staff: Staff, units: list[str]) -> None:
    answered(app, 2, 12, unit_code="cdc", register_year=2026, register_number=7)
    keep(app, 3, state="forwarded", forwarded_to="=1+1", came_on=date(2026, 11, 1),
         closed_at=datetime(2026, 11, 4, tzinfo=UTC), channel="letter")  # fmt: skip
    keep(app, 9, state="restricted")
    browser, _ = staff(Role.HEAD)
    head, first, second = rows(browser.get(BASE + "so-theo-doi.xlsx" + NOVEMBER).data)
    assert head[:3] == ["STT", "Số vào sổ", "Ngày nhận"]
    assert first[:2] == [1, "7/2026"]
    assert first[6:11] == [
        "Trung tâm Kiểm soát bệnh tật", datetime(2026, 11, 11), datetime(2026, 11, 14),
        "Đã trả lời", "Trễ hạn",
    ]  # fmt: skip
    assert second[2:4] == [datetime(2026, 11, 1), "Thư, công văn"]
    assert second[11] == "=1+1"
    content = browser.get(BASE + "so-theo-doi.xlsx" + NOVEMBER).data
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.active["L3"].data_type == "s"  # a text, never a formula
    assert "<f>" not in words(content)


def test_a_unit_sees_its_own_part(app: Flask, staff: Staff, units: list[str]) -> None:
    keep(app, unit_code="cdc")
    keep(app, unit_code="van-phong")
    keep(app)
    for role in (Role.HEAD, Role.FEEDBACK_OFFICER):
        browser, _ = staff(role, "cdc")
        page = browser.get(BASE + NOVEMBER).get_data(as_text=True)
        assert "Trong kỳ đã tiếp nhận 1 " in page
        assert "Văn phòng Sở" not in re.sub(r"<(header|nav).*?</\1>", "", page, flags=re.DOTALL)
        assert len(rows(browser.get(BASE + "so-theo-doi.xlsx" + NOVEMBER).data)) == 2
    for role in (Role.PUBLISHER, Role.INSPECTOR, Role.ADMINISTRATOR):
        assert staff(role)[0].get(BASE, check=False).status_code == 403


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("?tu_ngay=2026-11-30&den_ngay=2026-11-01", "Ngày cuối phải từ ngày đầu"),
        ("?tu_ngay=2020-01-01&den_ngay=2026-11-01", "Kỳ dài nhất là ba năm"),
        ("?tu_ngay=hôm qua&den_ngay=2026-11-01", "Chọn một ngày có thật"),
        ("?tu_ngay=2026-11-01", "Chọn ngày"),
    ],
)
def test_a_wrong_period_is_told(staff: Staff, asked: str, said: str) -> None:
    browser, _ = staff(Role.AUDITOR)
    answer = browser.get(BASE + asked, check=False)
    assert answer.status_code == 400
    assert said in answer.get_data(as_text=True)
    assert browser.get(BASE + "bao-cao.xlsx" + asked, check=False).status_code == 400


def test_a_register_that_is_too_long_is_told(
    app: Flask, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(app)
    keep(app)
    monkeypatch.setitem(register_rows.MOST, "docx", 1)
    browser, _ = staff(Role.AUDITOR)
    answer = browser.get(BASE + "so-theo-doi.docx" + NOVEMBER, check=False)
    assert answer.status_code == 400
    assert "Bạn chọn kỳ ngắn hơn." in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", FILES)
def test_an_empty_period_has_a_file_too(app: Flask, staff: Staff, name: str) -> None:
    browser, _ = staff(Role.AUDITOR)
    assert browser.get(BASE + name).status_code == 200
    assert "Trong kỳ không tiếp nhận nội dung nào" in browser.get(BASE).get_data(as_text=True)


@pytest.mark.parametrize("name", ["so-theo-doi.docx", "bao-cao.docx"])
def test_documents_have_the_form_of_the_decree(app: Flask, staff: Staff, name: str) -> None:
    answered(app, 2, 1)
    browser, _ = staff(Role.AUDITOR)
    content = browser.get(BASE + name + NOVEMBER).data
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.namelist():
            ElementTree.fromstring(archive.read(part))
        styles = archive.read("word/styles.xml").decode()
    assert 'w:ascii="Times New Roman"' in styles
    text = mammoth.extract_raw_text(io.BytesIO(content)).value
    order = (
        "UBND THÀNH PHỐ HẢI PHÒNG", "SỞ Y TẾ THÀNH PHỐ HẢI PHÒNG", "Số: ………",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ngày …… tháng ……",
        "từ ngày 01/11/2026 đến ngày 30/11/2026" if "bao" in name else
        "Từ ngày 01/11/2026 đến ngày 30/11/2026",
        "Nơi nhận:", "Họ và tên",
    )  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_whatever_is_written_is_text() -> None:
    paper = Document("<w:b/> & \x07")
    paper.text("<w:p> & ]]> \x00\x0b\ufffe dòng\nhai")
    content = paper.save()
    assert "<w:p> & ]]>" in mammoth.extract_raw_text(io.BytesIO(content)).value
    book = workbook([Sheet("Một", ("a",), [["=HYPERLINK(1)"], ["\x07x" * 40_000], [None], [2.5]])])
    assert [row[0] for row in rows(book)][1] == "=HYPERLINK(1)"
    assert "<f>" not in words(book)
