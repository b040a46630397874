"""What is learnt of recordings, films and documents, and which of them browsers cannot play."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.db import db
from portal.core.errors import Invalid
from portal.media import documents
from portal.media.facts import Facts
from portal.media.models import MediaFile
from tests.media import samples
from tests.media.conftest import Keep
from tests.media.samples import OUTLINES, SCAN, pdf, shows

Look = Callable[[bytes, str], Facts]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def into(data: bytes, extension: str) -> Facts:
        path = tmp_path / "tep"
        path.write_bytes(data)
        return documents.look_into(path, extension)

    return into


@pytest.mark.parametrize(
    ("data", "extension", "seconds"),
    [
        (samples.mp3(1000), "mp3", 26),
        (samples.mp3(1000, tag=b"ID3\x03\x00\x00\x00\x00\x00\x05abcde"), "mp3", 26),
        (samples.mp3(500) + b"\0" * 900 + samples.mp3(500), "mp3", 26),
        (samples.m4a(b"soun", seconds=95), "m4a", 95),
        (samples.mp4(seconds=130), "mp4", 130),
        (samples.mp4_in_fragments(42), "mp4", 42),
        (samples.mp4(seconds=0), "mp4", None),
        (samples.webm(seconds=12.5), "webm", 12),
        (samples.webm(seconds=float("nan")), "webm", None),
        (samples.webm(seconds=9e12), "webm", None),
    ],
)
def test_how_long_it_lasts(look: Look, data: bytes, extension: str, seconds: int | None) -> None:
    assert look(data, extension).seconds == seconds


def test_size_of_a_film(look: Look) -> None:
    assert (look(samples.mp4(), "mp4").width, look(samples.mp4(), "mp4").height) == (1280, 720)
    assert (look(samples.webm(), "webm").width, look(samples.webm(), "webm").height) == (640, 480)


@pytest.mark.parametrize(
    ("data", "extension", "word"),
    [
        (samples.mp4(b"hvc1"), "mp4", "H.265"),
        (samples.mp4(b"av01"), "mp4", "AV1"),
        (samples.mp4(b"zzzz"), "mp4", "mã hình lạ"),
        (samples.mp4(sound=b"ac-3"), "mp4", "mã tiếng"),
        (samples.webm(b"V_MPEG4/ISO/AVC"), "webm", "MPEG4/ISO/AVC"),
        (samples.m4a(b"soun", b"vide"), "m4a", "đổi đuôi tệp thành .mp4"),
    ],
)
def test_what_browsers_cannot_play_is_named_with_a_way_out(
    look: Look, data: bytes, extension: str, word: str
) -> None:
    with pytest.raises(Invalid, match=word) as refusal:
        look(data, extension)
    assert "Bạn" in str(refusal.value)


IDENTITY = {"Subtype": "/Type0", "BaseFont": "/Times", "Encoding": "/Identity-H"}
OLD = {"Subtype": "/TrueType", "BaseFont": "/ABCDEF+.VnTimeH"}


@pytest.mark.parametrize(
    ("data", "word", "pages"),
    [
        (pdf(), "full", 1),
        (pdf(pages=[SCAN]), "none", 1),
        (pdf(pages=[SCAN + shows("So 3")]), "none", 1),
        (pdf(pages=[OUTLINES]), "none", 1),
        (pdf(pages=[b""]), "none", 1),
        (pdf(pages=[SCAN + shows(samples.LETTER)]), "full", 1),
        (pdf(pages=[shows(samples.LETTER)] * 3 + [SCAN]), "some", 4),
        (pdf(pages=[shows(samples.LETTER)] + [SCAN] * 3), "none", 4),
        (pdf(font=OLD), "old", 1),
        (pdf(font={"Subtype": "/TrueType", "BaseFont": "/VNI-Times"}), "old", 1),
        (pdf(font=IDENTITY), "none", 1),
        (pdf(pages=[b"BT /F1 12 Tf (broken"]), "none", 1),
    ],
)
def test_what_can_be_read_of_a_pdf(look: Look, data: bytes, word: str, pages: int) -> None:
    assert look(data, "pdf") == Facts(pages=pages, text_layer=word)


def test_text_in_forms_counts_and_loops_end(look: Look) -> None:
    import io

    import pikepdf

    document = pikepdf.open(io.BytesIO(pdf(pages=[b"/Fm1 Do"])))
    page = document.pages[0]
    form = document.make_stream(
        shows(samples.LETTER) + b" /Fm1 Do", Type=pikepdf.Name("/XObject"),
        Subtype=pikepdf.Name("/Form"), BBox=[0, 0, 595, 842], Resources=page.Resources,
    )  # fmt: skip
    page.Resources.XObject.Fm1 = form
    out = io.BytesIO()
    document.save(out)
    assert look(out.getvalue(), "pdf").text_layer == "full"


def test_facts_are_kept_with_the_row(app: Flask, keep: Keep) -> None:
    film, scan = keep(samples.mp4(), "a.mp4"), keep(pdf(pages=[SCAN]), "a.pdf")
    tall = keep(samples.picture(size=(30, 90)), "a.png")
    with app.app_context():
        rows = [db.session.get_one(MediaFile, number) for number in (film, scan, tall)]
    assert [row.kind for row in rows] == ["video", "document", "image"]
    assert (rows[0].seconds, rows[0].width, rows[0].shape) == (130, 1280, "landscape")
    assert (rows[1].pages, rows[1].text_layer, rows[1].shape) == (1, "none", "")
    assert rows[2].shape == "portrait"


FILMS = {"mp4": samples.mp4(), "m4a": samples.m4a(b"soun"), "webm": samples.webm(),
         "mp3": samples.mp3()}  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.sampled_from(sorted(FILMS)), st.data())
def test_damaged_recordings_are_refused_or_told_of_never_an_error(
    tmp_path: Path, extension: str, data: st.DataObject
) -> None:
    whole = bytearray(FILMS[extension])
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "tep"
    path.write_bytes(bytes(whole[: data.draw(st.integers(1, len(whole)))]))
    with contextlib.suppress(Invalid):
        facts = documents.look_into(path, extension)
        assert facts.seconds is None or 0 < facts.seconds <= 360_000
