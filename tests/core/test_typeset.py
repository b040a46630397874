"""Files that Typst makes: every letter is text again, nothing typed is markup, faults are told."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from portal.core import typeset
from portal.core.typeset import TypesettingFailed
from tests.support.paper import read, squeezed

PANGRAM = (
    "Quỷ kế ướt đẫm, ngưỡng cửa bập bẽ: ẳng ẵng ặc ẩy ẫy ậy ẻo ẽo ẹ ể ễ ệ ỉ ĩ ị ỏ õ ọ ổ ỗ ộ ở ỡ ợ"
    " ủ ũ ụ ử ữ ự ỷ ỹ ỵ Đ đ Ắ Ằ Ẳ Ẵ Ặ Ơ Ư 1.250.000 đồng “ngoặc” – …"
)
TEMPLATE = """
#import "/_components/paper.typ": body-size, data, lines, paper
#show: paper.with(kind: "a4", size: body-size)
#lines(data.words)
"""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "_components").mkdir()
    shared = typeset.TEMPLATES / "_components" / "paper.typ"
    (tmp_path / "_components" / "paper.typ").write_bytes(shared.read_bytes())
    (tmp_path / "one.typ").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(typeset, "TEMPLATES", tmp_path)
    return "one.typ"


def made(template: str, words: str, bodies: tuple[float, ...] = (10.5,)) -> bytes:
    data: dict[str, Any] = {"title": "Bản thử", "agency": "Sở Y tế", "words": words}
    return typeset.pdf(template, data, bodies)


def test_every_vietnamese_letter_is_text_again(template: str) -> None:
    found = read(made(template, PANGRAM))
    assert squeezed(PANGRAM) in found.pages[0]


def test_the_file_is_tagged_and_says_what_it_is(template: str) -> None:
    with pikepdf.open(io.BytesIO(made(template, "Một"))) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "vi"
        with document.open_metadata() as about:
            assert about["dc:title"] == "Bản thử"
            assert about["pdfuaid:part"] == "1"


@pytest.mark.parametrize(
    "words", ['#panic("x")', "*đậm* _nghiêng_ $x$ @a <b> `c`", "= Tiêu đề", "\\ // /* {", "☃ 漢 😀"]
)
def test_what_is_typed_is_never_markup(template: str, words: str) -> None:
    found = read(made(template, words + " hết"))
    assert "hết" in found.pages[0]
    if words.isascii():
        assert squeezed(words) in found.pages[0]


def test_the_largest_type_that_fits_one_sheet_is_taken(template: str) -> None:
    words = "Một dòng dài vừa phải để xem cỡ chữ. " * 60
    assert len(read(made(template, words, (40.0, 20.0, 8.0))).pages) == 1
    assert len(read(made(template, words, (40.0,))).pages) > 1


def test_a_fault_of_the_template_is_told(template: str) -> None:
    (typeset.TEMPLATES / "one.typ").write_text("#data.nothing", encoding="utf-8")
    with pytest.raises(TypesettingFailed, match="data"):
        made(template, "x")


def test_what_never_ends_is_cut_off(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **given: Any) -> None:
        raise subprocess.TimeoutExpired("typst", given["timeout"])

    monkeypatch.setattr(subprocess, "run", never)
    with pytest.raises(TypesettingFailed):
        made(template, "x")


def test_templates_load_nothing_from_outside() -> None:
    """`@preview/…` would make Typst fetch a package when a citizen asks for a sheet."""
    found = [*typeset.TEMPLATES.rglob("*.typ")]
    assert found
    assert [path.name for path in found if "@preview" in path.read_text(encoding="utf-8")] == []
