"""The pages that people use: found, read, led on, and never broken by an address."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core import clock
from portal.core.db import write
from portal.procedures.facts import FieldFacts, ProcedureFacts
from portal.procedures.models import Procedure
from portal.procedures.terms import Level, Status
from portal.search import service as search
from tests.procedures.conftest import change, load
from tests.support.queries import count_queries

BUDGET = 5


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.get_data(as_text=True)


def lead(client: FlaskClient, path: str) -> tuple[int, str]:
    response = client.get(path)
    return response.status_code, response.headers.get("Location", "")


@pytest.fixture
def site(app: Flask, folder: Path) -> FlaskClient:
    """Two procedures, one decision, an index."""
    with app.app_context():
        assert load(folder).faults == []
        search.rebuild()
    return app.test_client()


@pytest.fixture
def unindexed(app: Flask, folder: Path, lost_index: None) -> FlaskClient:
    """The same while there is no index, and nobody has made a new one yet."""
    with app.app_context():
        load(folder)
    return app.test_client()


def test_found_without_diacritics_with_its_words_marked(site: FlaskClient) -> None:
    text = page(site, "/thu-tuc/?q=cap+lai+giay+phep+hanh+nghe")
    assert "<mark>Cấp lại giấy phép hành nghề</mark>" in text
    assert "2,5 đến 3" in text
    assert 'href="/thu-tuc/1.012290"' in text


@pytest.mark.parametrize("query", ["1.012290", "1012290", "1,012290", "1.003348", "mat gphn"])
def test_found_by_code_old_code_and_abbreviation(site: FlaskClient, query: str) -> None:
    assert 'href="/thu-tuc/1.012290"' in page(site, f"/thu-tuc/?q={query}")


def test_filters_narrow_and_can_be_let_go(site: FlaskClient) -> None:
    text = page(site, "/thu-tuc/?cap=xa")
    assert "1.012278" in text
    assert "/thu-tuc/1.012290" not in text
    assert 'class="chip" href="/thu-tuc/"' in text
    both = page(site, "/thu-tuc/?cap=xa&cap=tinh")
    assert "/thu-tuc/1.012290" in both
    assert "/thu-tuc/1.012278" in both
    assert "/thu-tuc/1.012290" in page(site, "/thu-tuc/?muc_do=toan-trinh")
    assert "/thu-tuc/1.012278" not in page(site, "/thu-tuc/?doi_tuong=nguoi-dan")


def test_an_empty_answer_helps_on(site: FlaskClient) -> None:
    text = page(site, "/thu-tuc/?q=zzzzqqqq&cap=xa")
    assert "Chưa tìm thấy" in text
    for address in ("/duong-day-nong/", "/phan-anh/gui", "/thu-tuc/?linh_vuc=kham-benh"):
        assert f'href="{address}"' in text


@pytest.mark.parametrize(
    ("query", "found"),
    [("giay phep hanh nghe", True), ("PHÒNG KHÁM", False), ("1.003348", True), ("100%", False),
     ("_", False)],
)  # fmt: skip
def test_the_list_serves_while_there_is_no_index(
    unindexed: FlaskClient, query: str, found: bool
) -> None:
    text = page(unindexed, f"/thu-tuc/?q={query.replace('%', '%25')}")
    assert "đang lập chỉ mục" in text
    results = text.partition('class="empty"')[0]
    assert ('href="/thu-tuc/1.012290"' in results) is found


def test_without_index_filters_count_and_narrow(unindexed: FlaskClient) -> None:
    text = page(unindexed, "/thu-tuc/?cap=xa")
    assert "/thu-tuc/1.012278" in text
    assert "/thu-tuc/1.012290" not in text
    assert 'href="/thu-tuc/?cap=xa&amp;cap=tinh"' in text


@pytest.mark.parametrize(
    "path",
    [
        "?q=" + "a" * 2000, "?q=%22%28%29*%3F%5B%5D%7B%7D~%5E", "?q=AND+OR+NOT", "?sap_xep=x",
        "?linh_vuc=khong-co&cap=&cap=zzz", "?trang_thai=%00abc"[:14], "?q[]=1&q=2&q=3",
        "?nguyen_van=yes&q=x", "?q=%F0%9F%98%80", "?sap_xep=moi-nhat", "?sap_xep=ten&q=giay",
    ],
)  # fmt: skip
def test_absurd_parameters_never_break(site: FlaskClient, path: str) -> None:
    assert site.get("/thu-tuc/" + path).status_code in (200, 400)


@pytest.mark.parametrize(
    ("path", "status"),
    [("?trang=0", 400), ("?trang=x", 400), ("?trang=1e3", 400), ("?trang=1000", 404)],
)
def test_pages_that_cannot_be(site: FlaskClient, path: str, status: int) -> None:
    assert site.get("/thu-tuc/" + path).status_code == status


def test_the_page_says_everything_once(site: FlaskClient) -> None:
    text = page(site, "/thu-tuc/1.012290")
    for part in (
        "Cấp lại giấy phép hành nghề", "2,5 đến 3", "Từ 215.000 đến 430.000",
        "Đơn đề nghị theo Mẫu 02", "1 bản sao", "Bị mất", "Bị hỏng",
        "Luật Khám bệnh, chữa bệnh", "96/2023/NĐ-CP",
        "Có văn bằng phù hợp", "Quyết định 3643/QĐ-UBND", "Sửa đổi, bổ sung từ ngày 01/03/2027",
        "Kiểm tra ngày 17/09/2026", "1.002991, 1.003348", "Áp dụng đến hết ngày 31/12/2026",
        "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bff",
        "/phan-anh/gui?loai=question&amp;thu_tuc=1.012290",
        "/thu-tuc/1.012278",
    ):  # fmt: skip
        assert part in text, part
    assert "Một số phần đang cập nhật" not in text


def test_what_is_not_known_is_said(site: FlaskClient) -> None:
    text = page(site, "/thu-tuc/1.012278")
    assert text.count("đang cập nhật</span>") >= 4
    assert "thành phần hồ sơ" in text
    assert "chưa kiểm chứng" in text
    assert "Không thu phí" not in text


def test_an_expired_fee_is_not_today_s_fee(
    site: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 1, 2, tzinfo=UTC))
    text = page(site, "/thu-tuc/1.012290")
    summary = text[text.index('<dl class="facts') : text.index("</dl>")]
    assert "430.000" in summary
    assert "215.000" not in summary
    assert "chỉ áp dụng đến hết ngày 31/12/2026" in text


@pytest.mark.parametrize(
    ("spelling", "leads_to"),
    [
        ("1012290", "/thu-tuc/1.012290"), ("1,012290", "/thu-tuc/1.012290"),
        ("1.012290.000.00.00.H24", "/thu-tuc/1.012290"), ("1.012290.H24", "/thu-tuc/1.012290"),
        ("1.003348", "/thu-tuc/1.012290?tu=1.003348"),
        ("1003348", "/thu-tuc/1.012290?tu=1.003348"),
        ("1003348/niem-yet", "/thu-tuc/1.012290/niem-yet"),
    ],
)  # fmt: skip
def test_other_spellings_and_old_codes_move_for_good(
    site: FlaskClient, spelling: str, leads_to: str
) -> None:
    assert lead(site, f"/thu-tuc/{spelling}") == (301, leads_to)


@pytest.mark.parametrize("code", ["1.999999", "abc", "1.0122901", "1.012290 ", "%2e%2e", "giấy"])
def test_no_such_code(site: FlaskClient, code: str) -> None:
    status, target = lead(site, f"/thu-tuc/{code}")
    assert status == 404 or (code.strip() == "1.012290" and status == 301), target


def test_an_old_code_that_went_into_several_shows_them(app: Flask, folder: Path) -> None:
    change(
        folder / "procedures" / "kham-benh.yaml",
        "    status: in_force\n    legal_bases:",
        '    status: in_force\n    replaces: ["1.003348"]\n    legal_bases:',
    )
    with app.app_context():
        load(folder)
        search.rebuild()
    client = app.test_client()
    assert lead(client, "/thu-tuc/1.003348") == (302, "/thu-tuc/?q=1.003348")
    text = page(client, "/thu-tuc/?q=1.003348")
    assert "/thu-tuc/1.012290" in text
    assert "/thu-tuc/1.012278" in text


def test_an_abolished_procedure_stays_with_its_successor(app: Flask, folder: Path) -> None:
    change(folder / "procedures" / "kham-benh.yaml", '"1.003348"', '"1.012278"')
    change(
        folder / "procedures" / "kham-benh.yaml",
        "[province, commune]\n    status: in_force",
        "[province, commune]\n    status: abolished",
    )
    with app.app_context():
        load(folder)
        search.rebuild()
    client = app.test_client()
    text = page(client, "/thu-tuc/1.012278")
    assert "không còn áp dụng" in text
    assert 'href="/thu-tuc/1.012290"' in text
    assert "/thu-tuc/1.012278" not in page(client, "/thu-tuc/")
    assert "/thu-tuc/1.012278" not in page(client, "/thu-tuc/?q=phong+kham")
    assert "/thu-tuc/1.012278" in page(client, "/thu-tuc/?trang_thai=het-hieu-luc")
    assert "/thu-tuc/1.012278" in page(client, "/thu-tuc/?q=1.012278")


def test_a_code_leads_home(site: FlaskClient) -> None:
    code = site.get("/thu-tuc/1.012290/qr.svg")
    assert code.mimetype == "image/svg+xml"
    assert b"<svg" in code.data
    assert b"<script" not in code.data
    assert site.get("/thu-tuc/abc/qr.svg").status_code == 404


def test_decisions_are_listed_and_filtered(site: FlaskClient) -> None:
    text = page(site, "/thu-tuc/cong-bo")
    assert "3501/QĐ-UBND" in text
    assert 'href="/thu-tuc/1.012290"' in text
    assert "Thủ tục mã 1.009999" in text
    assert "/thu-tuc/1.012290" not in page(site, "/thu-tuc/cong-bo?loai=bai-bo")
    assert "3501/QĐ-UBND" not in page(site, "/thu-tuc/cong-bo?loai=moi")
    assert "3501/QĐ-UBND" in page(site, "/thu-tuc/cong-bo?loai=zzz")


def test_suggestions(site: FlaskClient) -> None:
    items = site.get("/thu-tuc/goi-y?q=giay+phep+ha").json["items"]
    assert items[0] == {
        "label": "Cấp lại giấy phép hành nghề", "note": "1.012290", "url": "/thu-tuc/1.012290",
    }  # fmt: skip
    for query in ("", "a" * 1999, "%25", "(", "1.0"):
        assert len(site.get(f"/thu-tuc/goi-y?q={query}").json["items"]) <= 8


def test_fields_are_suggested_after_procedures(site: FlaskClient) -> None:
    items = site.get("/thu-tuc/goi-y?q=khám+bệ").json["items"]
    assert items[-1]["group"] == "Lĩnh vực"
    assert items[-1]["label"] == "Khám bệnh"
    assert site.get(items[-1]["url"]).status_code == 200
    assert site.get("/thu-tuc/goi-y?q=ham").json["items"] == []


def test_suggestions_are_bounded(site: FlaskClient) -> None:
    statuses = [site.get("/thu-tuc/goi-y?q=gi").status_code for _ in range(301)]
    assert statuses.count(200) == 300
    assert statuses[-1] == 429


def test_search_is_bounded_reading_is_not(site: FlaskClient) -> None:
    assert [site.get("/thu-tuc/?q=x").status_code for _ in range(121)][-1] == 429
    assert site.get("/thu-tuc/").status_code == 200
    assert site.get("/thu-tuc/1.012290").status_code == 200


def test_open_data_holds_everything(site: FlaskClient, keep) -> None:  # type: ignore[no-untyped-def]
    field = FieldFacts(key="khac", name="Khác")
    keep(*(ProcedureFacts(code=f"9.{n:06}", name=f"=Thủ tục {n}", field=field) for n in range(700)))
    answer = site.get("/thu-tuc/du-lieu.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == len({row["ma"] for row in rows}) == 702
    assert rows[-1]["ten"] == "'=Thủ tục 699"
    licence = next(row for row in rows if row["ma"] == "1.012290")
    assert (licence["nguon"], licence["ngay_kiem_tra"]) == (
        "Cổng Dịch vụ công quốc gia",
        "2026-09-17",
    )
    data = json.loads(site.get("/thu-tuc/du-lieu.json").data)
    assert data["licence"]
    assert len(data["items"]) == 702
    item = next(x for x in data["items"] if x["code"] == "1.012290")
    assert item["channels"][0]["time"] == 2.5


def test_open_data_of_an_empty_portal(client: FlaskClient) -> None:
    assert json.loads(client.get("/thu-tuc/du-lieu.json").data)["items"] == []
    assert len(client.get("/thu-tuc/du-lieu.csv").data.splitlines()) == 1


@pytest.mark.parametrize(
    "path",
    ["/thu-tuc/", "/thu-tuc/?q=giay+phep&cap=tinh", "/thu-tuc/1.012290", "/thu-tuc/cong-bo",
     "/thu-tuc/1.012290/niem-yet", "/thu-tuc/can-cu/", "/thu-tuc/can-cu/96-2023-nd-cp"],
)  # fmt: skip
def test_query_budget(app: Flask, site: FlaskClient, path: str) -> None:
    site.get(path)  # the first request opens the index and looks at the outbox
    with count_queries(app) as statements:
        page(site, path)
    # The page also tells what is related, asked, written, and whom to ring: a statement each.
    budget = 8 if path == "/thu-tuc/1.012290" else BUDGET
    assert len(statements) <= budget, "\n".join(statements)


def test_query_budget_without_index(app: Flask, unindexed: FlaskClient) -> None:
    with count_queries(app) as statements:
        page(unindexed, "/thu-tuc/?q=giay+phep")
    assert len(statements) <= BUDGET, "\n".join(statements)


def test_a_coming_procedure_says_when(app: Flask, keep) -> None:  # type: ignore[no-untyped-def]
    keep(
        ProcedureFacts(
            code="1.000001", name="Thủ tục sắp tới", levels=(Level.PROVINCE,),
            status=Status.IN_FORCE, effective_from=datetime(2099, 1, 1, tzinfo=UTC).date(),
        )
    )  # fmt: skip
    client = app.test_client()
    assert "Có hiệu lực từ ngày 01/01/2099" in page(client, "/thu-tuc/1.000001")


def test_the_page_follows_a_change(app: Flask, site: FlaskClient) -> None:
    with app.app_context(), write() as session:
        row = session.query(Procedure).filter_by(code="1.012278").one()
        row.name = "Tên <script>alert(1)</script> mới"
    text = page(site, "/thu-tuc/1.012278")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
