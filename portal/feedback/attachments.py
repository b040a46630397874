"""Citizens' attachments: checked by content, pictures re-encoded, kept where only officers come.

A file first waits beside an unsent form, then moves to its final folder before the row that
names it is committed. Pictures are drawn anew, so places and device data in them are gone.
"""

from __future__ import annotations

import io
import re
import time
import warnings
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.core import files
from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.core.text import clean_line

MAX_FILES = 3
MAX_BYTES = 5_000_000
MAX_WAITING_BYTES = 1_000_000_000
ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf"
_MAX_PIXELS = 40_000_000
_MAX_SIDE = 4_000
_MAX_PDF_OBJECTS = 50_000
_WAITING_LIFE = 24 * 3600
_MIMES = {
    "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "pdf": "application/pdf",
}  # fmt: skip
_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
_ACTIVE_KEYS = frozenset(
    (
        "/JS",
        "/JavaScript",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/AA",
        "/XFA",
        "/RichMedia",
    )
)
_ACTIVE_ACTIONS = frozenset(("/JavaScript", "/Launch", "/ImportData", "/SubmitForm"))
_UNSAFE_IN_NAMES = re.compile(r'[\\/:*?"<>|;]')


@dataclass(frozen=True, slots=True)
class Attachment:
    """A checked file: its random name on disk, the cleaned name it came with, what it is."""

    stored_name: str
    original_name: str
    mime: str
    size: int
    sha256: str


def receive(stream: IO[bytes], filename: str) -> Attachment:
    """Check an uploaded file and put it beside the other waiting ones, durably.

    Raises `Invalid` on field `files` naming the file, `OSError` when the disk fails.
    """
    name = clean_name(filename)
    data = stream.read(MAX_BYTES + 1)
    try:
        suffix = _family(data, name)
        data = _harmless_pdf(data) if suffix == "pdf" else _drawn_anew(data, suffix)
    except _Refused as refusal:
        raise Invalid({"files": f"Tệp “{name}”: {refusal}"}) from None
    _make_room()
    stored = files.store(io.BytesIO(data), waiting_folder(), suffix, limit=4 * MAX_BYTES)
    original = str(PurePath(name).with_suffix(f".{suffix}")) if PurePath(name).stem else name
    return Attachment(stored.name, original, _MIMES[suffix], stored.size, stored.sha256)


def keep(attachments: list[Attachment]) -> None:
    """Move waiting files to their final folder, durably. Doing it twice changes nothing.

    Raises `Invalid` on field `files` when one is no longer there.
    """
    if not attachments:
        return
    final = kept_folder()
    final.mkdir(mode=0o750, parents=True, exist_ok=True)
    for attachment in attachments:
        try:
            (waiting_folder() / attachment.stored_name).replace(final / attachment.stored_name)
        except FileNotFoundError:
            if not (final / attachment.stored_name).exists():
                raise Invalid(
                    {"files": f"Tệp “{attachment.original_name}” đã hết hạn chờ. Bạn đính kèm lại."}
                ) from None
    files.sync_directory(final)


def path_of(stored_name: str) -> Path:
    """Where the kept file of a row lies."""
    return kept_folder() / PurePath(stored_name).name


def kept_folder() -> Path:
    return current_settings().uploads / "feedback"


def waiting_folder() -> Path:
    return current_settings().uploads / "feedback-waiting"


def clean_name(filename: str) -> str:
    """A file name that is safe to store and to offer: one line, no path, at most 120 characters."""
    line = _UNSAFE_IN_NAMES.sub(" ", clean_line(filename.replace("\\", "/").rpartition("/")[2]))
    path = PurePath(" ".join(line.split()).strip(". ") or "tep")
    return path.stem[:110] + path.suffix[:10]


class _Refused(Exception):
    """Why a file is not taken, in words for its sender."""


def _family(data: bytes, name: str) -> str:
    """The true type of `data`; its name must not claim another."""
    if not data:
        raise _Refused("tệp trống.")
    if len(data) > MAX_BYTES:
        raise _Refused("lớn hơn 5 MB. Bạn chọn tệp nhỏ hơn hoặc chụp lại ở cỡ nhỏ.")
    suffix = _sniff(data)
    claimed = PurePath(name).suffix.lower().lstrip(".").replace("jpeg", "jpg")
    if suffix is None:
        raise _Refused("không phải ảnh JPG, PNG, WebP hoặc tài liệu PDF.")
    if claimed and claimed != suffix:
        raise _Refused(f"tên có đuôi .{claimed} nhưng nội dung là {suffix.upper()}.")
    return suffix


def _sniff(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return "pdf" if data.startswith(b"%PDF-") else None


def _drawn_anew(data: bytes, suffix: str) -> bytes:
    """The picture upright and without metadata, at most 4000 pixels a side."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[_FORMATS[suffix]]) as picture:
                if picture.width * picture.height > _MAX_PIXELS:
                    raise _Refused("ảnh quá lớn (trên 40 triệu điểm ảnh).")
                picture.draft("RGB", (_MAX_SIDE, _MAX_SIDE))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((_MAX_SIDE, _MAX_SIDE))
                return _encoded(upright, suffix)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning,
            OSError, ValueError, SyntaxError, ArithmeticError) as error:  # fmt: skip
        raise _Refused("ảnh bị hỏng, không mở được.") from error


def _encoded(picture: Image.Image, suffix: str) -> bytes:
    mode = "RGBA" if suffix != "jpg" and "A" in picture.getbands() else "RGB"
    clean = picture.convert(mode)
    clean.info.clear()
    out = io.BytesIO()
    clean.save(out, _FORMATS[suffix], **({} if suffix == "png" else {"quality": 88}))
    return out.getvalue()


def _harmless_pdf(data: bytes) -> bytes:
    """`data` itself, when it opens as a PDF without password and without active content."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.objects) > _MAX_PDF_OBJECTS:
                raise _Refused("tài liệu PDF quá phức tạp.")
            if any(_is_active(thing) for thing in pdf.objects) or _is_active(pdf.Root):
                raise _Refused(
                    "PDF có mã lệnh hoặc tệp nhúng. Bạn in lại thành PDF thường rồi gửi."
                )
    except pikepdf.PasswordError:
        raise _Refused("PDF đặt mật khẩu nên không đọc được.") from None
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError) as error:
        raise _Refused("PDF bị hỏng, không mở được.") from error
    return data


def _is_active(thing: object, depth: int = 0) -> bool:
    """Whether a PDF object runs, launches or embeds something."""
    if depth > 30:
        return True
    if isinstance(thing, pikepdf.Array):
        return any(_is_active(part, depth + 1) for part in thing if not _is_indirect(part))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if _ACTIVE_KEYS & set(thing.keys()) or str(thing.get("/S", "")) in _ACTIVE_ACTIONS:
        return True
    return any(
        _is_active(thing.get(key), depth + 1)
        for key in thing.keys()  # noqa: SIM118 - not a mapping
        if not _is_indirect(thing.get(key))
    )


def _is_indirect(thing: object) -> bool:
    """Indirect objects are looked at on their own, in the list of all objects."""
    return isinstance(thing, pikepdf.Object) and bool(thing.is_indirect)


def _make_room() -> None:
    """Drop waiting files whose form was never sent; refuse more when too many wait."""
    folder, oldest, total = waiting_folder(), time.time() - _WAITING_LIFE, 0
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        try:
            status = path.stat()
            if status.st_mtime < oldest:
                path.unlink()
            else:
                total += status.st_size
        except FileNotFoundError:
            continue
    if total > MAX_WAITING_BYTES:
        raise Invalid(
            {"files": "Hiện có quá nhiều tệp đang chờ. Bạn gửi phần chữ trước, bỏ tệp đính kèm."}
        )
