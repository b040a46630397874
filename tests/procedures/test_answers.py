"""The page of a procedure: answers, cases, papers, what is related, what it said before."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import db, write
from portal.procedures import history, processes
from portal.procedures.facts import (
    CaseFacts,
    ChannelFacts,
    ComponentFacts,
    FeeFacts,
    FieldFacts,
    FormFacts,
    LegalFacts,
    LocalFacts,
    ProcedureFacts,
    ProcessFacts,
    ProcessRow,
    Result,
)
from portal.procedures.recording import load_with_parts
from portal.procedures.telling import changes_between, text_of
from portal.procedures.terms import (
    ChannelKind,
    LegalState,
    Level,
    ProcessKind,
    Status,
    TimeUnit,
)
from portal.search import service as search
from tests.procedures.conftest import load
from tests.support.queries import count_queries

Keep = Callable[..., None]
FIELD = FieldFacts(key="kham-benh", name="Khám bệnh")
FULL = ProcedureFacts(
    code="1.000001",
    name="Cấp phép phòng khám",
    field=FIELD,
    levels=(Level.PROVINCE,),
    channels=(
        ChannelFacts(
            kind=ChannelKind.DIRECT, time=Decimal(30), unit=TimeUnit.DAY, case="Cấp mới",
            fees=(FeeFacts(amount=0),),
        ),
        ChannelFacts(
            kind=ChannelKind.ONLINE, time=Decimal(30), unit=TimeUnit.DAY, case="Cấp mới",
            fees=(FeeFacts(amount=0),),
        ),
        ChannelFacts(kind=ChannelKind.DIRECT, time=Decimal(4), unit=TimeUnit.HOUR, case="Đổi tên"),
    ),
    cases=(
        CaseFacts(
            name="Cấp mới",
            components=(
                ComponentFacts(name="Đơn đề nghị", originals=1, template="Mẫu 1"),
                ComponentFacts(name="Xuất trình căn cước"),
                ComponentFacts(name="Giấy ủy quyền", copies=1, required=False),
            ),
        ),
        CaseFacts(name="Đổi tên", components=(ComponentFacts(name="Giấy phép cũ", originals=1),)),
    ),
    results=(Result("Giấy phép"),),
    legal_bases=(LegalFacts(number="12/2020/TT-BYT", title="Hướng dẫn", state=LegalState.EXPIRED),),
    receiving_place="Trung tâm Phục vụ hành chính công",
    local=LocalFacts(
        time=Decimal("2.5"), unit=TimeUnit.WORKING_DAY, time_basis="Quyết định 3501/QĐ-UBND",
        place_hours="07:30 đến 17:00",
    ),
    forms=(
        FormFacts(name="Mẫu 1 (.docx)", paper="Đơn đề nghị", url="https://vidu.gov.vn/mau-1.docx"),
    ),
    processes=(
        ProcessFacts(
            kind=ProcessKind.INTERNAL,
            rows=(
                ProcessRow("Tiếp nhận", "Một cửa", Decimal(4), "Phiếu hẹn"),
                ProcessRow("Thẩm định", "Phòng nghiệp vụ", Decimal(12)),
            ),
        ),
    ),
)  # fmt: skip


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.get_data(as_text=True).replace("\u00a0", " ")


def box(page: str) -> str:
    return page[page.index('<dl class="facts summary-box') : page.index("</dl>")]


@pytest.fixture
def full(app: Flask, keep: Keep) -> FlaskClient:
    keep(FULL)
    return app.test_client()


def test_five_short_answers(full: FlaskClient) -> None:
    said = box(text(full, "/thu-tuc/1.000001"))
    for words in (
        "Bạn cần gì", "1 đến 3 loại giấy tờ, tùy trường hợp", "30 ngày hoặc 4 giờ, tùy trường hợp",
        "Cấp mới: 30 ngày", "Đổi tên: 4 giờ",
        "Địa phương rút còn 2,5 ngày làm việc, theo Quyết định 3501/QĐ-UBND", "Không thu phí",
        "Trung tâm Phục vụ hành chính công", "07:30 đến 17:00", "Giấy phép",
    ):  # fmt: skip
        assert words in said, words


def test_what_is_not_known_is_never_guessed(app: Flask, keep: Keep) -> None:
    keep(
        ProcedureFacts(
            code="1.000002",
            name="Thủ tục chưa rõ",
            channels=(ChannelFacts(kind=ChannelKind.DIRECT),),
        )
    )
    said = box(text(app.test_client(), "/thu-tuc/1.000002"))
    assert said.count("nguồn không nêu") == 2, "time and fee: the source has the way, not these"
    assert said.count("đang cập nhật") == 2, "papers and result"
    assert "Không thu phí" not in said


@pytest.mark.parametrize(("query", "chosen"), [("", 1), ("?truong-hop=2", 2), ("?truong-hop=9", 1),
                                               ("?truong-hop=x", 1)])  # fmt: skip
def test_a_case_can_be_opened_by_its_address(full: FlaskClient, query: str, chosen: int) -> None:
    page = text(full, f"/thu-tuc/1.000001{query}")
    radios = re.findall(r'<input type="radio"[^>]*>', page)
    assert [("checked" in one) for one in radios] == [chosen == 1, chosen == 2]


def test_a_case_has_its_own_times_fees_and_papers(full: FlaskClient) -> None:
    page = text(full, "/thu-tuc/1.000001")
    first, second = page.split('<div class="case-panel">')[1:]
    assert "30 ngày" in first
    assert "4 giờ" not in first
    assert "Trực tiếp, trực tuyến" in first, "ways that are alike stand together"
    assert "4 giờ" in second[: second.index("</fieldset>")]
    assert 'id="cach-nop"' not in page, "nothing holds for every case"
    assert "chỉ xuất trình" in first
    assert "nếu có" in first
    assert 'href="https://vidu.gov.vn/mau-1.docx"' in first
    assert "mở trang vidu.gov.vn" in first


def test_the_process_and_its_sum(app: Flask, full: FlaskClient) -> None:
    page = text(full, "/thu-tuc/1.000001")
    assert "cộng 16 giờ làm việc (2 ngày làm việc)" in page
    with app.app_context():
        procedure = load_with_parts(db.session(), ["1.000001"])["1.000001"]
        (told,) = processes.differences(procedure)
    assert "thời hạn công bố là 20 giờ làm việc" in told.replace("\u00a0", " ")


def test_days_are_never_taken_for_working_days(app: Flask, keep: Keep) -> None:
    keep(dataclasses.replace(FULL, local=None))
    with app.app_context():
        procedure = load_with_parts(db.session(), ["1.000001"])["1.000001"]
        assert processes.promised_hours(procedure) is None
        assert processes.differences(procedure) == []


def test_an_old_code_says_so_on_arrival(app: Flask, folder: Path) -> None:
    with app.app_context():
        load(folder)
    client = app.test_client()
    assert "Mã cũ" in text(client, "/thu-tuc/1.012290?tu=1.003348")
    assert "Mã cũ 1.009999" not in re.sub(
        "<[^>]*>", "", text(client, "/thu-tuc/1.012290?tu=1.009999")
    )
    assert "Mã cũ" in text(client, "/thu-tuc/1.012290?kiosk=1&tu=1.003348")


def test_related_says_why_and_leaves_out_what_ended(app: Flask, keep: Keep) -> None:
    rare = LegalFacts(number="99/2024/QĐ-UBND")
    keep(
        dataclasses.replace(FULL, legal_bases=(rare,)),
        ProcedureFacts(code="1.000003", name="Công bố cơ sở tiêm chủng", legal_bases=(rare,)),
        ProcedureFacts(code="1.000004", name="Đổi phép phòng khám", field=FIELD),
        ProcedureFacts(
            code="1.000005", name="Cấp phép phòng khám cũ", field=FIELD, status=Status.ABOLISHED
        ),
        ProcedureFacts(code="1.000006", name="Thi đua khen thưởng"),
    )
    page = text(app.test_client(), "/thu-tuc/1.000001")
    listed = page[page.index('id="lien-quan"') :]
    assert "Cùng căn cứ 99/2024/QĐ-UBND" in listed
    assert "Cùng lĩnh vực" in listed
    assert "/thu-tuc/1.000005" not in listed
    assert "/thu-tuc/1.000006" not in listed


def test_versions_tell_what_changed_and_stay_readable(full: FlaskClient, keep: Keep) -> None:
    short = tuple(
        dataclasses.replace(one, time=Decimal(12), unit=TimeUnit.WORKING_DAY)
        for one in FULL.channels
    )
    keep(dataclasses.replace(FULL, channels=short, results=(Result("Giấy phép mới"),)))
    plain = re.sub(r"<[^>]*>", "", text(full, "/thu-tuc/1.000001/lich-su"))
    said = " ".join(plain.split())
    assert "Thời hạn: 30 ngày hoặc 4 giờ, tùy trường hợp →đổi thành 12 ngày làm việc" in said
    assert "Kết quả: Giấy phép →đổi thành Giấy phép mới" in said
    old = text(full, "/thu-tuc/1.000001/phien-ban/1")
    assert "Đây là bản cũ" in old
    assert 'content="noindex"' in old
    assert "30 ngày" in old
    assert "Giấy phép mới" not in old
    compared = text(full, "/thu-tuc/1.000001/phien-ban/1?so-sanh=1")
    assert "<ins>" in compared
    now = full.get("/thu-tuc/1.000001/phien-ban/2")
    assert (now.status_code, now.headers["Location"]) == (302, "/thu-tuc/1.000001")
    for address in ("1.000001/phien-ban/3", "1.000001/phien-ban/0", "1.999999/lich-su",
                    "1.000001/phien-ban/99999999999"):  # fmt: skip
        assert full.get(f"/thu-tuc/{address}").status_code == 404


def test_an_old_version_is_never_written(app: Flask, full: FlaskClient) -> None:
    with app.app_context(), write() as session:
        procedure = load_with_parts(session, ["1.000001"])["1.000001"]
        (entry,) = history.entries(session, procedure)
        kept = history.of_procedure(session, procedure)[0]
        history.as_it_was(session, kept)
        assert list(session.new) == []
        assert entry.is_first


def test_the_text_of_a_version_holds_what_readers_saw() -> None:
    said = text_of(FULL).replace("\u00a0", " ")
    for words in (
        "Tên: Cấp phép phòng khám", "Trực tiếp, trực tuyến (Cấp mới): 30 ngày",
        "Giấy ủy quyền (1 bản sao, nếu có)", "12/2020/TT-BYT", "Thẩm định: Phòng",
    ):  # fmt: skip
        assert words in said, words
    assert changes_between(FULL, FULL) == []


def test_legal_documents_lead_both_ways(app: Flask, full: FlaskClient) -> None:
    assert 'href="/thu-tuc/can-cu/12-2020-tt-byt"' in text(full, "/thu-tuc/1.000001")
    page = text(full, "/thu-tuc/can-cu/12-2020-tt-byt")
    assert 'href="/thu-tuc/1.000001"' in page
    assert "đã hết hiệu lực" in page
    listed = text(full, "/thu-tuc/can-cu/?q=12/2020")
    assert "12/2020/TT-BYT" in listed
    assert "1 văn bản" in listed
    assert "0 văn bản" in text(full, "/thu-tuc/can-cu/?q=khong+co")
    assert "0 văn bản" in text(full, "/thu-tuc/can-cu/?hieu-luc=con-hieu-luc")
    assert full.get("/thu-tuc/can-cu/khong-co").status_code == 404


def test_a_document_number_finds_its_page(app: Flask, full: FlaskClient) -> None:
    with app.app_context():
        search.rebuild()
    assert "/thu-tuc/can-cu/12-2020-tt-byt" in text(full, "/tim-kiem?q=12/2020/TT-BYT")


def test_what_ended_leads_to_what_replaces_it(app: Flask, keep: Keep) -> None:
    keep(
        ProcedureFacts(code="1.000008", name="Thủ tục mới", replaces=("1.000007",)),
        ProcedureFacts(code="1.000007", name="Thủ tục cũ", effective_to=date(2026, 1, 1)),
    )
    for address in ("/thu-tuc/1.000007", "/thu-tuc/1.000007?kiosk=1"):
        page = text(app.test_client(), address)
        assert "không còn áp dụng từ ngày 01/01/2026" in page
        assert 'href="/thu-tuc/1.000008' in page


def test_fees_past_now_and_coming(app: Flask, keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 1, 2, tzinfo=UTC))
    fees = (
        FeeFacts(amount=100_000, valid_to=date(2026, 1, 1)),
        FeeFacts(amount=300_000, valid_from=date(2027, 1, 1)),
        FeeFacts(amount=200_000, valid_from=date(2026, 1, 2), valid_to=date(2026, 12, 31)),
    )
    keep(
        ProcedureFacts(
            code="1.000009", name="Thủ tục có phí",
            channels=(ChannelFacts(kind=ChannelKind.DIRECT, fees=fees),),
        )
    )  # fmt: skip
    page = text(app.test_client(), "/thu-tuc/1.000009")
    assert "200.000 đồng" in box(page)
    assert "100.000" not in box(page)
    assert "từ ngày 01/01/2027" in box(page)
    table = page[page.index('id="phi"') :]
    assert table.index("200.000") < table.index("300.000") < table.index("100.000")


def test_the_fullest_page_keeps_its_budget(app: Flask, full: FlaskClient) -> None:
    full.get("/thu-tuc/1.000001")
    with count_queries(app) as statements:
        text(full, "/thu-tuc/1.000001")
    assert len(statements) <= 10, "\n".join(statements)
