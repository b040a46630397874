"""Captions come as WebVTT or SRT and are kept as plain WebVTT."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.media import captions
from tests.media.samples import SRT, VTT


def test_webvtt_is_written_anew() -> None:
    assert captions.normalised(VTT.encode()) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nBác sĩ An: Bạn mang theo giấy hẹn.\n\n"
        "00:00:05.000 --> 00:00:07.500\nQuầy số 3 &amp; quầy số 4.\n"
    )


def test_srt_with_windows_lines_becomes_webvtt() -> None:
    kept = captions.normalised(b"\xef\xbb\xbf" + SRT.encode())
    assert kept.startswith("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nXin chào bạn.\n\n")
    assert captions.spoken(kept.encode()) == "Xin chào bạn.\nHẹn gặp lại."


def test_nothing_of_markup_or_style_is_kept() -> None:
    hostile = (
        "WEBVTT\n\nSTYLE\n::cue { background: url(https://xau.vn) }\n\nREGION\nid:a\n\n"
        "00:01.000 --> 00:02.000 line:0 region:a\n<c.x onclick=1><img src=x onerror=1>Chào "
        "&lt;script&gt;</c>\n"
    )
    assert captions.normalised(hostile.encode()) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nChào &lt;script&gt;\n"
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Không thấy lời phụ đề"),
        (b"WEBVTT\n\nchi co chu\n", "Không thấy lời phụ đề"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nXin chào".encode("utf-16"), "UTF-8"),
        (b"WEBVTT\n\n00:01 --> 00:02\nxin\n", "Dòng 3"),
        (b"WEBVTT\n\n00:05.000 --> 00:02.000\nxin\n", "Dòng 3"),
        (b"WEBVTT\n\n00:61.000 --> 00:62.000\nxin\n", "Dòng 3"),
        (b"x" * (captions.MOST_BYTES + 1), "1 MB"),
    ],
)
def test_others_are_refused_with_the_line(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refusal:
        captions.normalised(data)
    assert set(refusal.value.problems) == {"captions"}


def test_captions_of_another_film_are_noticed() -> None:
    with pytest.raises(Invalid, match="dài hơn phim"):
        captions.normalised(b"WEBVTT\n\n10:00.000 --> 10:02.000\nxin\n", seconds=60)


@given(st.text(max_size=200))
def test_any_text_is_refused_or_kept_whole_once(text: str) -> None:
    with contextlib.suppress(Invalid):
        kept = captions.normalised(text.encode("utf-8", "ignore"))
        assert captions.normalised(kept.encode()) == kept


@given(st.lists(st.tuples(st.integers(0, 10_000_000), st.integers(1, 100_000),
                          st.text(min_size=1, max_size=40)), min_size=1, max_size=6))  # fmt: skip
def test_cues_come_back_as_they_were_kept(cues: list[tuple[int, int, str]]) -> None:
    lines = [f"{captions._clock(a)} --> {captions._clock(a + b)}\n{words}" for a, b, words in cues]
    with contextlib.suppress(Invalid):
        kept = captions.normalised(("WEBVTT\n\n" + "\n\n".join(lines)).encode("utf-8", "ignore"))
        again = captions.parse(kept.encode())
        assert [c.start for c in again] == sorted(c.start for c in again)
        assert captions.normalised(kept.encode()) == kept
