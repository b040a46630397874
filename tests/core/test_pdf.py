"""PDF made here: real Vietnamese text, read out in order, on paper of the right size."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.pdf.document import Document
from portal.core.pdf.faces import face
from portal.core.pdf.lines import wrap
from portal.core.pdf.paper import Column, Paper
from portal.core.pdf.parts import A3, A4, Code, Style
from portal.core.web import qr
from tests.support.paper import read, squeezed

MADE = datetime(2026, 11, 22, 1, tzinfo=UTC)
TEXT = Style(10.5)
PANGRAM = (
    "Quỷ kế ướt đẫm, ngưỡng cửa bập bẽ: ẳng ẵng ặc ẩy ẫy ậy ẻo ẽo ẹ ể ễ ệ ỉ ĩ ị ỏ õ ọ ổ ỗ ộ ở ỡ ợ"
    " ủ ũ ụ ử ữ ự ỷ ỹ ỵ Đ đ Ắ Ằ Ẳ Ẵ Ặ Ơ Ư 1.250.000 đồng “ngoặc” – …"
)


def new(size: tuple[float, float] = A4) -> tuple[Document, Paper]:
    document = Document("Bản in thử", "Sở Y tế", MADE)
    return document, Paper(document, size)


def test_every_vietnamese_letter_is_text_again() -> None:
    document, paper = new()
    paper.write(PANGRAM, TEXT, tag=document.root.add("P"))
    paper.write(PANGRAM, TEXT.bold(), tag=document.root.add("P"))
    found = read(document.save())
    assert found.pages == [squeezed(PANGRAM) * 2]
    assert found.colours == set()


@given(st.text(max_size=300), st.floats(20, 500))
def test_any_text_keeps_its_letters_and_its_width(text: str, width: float) -> None:
    lines = wrap(text, TEXT, width)
    letters = TEXT.face
    spelled = "".join(letters.spell(part) for part in text.split("\n"))
    kept = "".join(lines).replace(" ", "").replace("\u00a0", "")
    assert kept == spelled.replace(" ", "").replace("\u00a0", "")
    assert all(letters.width(line, 10.5) <= width or len(line) == 1 for line in lines)


def test_what_is_bound_together_is_untied_before_a_word_is_cut() -> None:
    room = TEXT.face.width("làm việc", 10.5) + 1
    assert wrap("12\u00a0ngày làm\u00a0việc", TEXT, room) == ["12\u00a0ngày", "làm\u00a0việc"]
    narrow = TEXT.face.width("ngày", 10.5) + 1
    assert wrap("12\u00a0ngày", TEXT, narrow) == ["12", "ngày"]


def test_unknown_signs_are_spelled_or_marked() -> None:
    assert face("regular").spell("≥ 5 → 汉") == ">= 5 -> ?" or "≥" in face("regular").glyphs


def test_a_reader_is_told_title_language_and_order() -> None:
    document, paper = new()
    paper.heading("Phần một", TEXT.bold(), 1, mark=0)
    paper.heading("Phần con", TEXT.bold(), 2, mark=1)
    paper.facts([("Bao lâu", "3 ngày")], TEXT, 80)
    paper.number_sheets("Ghi chú", Style(8))
    with pikepdf.open(io.BytesIO(document.save())) as pdf:
        assert str(pdf.Root.Lang) == "vi"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo.Title) == "Bản in thử"
        assert pdf.open_metadata()["dc:title"] == "Bản in thử"
        roles = [str(part.S) for part in pdf.Root.StructTreeRoot.K.K]
        assert roles == ["/H1", "/H2", "/Table"]
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Phần một"]
            assert [item.title for item in outline.root[0].children] == ["Phần con"]
        # Each mark on a page has an owner in the tree.
        assert all(owner is not None for owner in pdf.Root.StructTreeRoot.ParentTree.Nums[1])


def test_the_same_drawing_gives_the_same_bytes() -> None:
    files = []
    for _ in range(2):
        document, paper = new()
        paper.write(PANGRAM, TEXT, tag=document.root.add("P"))
        files.append(document.save())
    assert files[0] == files[1]


@pytest.mark.parametrize("size", [A4, A3])
def test_rows_are_not_torn_and_titles_stand_on_every_sheet(size: tuple[float, float]) -> None:
    document, paper = new(size)
    columns = [Column("Số", fixed=40), Column("Tên", share=1)]
    rows = [[f"số{n};", f"đầu{n} " + "giữa " * (n % 90) + f"cuối{n}."] for n in range(120)]
    paper.table(columns, rows, TEXT)
    found = read(document.save())
    assert len(found.pages) > 1
    assert set(found.sizes) == {(round(size[0]), round(size[1]))}
    for n in range(120):
        homes = [page for page in found.pages if f"số{n};" in page]
        assert len(homes) == 1
        assert f"đầu{n}" in homes[0]
        assert f"cuối{n}." in homes[0]
    assert all(page.startswith("SốTên") for page in found.pages)


def test_a_row_higher_than_a_sheet_goes_on() -> None:
    document, paper = new()
    paper.table([Column("Tên", share=1)], [["chữ " * 3000], ["sau cùng"]], TEXT)
    found = read(document.save())
    assert "".join(found.pages).count("chữ") == 3000
    assert "saucùng" in found.pages[-1]


def test_headings_are_followed_by_their_text() -> None:
    document, paper = new()
    for n in range(60):
        paper.heading(f"Mục {n}", TEXT.bold(), 2)
        paper.write("nội dung " * (n % 40 + 1), TEXT, tag=document.root.add("P"))
    found = read(document.save())
    assert not [page for page in found.pages[:-1] if page[-6:].startswith(("Mục", "ục"))]


def test_sheets_are_numbered_and_noted() -> None:
    document, paper = new()
    paper.turn()
    paper.number_sheets("Bản in ngày 22/11/2026", Style(8))
    found = read(document.save())
    assert found.pages == ["Bảninngày22/11/2026Trang1/2", "Bảninngày22/11/2026Trang2/2"]


def test_columns_are_filled_one_after_the_other() -> None:
    document, paper = new()
    paper.heading("Đầu trang", TEXT.bold(), 1)
    paper.split(2, gap=20)
    places = set()
    for n in range(260):
        paper.write(f"dòng{n};", TEXT, tag=document.root.add("P"))
        places.add((paper.sheet, paper.left))
    assert [place[0] for place in sorted(places)] == [0, 0, 1, 1, 2, 2]
    words = "".join(f"dòng{n};" for n in range(260))
    assert "".join(read(document.save()).pages) == f"Đầutrang{words}"


def test_a_code_is_drawn_as_the_code_is() -> None:
    address = "https://vidu.vn/thu-tuc/1.012290?ban=7"
    runs, modules = qr.runs(address)
    assert modules >= 25
    dark = {(row, column + i) for row, column, run in runs for i in range(run)}
    assert {(0, i) for i in range(7)} <= dark, "the finder in the corner"
    assert (1, 1) not in dark
    document, paper = new()
    paper.code(Code(90, runs, modules, address), 100, 100, document.root)
    with pikepdf.open(io.BytesIO(document.save())) as pdf:
        page = pdf.pages[0]
        bars = [o for o, op in pikepdf.parse_content_stream(page) if str(op) == "re"]
        assert len(bars) == len(runs)
        assert str(page.Annots[0].A.URI) == address
        assert str(pdf.Root.StructTreeRoot.K.K[0].Alt).endswith(address)
        assert "/XObject" not in page.Resources, "vectors, no picture"
    assert qr.printed(address).count("M") == len(runs) + 1
