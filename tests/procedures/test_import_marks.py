"""Records that are another place's own, or nobody's: each way that the nation's data shows it."""

from __future__ import annotations

import pytest

from portal.procedures.facts import ProcedureFacts
from portal.procedures.importing.marks import firm_reasons, reasons
from portal.procedures.importing.provinces import province_in
from portal.procedures.terms import Kind

OWN = "Sở Y tế thành phố Hải Phòng"


@pytest.mark.parametrize(
    ("name", "province"),
    [
        ("Hỗ trợ học phí (TPCT)", "Cần Thơ"),
        ("Quảng Ninh - Cấp giấy phép vào cảng", "Quảng Ninh"),
        ("Trợ cấp một lần (cấp xã - tỉnh Phú Thọ)", "Phú Thọ"),
        ("Hỗ trợ người cao tuổi tại tỉnh Đồng Nai", "Đồng Nai"),
        ("Sở An toàn thực phẩm - TP.HCM", "Hồ Chí Minh"),
        ("Sở Y tế thành phố Huế", "Huế"),
        ("Cấp giấy phép cho tàu vào cảng Đà Nẵng", ""),
        ("Công bố cơ sở khám bệnh, chữa bệnh", ""),
        ("Ủy ban nhân dân tỉnh", ""),
        ("Cấp lại giấy phép (thực hiện tại cấp tỉnh)", ""),
    ],
)
def test_the_province_that_a_name_is_of(name: str, province: str) -> None:
    assert province_in(name) == province


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"agencies": ("Sở Y tế tỉnh Đồng Nai",)}, "của nơi khác"),
        ({"agencies": ("Sở Y tế tỉnh Đồng Nai",), "kind": Kind.SPECIFIC}, "Đồng Nai"),
        ({"name": "Hỗ trợ học phí (TPCT)"}, "Cần Thơ"),
        ({"name": "Hỗ trợ (cấp xã - tỉnh Phú Thọ)"}, "Phú Thọ"),
        ({"name": "Đăng ký kinh doanh (fix)"}, "bản ghi thử"),
        ({"name": "Đính chính Giấy chứng nhận 01"}, "bản ghi thử"),
        ({"kind": Kind.INTERNAL}, "nội bộ"),
    ],
)
def test_why_a_record_waits(facts: dict[str, object], why: str) -> None:
    given = {"code": "1.000001", "name": "Cấp giấy phép", **facts}
    assert why in "; ".join(reasons(ProcedureFacts(**given), OWN))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "facts",
    [
        {"agencies": ("Sở Y tế thành phố Hải Phòng", "Ủy ban nhân dân cấp xã")},
        {"name": "Hỗ trợ người bệnh (thành phố Hải Phòng)"},
        {"name": "Đính chính giấy phép hành nghề"},
    ],
)
def test_what_does_not_wait(facts: dict[str, object]) -> None:
    given = {"code": "1.000001", "name": "Cấp giấy phép", **facts}
    assert not list(reasons(ProcedureFacts(**given), OWN))  # type: ignore[arg-type]


def test_a_wrong_agency_of_the_nation_s_own_procedure_is_no_firm_reason() -> None:
    facts = ProcedureFacts(
        code="1.013862", name="Đăng ký bản công bố", kind=Kind.STANDARD,
        agencies=("Sở An toàn thực phẩm - TP.HCM",),
    )  # fmt: skip
    assert list(reasons(facts, OWN))
    assert not list(firm_reasons(facts, OWN))
