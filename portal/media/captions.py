"""Captions of films: WebVTT or SRT comes in, plain WebVTT is kept.

What is kept is written anew from times and words, so that no style, script or region of somebody
else's file reaches a browser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.core.errors import Invalid
from portal.core.text import clean_text
from portal.media.sniff import refused

MOST_BYTES = 1_000_000
_MOST_CUES = 10_000
_TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)[.,](\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?\Z")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^<>]+)>")
_TAG = re.compile(r"<[^<>]*>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&lrm;", ""), ("&rlm;", ""))
_HOW = "Bạn xuất lại phụ đề dạng .vtt hoặc .srt, mã UTF-8."


@dataclass(frozen=True, slots=True)
class Cue:
    """Words on the screen from `start` to `end`, in milliseconds."""

    start: int
    end: int
    words: str


def normalised(data: bytes, seconds: int | None = None) -> str:
    """Captions as they are kept. `seconds` is how long the film lasts, if that is known.

    Raises `Invalid` on field `captions` with the line that is wrong.
    """
    cues = parse(data)
    if seconds is not None and cues[-1].start > (seconds + 5) * 1000:
        raise _refused("Phụ đề dài hơn phim. Bạn kiểm tra lại có đúng phụ đề của phim này không.")
    blocks = [f"{_clock(cue.start)} --> {_clock(cue.end)}\n{_escaped(cue.words)}" for cue in cues]
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


def parse(data: bytes) -> list[Cue]:
    """The cues of a WebVTT or SRT file, in the order of their beginnings."""
    if len(data) > MOST_BYTES:
        raise _refused("Tệp phụ đề lớn hơn 1 MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(f"Tệp phụ đề không phải mã UTF-8. {_HOW}") from None
    lines = re.split(r"\r\n|\r|\n", text)
    cues = _cues(lines)
    if not cues:
        raise _refused(f"Không thấy lời phụ đề nào trong tệp. {_HOW}")
    if len(cues) > _MOST_CUES:
        raise _refused("Tệp phụ đề có quá 10.000 lời.")
    return sorted(cues, key=lambda cue: (cue.start, cue.end))


def spoken(data: bytes) -> str:
    """The words of captions without their times: a beginning of a transcript."""
    said: list[str] = []
    for cue in parse(data):
        words = " ".join(cue.words.split())
        if not said or said[-1] != words:
            said.append(words)
    return "\n".join(said)


def _cues(lines: list[str]) -> list[Cue]:
    cues: list[Cue] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        if "-->" not in line:
            continue  # the header, notes, styles, numbers of cues
        start, end = _times(line, position)
        first = position
        while position < len(lines) and lines[position].strip() and "-->" not in lines[position]:
            position += 1
        if words := _plain("\n".join(lines[first:position])):
            cues.append(Cue(start, end, words))
    return cues


def _times(line: str, number: int) -> tuple[int, int]:
    found = _TIMING.match(line)
    if found is None:
        raise _refused(f"Dòng {number} của phụ đề ghi thời gian chưa đúng. {_HOW}")
    start, end = _milliseconds(*found.groups()[:4]), _milliseconds(*found.groups()[4:])
    if end <= start:
        raise _refused(f"Dòng {number} của phụ đề kết thúc trước khi bắt đầu. {_HOW}")
    return start, end


def _milliseconds(hours: str | None, minutes: str, seconds: str, rest: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest)


def _plain(words: str) -> str:
    words = _TAG.sub("", _VOICE.sub(r"\1: ", words))
    for entity, character in _ENTITIES:
        words = words.replace(entity, character)
    kept = [" ".join(line.split()) for line in clean_text(words.replace("&amp;", "&")).split("\n")]
    return "\n".join(line for line in kept if line)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _refused(message: str) -> Invalid:
    return refused(message, "captions")
