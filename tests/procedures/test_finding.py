"""Pages of results: what was searched, where old codes lead, and never an empty page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.db import db, write
from portal.procedures import cards
from portal.procedures.facts import CaseFacts, ComponentFacts, FieldFacts, ProcedureFacts
from portal.procedures.models import Procedure
from portal.procedures.recording import touch
from portal.procedures.terms import Level, Status
from portal.search import service as search
from tests.support.queries import count_queries

KCB = FieldFacts(key="kham-benh", name="Khám bệnh")
DRUG = FieldFacts(key="duoc-pham", name="Dược phẩm")
LICENCE = ProcedureFacts(
    code="1.012290", name="Cấp lại giấy phép hành nghề", levels=(Level.PROVINCE,), field=KCB,
    status=Status.IN_FORCE, replaces=("1.003348", "1.001111"),
)  # fmt: skip
DRUGSTORE = ProcedureFacts(
    code="1.014076", name="Cấp giấy chứng nhận nhà thuốc", levels=(Level.COMMUNE,), field=DRUG,
    status=Status.IN_FORCE,
)  # fmt: skip
OLD_LICENCE = ProcedureFacts(
    code="1.003348", name="Cấp lại chứng chỉ hành nghề bị mất", levels=(Level.PROVINCE,),
    field=KCB, status=Status.ABOLISHED, effective_to=date(2025, 1, 1),
)  # fmt: skip
GONE = ProcedureFacts(
    code="1.005555", name="Xác nhận nội dung quảng cáo", levels=(Level.PROVINCE,), field=DRUG,
    status=Status.ABOLISHED,
)  # fmt: skip


@pytest.fixture
def site(app: Flask, keep: Callable[..., None]) -> FlaskClient:
    keep(LICENCE, DRUGSTORE, OLD_LICENCE, GONE)
    with app.app_context():
        search.rebuild()
    return app.test_client()


def page(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def results(text: str) -> list[str]:
    """Codes of the list of results, in its order."""
    found = re.search(r'<ol class="list-plain results">(.*?)</ol>', text, re.DOTALL)
    return re.findall(r'result__title"><a href="/thu-tuc/([\d.]+)"', found[1]) if found else []


def test_a_repaired_search_says_so_and_offers_the_words_as_typed(site: FlaskClient) -> None:
    text = page(site, "/thu-tuc/?q=giaays+phesp&cap=tinh")
    assert "Đang hiện kết quả cho “<strong>giấy phép</strong>”" in text
    link = re.search(r'href="([^"]+)"[^>]*>Tìm nguyên văn “giaays phesp”', text)
    assert link
    typed = page(site, link[1].replace("&amp;", "&"))
    assert "Đang tìm nguyên văn “giaays phesp”" in typed
    assert "cap=tinh" in link[1]
    assert 'href="/thu-tuc/?cap=tinh&amp;q=giaays+phesp"' in typed


def test_fewer_words_are_said(site: FlaskClient) -> None:
    text = page(site, "/thu-tuc/?q=giay+phep+hanh+nghe+nha+thuoc")
    assert "Không có thủ tục nào đủ mọi từ" in text
    assert results(text)


@pytest.mark.parametrize("text", ["1.001111", "1001111", "thu tuc ma 1.001111.000.00.00.H24"])
def test_an_old_code_leads_to_its_successor(site: FlaskClient, text: str) -> None:
    shown = page(site, f"/thu-tuc/?q={text}")
    assert "Mã 1.001111 đã được thay thế" in shown
    assert "1.012290" in results(shown)


def test_an_ended_procedure_is_shown_when_named_and_what_replaces_it_comes_first(
    site: FlaskClient,
) -> None:
    text = page(site, "/thu-tuc/?q=1.003348")
    assert "Thủ tục mã 1.003348 đã được thay thế từ ngày 01/01/2025" in text
    assert results(text) == ["1.012290", "1.003348"]
    assert "đã bãi bỏ từ ngày" in text
    by_name = page(site, "/thu-tuc/?q=cap+lai+chung+chi+hanh+nghe+bi+mat")
    assert "Thủ tục mã 1.003348 đã được thay thế" in by_name
    assert "1.003348" not in results(by_name)


def test_what_has_ended_is_offered_but_not_shown(site: FlaskClient) -> None:
    text = page(site, "/thu-tuc/?q=quang+cao")
    assert results(text) == []
    assert "Không hiện 1 thủ tục đã hết hiệu lực" in text
    assert "đã bãi bỏ" not in text
    asked = page(site, "/thu-tuc/?q=quang+cao&trang_thai=het-hieu-luc")
    assert results(asked) == ["1.005555"]
    assert "đã bãi bỏ" in asked
    named = page(site, "/thu-tuc/?q=1.005555")
    assert "Chưa ghi nhận thủ tục thay thế" in named


def test_filters_that_leave_nothing_can_be_let_go_one_by_one(site: FlaskClient) -> None:
    text = page(site, "/thu-tuc/?q=giay&linh_vuc=kham-benh&cap=xa")
    assert results(text) == []
    assert "Có khi không lọc" in text
    assert "Bỏ “Khám bệnh”, còn 1 thủ tục" in text
    assert "Bỏ “Cấp xã”, còn 1 thủ tục" in text
    assert "Bỏ hết bộ lọc, còn 2 thủ tục" in text
    assert 'href="/thu-tuc/?linh_vuc=kham-benh&amp;q=giay"' in text


@pytest.mark.parametrize("address", ["/thu-tuc/?q=zzqx+wwkq", "/tim-kiem?q=zzqx+wwkq"])
def test_no_page_of_results_is_empty(site: FlaskClient, address: str) -> None:
    text = page(site, address)
    for way in ("/duong-day-nong/", "/phan-anh/gui", "/thu-tuc/?linh_vuc=kham-benh"):
        assert f'href="{way}"' in text, way
    form = re.search(r'href="(/phan-anh/gui[^"]*)"', text)
    assert form is not None
    assert "zzqx" not in form[1], "what people typed goes nowhere by itself"


def test_an_empty_page_shows_what_comes_nearest(site: FlaskClient) -> None:
    assert "Thủ tục nhiều người cần" in page(site, "/thu-tuc/?q=zzqx+wwkq")
    assert "Gần với từ bạn gõ" in page(site, "/thu-tuc/?q=giaays+phesp&nguyen_van=1")


def test_newest_means_announced_not_edited(
    app: Flask, keep: Callable[..., None], site: FlaskClient
) -> None:
    keep(
        ProcedureFacts(
            code="1.020001", name="Cấp giấy năm ngoái", field=KCB, levels=(Level.PROVINCE,),
            decision_number="1/QĐ", decision_issued_on=date(2025, 5, 1),
        ),
        ProcedureFacts(
            code="1.020002", name="Cấp giấy năm nay", field=KCB, levels=(Level.PROVINCE,),
            decision_number="2/QĐ", decision_issued_on=date(2026, 5, 1),
        ),
    )  # fmt: skip
    with app.app_context():
        with write() as session:  # edited and looked at today, announced a year ago
            row = session.query(Procedure).filter_by(code="1.020001").one()
            row.checked_on = date(2026, 11, 21)
            touch(session, row)
        with write() as session:
            row = session.query(Procedure).filter_by(code="1.012290").one()
            row.checked_on = date(2026, 11, 20)
            touch(session, row)
        search.drain()
    assert results(page(site, "/thu-tuc/?sap_xep=moi-nhat"))[:2] == ["1.020002", "1.020001"]


def test_pages_keep_words_filters_and_order(app: Flask, keep: Callable[..., None]) -> None:
    keep(
        *(
            ProcedureFacts(
                code=f"9.{n:06}", name=f"Thủ tục giấy phép số {n}", field=KCB,
                levels=(Level.PROVINCE,), status=Status.IN_FORCE,
            )
            for n in range(45)
        )
    )  # fmt: skip
    with app.app_context():
        search.rebuild()
    client = app.test_client()
    first = page(client, "/thu-tuc/?q=giay+phep&cap=tinh&cap=xa&sap_xep=ten")
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link
    second = page(client, link[1].replace("&amp;", "&"))
    assert len(results(first)) == len(results(second)) == 20
    assert not set(results(first)) & set(results(second))
    assert 'aria-current="true">Tên thủ tục' in second


def test_a_line_is_as_new_as_its_procedure(app: Flask, site: FlaskClient) -> None:
    page(site, "/thu-tuc/")
    with app.app_context(), write() as session:
        row = session.query(Procedure).filter_by(code="1.012290").one()
        row.name = "Tên vừa đổi"
        touch(session, row)
    assert "Tên vừa đổi" in page(site, "/thu-tuc/")


def test_lines_seen_before_cost_one_statement(app: Flask, site: FlaskClient) -> None:
    codes = ["1.014076", "1.012290", "9.999999"]
    with app.app_context():
        assert [card.code for card in cards.load(db.session(), codes)] == codes[:2]
        with count_queries(app) as statements:
            assert [card.code for card in cards.load(db.session(), codes)] == codes[:2]
        assert len(statements) <= 2
        with count_queries(app) as statements:
            cards.load(db.session(), codes[:2])
        assert len(statements) == 1


@pytest.mark.parametrize(
    "typed",
    ["giay phep", "giấy phép hà", "1.0122", "1012290", "12290", "giya phep hanh", "giaays phesp",
     "gphn", "1.001111"],
)  # fmt: skip
def test_suggestions_forgive(site: FlaskClient, typed: str) -> None:
    answer = site.get("/thu-tuc/goi-y", query_string={"q": typed})
    items = answer.json["items"]  # type: ignore[index]
    assert "/thu-tuc/1.012290" in [item["url"] for item in items]
    assert len(items) <= 8
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers


def test_suggestions_are_quiet_about_what_nobody_means(site: FlaskClient) -> None:
    for typed in ("", "g", "zzqx wwkq", "giay phep xa la zzqx"):
        assert site.get("/thu-tuc/goi-y", query_string={"q": typed}).json["items"] == []  # type: ignore[index]


def test_everything_is_searched_in_groups(app: Flask, site: FlaskClient) -> None:
    text = page(site, "/tim-kiem?q=giay")
    assert text.index("nhom-procedure") > 0
    assert results(text) == ["1.012290", "1.014076"] or len(results(text)) == 2
    old = page(site, "/tim-kiem?q=1.003348")
    assert "Thủ tục mã 1.003348 đã được thay thế" in old


def test_search_over_everything_serves_procedures_without_an_index(
    app: Flask, keep: Callable[..., None], lost_index: None
) -> None:
    keep(LICENCE)
    text = page(app.test_client(), "/tim-kiem?q=giay+phep")
    assert "Đang lập chỉ mục" in text
    assert results(text) == ["1.012290"]
    items = app.test_client().get("/thu-tuc/goi-y?q=giay+phep").json["items"]  # type: ignore[index]
    assert [item["note"] for item in items] == ["1.012290"]


def test_an_office_behind_one_address_searches_undisturbed(site: FlaskClient) -> None:
    """Thirty people, three searches and some typing each, in one minute."""
    statuses = {site.get("/thu-tuc/?q=giay").status_code for _ in range(90)}
    statuses |= {site.get("/thu-tuc/goi-y?q=gi").status_code for _ in range(250)}
    assert statuses == {200}


def test_what_is_not_in_the_name_is_shown_where_it_stands(
    app: Flask, keep: Callable[..., None]
) -> None:
    paper = "Bản sao <b>giấy khai sinh</b> của người đề nghị"
    case = CaseFacts(components=(ComponentFacts(name=paper),))
    keep(replace(LICENCE, cases=(case,)))
    with app.app_context():
        search.rebuild()
    text = page(app.test_client(), "/thu-tuc/?q=hanh+nghe+giay+khai+sinh")
    assert "Hồ sơ: Bản sao &lt;b&gt;<mark>giấy" in text
    assert "khai sinh</mark>&lt;/b&gt;" in text
    assert "Hồ sơ:" not in page(app.test_client(), "/thu-tuc/?q=giay+phep+hanh+nghe")
