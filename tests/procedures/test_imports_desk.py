"""Imports at the desk: a file becomes a proposal, rows are accepted, written and taken back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.accounts.permissions import Role
from portal.core import clock
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.procedures import imports
from portal.procedures.comparing import facts_of
from portal.procedures.facts import ProcedureFacts
from portal.procedures.import_models import (
    ImportState,
    ProcedureImport,
    ProcedureImportRow,
    RowOutcome,
)
from portal.procedures.importing import applying, jobs
from portal.procedures.models import Announcement, Procedure, ProcedureVersion
from portal.procedures.recording import load_with_parts
from portal.procedures.terms import ChangeKind, TimeUnit
from portal.search.models import SearchChange
from tests.procedures.import_files import book, document, jsonl, sheet
from tests.support.queries import count_queries

HOME = "/ban-lam-viec/thu-tuc/nhap"
Staff = Callable[..., tuple[FlaskClient, object]]
ROWS = [
    {"code": "1.000001", "name": "Mới <b>", "field": "Khám bệnh"},
    {"code": "1.000002", "name": "Tên mới", "field": "Khám bệnh"},
    {"code": "1.000003", "name": "Của tỉnh khác", "agencies": ["Sở Y tế tỉnh Đồng Nai"]},
    {"code": "5.003872", "name": "Đăng ký kinh doanh (fix)"},
    {"name": "Không mã"},
]
OLD = ProcedureFacts(code="1.000002", name="Tên cũ", conditions="Điều kiện cũ")


@pytest.fixture
def browser(staff: Staff) -> FlaskClient:
    return staff(Role.PUBLISHER)[0]


def bring(browser: FlaskClient, path: Path) -> str:
    """Upload a file and have it read; the address of its proposal."""
    data = {"csrf_token": browser.token(HOME), "file": (io.BytesIO(path.read_bytes()), path.name)}
    answer = browser.post(HOME, data=data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    place = answer.headers["Location"]
    assert "Đang đọc tệp" in browser.get(place).get_data(as_text=True)
    work(browser)
    return place


def work(browser: FlaskClient) -> None:
    with browser.application.app_context():
        jobs.run_due()
        db.session.remove()


def post(browser: FlaskClient, place: str, verb: str, **data: object) -> int:
    token = browser.token(place)
    return browser.post(f"{place}/{verb}", data={"csrf_token": token, **data}).status_code


def page(browser: FlaskClient, place: str) -> str:
    answer = browser.get(place)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def kept(app: Flask, code: str) -> ProcedureFacts | None:
    with app.app_context():
        row = load_with_parts(db.session(), [code]).get(code)
        facts = facts_of(row) if row else None
        db.session.remove()
        return facts


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(model.id))) or 0


def ids(app: Flask, *codes: str) -> list[str]:
    with app.app_context():
        query = select(ProcedureImportRow.id).where(ProcedureImportRow.code.in_(codes))
        return [str(one) for one in db.session.scalars(query)]


@pytest.fixture
def proposal(browser: FlaskClient, tmp_path: Path, keep: Callable[..., None]) -> str:
    keep(OLD)
    return bring(browser, jsonl(tmp_path / "danh mục.jsonl", *ROWS))


def test_a_proposal_says_what_would_happen_and_writes_nothing(
    app: Flask, browser: FlaskClient, proposal: str
) -> None:
    text = page(browser, proposal)
    assert "Chưa ghi gì vào dữ liệu" in text
    assert "Mới &lt;b&gt;" in text
    assert "2 dòng đang được chọn" in text
    assert "Cơ quan thực hiện là của nơi khác: Sở Y tế tỉnh Đồng Nai" in text
    assert "Giống bản ghi thử trong nguồn" in text
    assert count(app, Procedure) == 1


def test_only_accepted_rows_are_written_and_can_be_taken_back(
    app: Flask, browser: FlaskClient, proposal: str
) -> None:
    shown, ticked = ids(app, "1.000001", "1.000002", "1.000003"), ids(app, "1.000002", "1.000003")
    assert post(browser, proposal, "chon", hien=shown, chon=ticked, viec="ghi") == 303
    work(browser)
    assert "Đã ghi vào dữ liệu" in page(browser, proposal)
    assert kept(app, "1.000001") is None
    assert kept(app, "1.000003") is not None
    changed = kept(app, "1.000002")
    assert changed is not None
    assert (changed.name, changed.conditions) == ("Tên mới", "Điều kiện cũ")
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.event)).all() == ["procedure.imported"]
        assert {row.key for row in db.session.scalars(select(SearchChange))} >= {"1.000003"}
    assert post(browser, proposal, "hoan-tac") == 303
    work(browser)
    assert "đã được hoàn tác" in page(browser, proposal)
    assert kept(app, "1.000003") is None
    restored = kept(app, "1.000002")
    assert restored is not None
    assert restored.name == "Tên cũ"
    with app.app_context():
        assert db.session.scalar(select(func.max(ProcedureVersion.number))) == 3


def test_what_was_edited_after_the_proposal_is_not_overwritten(
    app: Flask, browser: FlaskClient, proposal: str, keep: Callable[..., None]
) -> None:
    keep(ProcedureFacts(code="1.000002", name="Biên tập viên vừa sửa"))
    post(browser, proposal, "ghi")
    work(browser)
    facts = kept(app, "1.000002")
    assert facts is not None
    assert facts.name == "Biên tập viên vừa sửa"
    assert "Không ghi: có người vừa sửa" in page(browser, proposal)
    assert kept(app, "1.000001") is not None


def test_undoing_leaves_what_was_edited_since(
    app: Flask, browser: FlaskClient, proposal: str, keep: Callable[..., None]
) -> None:
    post(browser, proposal, "ghi")
    work(browser)
    keep(ProcedureFacts(code="1.000001", name="Sửa sau khi nhập"))
    assert "1 thủ tục đã có người sửa" in page(browser, proposal)
    post(browser, proposal, "hoan-tac")
    work(browser)
    facts, back = kept(app, "1.000001"), kept(app, "1.000002")
    assert facts is not None
    assert back is not None
    assert (facts.name, back.name) == ("Sửa sau khi nhập", "Tên cũ")


def test_an_editor_s_change_is_a_conflict_shown_side_by_side(
    app: Flask, browser: FlaskClient, tmp_path: Path, keep: Callable[..., None]
) -> None:
    keep(OLD)
    with app.app_context(), write() as session:
        row = session.scalars(select(Procedure)).one()
        row.edited_at = row.updated_at
    place = bring(browser, jsonl(tmp_path / "a.jsonl", ROWS[1]))
    text = page(browser, place)
    assert "Cán bộ đã sửa" in text
    assert "0 dòng đang được chọn" in text
    (one,) = ids(app, "1.000002")
    line = page(browser, f"{place}/dong/{one}")
    assert "<del>" in line
    assert "Theo tệp" in line
    post(browser, place, "chon", hien=one, chon=one, viec="ghi")
    work(browser)
    facts = kept(app, "1.000002")
    assert facts is not None
    assert facts.name == "Tên mới"


def test_what_the_file_no_longer_lists_is_only_shown(
    app: Flask, browser: FlaskClient, tmp_path: Path, keep: Callable[..., None]
) -> None:
    keep(ProcedureFacts(code="1.000009", name="Không còn trong tệp"))
    with app.app_context(), write() as session:
        field = session.scalars(select(Procedure)).one().field_id
        assert field
    place = bring(browser, jsonl(tmp_path / "a.jsonl", {**ROWS[0], "field": "Lĩnh vực khác"}))
    text = page(browser, f"{place}?loai=gone")
    assert "Không còn trong tệp" in text
    post(browser, place, "chon", **{"tat-ca": "gone"})
    post(browser, place, "ghi")
    work(browser)
    with app.app_context():
        row = db.session.scalars(select(Procedure).filter_by(code="1.000009")).one()
        assert (row.status, row.version) == ("in_force", 1)


def test_whole_kinds_are_ticked_but_never_those_with_a_reason(
    app: Flask, browser: FlaskClient, proposal: str
) -> None:
    post(browser, proposal, "chon", khong="new")
    assert "1 dòng đang được chọn" in page(browser, proposal)
    post(browser, proposal, "chon", **{"tat-ca": "new"})
    assert "2 dòng đang được chọn" in page(browser, proposal)


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("q=ten+moi", "Tên mới", "Của tỉnh khác"),
        ("q=1.000003", "Của tỉnh khác", "Tên mới"),
        ("chu-y=cho", "Của tỉnh khác", "Tên mới"),
        ("loai=changed", "Tên mới", "Của tỉnh khác"),
        ("co-quan=S%E1%BB%9F+Y+t%E1%BA%BF+t%E1%BB%89nh+%C4%90%E1%BB%93ng+Nai", "Của tỉnh khác",
         "Tên mới"),
    ],
)  # fmt: skip
def test_filters(browser: FlaskClient, proposal: str, query: str, there: str, gone: str) -> None:
    text = page(browser, f"{proposal}?{query}")
    assert there in text
    assert gone not in text


def test_the_report_names_row_column_and_what_was_found(
    browser: FlaskClient, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "a.xlsx", ["Mã TTHC", "Tên TTHC"], [1.01229, "Một."], ["x", "=1+1"])
    place = bring(browser, path)
    answer = browser.get(f"{place}/ghi-chu.csv")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/csv"
    assert 'Sheet,2,,đã sửa,Mã TTHC,1.01229,"mã “1.01229” thiếu số 0' in text
    assert ",'=1+1," in text


def test_unknown_columns_are_named_once(app: Flask, browser: FlaskClient, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", ["Ký hiệu", "Việc"], ["1.000001", "Một"])
    place = bring(browser, path)
    assert browser.get(place).headers["Location"].endswith("/cot")
    text = page(browser, f"{place}/cot")
    assert "Ký hiệu" in text
    assert "1.000001" in text
    token = browser.token(f"{place}/cot")
    wrong = browser.post(f"{place}/cot", data={"csrf_token": token, "cot-0": "code"})
    assert wrong.status_code == 400
    right = {"csrf_token": token, "cot-0": "code", "cot-1": "name"}
    assert browser.post(f"{place}/cot", data=right).status_code == 303
    work(browser)
    assert "1 dòng đang được chọn" in page(browser, place)
    other = sheet(tmp_path / "b.xlsx", ["Việc", "Ký hiệu"], ["Hai", "1.000002"])
    again = bring(browser, other)
    assert "Hai" in page(browser, again)


def test_a_broken_file_is_told_and_can_be_dropped(browser: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{", "utf-8")
    place = bring(browser, path)
    assert "Tệp JSON hỏng" in page(browser, place)
    assert post(browser, place, "bo") == 303
    assert browser.get(place).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.exe", b"MZ", "Chỉ nhận tệp"), ("a.json", b" " * 2_000, "lớn hơn"), ("", b"", "Chọn tệp")],
)
def test_files_that_are_not_taken(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, words: str
) -> None:
    monkeypatch.setattr(imports, "MAX_BYTES", 1_000)
    data = {"csrf_token": browser.token(HOME), "file": (io.BytesIO(content), name)}
    answer = browser.post(HOME, data=data)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)


def test_progress_is_told_and_a_dead_job_is_begun_anew(
    app: Flask, browser: FlaskClient, proposal: str
) -> None:
    post(browser, proposal, "ghi")
    with app.app_context(), write() as session:  # as a process leaves it that died at work
        row = session.scalars(select(ProcedureImport)).one()
        row.claimed_at = clock.now()
    answer = browser.get(f"{proposal}/tien-do").get_json()
    assert answer == {"state": "applying", "done": 0, "total": 2}
    work(browser)
    assert "Đã ghi vào dữ liệu" in page(browser, proposal)


def test_a_job_that_dies_twice_waits_for_a_person(
    app: Flask, browser: FlaskClient, proposal: str
) -> None:
    post(browser, proposal, "ghi")
    with app.app_context(), write() as session:
        row = session.scalars(select(ProcedureImport)).one()
        row.claimed_at, row.message = clock.now(), "Bắt đầu lại"
    work(browser)
    assert "Bị gián đoạn" in page(browser, proposal)
    assert count(app, Procedure) == 1
    assert post(browser, proposal, "lai") == 303
    work(browser)
    assert "Đã ghi vào dữ liệu" in page(browser, proposal)


def test_a_fault_in_the_middle_leaves_nothing_and_says_so(
    app: Flask, browser: FlaskClient, proposal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(applying, "_mark", fail)  # after the procedures were written
    post(browser, proposal, "ghi")
    work(browser)
    assert "Chưa có gì được ghi" in page(browser, proposal)
    assert count(app, Procedure) == 1


def test_two_steps_at_once_are_a_conflict(browser: FlaskClient, proposal: str) -> None:
    token = browser.token(proposal)
    data = {"csrf_token": token}
    assert browser.post(f"{proposal}/ghi", data=data).status_code == 303
    assert browser.post(f"{proposal}/ghi", data=data).status_code == 409


def test_query_budget(app: Flask, browser: FlaskClient, proposal: str) -> None:
    browser.get(proposal)
    with count_queries(app) as statements:
        page(browser, proposal)
    assert len(statements) <= 14, "\n".join(statements)


DECISION = (
    "QUYẾT ĐỊNH",
    "(Kèm theo Quyết định số 3501/QĐ-UBND ngày 01 tháng 9 năm 2026 của Ủy ban nhân dân thành phố)",
    "DANH MỤC THỦ TỤC HÀNH CHÍNH MỚI BAN HÀNH",
    [["STT", "Mã TTHC", "Tên TTHC", "Thời hạn", None, "Địa điểm", "Phí, lệ phí", "Căn cứ pháp lý"],
     ["^", "^", "^", "Theo quy định", "Sau cắt giảm", "^", "^", "^"],
     ["I. Lĩnh vực Phòng bệnh", None, None, None, None, None, None, None],
     ["1", "1.013860", "Cấp giấy chứng nhận", "03 ngày làm việc", "2,5 ngày làm việc",
      "Trung tâm", "Không", "02/2026/TT-BYT"]],
    "DANH MỤC THỦ TỤC HÀNH CHÍNH ĐƯỢC SỬA ĐỔI, BỔ SUNG",
    [["STT", "Mã TTHC", "Tên TTHC", "Thời hạn", None],
     ["^", "^", "^", "Theo quy định", "Sau cắt giảm"],
     ["1", "1.000002", "Tên cũ", "10 ngày", "7 ngày"]],
    "DANH MỤC THỦ TỤC HÀNH CHÍNH BỊ BÃI BỎ",
    [["STT", "Mã TTHC", "Tên TTHC", "Văn bản quy định việc bãi bỏ"],
     ["1", "1.000004", "Sẽ hết", "Thông tư 02/2026/TT-BYT"]],
)  # fmt: skip


@pytest.fixture
def announced(app: Flask, browser: FlaskClient, tmp_path: Path, keep: Callable[..., None]) -> str:
    keep(OLD, ProcedureFacts(code="1.000004", name="Sẽ hết"))
    return bring(browser, document(tmp_path / "qd.docx", *DECISION))


def describe(browser: FlaskClient, place: str, day: str) -> int:
    return post(
        browser, place, "quyet-dinh", number="3501/QĐ-UBND", issuer="UBND thành phố",
        issued_on="2026-09-01", effective_from=day, title="Công bố", url="",
    )  # fmt: skip


def test_a_decision_is_proposed_with_what_its_title_says(
    browser: FlaskClient, announced: str
) -> None:
    text = page(browser, announced)
    assert 'value="3501/QĐ-UBND"' in text
    assert 'value="2026-09-01"' in text
    assert "Ủy ban nhân dân thành phố" in text
    post(browser, announced, "ghi")
    assert "Ghi thông tin quyết định trước khi nhập" in page(browser, announced)
    assert describe(browser, announced, "") == 400


def test_a_decision_begins_changes_and_ends(
    app: Flask, browser: FlaskClient, announced: str
) -> None:
    assert describe(browser, announced, "2026-09-11") == 303
    post(browser, announced, "ghi")
    work(browser)
    new, amended, ended = (kept(app, code) for code in ("1.013860", "1.000002", "1.000004"))
    assert new is not None
    assert amended is not None
    assert ended is not None
    assert new.effective_from == date(2026, 9, 11)
    assert new.channels[0].time == Decimal(3)
    assert new.local is not None
    assert (new.local.time, new.local.unit) == (Decimal("2.5"), TimeUnit.WORKING_DAY)
    assert new.local.time_basis == "Quyết định số 3501/QĐ-UBND"
    assert amended.local is not None
    assert amended.local.time == Decimal(7)
    assert amended.conditions == "Điều kiện cũ"
    assert ended.effective_to == date(2026, 9, 11)
    with app.app_context():
        row = db.session.scalars(select(Announcement)).one()
        assert (row.number, row.issuer) == ("3501/QĐ-UBND", "UBND thành phố")
        row = load_announcement()
        assert [one.kind for one in row.changes] == ["new", "amended", "abolished"]
        assert row.changes[2].note == "Bãi bỏ theo: Thông tư 02/2026/TT-BYT"
        assert row.changes[0].field_name == "Phòng bệnh"
    post(browser, announced, "hoan-tac")
    work(browser)
    again = kept(app, "1.000004")
    assert again is not None
    assert again.effective_to is None
    assert kept(app, "1.013860") is None
    assert count(app, Announcement) == 0


def load_announcement() -> Announcement:
    from sqlalchemy.orm import selectinload

    query = select(Announcement).options(selectinload(Announcement.changes))
    return db.session.scalars(query).one()


def test_an_amendment_of_tomorrow_waits_for_its_day(
    app: Flask, browser: FlaskClient, announced: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe(browser, announced, "2027-03-01")
    post(browser, announced, "ghi")
    work(browser)
    now = kept(app, "1.000002")
    assert now is not None
    assert now.local is None
    assert "Chờ ngày có hiệu lực" in page(browser, announced)
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 3, 1, 2, tzinfo=UTC))
    with app.app_context():
        assert applying.due(clock.today()) == 1
        assert applying.due(clock.today()) == 0
        row = db.session.scalars(select(ProcedureImportRow).filter_by(code="1.000002")).one()
        assert row.outcome == RowOutcome.APPLIED
    later = kept(app, "1.000002")
    assert later is not None
    assert later.local is not None
    assert later.local.time == Decimal(7)


def test_a_replaced_one_leads_to_its_successor(
    app: Flask, browser: FlaskClient, tmp_path: Path, keep: Callable[..., None]
) -> None:
    keep(OLD, ProcedureFacts(code="1.000005", name="Thay cho"))
    head = ["Mã TTHC", "Tên TTHC", "Mã TTHC thay thế"]
    rows = [head, ["1.000002", "Tên cũ", "1.000005"]]
    place = bring(browser, book(tmp_path / "a.xlsx", {"Thay thế": rows}))
    describe(browser, place, "2026-09-11")
    post(browser, place, "ghi")
    work(browser)
    old, new = kept(app, "1.000002"), kept(app, "1.000005")
    assert old is not None
    assert new is not None
    assert old.effective_to == date(2026, 9, 11)
    assert new.replaces == ("1.000002",)
    with app.app_context():
        change = load_announcement().changes[0]
        assert (change.kind, change.replacement) == (ChangeKind.REPLACED, "1.000005")


def test_old_proposals_go_with_their_files(
    app: Flask, browser: FlaskClient, proposal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 3, 1, 2, tzinfo=UTC))
    with app.app_context():
        assert jobs.purge() == 1
        assert db.session.scalar(select(func.count(ProcedureImport.id))) == 0
        assert not list((app.extensions["settings"].instance / "imports").glob("*"))


def test_the_ticker_starts_what_is_due(app: Flask, browser: FlaskClient, tmp_path: Path) -> None:
    import threading

    path = jsonl(tmp_path / "a.jsonl", ROWS[0])
    data = {"csrf_token": browser.token(HOME), "file": (io.BytesIO(path.read_bytes()), path.name)}
    place = browser.post(HOME, data=data).headers["Location"]
    with app.app_context():
        assert jobs.start_due()
    for thread in threading.enumerate():
        if thread.name == "imports":
            thread.join(30)
    assert "1 dòng đang được chọn" in page(browser, place)
    with app.app_context():
        assert not jobs.start_due()
        assert json.loads(json.dumps(ImportState.READY)) == "ready"
