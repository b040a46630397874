"""Files of others: every known defect survived and told with its row, all or nothing."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.procedures.comparing import facts_of
from portal.procedures.facts import FeeFacts, ProcedureFacts, Result
from portal.procedures.import_models import Decision
from portal.procedures.importing import importer
from portal.procedures.importing.fees import glued_fees, named_fees, plain_fee
from portal.procedures.importing.importer import Outcome, Wishes
from portal.procedures.importing.mapping import facts_of_row
from portal.procedures.importing.marks import reasons
from portal.procedures.importing.notes import Notes, Severity
from portal.procedures.importing.parts import cases_of, channels_of, legal_of, others_agency
from portal.procedures.importing.tables import Row, Unreadable
from portal.procedures.importing.values import code_of, name_of, steps_of, time_of
from portal.procedures.models import Procedure
from portal.procedures.recording import load_with_parts
from portal.procedures.terms import Level, TimeUnit
from portal.search.models import SearchChange

TWO = [
    {"code": "1.000001", "name": "Một", "field": "Khám"},
    {"code": "1.000002", "name": "Hai, ba", "field": "Khám"},
]
SPELLED = [{"ma_tthc": x["code"], "ten_tthc": x["name"], "linh_vuc": x["field"]} for x in TWO]
OWN = "Sở Y tế thành phố Hải Phòng"


def run(path: Path, *, dry: bool = False, everything: bool = False) -> Outcome:
    if dry:
        return importer.propose(db.session(), path, path.name)
    return importer.apply(path, path.name, None, wishes=Wishes(everything=everything))


def jsonl(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def sheet(path: Path, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def said(outcome: Outcome, severity: Severity) -> list[str]:
    return [str(note) for note in outcome.notes.found if note.severity is severity]


def kept(code: str) -> ProcedureFacts:
    return facts_of(load_with_parts(db.session(), [code])[code])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "code,name,field\n1.000001,Một,Khám\n1.000002,\"Hai, ba\",Khám\n"),
        ("a.csv", "\ufeffMã TTHC|Tên TTHC|Lĩnh vực\n1.000001|Một|Khám\n1.000002|Hai, ba|Khám\n"),
        ("a.csv", "Mã;Tên;Lĩnh vực\n1.000001;Một;Khám\n1.000002;Hai, ba;Khám\n"),
        ("a.json", json.dumps(TWO)),
        ("a.json", json.dumps({"items": SPELLED})),
        ("a.jsonl", "\n\n".join(json.dumps(x, ensure_ascii=False) for x in TWO)),
    ],
)  # fmt: skip
def test_every_shape_gives_the_same(app: Flask, tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with app.app_context():
        assert run(path).counts() == {Decision.NEW: 2}
        assert kept("1.000002").name == "Hai, ba"
        assert kept("1.000002").field.name == "Khám"  # type: ignore[union-attr]


def test_a_decision_s_table_with_merged_headers_and_sections(app: Flask, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "qd.xlsx",
        ["DANH MỤC THỦ TỤC HÀNH CHÍNH"],
        ["(Kèm theo Quyết định số 3501/QĐ-UBND)"],
        [],
        ["STT", "Mã TTHC", "Tên thủ tục hành chính", "Thời hạn giải quyết", None, "Địa điểm",
         "Phí, lệ phí (nếu có)", "Căn cứ pháp lý"],
        [None, None, None, "Theo quy định", "Sau cắt giảm"],
        ["I. LĨNH VỰC PHÒNG BỆNH"],
        [1, "1.013860.H24", "Cấp giấy chứng nhận", "03 ngày làm việc", "2,5 ngày làm việc",
         "Trung tâm PVHCC", "Không", "Thông tư số 02/2026/TT-BYT; 96/2023/NĐ-CP"],
        [2, 1.01229, "Cấp lại giấy phép.", "15 ngày", None, None, "430.000 đồng", None],
        ["II. Lĩnh vực Dược phẩm"],
        [3, "SYT_01", "Không có mã", None, None, None, None, None],
    )  # fmt: skip
    with app.app_context():
        outcome = run(path)
        assert outcome.counts() == {Decision.NEW: 2}
        first, second = kept("1.013860"), kept("1.012290")
        assert first.field.name == "Phòng bệnh"  # type: ignore[union-attr]
        assert (first.channels[0].time, first.channels[0].unit) == (
            Decimal("2.5"),
            TimeUnit.WORKING_DAY,
        )
        assert "03 ngày làm việc" in first.channels[0].note
        assert {legal.number for legal in first.legal_bases} == {"02/2026/TT-BYT", "96/2023/NĐ-CP"}
        assert second.channels[0].fees == (FeeFacts(amount=430_000),)
        assert second.name == "Cấp lại giấy phép"
        assert said(outcome, Severity.SKIPPED) == [
            "trang tính Sheet, dòng 10, bỏ qua: mã “SYT_01” không phải mã quốc gia: Không có mã"
        ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"code,name\n"),
        ("a.csv", b""),
        ("a.csv", b"x,y\n1,2\n"),
        ("a.csv", b"code,name\n1.000001,\xff\xfe\n"),
        ("a.json", b"{"),
        ("a.json", b'{"x": 1}'),
        ("a.json", b"[" * 100_000),
        ("a.json", b"[1, 2]"),
        ("a.jsonl", b'{"code":"1.000001","name":"M"}\n{"code":"1.0000'),
        ("a.jsonl", b'{"code":"1.000001","name":"M"}\n[1]\n'),
        ("a.xlsx", b"not a zip"),
    ],
)
def test_a_broken_file_applies_nothing(
    app: Flask, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with app.app_context():
        for dry in (True, False):
            with pytest.raises(Unreadable):
                run(path, dry=dry)
        assert db.session.scalar(select(func.count(Procedure.id))) == 0


def test_a_zip_that_unfolds_too_far_is_refused(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3_000):
            archive.writestr(f"x{number}", b"")
    with app.app_context(), pytest.raises(Unreadable):
        run(path)


def test_a_failure_while_writing_leaves_nothing(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = jsonl(
        tmp_path / "a.jsonl", *({"code": f"1.{n:06}", "name": f"Tên {n}"} for n in range(600))
    )

    def fail(done: int) -> None:
        if done > 500:
            raise RuntimeError

    with app.app_context():
        with pytest.raises(RuntimeError):
            importer.apply(path, path.name, None, fail)
        assert db.session.scalar(select(func.count(Procedure.id))) == 0
        assert db.session.scalar(select(func.count(SearchChange.id))) == 0


def test_a_dry_run_writes_nothing_and_foretells(app: Flask, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"code": "1.000001", "name": "Một", "levels": ["Cấp tỉnh"]})
    with app.app_context():
        assert run(path, dry=True).counts() == {Decision.NEW: 1}
        assert db.session.scalar(select(func.count(Procedure.id))) == 0
        assert run(path).counts() == {Decision.NEW: 1}
        assert run(path).counts() == {Decision.UNCHANGED: 1}
        assert db.session.scalar(select(func.count(AuditEntry.id))) == 1
        jsonl(path, {"code": "1.000001", "name": "Một mới", "levels": ["Cấp xã"]})
        proposal = run(path, dry=True).proposals[0]
        assert proposal.decision is Decision.CHANGED
        assert set(proposal.differences) == {"name", "levels"}
        assert kept("1.000001").name == "Một"


def test_an_empty_cell_erases_nothing(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        run(jsonl(tmp_path / "a.jsonl", {
            "code": "1.000001", "name": "Một", "levels": ["Cấp tỉnh"], "results": ["Giấy phép"],
            "source": "Nguồn thật", "legal": ["96/2023/NĐ-CP"],
        }))  # fmt: skip
        run(jsonl(tmp_path / "b.jsonl", {"code": "1.000001", "name": "Một", "conditions": "Có."}))
        facts = kept("1.000001")
        assert (facts.results, facts.levels) == ((Result("Giấy phép"),), (Level.PROVINCE,))
        assert facts.source_name == "Nguồn thật"
        assert [legal.number for legal in facts.legal_bases] == ["96/2023/NĐ-CP"]
        assert facts.conditions == "Có."


def test_a_shortened_name_never_replaces_a_whole_one(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        run(jsonl(tmp_path / "a.jsonl", {"code": "1.000001", "name": "Tên đầy đủ của thủ tục"}))
        run(jsonl(tmp_path / "b.jsonl",
                  {"code": "1.000001", "name": "Tên đầy", "name_truncated": True}))  # fmt: skip
        assert kept("1.000001").name == "Tên đầy đủ của thủ tục"


def test_what_an_editor_changed_is_kept_and_reported(app: Flask, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"code": "1.000001", "name": "Một", "conditions": "Cũ"})
    with app.app_context():
        run(path)
        with write() as session:
            row = session.scalars(select(Procedure)).one()
            row.conditions, row.edited_at = "Của người biên tập", row.updated_at
        jsonl(path, {"code": "1.000001", "name": "Một", "conditions": "Từ tệp"})
        outcome = run(path)
        assert outcome.counts() == {Decision.KEPT: 1}
        assert outcome.proposals[0].differences == ("conditions",)
        assert kept("1.000001").conditions == "Của người biên tập"


def test_rows_that_repeat_a_code_or_a_name(app: Flask, tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "a.jsonl",
        {"code": "1.000001", "name": "Cùng tên"},
        {"code": "1000001.H24", "name": "Tên khác"},
        {"code": "1.000002", "name": "CÙNG TÊN"},
        {"code": "abc", "name": "Hỏng"},
        {"code": "1.000003", "name": ""},
    )
    with app.app_context():
        outcome = run(path)
        assert outcome.counts() == {Decision.NEW: 2}
        assert said(outcome, Severity.SKIPPED) == [
            "dòng 2 (1.000001), bỏ qua: trùng mã với dòng 1",
            "dòng 4, bỏ qua: mã “abc” không phải mã quốc gia: Hỏng",
            "dòng 5 (1.000003), bỏ qua: không có tên thủ tục",
        ]
        assert said(outcome, Severity.DOUBTFUL) == [
            "dòng 3 (1.000002), cần xem lại: trùng tên với mã 1.000001 ở dòng 1"
        ]


@pytest.mark.parametrize(
    ("glued", "fee", "note"),
    [
        ("Miễn phí", FeeFacts(amount=0), ""),
        ("0 VNĐ", FeeFacts(amount=0), ""),
        ("Miễn phí06 ngày làm việc, kể từ ngày nhận", FeeFacts(amount=0),
         "06 ngày làm việc, kể từ ngày nhận"),
        ("20,000,000 Việt Nam Đồng", FeeFacts(amount=20_000_000), ""),
        ("1,000,000 VNĐ(1.000.000 đồng/hồ sơ)Nộp tại quầy",
         FeeFacts(amount=1_000_000, label="1.000.000 đồng/hồ sơ"), "Nộp tại quầy"),
        ("Miễn phí(Lệ phí: 40.000 đồng/Giấy)", FeeFacts(label="Lệ phí: 40.000 đồng/Giấy"), ""),
        ("Miễn phí(Mức lệ phí (nếu có) theo quy định của HĐND)",
         FeeFacts(label="Mức lệ phí (nếu có) theo quy định của HĐND"), ""),
        ("0 VNĐ(Phí: 50.000 đồng)", FeeFacts(label="Phí: 50.000 đồng"), ""),
        ("40 Việt Nam Đồng(40.000đ/giấy)", FeeFacts(label="40.000đ/giấy"), ""),
        ("135 VNĐ", FeeFacts(label="135 VNĐ"), ""),
        ("10 USD(/lần)", FeeFacts(label="10 USD (/lần)"), ""),
        ("Không có thông tinKhông có thông tinNộp tại trụ sở", None, "Nộp tại trụ sở"),
        ("", None, ""),
    ],
)  # fmt: skip
def test_glued_fees(glued: str, fee: FeeFacts | None, note: str) -> None:
    fees, rest = glued_fees(glued, Notes())
    assert fees == ((fee,) if fee else ())
    assert rest == note


def test_a_fee_of_nought_with_money_in_its_words_is_reported() -> None:
    notes = Notes()
    glued_fees("Miễn phí(- Dưới 5 tấn: 50.000 đồng/giấy)", notes)
    assert [note.severity for note in notes.found] == [Severity.DOUBTFUL]


@given(st.text(max_size=300))
def test_no_words_make_a_fee_raise_or_go_below_nought(words: str) -> None:
    for fee in (
        *glued_fees(words, Notes())[0],
        *named_fees(words, Notes()),
        plain_fee(words, Notes()),
    ):
        assert fee is None or fee.amount is None or fee.amount >= 0


def test_named_fees_in_lines() -> None:
    words = "Phí : 2.000.000 Đồng (Nghiên cứu)\nLệ phí : 0 Đồng\nPhí :  Đồng\nPhí : Theo biểu"
    assert named_fees(words, Notes()) == (
        FeeFacts(amount=2_000_000, label="Nghiên cứu"),
        FeeFacts(amount=0),
        FeeFacts(label="Theo biểu"),
    )


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("03 ngày làm việc", (Decimal(3), TimeUnit.WORKING_DAY)),
        ("2,5 ngày làm việc", (Decimal("2.5"), TimeUnit.WORKING_DAY)),
        ("Trong 15 ngày", (Decimal(15), TimeUnit.DAY)),
        ("01 Giờ", (Decimal(1), TimeUnit.HOUR)),
        ("Không quy định", None),
        ("0 Giờ", None),
        ("10 ngày làm việc, trường hợp kiểm tra 20 ngày làm việc", None),
        ("ngay trong ngày", None),
    ],
)
def test_times(words: str, value: object) -> None:
    assert time_of(words) == value


def test_channels_that_repeat_or_do_not_know_their_time() -> None:
    notes = Notes()
    row = {"channel": "Trực tiếp", "time_value": "3", "time_unit": "Ngày làm việc",
           "fee_and_note": "Miễn phí"}  # fmt: skip
    found = channels_of(
        [row, row, {**row, "time_value": "5"}, {**row, "time_unit": None},
         {**row, "time_value": "1", "fee_and_note": "Không có thông tinKhông quy định thời hạn"},
         {**row, "channel": "Bồ câu"}],
        notes,
    )  # fmt: skip
    assert [channel.time for channel in found] == [Decimal(3), Decimal(5), None, None]
    assert {note.severity for note in notes.found} == {Severity.REPAIRED, Severity.DOUBTFUL}
    assert len(notes.found) == 4


def test_papers_in_disorder_and_glued_templates() -> None:
    notes = Notes()
    items = [
        {"name": "b) Bản sao", "originals": 0, "copies": 1, "template": None},
        {"name": "a) Đơn đề nghịMẫu số 01 (1).docx", "originals": 20261, "copies": 0},
    ]
    case = cases_of([{"case": "", "items": items}], notes)[0]
    assert [part.name for part in case.components] == ["a) Đơn đề nghị", "b) Bản sao"]
    assert case.components[0].template == "Mẫu số 01 (1).docx"
    assert case.components[0].originals == 0
    assert len(notes.found) == 3


def test_numbers_of_documents_torn_apart() -> None:
    notes = Notes()
    found = legal_of(
        [
            {"title": "Luật", "number": "51/2019/QH145"},
            {"title": "1/", "number": "2019/QH14"},
            {"title": "Thông tư", "number": "57/2020/TT-BCA"},
            {"title": "5", "number": "7/2020/TT-BCA"},
            {"title": "Nghị định", "number": "33/2013/NĐ-CP"},
            {"title": "Luật không số", "number": ""},
            {"so_ky_hieu": "12", "trich_yeu": "Quyết định số 12/2021/QĐ-TTg về sự cố",
             "ngay_ban_hanh": "24-03-2021", "co_quan_ban_hanh": "Thủ tướng Chính phủ"},
        ],
        notes,
    )  # fmt: skip
    assert [legal.number for legal in found] == [
        "51/2019/QH14", "57/2020/TT-BCA", "33/2013/NĐ-CP", "12/2021/QĐ-TTg",
    ]  # fmt: skip
    assert found[-1].issued_on == date(2021, 3, 24)


def test_steps_of_one_text() -> None:
    steps = steps_of("Bước 1: Nộp hồ sơ\nTại bộ phận một cửa.\n- Bước 2: Thẩm định. Bước 3: Trả.")
    assert [(step.title, step.text) for step in steps] == [
        ("Nộp hồ sơ", "Tại bộ phận một cửa."), ("", "Thẩm định."), ("", "Trả."),
    ]  # fmt: skip
    assert [step.text for step in steps_of("Không chia bước")] == ["Không chia bước"]


@pytest.mark.parametrize(
    ("raw", "name", "abolished"),
    [
        ("Cấp giấy phép...", "Cấp giấy phép...", False),
        ("Cấp giấy phép. .", "Cấp giấy phép", False),
        ("Cấp\ngiấy\u200b phép", "Cấp giấy phép", False),
        ("Câ\u0301p cho ngƣời đƣợc", "Cấp cho người được", False),
        ("Cấp thẻ (bãi bỏ vì trùng lặp mã 1.003284)", "Cấp thẻ", True),
    ],
)
def test_names(raw: str, name: str, abolished: bool) -> None:
    assert name_of(raw, Notes()) == (name, abolished)


def test_records_that_look_like_tests_and_other_places_are_doubted() -> None:
    assert list(reasons(ProcedureFacts(code="5.003872", name="Đăng ký kinh doanh (fix)"), OWN))
    assert others_agency(["Sở Y tế tỉnh Đồng Nai"], OWN)
    assert others_agency(["Sở An toàn thực phẩm - TP.HCM"], OWN)
    for own in ("Sở Y tế", "Sở Y tế thành phố Hải Phòng", "UBND cấp tỉnh", "Ủy ban nhân dân tỉnh"):
        assert others_agency([own], OWN) is None, own


def test_codes_that_a_spreadsheet_spoiled() -> None:
    notes = Notes()
    assert code_of(1.01229, notes) == "1.012290"
    assert code_of("1.01229", notes) == "1.012290"
    assert code_of("1,012289", notes) == "1.012289"
    assert code_of(None, notes) is None
    assert code_of(True, notes) is None
    assert len(notes.found) == 1


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["name", "channel", "time_value", "time_unit", "fee_and_note", "items",
                         "case", "originals", "number", "title", "ghi_chu", "ten_giay_to"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
columns = st.sampled_from(
    ["name", "levels", "kind", "field", "subjects", "agencies", "steps_text", "channels",
     "dossier_cases", "legal_bases", "conditions", "results", "keywords", "fee", "Thời hạn",
     "tables", "unparsed", "status", "decision_date", "ma_cu"]
)  # fmt: skip


@given(st.dictionaries(columns, values, max_size=8))
def test_no_row_makes_the_import_raise(row: dict[str, object]) -> None:
    notes = Notes()
    facts = facts_of_row(Row(1, {"code": "1.000001", "name": "Tên", **row}), notes, OWN)
    assert facts is None or facts.digest() == replace(facts).digest()


@pytest.fixture
def real(shared_data: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A real file, unpacked."""

    def unpack(name: str) -> Path:
        path = shared_data / name
        if path.suffix != ".gz":
            return path
        target = tmp_path / path.stem
        target.write_bytes(gzip.decompress(path.read_bytes()))
        return target

    return unpack


@pytest.mark.parametrize(
    ("name", "rows", "skipped"),
    [
        ("health_tthc.jsonl", 214, 0),
        ("health_details_condensed.jsonl", 6, 0),
        ("bqp_tthc_207.jsonl.gz", 207, 0),
        ("national_names_2025_1941.csv.gz", 1936, 5),
        ("phutho_2022_soyte_146.csv", 44, 102),
    ],
)
def test_real_files(
    app: Flask, real: Callable[[str], Path], name: str, rows: int, skipped: int
) -> None:
    with app.app_context():
        outcome = run(real(name), everything=True)
        assert len(outcome.proposals) == rows
        assert len(said(outcome, Severity.SKIPPED)) == skipped
        assert db.session.scalar(select(func.count(Procedure.id))) == rows
        assert run(real(name), dry=True).counts() == {Decision.UNCHANGED: rows}


@pytest.mark.slow
def test_the_national_file(app: Flask, real: Callable[[str], Path]) -> None:
    with app.app_context():
        outcome = run(real("national_tthc_2642.jsonl.gz"), everything=True)
        assert outcome.counts() == {Decision.NEW: 2642}
        counts = outcome.notes.counts()
        assert counts[Severity.SKIPPED] == 0
        assert counts[Severity.REPAIRED] > 500
        assert all(note.row for note in outcome.notes.found)
        free = select(func.count()).select_from(Procedure).where(Procedure.name.like("%.."))
        assert db.session.scalar(free) == 0


def test_the_command(app: Flask, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", {"code": "1.000001", "name": "Một."}, {"name": "Không mã"})
    runner = app.test_cli_runner()
    dry = runner.invoke(args=["procedures", "import", str(path), "--dry-run"])
    assert dry.exit_code == 0
    assert "Chạy thử, chưa ghi gì: thêm mới 1" in dry.output
    assert "dòng 2, bỏ qua: không có mã quốc gia" in dry.output
    done = runner.invoke(args=["procedures", "import", str(path)])
    assert "Đã nhập: thêm mới 1" in done.output
    path.write_text("{", "utf-8")
    broken = runner.invoke(args=["procedures", "import", str(path)])
    assert broken.exit_code == 1
    assert "Chưa ghi gì." in broken.output
