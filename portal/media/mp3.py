"""MP3: is it one, and how long does it sound. Frames are counted: headers of encoders lie."""

from __future__ import annotations

from pathlib import Path

from portal.media.facts import Facts
from portal.media.sniff import refused

_RATES_V1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_V2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLES = (44_100, 48_000, 32_000)
_WINDOW = 1 << 16  # how far after the tag the sound may begin
_HOLES = 200  # places where frames stop and begin again, such as joined recordings


def look_into(path: Path) -> Facts:
    """How long the file at `path` sounds. Raises `Invalid` on `file` unless two frames in a row
    stand near its beginning."""
    data = path.read_bytes()
    start = _after_tag(data)
    position = _first_frame(data, start, start + _WINDOW)
    if position < 0:
        raise refused("Tệp âm thanh bị hỏng hoặc không phải là tệp .mp3.")
    seconds, holes = 0.0, 0
    while 0 <= position < len(data) and holes <= _HOLES:
        length, lasts = _frame(data, position)
        if length:
            seconds += lasts
            position += length
        else:
            holes += 1
            position = _first_frame(data, position + 1, position + _WINDOW)
    return Facts(seconds=max(1, round(seconds)))


def _after_tag(data: bytes) -> int:
    if not data.startswith(b"ID3"):
        return 0
    return 10 + sum(
        (byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=False)
    )


def _first_frame(data: bytes, start: int, end: int) -> int:
    """Where the first of two frames in a row begins, -1 when none does before `end`."""
    position = data.find(b"\xff", start, end)
    while position >= 0:
        length, _ = _frame(data, position)
        if length and _frame(data, position + length)[0]:
            return position
        position = data.find(b"\xff", position + 1, end)
    return -1


def _frame(data: bytes, at: int) -> tuple[int, float]:
    """Length in bytes and seconds of the MPEG layer III frame at a place; zeros for none."""
    header = data[at : at + 4]
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0, 0.0
    version = header[1] >> 3 & 3  # 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    rate, sample = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or sample == 3:
        return 0, 0.0
    rates, factor, samples = (
        (_RATES_V1, 144_000, 1152) if version == 3 else (_RATES_V2, 72_000, 576)
    )
    hertz = _SAMPLES[sample] // {3: 1, 2: 2, 0: 4}[version]
    return factor * rates[rate] // hertz + (header[2] >> 1 & 1), samples / hertz
