"""Bytes of a text file as text: the encodings that Vietnamese offices really save in."""

from __future__ import annotations

import codecs
import gzip
import unicodedata
import zlib
from pathlib import Path

from portal.procedures.importing.tables import Unreadable

MAX_TEXT = 120 * 1024 * 1024
_CHUNK = 1 << 20
_SAMPLE = 4_000
_ENOUGH = 0.9
_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_SHAPES = "\u0306\u0302\u031b"  # breve, circumflex, horn
_STROKE = ("\u0111", "\u0110")
_SIGNS = "\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2022\u00a0\u00ab\u00bb\u00b0\u00a7\u20ab"
# What Vietnamese text holds beyond ASCII when it is saved in Windows-1258.
_VIETNAMESE = frozenset(
    [*_MARKS, *_STROKE, *_SIGNS]
    + [
        unicodedata.normalize("NFC", base + mark)
        for base in "aeiouyAEIOUY"
        for mark in _MARKS + _SHAPES
    ]
)


def text_of(path: Path) -> tuple[str, str]:
    """The whole text of a file (unpacked if its name ends in .gz), and its encoding when that is
    not UTF-8. Raises `Unreadable` for what is no text, or unfolds too far."""
    data = _bytes_of(path)
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, encoding), "" if mark == codecs.BOM_UTF8 else "UTF-16"
    if wide := _wide(data[:_SAMPLE]):
        return _strictly(data, wide), "UTF-16"
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return _windows(data), "Windows-1258"


def _bytes_of(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            parts, size = [], 0
            while part := file.read(_CHUNK):
                size += len(part)
                if size > MAX_TEXT:
                    raise Unreadable(
                        f"Tệp giải nén ra hơn {MAX_TEXT // (1024 * 1024)} MB. Hãy chia nhỏ tệp."
                    )
                parts.append(part)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Unreadable("Tệp nén .gz hỏng hoặc tải lên chưa hết.") from error
    return b"".join(parts)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("Chữ trong tệp bị hỏng. Hãy lưu lại với mã UTF-8.") from error


def _wide(sample: bytes) -> str:
    """UTF-16 without its mark shows by a nought in nearly every other byte of plain letters."""
    half = len(sample) // 2
    if half < 2:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.4 and odd < half * 0.1 else ""


def _windows(data: bytes) -> str:
    """Windows-1258, if what comes out is Vietnamese: any bytes at all would come out as
    something."""
    try:
        text = data.decode("cp1258")
    except UnicodeDecodeError as error:
        raise Unreadable("Tệp không phải chữ UTF-8. Hãy lưu lại với mã UTF-8.") from error
    foreign = [char for char in text[: 50 * _SAMPLE] if not char.isascii()]
    if sum(char in _VIETNAMESE for char in foreign) < _ENOUGH * len(foreign):
        raise Unreadable("Tệp không phải chữ UTF-8. Hãy lưu lại với mã UTF-8.")
    return unicodedata.normalize("NFC", text)
