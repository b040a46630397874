"""Documents and recordings: taken when they are what they say and do nothing by themselves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from portal.core import files
from portal.media import mp3, mp4, pdf_probe, webm
from portal.media.archives import check_office
from portal.media.facts import Facts
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


def keep(stream: BinaryIO, folder: Path, extension: str, *, limit: int) -> files.StoredFile:
    """Store a file in `folder` as `files.store` does, if it is a sound, harmless one of its
    format; otherwise raise `Invalid` on field `file` and leave nothing.

    May take seconds: call it outside `write()`.
    """
    return keep_and_tell(stream, folder, extension, limit=limit)[0]


def keep_and_tell(
    stream: BinaryIO, folder: Path, extension: str, *, limit: int
) -> tuple[files.StoredFile, Facts]:
    """As `keep`, with what was learnt of the file."""
    stored = files.store(stream, folder, extension, limit=limit)
    path = folder / stored.name
    try:
        return stored, look_into(path, extension)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def keep_unsigned(stream: BinaryIO, folder: Path, *, limit: int) -> files.StoredFile:
    """Store a PDF as `keep` does, without what it tells of its author, program and dates."""
    stored = files.store(stream, folder, "pdf", limit=limit)
    path = folder / stored.name
    cleaned = path.with_suffix(".cleaned")
    try:
        _look_into_pdf(path, cleaned)
        if not cleaned.exists():
            return stored
        with cleaned.open("rb") as file:
            anew = files.store(file, folder, "pdf", limit=2 * limit)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        cleaned.unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    return anew


def look_into(path: Path, extension: str) -> Facts:
    """What is to be known of a stored file. Raises `Invalid` on `file` unless it is sound."""
    return _LOOKS[extension](path)


def _look_into_office(path: Path, extension: str) -> Facts:
    check_office(path, extension)
    return Facts()


def _look_into_pdf(path: Path, cleaned: Path | None = None) -> Facts:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    after = tail.rpartition(b"%%EOF")[2]
    if b"%%EOF" not in tail or b"PK\x05\x06" in tail or after.strip(b"\x00 \t\r\n"):
        raise refused(_PDF_BROKEN)
    word, *told = _probe(path, cleaned).split()
    if word != "ok":
        raise refused(_PDF_REFUSALS.get(word, _PDF_BROKEN))
    return Facts(pages=int(told[0]), text_layer=told[1]) if len(told) == 2 else Facts()


def _probe(path: Path, cleaned: Path | None = None) -> str:
    command = [sys.executable, "-I", str(Path(pdf_probe.__file__)), str(path)]
    command += [str(cleaned)] if cleaned else []
    try:
        done = subprocess.run(  # noqa: S603 - our own program, our own random file name
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "complex"
    return done.stdout.strip() or "complex"


_LOOKS: dict[str, Callable[[Path], Facts]] = {
    "pdf": _look_into_pdf,
    "docx": lambda path: _look_into_office(path, "docx"),
    "xlsx": lambda path: _look_into_office(path, "xlsx"),
    "mp3": mp3.look_into,
    "m4a": mp4.look_into_sound,
    "mp4": mp4.look_into_film,
    "webm": webm.look_into_film,
}
