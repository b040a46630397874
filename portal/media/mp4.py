"""MPEG-4 files: which tracks, in which coding, how long. Reads boxes, never the coded data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from portal.media.facts import Facts
from portal.media.sniff import refused

_PARENTS = frozenset([b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex"])
_MOST_BOXES, _MOST_DEPTH = 2_000, 8
_MOST_READ = 4_096  # of one box: what is asked for stands at its beginning
_FILM = {b"avc1": "H.264", b"avc3": "H.264"}
_SOUND = frozenset([b"mp4a", b".mp3", b"Opus", b"fLaC"])
_OTHER_FILMS = {
    **dict.fromkeys((b"hvc1", b"hev1"), "H.265 (HEVC)"),
    **dict.fromkeys((b"dvh1", b"dvhe"), "Dolby Vision"),
    **dict.fromkeys((b"apcn", b"apch", b"apcs"), "ProRes"),
    b"av01": "AV1", b"vp09": "VP9", b"mp4v": "MPEG-4 Visual",
}  # fmt: skip
_HOW = "Bạn mở bằng phần mềm dựng phim, xuất lại dạng MP4, mã hình H.264, mã tiếng AAC."


@dataclass(slots=True)
class _Track:
    handler: bytes = b""
    coding: bytes = b""
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class _Movie:
    seconds: float = 0.0
    timescale: int = 0
    tracks: list[_Track] = field(default_factory=list)

    def of(self, handler: bytes) -> list[_Track]:
        return [track for track in self.tracks if track.handler == handler]


def look_into_sound(path: Path) -> Facts:
    """How long an .m4a sounds. Raises `Invalid` on `file` unless it has sound and no film."""
    movie = _read(path)
    if not movie.of(b"soun"):
        raise refused("Tệp âm thanh bị hỏng hoặc không phải là tệp .m4a.")
    if movie.of(b"vide"):
        raise refused("Tệp có hình động. Bạn đổi đuôi tệp thành .mp4 rồi tải lên lại.")
    _refuse_unknown_sound(movie)
    return Facts(seconds=round(movie.seconds) or None)


def look_into_film(path: Path) -> Facts:
    """Size and length of an .mp4. Raises `Invalid` on `file` unless browsers can play it."""
    movie = _read(path)
    films = movie.of(b"vide")
    if not films:
        raise refused("Tệp .mp4 không có hình hoặc bị hỏng. Bạn mở thử rồi xuất lại.")
    for film in films:
        if film.coding not in _FILM:
            name = _OTHER_FILMS.get(film.coding, "lạ")
            raise refused(f"Phim dùng mã hình {name}, nhiều trình duyệt không phát được. {_HOW}")
    _refuse_unknown_sound(movie)
    return Facts(
        seconds=round(movie.seconds) or None, width=films[0].width or None,
        height=films[0].height or None,
    )  # fmt: skip


def _refuse_unknown_sound(movie: _Movie) -> None:
    if any(track.coding not in _SOUND for track in movie.of(b"soun")):
        raise refused(f"Tệp dùng mã tiếng mà nhiều trình duyệt không phát được. {_HOW}")


def _read(path: Path) -> _Movie:
    movie = _Movie()
    with path.open("rb") as file:
        for kind, data in _boxes(file, 0, path.stat().st_size, [], 0):
            _note(movie, kind, data)
    return movie


def _boxes(
    file: BinaryIO, start: int, end: int, seen: list[int], depth: int
) -> Iterator[tuple[bytes, bytes]]:
    """(kind, first bytes) of each box, parents before their children. A box that does not fit
    into its parent ends the reading; `seen` and `depth` bound it."""
    while start + 8 <= end and len(seen) < _MOST_BOXES and depth < _MOST_DEPTH:
        seen.append(start)
        file.seek(start)
        header = file.read(16)
        size, kind = int.from_bytes(header[:4], "big"), header[4:8]
        inner = 16 if size == 1 else 8
        size = int.from_bytes(header[8:16], "big") if size == 1 else size or end - start
        if size < inner or start + size > end:
            return
        file.seek(start + inner)
        wanted = kind in _READERS
        yield kind, file.read(min(size - inner, _MOST_READ)) if wanted else b""
        if kind in _PARENTS:
            yield from _boxes(file, start + inner, start + size, seen, depth + 1)
        start += size


def _note(movie: _Movie, kind: bytes, data: bytes) -> None:
    if kind == b"trak":
        movie.tracks.append(_Track())
    elif kind in (b"mvhd", b"mehd"):
        _note_length(movie, kind, data)
    elif movie.tracks:
        track = movie.tracks[-1]
        if kind == b"hdlr":
            track.handler = data[8:12]
        elif kind == b"tkhd":
            track.width, track.height = _number(data[-8:-6]), _number(data[-4:-2])
        elif kind == b"stsd" and not track.coding:
            track.coding = data[12:16]


def _note_length(movie: _Movie, kind: bytes, data: bytes) -> None:
    """`mvhd` says the scale and the length; a film in fragments says its length in `mehd`."""
    long = data[:1] == b"\x01"
    if kind == b"mehd":
        length = _number(data[4:12] if long else data[4:8])
    else:
        at = 20 if long else 12
        movie.timescale = _number(data[at : at + 4])
        length = _number(data[at + 4 : at + (12 if long else 8)])
        length = 0 if length in (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF) else length
    seconds = length / movie.timescale if movie.timescale else 0.0
    if 0 < seconds < _MOST_SECONDS:
        movie.seconds = seconds


_MOST_SECONDS = 360_000  # a header that says more than 100 hours is not believed
_READERS = frozenset([b"mvhd", b"mehd", b"hdlr", b"tkhd", b"stsd"])


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
