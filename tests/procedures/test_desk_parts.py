"""The desk of a procedure's parts: saved whole, told when others were faster, undone."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.permissions import Role
from portal.core.db import db
from portal.core.errors import Invalid
from portal.procedures import part_lines
from portal.procedures.comparing import facts_of
from portal.procedures.completeness import check_of
from portal.procedures.facts import ComponentFacts, ProcedureFacts, ProcessRow
from portal.procedures.legal import find
from portal.procedures.part_forms import PARTS
from portal.procedures.recording import load_with_parts
from portal.procedures.terms import TimeUnit
from tests.procedures.test_answers import FULL, Keep

DESK = "/ban-lam-viec/thu-tuc/1.000001"
DAY = date(2026, 11, 21)


@pytest.fixture
def desk(keep: Keep, staff: Callable[..., tuple[FlaskClient, object]]) -> FlaskClient:
    keep(dataclasses.replace(FULL, unit_code="cdc"))
    return staff(Role.PUBLISHER)[0]


def facts(app: Flask) -> ProcedureFacts:
    with app.app_context():
        return facts_of(load_with_parts(db.session(), ["1.000001"])["1.000001"])


def typed(page: str) -> dict[str, str]:
    """What a browser would send back of the first form with a version."""
    form = next(f for f in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if "version" in f)
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        one = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        found[one["name"]] = one.get("value", "")
    areas = r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>'
    found |= dict(re.findall(areas, form, re.DOTALL))
    lists = r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>'
    for name, options in re.findall(lists, form, re.DOTALL):
        chosen = re.search(r'<option selected[^>]*value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else re.findall(r'value="([^"]*)"', options)[0]
    return {name: text.replace("&#34;", '"').replace("&amp;", "&") for name, text in found.items()}


@pytest.mark.parametrize("part", PARTS)
def test_saving_what_was_opened_changes_nothing(app: Flask, desk: FlaskClient, part: str) -> None:
    before = facts(app)
    page = desk.get(f"{DESK}/phan/{part}")
    assert page.status_code == 200
    answer = desk.post(f"{DESK}/phan/{part}", data=typed(page.get_data(as_text=True)))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert facts(app) == before


def save(desk: FlaskClient, part: str, **changes: str) -> tuple[int, str]:
    data = typed(desk.get(f"{DESK}/phan/{part}").get_data(as_text=True))
    answer = desk.post(f"{DESK}/phan/{part}", data=data | changes)
    return answer.status_code, answer.get_data(as_text=True)


def test_local_additions_reach_the_page_and_the_nation_s_data_stay(
    app: Flask, desk: FlaskClient
) -> None:
    status, _ = save(desk, "dia-phuong", time="1,5", time_unit="working_day", place="Quầy 3")
    assert status == 303
    now = facts(app)
    assert now.local is not None
    assert (now.local.time, now.local.unit) == (Decimal("1.5"), TimeUnit.WORKING_DAY)
    assert now.channels == FULL.channels
    page = app.test_client().get("/thu-tuc/1.000001").get_data(as_text=True)
    assert "1,5\u00a0ngày\u00a0làm\u00a0việc" in page
    assert "Quầy 3" in page


def test_rows_are_added_and_taken_away_without_script(app: Flask, desk: FlaskClient) -> None:
    data = typed(desk.get(f"{DESK}/phan/quy-trinh").get_data(as_text=True))
    more = desk.post(
        f"{DESK}/phan/quy-trinh", data=data | {"them": "1", "processes-1-title": "Nháp"}
    )
    page = more.get_data(as_text=True)
    assert more.status_code == 200
    assert 'value="Nháp"' in page
    assert 'name="processes-2-rows"' in page
    assert len(facts(app).processes) == 1
    rows = "Nhận hồ sơ | Một cửa | 2,5\nKý | Lãnh đạo | 4 | Giấy phép"
    status, _ = save(desk, "quy-trinh", **{"processes-0-rows": "", "processes-1-rows": rows})
    assert status == 303
    (process,) = facts(app).processes
    assert process.rows == (
        ProcessRow("Nhận hồ sơ", "Một cửa", Decimal("2.5")),
        ProcessRow("Ký", "Lãnh đạo", Decimal(4), "Giấy phép"),
    )


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("quy-trinh", {"processes-0-rows": "Nhận | a | mười"}, "không phải số giờ"),
        ("ho-so", {"cases-0-papers": "Đơn | hai"}, "không phải số bản"),
        ("ho-so", {"cases-0-papers": "Đơn | 1 | 0 | có lẽ"}, "nếu có"),
        ("ho-so", {"dossier_sets": "x"}, "Nhập bằng chữ số"),
        ("mau-don", {"forms-0-url": "javascript:alert(1)"}, "https://"),
        ("dia-phuong", {"time": "2", "time_unit": ""}, "Chọn đơn vị tính"),
        ("dia-phuong", {"apply_url": "dichvucong"}, "https://"),
        ("can-cu", {"legal": "a | b | c"}, "nhiều hơn 2 phần"),
    ],
)
def test_what_cannot_be_read_is_told_and_kept(
    app: Flask, desk: FlaskClient, part: str, change: dict[str, str], said: str
) -> None:
    before = facts(app)
    status, page = save(desk, part, **change)
    assert status == 400
    assert said in page
    assert facts(app) == before


def test_who_is_slower_keeps_what_was_typed(app: Flask, desk: FlaskClient) -> None:
    data = typed(desk.get(f"{DESK}/phan/dia-phuong").get_data(as_text=True))
    save(desk, "dia-phuong", place="Quầy 5")
    late = desk.post(f"{DESK}/phan/dia-phuong", data=data | {"place": "Quầy 9"})
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert 'value="Quầy 9"' in page
    assert "Quầy 5" in page
    assert desk.post(f"{DESK}/phan/dia-phuong", data=typed(page)).status_code == 303
    local = facts(app).local
    assert local is not None
    assert local.place == "Quầy 9"


def test_a_former_version_comes_back_and_nothing_is_lost(app: Flask, desk: FlaskClient) -> None:
    save(desk, "can-cu", legal="1/2026/NĐ-CP | Mới")
    page = desk.get(f"{DESK}/lich-su").get_data(as_text=True)
    assert "Khôi phục bản số 1" in page
    form = typed(page)
    assert desk.post(f"{DESK}/lich-su/1/khoi-phuc", data=form).status_code == 303
    now = facts(app)
    assert [one.number for one in now.legal_bases] == ["12/2020/TT-BYT"]
    assert now.unit_code == "cdc"
    after = desk.get(f"{DESK}/lich-su").get_data(as_text=True)
    assert "Bản số 3 (hiện nay)" in after
    assert "Khôi phục bản số 2" in after
    assert desk.post(f"{DESK}/lich-su/2/khoi-phuc", data=form).status_code == 303
    assert facts(app) == now, "a page opened before the last change undoes nothing"
    assert desk.post(f"{DESK}/lich-su/9/khoi-phuc", data=typed(after)).status_code == 404


def test_the_state_of_a_document_is_said_once_for_all(app: Flask, desk: FlaskClient) -> None:
    address = "/ban-lam-viec/thu-tuc/can-cu/12-2020-tt-byt"
    opened = typed(desk.get(address).get_data(as_text=True))
    answer = desk.post(address, data=opened | {"state": "in_force", "issuer": "Bộ Y tế"})
    assert answer.status_code == 303
    with app.app_context():
        row = find(db.session(), "12-2020-tt-byt")
        assert row is not None
        assert (row.state, row.issuer) == ("in_force", "Bộ Y tế")
    late = desk.post(address, data=opened | {"issuer": "Bộ khác"})
    assert late.status_code == 409
    assert 'value="Bộ khác"' in late.get_data(as_text=True)
    assert desk.get("/ban-lam-viec/thu-tuc/can-cu/khong-co").status_code == 404


def test_only_who_is_in_charge(
    keep: Keep, staff: Callable[..., tuple[FlaskClient, object]]
) -> None:
    keep(dataclasses.replace(FULL, unit_code="cdc"))
    mine, other = staff(Role.UNIT_EDITOR, "cdc")[0], staff(Role.UNIT_EDITOR, "van-phong")[0]
    for address in (*(f"{DESK}/phan/{part}" for part in PARTS), f"{DESK}/lich-su"):
        assert mine.get(address).status_code == 200
        assert other.get(address).status_code == 403
    assert mine.get("/ban-lam-viec/thu-tuc/can-cu/12-2020-tt-byt").status_code == 403
    assert mine.get(f"{DESK}/phan/khac").status_code == 404


def test_what_a_procedure_lacks_is_named(app: Flask, desk: FlaskClient) -> None:
    with app.app_context():
        procedure = load_with_parts(db.session(), ["1.000001"])["1.000001"]
        check = check_of(procedure, DAY)
    assert check.missing == [
        "Trình tự thực hiện", "Số lượng hồ sơ", "Đối tượng thực hiện", "Cơ quan giải quyết",
    ]  # fmt: skip
    page = desk.get(DESK).get_data(as_text=True)
    assert "thiếu 4 phần" in page
    assert "thời hạn công bố là" in page, "hours that do not add up are told"


LINE = st.text(
    st.characters(exclude_characters="|", exclude_categories=["C", "Z"]), min_size=1, max_size=20
)


@given(
    st.lists(
        st.builds(
            ComponentFacts, name=LINE, originals=st.integers(0, 9), copies=st.integers(0, 9),
            required=st.booleans(), template=LINE, note=LINE, code=LINE,
        ),
        max_size=4, unique_by=lambda part: part.name,
    )
)  # fmt: skip
def test_papers_survive_their_lines(parts: list[ComponentFacts]) -> None:
    text = "\n".join(map(part_lines.component_line, parts))
    assert part_lines.read_components(text, parts) == tuple(parts)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_by_its_line(text: str) -> None:
    for read in (part_lines.read_process, lambda t: part_lines.read_components(t, ())):
        said = ""
        try:
            read(text)
        except Invalid as error:
            said = str(error)
        assert not said or "dòng" in said
