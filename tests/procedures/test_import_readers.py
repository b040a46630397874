"""Files in every shape that offices send: read to the same rows, or refused with a reason."""

from __future__ import annotations

import gzip
import json
import unicodedata
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.procedures.importing.columns import Vocabulary, by_fact, fingerprint
from portal.procedures.importing.mapping import facts_of_row
from portal.procedures.importing.notes import Notes, Severity
from portal.procedures.importing.readers import read_rows, suffix_of
from portal.procedures.importing.sections import Group
from portal.procedures.importing.tables import Reading, Row, UnknownColumns, Unreadable
from portal.procedures.importing.values import code_of, day_of, told_day
from portal.procedures.terms import ChangeKind, Level
from tests.procedures.import_files import book, document, sheet

OWN = "Sở Y tế thành phố Hải Phòng"
TEXT = "Mã TTHC{0}Tên TTHC{0}Lĩnh vực\n1.000001{0}Cấp giấy phép{0}Khám bệnh\n"
HEAD = ["STT", "Mã TTHC", "Tên thủ tục hành chính"]


def read(
    path: Path, remembered: dict[str, dict[str, str]] | None = None
) -> tuple[list[Row], Reading]:
    reading = Reading(Vocabulary(remembered or {}))
    return list(read_rows(path, reading)), reading


def said(notes: Notes, severity: Severity) -> list[str]:
    return [str(note) for note in notes.found if note.severity is severity]


@pytest.mark.parametrize("separator", ["|", ";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_every_way_to_save_a_csv(
    tmp_path: Path, separator: str, encoding: str, *, packed: bool
) -> None:
    data = TEXT.format(separator).encode(encoding)
    path = tmp_path / ("a.csv.gz" if packed else "a.csv")
    path.write_bytes(gzip.compress(data) if packed else data)
    rows, reading = read(path)
    assert [by_fact(row.values, row.facts) for row in rows] == [
        {"code": "1.000001", "name": "Cấp giấy phép", "field": "Khám bệnh"}
    ]
    assert any("UTF-16" in str(note) for note in reading.notes.found) == ("16" in encoding)


def test_windows_1258_is_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = "Mã TTHC;Tên TTHC\n1.000001;Cấp giấy phép được sửa đổi\n"
    spelled = "".join(_as_windows(char) for char in unicodedata.normalize("NFC", text))
    path.write_bytes(spelled.encode("cp1258"))
    rows, reading = read(path)
    assert rows[0].values["Tên TTHC"] == "Cấp giấy phép được sửa đổi"
    assert "Windows-1258" in str(reading.notes.found[0])


MARKS = "\u0300\u0301\u0303\u0309\u0323"


def _as_windows(char: str) -> str:
    """A letter as Windows-1258 spells it: the tone after the letter where there is no byte."""
    try:
        char.encode("cp1258")
    except UnicodeEncodeError:
        whole = unicodedata.normalize("NFD", char)
        base = "".join(one for one in whole if one not in MARKS)
        return unicodedata.normalize("NFC", base) + "".join(one for one in whole if one in MARKS)
    return char


@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "a.jsonl", "a.jsonl.gz"])
def test_json_packed_or_not(tmp_path: Path, name: str) -> None:
    rows = [{"code": "1.000001", "name": "Một"}, {"code": "1.000002", "name": "Hai"}]
    text = json.dumps(rows) if "jsonl" not in name else "\n".join(map(json.dumps, rows))
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    assert [row.values["name"] for row in read(path)[0]] == ["Một", "Hai"]


def test_the_ending_of_a_name() -> None:
    assert suffix_of("Danh mục.CSV.GZ") == ".csv.gz"
    assert suffix_of("qd.docx") == ".docx"
    assert suffix_of("archive.gz") == ""


def test_headers_over_three_lines_titles_above_and_merged_cells(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        ["ỦY BAN NHÂN DÂN THÀNH PHỐ"],
        ["DANH MỤC THỦ TỤC HÀNH CHÍNH ĐƯỢC SỬA ĐỔI, BỔ SUNG"],
        [],
        [*HEAD, "Thời hạn", None, "Địa điểm"],
        [None, None, None, "Theo quy định", "Sau cắt giảm", None],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["I", "LĨNH VỰC PHÒNG BỆNH (02 TTHC)"],
        [1, "1.013860", "Một", "3 ngày", "2 ngày", "Trung tâm"],
        [2, "1.013864", "Hai", "3 ngày", None, None],
        ["Tổng số: 02 thủ tục"],
        merged=("D4:E4", "A4:A5", "B4:B5", "C4:C5", "F8:F9"),
    )
    rows, reading = read(path)
    first, second = (by_fact(row.values, row.facts) for row in rows)
    assert first["time"] == "3 ngày"
    assert first["time_reduced"] == "2 ngày"
    assert second["place"] == "Trung tâm"  # one cell over two rows
    assert rows[0].group == Group(ChangeKind.AMENDED, "Phòng bệnh")
    assert [row.number for row in rows] == [8, 9]
    assert "DANH MỤC THỦ TỤC HÀNH CHÍNH ĐƯỢC SỬA ĐỔI, BỔ SUNG" in reading.title
    assert len(said(reading.notes, Severity.SKIPPED)) == 1  # the sum below


def test_several_sheets_one_of_them_hidden_one_without_a_table(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        {
            "Hướng dẫn": [["Xem các trang sau"]],
            "Sửa đổi, bổ sung": [HEAD, [1, "1.000001", "Một"]],
            "Bãi bỏ": [[*HEAD, "Tên VBQPPL quy định việc bãi bỏ"],
                       [1, "1.000002", "Hai", "Nghị định số 1/2026/NĐ-CP"]],
            "Nháp": [HEAD, [1, "1.000009", "Không được đọc"]],
        },
    )  # fmt: skip
    made = openpyxl.load_workbook(path)
    made["Nháp"].sheet_state = "hidden"
    made.save(path)
    rows, reading = read(path)
    assert [(row.sheet, row.group.change) for row in rows] == [
        ("Sửa đổi, bổ sung", ChangeKind.AMENDED),
        ("Bãi bỏ", ChangeKind.ABOLISHED),
    ]
    assert "abolished_by" in by_fact(rows[1].values, rows[1].facts)
    assert sorted(note.sheet for note in reading.notes.found) == ["Hướng dẫn", "Nháp"]


def test_hidden_rows_formulas_and_wrong_dimensions_are_told(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "a.xlsx",
        HEAD,
        [1, "1.000001", "Một"],
        [],
        ["=A2+1", "1.000002", '=B2&"x"'],
        [3, "1.000003", "Ba"],
    )
    made = openpyxl.load_workbook(path)
    made.active.row_dimensions[5].hidden = True
    made.save(path)
    rows, reading = read(path)
    assert [row.number for row in rows] == [2, 4, 5]
    assert rows[1].values["Tên thủ tục hành chính"] is None  # never the formula's own text
    told = said(reading.notes, Severity.DOUBTFUL)
    assert any("dòng 4" in one and "công thức" in one for one in told)
    assert any("dòng 5" in one and "bị ẩn" in one for one in told)


@pytest.mark.parametrize(
    ("value", "code", "told"),
    [
        (1.01229, "1.012290", True),
        (1.012289, "1.012289", False),
        (1.0122, "1.012200", True),
        (1012289, "1.012289", True),
        (1012289.0, "1.012289", True),
        ("1.01229", "1.012290", True),
        ("1.012.289", "1.012289", True),
        ("1.012289.000.00.00.H24", "1.012289", False),
        (True, None, False),
        (1.0, None, False),
        (12, None, False),
        ("1.01", None, False),
    ],
)
def test_codes_that_a_spreadsheet_took_for_numbers(
    value: object, code: str | None, *, told: bool
) -> None:
    notes = Notes()
    assert code_of(value, notes) == code
    assert [note.severity for note in notes.found] == ([Severity.REPAIRED] if told else [])


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (46000, date(2025, 12, 9)),
        (46000.0, date(2025, 12, 9)),
        ("01/9/2026", date(2026, 9, 1)),
        ("ngày 01 tháng 9 năm 2026", date(2026, 9, 1)),
        ("2026-09-01T00:00:00", date(2026, 9, 1)),
        (12, None),
        ("31/02/2026", None),
        (True, None),
    ],
)
def test_days(value: object, day: date | None) -> None:
    assert day_of(value) == day


def test_a_day_that_cannot_be_read_is_told() -> None:
    notes = Notes()
    notes.at(3, columns={"decision_date": "Ngày ban hành"})
    assert told_day("31/02/2026", "decision_date", notes) is None
    assert (notes.found[0].column, notes.found[0].found) == ("Ngày ban hành", "31/02/2026")


def test_a_decision_in_word(tmp_path: Path) -> None:
    path = document(
        tmp_path / "qd.docx",
        "QUYẾT ĐỊNH",
        "Phụ lục I\nDANH MỤC THỦ TỤC HÀNH CHÍNH MỚI BAN HÀNH",
        "A. THỦ TỤC HÀNH CHÍNH CẤP TỈNH",
        [
            [*HEAD, "Thời hạn giải quyết", None, "Địa điểm"],
            ["^", "^", "^", "Theo quy định", "Sau cắt giảm", "^"],
            ["I. Lĩnh vực Phòng bệnh", None, None, None, None, None],
            ["1", "1.013860", "Một\nhai", "03 ngày", "2,5 ngày", "Trung tâm"],
            ["2", "1.013864", "Hai", "05 ngày", "", "^"],
        ],
        "B. DANH MỤC THỦ TỤC HÀNH CHÍNH BỊ BÃI BỎ",
        [
            [*HEAD, "Tên VBQPPL quy định việc bãi bỏ"],
            ["1", "1.004568", "Cũ", "Thông tư 02/2026/TT-BYT"],
        ],
    )
    rows, _ = read(path)
    assert [row.group for row in rows] == [
        Group(ChangeKind.NEW, "Phòng bệnh", (Level.PROVINCE,)),
        Group(ChangeKind.NEW, "Phòng bệnh", (Level.PROVINCE,)),
        Group(ChangeKind.ABOLISHED, "", (Level.PROVINCE,)),
    ]
    first, second, third = (by_fact(row.values, row.facts) for row in rows)
    assert (first["time_reduced"], second["place"]) == ("2,5 ngày", "Trung tâm")
    assert third["abolished_by"] == "Thông tư 02/2026/TT-BYT"


def test_unknown_columns_ask_and_are_remembered(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", ["Danh mục"], ["Ký hiệu", "Việc dân cần", "Phòng"],
                 ["1.000001", "Một", "NVY"], ["1.000002", "Hai", "NVD"])  # fmt: skip
    with pytest.raises(UnknownColumns) as raised:
        read(path)
    head = raised.value.head
    assert head.headers == ("Ký hiệu", "Việc dân cần", "Phòng")
    assert head.preview[0] == ["1.000001", "Một", "NVY"]
    remembered = {head.fingerprint: {"Ký hiệu": "code", "Việc dân cần": "name"}}
    rows, _ = read(path, remembered)
    assert [by_fact(row.values, row.facts)["name"] for row in rows] == ["Một", "Hai"]
    notes = Notes()
    facts = facts_of_row(rows[0], notes, OWN)
    assert facts is not None
    assert facts.code == "1.000001"


def test_unknown_keys_of_json(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"ky_hieu": "1.000001", "viec": "Một"}]), "utf-8")
    with pytest.raises(UnknownColumns) as raised:
        read(path)
    remembered = {raised.value.head.fingerprint: {"ky_hieu": "code", "viec": "name"}}
    assert by_fact(*_first(read(path, remembered)[0])) == {"code": "1.000001", "name": "Một"}


def _first(rows: list[Row]) -> tuple[object, object]:
    return rows[0].values, rows[0].facts


def test_a_fingerprint_forgives_order_and_spelling() -> None:
    assert fingerprint(["Mã", "TÊN (đầy đủ)"]) == fingerprint(["tên", "mã"])
    assert fingerprint(["Mã", "Tên"]) != fingerprint(["Mã", "Tên", "Phí"])


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)


def _many_lines(path: Path) -> None:
    lines = "\n".join(f"1.{n:06},Tên" for n in range(50_001))
    path.write_text(f"code,name\n{lines}", "utf-8")


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("bomb.xlsx", _bomb, "giãn ra quá lớn"),
        ("bomb.docx", _bomb, "giãn ra quá lớn"),
        ("bomb.csv.gz", lambda p: p.write_bytes(gzip.compress(b" " * 121 * 2**20, 1)), "120 MB"),
        ("cut.csv.gz", lambda p: p.write_bytes(gzip.compress(TEXT.encode())[:-9]), "hỏng"),
        ("not.jsonl.gz", lambda p: p.write_bytes(b"plain"), "hỏng"),
        ("many.csv", _many_lines, "hơn 50000 dòng"),
        ("a.docx", lambda p: document(p, "Không có bảng"), "không có bảng"),
        ("a.docx", lambda p: p.write_bytes(b"PK\x03\x04"), "hỏng"),
        ("latin.csv", lambda p: p.write_bytes(b"code,name\n1.000001,\xff\xfe\xf7\n"), "UTF-8"),
        ("a.pdf", lambda p: p.write_bytes(b"%PDF"), "Chỉ nhận tệp"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why(tmp_path: Path, name: str, make: object, words: str) -> None:
    path = tmp_path / name
    make(path)  # type: ignore[operator]
    with pytest.raises(Unreadable, match=words):
        read(path)


@given(
    st.binary(max_size=400),
    st.sampled_from([".csv", ".json", ".jsonl", ".xlsx", ".docx", ".csv.gz"]),
)
def test_no_bytes_make_a_reader_fail_in_another_way(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("bytes") / f"a{suffix}"
    path.write_bytes(data)
    with suppress(Unreadable):
        assert read(path)[0] is not None
