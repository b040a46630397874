"""Documents and recordings: taken when they are what they say and do nothing by themselves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from portal.core import files
from portal.media import pdf_probe
from portal.media.archives import check_office
from portal.media.sniff import refused

_SECONDS = 30
_TAIL = 65_557  # as far from the end as the directory of a zip archive may lie
_PDF_REFUSALS = {
    "active": (
        "Tệp PDF có mã chạy được, biểu mẫu động hoặc tệp nhúng. "
        "Bạn in lại thành PDF thường rồi gửi."
    ),
    "locked": "Tệp PDF có đặt mật khẩu. Bạn bỏ mật khẩu rồi gửi lại.",
    "complex": "Tệp PDF quá phức tạp. Bạn chia nhỏ hoặc in lại thành PDF thường.",
}
_PDF_BROKEN = "Tệp PDF bị hỏng hoặc tải lên chưa hết. Bạn mở thử rồi lưu lại."
_AUDIO_BROKEN = "Tệp âm thanh bị hỏng hoặc không phải là tệp .{}."


def keep(stream: BinaryIO, folder: Path, extension: str, *, limit: int) -> files.StoredFile:
    """Store a file in `folder` as `files.store` does, if it is a sound, harmless one of its
    format; otherwise raise `Invalid` on field `file` and leave nothing.

    May take seconds: call it outside `write()`.
    """
    stored = files.store(stream, folder, extension, limit=limit)
    path = folder / stored.name
    try:
        _CHECKS[extension](path, extension)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return stored


def _check_pdf(path: Path, _extension: str) -> None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    after = tail.rpartition(b"%%EOF")[2]
    if b"%%EOF" not in tail or b"PK\x05\x06" in tail or after.strip(b"\x00 \t\r\n"):
        raise refused(_PDF_BROKEN)
    word = _probe(path)
    if word != "ok":
        raise refused(_PDF_REFUSALS.get(word, _PDF_BROKEN))


def _probe(path: Path) -> str:
    command = [sys.executable, "-I", str(Path(pdf_probe.__file__)), str(path)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, our own random file name
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "complex"
    return done.stdout.strip() or "complex"


def _check_mp3(path: Path, extension: str) -> None:
    """After the tag, two frames in a row."""
    with path.open("rb") as file:
        head = file.read(10)
        if head.startswith(b"ID3"):
            size = sum(
                (byte & 0x7F) << shift
                for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=False)
            )
            file.seek(10 + size)
        else:
            file.seek(0)
        window = file.read(1 << 16)
    start = window.find(b"\xff")
    while start >= 0:
        length = _frame_length(window[start : start + 4])
        if length and _frame_length(window[start + length : start + length + 4]):
            return
        start = window.find(b"\xff", start + 1)
    raise refused(_AUDIO_BROKEN.format(extension))


_RATES_V1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_V2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLES = (44_100, 48_000, 32_000)


def _frame_length(header: bytes) -> int:
    """The length of an MPEG layer III frame with this header, 0 when it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version = header[1] >> 3 & 3  # 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    rate, sample = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or sample == 3:
        return 0
    rates, factor = (_RATES_V1, 144_000) if version == 3 else (_RATES_V2, 72_000)
    hertz = _SAMPLES[sample] // {3: 1, 2: 2, 0: 4}[version]
    return factor * rates[rate] // hertz + (header[2] >> 1 & 1)


def _check_m4a(path: Path, extension: str) -> None:
    """An MPEG-4 file with sound and no moving picture."""
    with path.open("rb") as file:
        handlers = set(_handlers(file, 0, path.stat().st_size, []))
    if b"soun" not in handlers:
        raise refused(_AUDIO_BROKEN.format(extension))
    if b"vide" in handlers:
        raise refused("Tệp có hình động. Thư viện chỉ nhận âm thanh; phim thì đăng trên YouTube.")


_PARENTS = {b"moov", b"trak", b"mdia"}
_MOST_BOXES = 2_000


def _handlers(file: BinaryIO, start: int, end: int, seen: list[int]) -> Iterator[bytes]:
    """The handler types of all tracks; `seen` counts the boxes that were looked at."""
    while start + 8 <= end and len(seen) < _MOST_BOXES:
        seen.append(start)
        file.seek(start)
        header = file.read(16)
        size, kind = int.from_bytes(header[:4], "big"), header[4:8]
        inner = 16 if size == 1 else 8
        size = int.from_bytes(header[8:16], "big") if size == 1 else size or end - start
        if size < inner or start + size > end:
            return
        if kind in _PARENTS:
            yield from _handlers(file, start + inner, start + size, seen)
        elif kind == b"hdlr":
            file.seek(start + inner)
            yield file.read(12)[8:12]
        start += size


_CHECKS: dict[str, Callable[[Path, str], None]] = {
    "pdf": _check_pdf,
    "docx": check_office,
    "xlsx": check_office,
    "mp3": _check_mp3,
    "m4a": _check_m4a,
}
