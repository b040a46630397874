"""Word files that mean harm are refused with words that help, and cost little."""

# ruff: noqa: E501 - samples read better as they are written in a file
from __future__ import annotations

import io
import time
import zipfile

import pytest

from portal.articles.word.reading import LIMIT, read
from portal.core.errors import Invalid
from portal.core.html import sanitise
from tests.media.samples import encrypted_zip, lying_zip, overlapping_zip
from tests.support.word_files import (
    DOCX_MAIN,
    SPACES,
    link,
    paragraph,
    photo,
    picture,
    run,
    table,
    word_file,
)

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
DOCUMENT = (
    f"<w:document {SPACES}><w:body><w:p><w:r><w:t>&b;&x;</w:t></w:r></w:p></w:body></w:document>"
)


def outside(kind: str, target: str) -> str:
    return (
        f'<Relationship Id="r9" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    )


def with_part(name: str, data: bytes | str) -> bytes:
    """A Word file in which one part is replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word_file(paragraph("chữ")))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, data)
    return out.getvalue()


def bomb(entries: int = 1, size: int = 60_000_000) -> bytes:
    return word_file(
        paragraph("x"), parts={f"word/media/b{n}.png": b"\0" * size for n in range(entries)}
    )


REFUSED: dict[str, tuple[bytes, str, str]] = {
    "old .doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "Lưu thành"),
    "old .doc called .docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.docx", "mật khẩu"),
    "encrypted entries": (encrypted_zip(), "a.docx", "mật khẩu"),
    "macros by name": (word_file(paragraph("x")), "a.docm", "macro"),
    "macros inside": (word_file(paragraph("x"), parts={"word/vbaProject.bin": b"x"}), "a.docx", "macro"),
    "macros by type": (
        word_file(paragraph("x"), main=DOCX_MAIN.replace("document.main", "document.macroEnabled.main")), "a.docx", "macro",
    ),
    "a program called .docx": (b"MZ\x90\0" + b"\0" * 600, "a.docx", "không phải là tệp Word"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "a.png", "đuôi .docx"),
    "nothing": (b"", "a.docx", "không phải là tệp Word"),
    "half a file": (word_file(paragraph("chữ"))[:900], "a.docx", "hỏng"),
    "a bomb by ratio": (bomb(), "a.docx", "giãn ra quá lớn"),
    "a bomb by sum": (bomb(3, 40_000_000), "a.docx", "giãn ra quá lớn"),
    "a bomb by count": (word_file(paragraph("x"), parts={f"p/{n}.xml": "<a/>" for n in range(2_100)}), "a.docx", "giãn ra quá lớn"),
    "a size that lies": (lying_zip(), "a.docx", "giãn ra quá lớn"),
    "entries that overlap": (overlapping_zip(), "a.docx", "hỏng"),
    "entities": (with_part("word/document.xml", ENTITIES + DOCUMENT), "a.docx", "hỏng"),
    "entities in UTF-16": (with_part("word/document.xml", (ENTITIES + DOCUMENT).encode("utf-16")), "a.docx", "hỏng"),
    "entities behind a long comment": (
        with_part("word/document.xml", f"<!--{'x' * 20_000}-->" + ENTITIES + DOCUMENT), "a.docx", "hỏng",
    ),
    "entities in the notes": (with_part("word/footnotes.xml", ENTITIES + DOCUMENT), "a.docx", "hỏng"),
    "entities in a relation": (with_part("word/_rels/document.xml.rels", ENTITIES + "<a>&x;</a>"), "a.docx", "hỏng"),
    "a template elsewhere": (word_file(paragraph("x"), relations=outside("attachedTemplate", "https://evil.example/t.dotm")), "a.docx", "nơi khác"),
    "a picture elsewhere": (word_file(paragraph("x"), relations=outside("image", "https://evil.example/p.png")), "a.docx", "trang khác"),
    "a picture on a share": (word_file(paragraph("x"), relations=outside("image", "\\\\10.0.0.1\\p.png")), "a.docx", "trang khác"),
    "an object elsewhere": (word_file(paragraph("x"), relations=outside("oleObject", "https://evil.example/o")), "a.docx", "nơi khác"),
    "a way out of the folder": (word_file(paragraph("x"), parts={"../../etc/x": "x"}), "a.docx", "hỏng"),
    "another office file": (
        word_file(paragraph("x"), main=DOCX_MAIN.replace("wordprocessingml.document", "spreadsheetml.sheet")), "a.docx", "không phải",
    ),
    "no text at all": (with_part("word/document.xml", "<w:nothing/>"), "a.docx", "hỏng"),
    "too many bytes": (b"PK\x03\x04" + b"\0" * LIMIT, "a.docx", "lớn hơn"),
    "depth that never ends": (
        with_part("word/document.xml", f"<w:document {SPACES}><w:body>" + "<w:r>" * 9_000 + "</w:r>" * 9_000 + "</w:body></w:document>"),
        "a.docx", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    data, filename, reason = REFUSED[name]
    started = time.monotonic()
    with pytest.raises(Invalid) as refusal:
        read(io.BytesIO(data), filename)
    assert reason in refusal.value.problems["file"]
    assert time.monotonic() - started < 10


def test_tables_inside_tables_without_end_do_not_hang() -> None:
    nested = "đáy"
    for _ in range(40):
        nested = table([nested if nested.startswith("<") else paragraph(nested)])
        nested += paragraph("")
    try:
        found = read(io.BytesIO(word_file(nested)), "a.docx")
    except Invalid:
        return
    assert "đáy" in found.body


HARMLESS = {
    "script as text": paragraph("<script>alert(1)</script>"),
    "markup in a run": paragraph(run('"><img src=x onerror=alert(1)>')),
    "an address of script": paragraph(link(1, "bấm")),
    "a picture's words": paragraph(picture(1, '"><script>alert(1)</script>')),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_written_stays_written(name: str) -> None:
    found = read(
        io.BytesIO(word_file(HARMLESS[name], links=["javascript:alert(1)"], pictures=[photo()])),
        "a.docx",
    )
    clean = sanitise(found.body)
    assert "<script" not in clean
    assert clean.count("<img") == (name == "a picture's words")
    assert "onerror" not in clean.replace("&lt;img src=x onerror", "")
    assert "javascript:" not in clean
