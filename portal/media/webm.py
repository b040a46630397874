"""WebM films: which coding, how long. Reads the elements before the first cluster alone."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal.media.facts import Facts
from portal.media.sniff import refused

_HEAD = 1 << 20  # what players need stands at the beginning
_MOST_ELEMENTS = 2_000
_EBML, _DOC_TYPE, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x4282, 0x18538067, 0x1F43B675
_INFO, _SCALE, _DURATION = 0x1549A966, 0x2AD7B1, 0x4489
_TRACKS, _ENTRY, _VIDEO, _CODEC, _WIDTH, _HEIGHT = 0x1654AE6B, 0xAE, 0xE0, 0x86, 0xB0, 0xBA
_PARENTS = frozenset([_EBML, _SEGMENT, _INFO, _TRACKS, _ENTRY, _VIDEO])
_PLAYED = frozenset([b"V_VP8", b"V_VP9", b"A_VORBIS", b"A_OPUS"])
_MOST_SECONDS = 360_000
_BROKEN = "Tệp .webm bị hỏng hoặc tải lên chưa hết. Bạn mở thử rồi xuất lại."


@dataclass(slots=True)
class _Film:
    kind: bytes = b""
    scale: int = 1_000_000
    duration: float = 0.0
    codings: list[bytes] = field(default_factory=list)
    width: int = 0
    height: int = 0


def look_into_film(path: Path) -> Facts:
    """Size and length of a .webm. Raises `Invalid` on `file` unless browsers can play it."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    film = _Film()
    for element, data in _elements(head, 0, len(head), [0]):
        _note(film, element, data)
    if film.kind != b"webm" or not any(c.startswith(b"V_") for c in film.codings):
        raise refused(_BROKEN)
    if strange := [coding for coding in film.codings if coding not in _PLAYED]:
        name = strange[0][2:20].decode("ascii", "replace")
        raise refused(
            f"Phim dùng mã {name}, nhiều trình duyệt không phát được. Bạn xuất lại dạng MP4, "
            "mã hình H.264, mã tiếng AAC."
        )
    seconds = film.duration * film.scale / 1e9
    believed = round(seconds) if 0 < seconds < _MOST_SECONDS else 0
    return Facts(seconds=believed or None, width=film.width or None, height=film.height or None)


def _elements(data: bytes, start: int, end: int, seen: list[int]) -> Iterator[tuple[int, bytes]]:
    """(id, content) of each element, down to the first cluster."""
    while start < end and seen[0] < _MOST_ELEMENTS:
        seen[0] += 1
        number, position = _vint(data, start, keep_mark=True)
        size, position = _vint(data, position)
        if number <= 0 or size == -1 or number == _CLUSTER:
            return
        until = end if size == _UNKNOWN else min(end, position + size)
        if number in _PARENTS:
            yield from _elements(data, position, until, seen)
        else:
            yield number, data[position : min(until, position + 64)]
        start = until


_UNKNOWN = -2


def _vint(data: bytes, at: int, *, keep_mark: bool = False) -> tuple[int, int]:
    """A number of EBML and where it ends; -1 when there is none, `_UNKNOWN` for an open size."""
    if at >= len(data) or data[at] == 0:
        return -1, at
    length = 9 - data[at].bit_length()
    raw = data[at : at + length]
    if len(raw) < length:
        return -1, at
    value = int.from_bytes(raw, "big")
    if not keep_mark:
        value &= (1 << 7 * length) - 1
        if value == (1 << 7 * length) - 1:
            value = _UNKNOWN
    return value, at + length


def _note(film: _Film, element: int, data: bytes) -> None:
    if element == _DOC_TYPE:
        film.kind = data.rstrip(b"\0")
    elif element == _SCALE:
        film.scale = int.from_bytes(data[:8], "big")
    elif element == _DURATION and len(data) in (4, 8):
        film.duration = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]
    elif element == _CODEC:
        film.codings.append(data.rstrip(b"\0"))
    elif element == _WIDTH and not film.width:
        film.width = int.from_bytes(data[:4], "big")
    elif element == _HEIGHT and not film.height:
        film.height = int.from_bytes(data[:4], "big")
