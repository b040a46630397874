"""Files from strangers: only pictures and plain PDFs come in, and nothing hidden in them."""

from __future__ import annotations

import io
import os
import struct
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.core.errors import Invalid
from portal.feedback import attachments, submission
from portal.feedback.models import Kind
from portal.feedback.submission import Draft
from tests.feedback.conftest import picture


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def pdf(**root: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    for name, value in root.items():
        document.Root[f"/{name}"] = value
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def stored(data: bytes, name: str) -> bytes:
    file = attachments.receive(io.BytesIO(data), name)
    attachments.keep([file])
    kept = attachments.path_of(file.stored_name).read_bytes()
    assert len(kept) == file.size
    return kept


@pytest.mark.parametrize(
    ("name", "kind"), [("a.jpg", "JPEG"), ("A.JPEG", "JPEG"), ("b.png", "PNG"), ("c.webp", "WEBP")]
)
def test_pictures_come_in_without_their_metadata(name: str, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Hãng máy bí mật"
    exif[0x0112] = 6  # lies on its side
    kept = stored(picture(kind, (64, 48), exif=exif.tobytes()), name)
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.format == kind
        assert opened.size == (48, 64)
        assert not dict(opened.getexif())
    assert "bí mật".encode() not in kept


def test_a_plain_pdf_comes_in_unchanged() -> None:
    data = pdf()
    assert stored(data, "đơn.pdf") == data


def test_large_pictures_become_smaller() -> None:
    kept = stored(picture(size=(5_000, 1_000)), "to.jpg")
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.size == (4_000, 800)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_long_screenshot_comes_in_smaller(kind: str) -> None:
    kept = stored(picture(kind, (300, 12_500)), f"man-hinh.{kind.lower()}")
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.format == kind
        assert opened.size == (96, 4_000)


def bomb() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def encrypted() -> bytes:
    out = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def action(kind: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"))


REFUSED = {
    "empty.jpg": b"",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "page.jpg": b"<!doctype html><script>alert(1)</script>",
    "program.exe": b"MZ\x90\x00",
    "archive.docx": b"PK\x03\x04" + b"\0" * 60,
    "picture.pdf": picture(),
    "document.png": pdf(),
    "other.png": picture("JPEG"),
    "animated.gif": b"GIF89a" + b"\0" * 40,
    "cut.jpg": picture()[:200],
    "cut.png": picture("PNG")[:60],
    "junk.jpg": b"\xff\xd8\xff" + b"\0" * 500,
    "bomb.png": bomb(),
    "secret.pdf": encrypted(),
    "late.pdf": b"\n" * 10 + pdf(),
    "junk.pdf": b"%PDF-1.7\n" + b"x" * 500,
    "script.pdf": pdf(OpenAction=action("JavaScript")),
    "launch.pdf": pdf(OpenAction=action("Launch")),
    "names.pdf": pdf(Names=pikepdf.Dictionary(JavaScript=pikepdf.Dictionary())),
    "nested.pdf": pdf(X=pikepdf.Array([pikepdf.Array([action("JavaScript")])])),
    "attached.pdf": pdf(Names=pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary())),
    "form.pdf": pdf(AcroForm=pikepdf.Dictionary(XFA=pikepdf.String("x"))),
    "large.jpg": picture() + b"\0" * attachments.MAX_BYTES,
}


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_by_name(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        attachments.receive(io.BytesIO(REFUSED[name]), name)
    assert f"“{name}”" in refusal.value.problems["files"]
    folder = attachments.waiting_folder()
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_pdf_that_nobody_could_look_into_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(Invalid, match=r"“đơn\.pdf”"):
        attachments.receive(io.BytesIO(pdf()), "đơn.pdf")
    assert list(attachments.waiting_folder().iterdir()) == []


@settings(
    max_examples=150,
    deadline=None,  # a PDF costs a process
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    start=st.sampled_from(
        [b"", b"\xff\xd8\xff", b"%PDF-1.4", picture()[:150], picture("PNG")[:60], pdf()[:300]]
    ),
    rest=st.binary(max_size=300),
    name=st.text(max_size=30),
)
def test_no_bytes_and_no_name_break_the_check(start: bytes, rest: bytes, name: str) -> None:
    with suppress(Invalid):  # anything else would reach the citizen as an error page
        file = attachments.receive(io.BytesIO(start + rest), name)
        assert (attachments.waiting_folder() / file.stored_name).stat().st_size == file.size


@given(name=st.text(max_size=300))
def test_names_are_safe_to_keep_and_to_offer(name: str) -> None:
    clean = attachments.clean_name(name)
    assert 0 < len(clean) <= 120
    assert not set(clean) & set('/\\:*?"<>|;\r\n\0')
    assert clean not in (".", "..")


def test_a_path_in_a_name_is_left_out() -> None:
    assert attachments.clean_name("../../etc/passwd") == "passwd"
    assert attachments.clean_name("C:\\Hồ sơ\\đơn.pdf") == "đơn.pdf"


def test_files_lie_under_names_that_nobody_can_guess() -> None:
    one = attachments.receive(io.BytesIO(picture()), "a.jpg")
    other = attachments.receive(io.BytesIO(picture()), "a.jpg")
    assert one.stored_name != other.stored_name
    assert len(one.stored_name.partition(".")[0]) == 32
    path = attachments.waiting_folder() / one.stored_name
    assert path.stat().st_mode & 0o777 == 0o640


def test_keeping_twice_is_keeping_once_and_a_lost_file_is_told() -> None:
    file = attachments.receive(io.BytesIO(picture()), "a.jpg")
    attachments.keep([file])
    attachments.keep([file])
    attachments.path_of(file.stored_name).unlink()
    with pytest.raises(Invalid, match="hết hạn chờ"):
        attachments.keep([file])


def aged(path: Path, hours: float) -> None:
    moment = time.time() - hours * 3600
    os.utime(path, (moment, moment))


def test_files_of_forms_never_sent_go_after_a_day() -> None:
    old, young = (attachments.receive(io.BytesIO(picture()), "a.jpg") for _ in range(2))
    aged(attachments.waiting_folder() / old.stored_name, 25)
    aged(attachments.waiting_folder() / young.stored_name, 23)
    attachments.receive(io.BytesIO(picture()), "b.jpg")
    assert not (attachments.waiting_folder() / old.stored_name).exists()
    assert (attachments.waiting_folder() / young.stored_name).exists()


def test_purging_spares_what_a_row_names() -> None:
    named, orphan, waiting, young = (
        attachments.receive(io.BytesIO(picture()), "a.jpg") for _ in range(4)
    )
    attachments.keep([named, orphan, young])
    for file in (named, orphan):
        aged(attachments.path_of(file.stored_name), 49)
    aged(attachments.waiting_folder() / waiting.stored_name, 25)
    draft = Draft(kind=Kind.QUESTION, subject="Hỏi", body="Có tệp kèm theo.", files=(named,))
    submission.submit(draft, form="f" * 32, network="192.0.2.1")
    assert attachments.purge() == 2
    assert attachments.path_of(named.stored_name).exists()
    assert attachments.path_of(young.stored_name).exists()
    assert attachments.purge() == 0


def test_too_many_waiting_files_are_refused_but_text_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attachments.receive(io.BytesIO(picture()), "a.jpg")
    monkeypatch.setattr("portal.feedback.attachments.MAX_WAITING_BYTES", 10)
    with pytest.raises(Invalid, match="gửi phần chữ trước"):
        attachments.receive(io.BytesIO(picture()), "b.jpg")


def test_a_pdf_comes_in_without_its_author() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Author"] = "Trần Thị Mật Danh"
    document.Root["/Metadata"] = document.make_stream("<x>Trần Thị Mật Danh</x>".encode())
    document.pages[0]["/PieceInfo"] = pikepdf.Dictionary(Chu=pikepdf.String("Mật Danh"))
    out = io.BytesIO()
    document.save(out)
    file = attachments.receive(io.BytesIO(out.getvalue()), "đơn.pdf")
    assert [path.name for path in attachments.waiting_folder().iterdir()] == [file.stored_name]
    attachments.keep([file])
    with pikepdf.open(attachments.path_of(file.stored_name)) as kept:
        assert len(kept.pages) == 1
        assert "/Info" not in kept.trailer
        assert "/Metadata" not in kept.Root
        assert "/PieceInfo" not in kept.pages[0]


def test_a_pdf_that_tells_nothing_is_kept_as_it_is() -> None:
    data = pdf()
    assert stored(data, "trơn.pdf") == data


@pytest.mark.parametrize("name", ["IMG_0012.HEIC", "IMG_0012.jpg"])
def test_a_heic_picture_is_refused_with_a_way_out(name: str) -> None:
    data = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
    with pytest.raises(Invalid, match="Tương thích nhất"):
        attachments.receive(io.BytesIO(data), name)
