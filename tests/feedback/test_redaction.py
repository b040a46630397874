"""The net before publication: it catches what names somebody, and lets the agency's words pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.feedback import redaction

NAME = "Trần Thị Mật Danh"


def kinds(text: str, own: tuple[str, ...] = ()) -> list[str]:
    return [finding.what for finding in redaction.find(text, own)]


@pytest.mark.parametrize(
    "text",
    [
        "xe 15A-123.45 đỗ chắn cửa",
        "xe máy 29-X1 234.56",
        "xe 16LD-012.34",
        "biển 15B1-1234",
        "biển số 30A 12345",
        "15a-123.45",
        "xe 15C12345",
    ],
)
def test_plates(text: str) -> None:
    assert kinds(text) == ["biển số xe"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Tôi ở số 12 ngõ 34 đường Lạch Tray", "địa chỉ"),
        ("nhà số 5, ngách 12/7", "địa chỉ"),
        ("trong ngõ 89", "địa chỉ"),
        ("số 7 phố Minh Khai", "địa chỉ"),
        ("con tôi sinh ngày 01/02/2019", "ngày sinh"),
        ("bà sinh năm 1954", "ngày sinh"),
        ("ngày sinh: 3/4/1990", "ngày sinh"),
        ("STK 0123 4567 8901 23", "số tài khoản"),
        ("số tài khoản: 1903-5566-77", "số tài khoản"),
    ],
)
def test_doubts(text: str, what: str) -> None:
    assert what in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thủ tục 1.012290 và 1.014331 cấp lại giấy phép hành nghề",
        "Nghị định số 20/2008/NĐ-CP, Luật số 91/2025/QH15, Thông tư 01/2018/TT-VPCP",
        "Quyết định số 766/QĐ-TTg ngày 23/6/2022",
        "Lệ phí 1.500.000 đồng, nộp trước 20/11/2026, từ 08:00 đến 11:30",
        "Đường dây nóng 1022 trực 24/7, quầy số 3 đường dây nóng",
        "Giấy khai sinh ngày 01/02/2024, giấy chứng sinh ngày 3/4/2024",
        "tuyển sinh năm 2026, học sinh năm 2025",
        "Mẫu số 05, Phụ lục II, Điều 12 khoản 3 điểm a",
        "Phòng 12 A có 20 m 2000 ghế",
        "10 ngày làm việc, hạn 30/11/2026, 07 bộ hồ sơ, 2 bản",
        "Kế hoạch 123/KH-SYT, công văn 4567/SYT-VP",
        "Ông bà đến Trung tâm Phục vụ hành chính công",
    ],
)
def test_what_must_pass(text: str) -> None:
    assert redaction.find(text, [NAME, "0912 345 678", "mat.danh@vidu.vn"]) == []


@pytest.mark.parametrize(
    "text", ["trần thị mật danh", "TRAN THI MAT DANH", "Tran  Thi Mat Danh", "Trần Thị\nMật Danh"]
)
def test_the_whole_name_in_any_spelling_is_masked(text: str) -> None:
    said = f"Tôi là {text}, hỏi việc này."
    assert kinds(said, (NAME,)) == [redaction.OWN]
    assert redaction.masked(said, [NAME]) == "Tôi là […], hỏi việc này."


@pytest.mark.parametrize("part", ["Mật Danh", "Trần Danh", "Danh Trần", "Mat Danh", "chị Danh"])
def test_a_part_of_the_name_is_a_doubt(part: str) -> None:
    said = f"Cán bộ nói với {part} rồi."
    assert kinds(said, (NAME,)) == [redaction.PERHAPS_OWN]
    assert part not in redaction.masked(said, [NAME])


def test_words_that_only_sound_like_a_name_pass() -> None:
    assert kinds("Đề nghị mật danh của chị danh tiếng", (NAME,)) == []


@given(
    st.integers(11, 99),
    st.sampled_from("ABCDEFGHKLMNPSTUVXYZ"),
    st.integers(0, 99999),
    st.sampled_from(["-", " ", ""]),
    st.booleans(),
)
def test_every_plate_is_caught(place: int, series: str, number: int, gap: str, dot: bool) -> None:
    digits = f"{number:05}"
    plate = f"{place}{series}{gap}{digits[:3]}{'.' if dot else ''}{digits[3:]}"
    assert plate not in redaction.masked(f"Xe biển {plate} đỗ ở cổng.")


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=3))
def test_the_net_never_breaks(text: str, own: list[str]) -> None:
    for finding in redaction.find(text, own):
        assert finding.text
    redaction.masked(text, own)


@given(st.integers(1, 9_999_999), st.integers(1, 31), st.integers(1, 12))
def test_codes_money_and_dates_pass(number: int, day: int, month: int) -> None:
    text = f"Mã 1.{number % 1_000_000:06}, {number:,} đồng, ngày {day:02}/{month:02}/2026"
    assert redaction.find(text) == []
