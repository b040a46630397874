"""Citizens' attachments: judged and drawn anew as the library does, kept for officers only.

A file first waits beside an unsent form, then moves to its final folder before the row that
names it is committed. Pictures are drawn anew, so places and device data in them are gone; a PDF
loses what it tells of its author and program.
"""

from __future__ import annotations

import io
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO

from sqlalchemy import select

from portal.core import files
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.feedback.models import FeedbackFile, FeedbackPublicFile
from portal.media import documents, pictures, sniff
from portal.media.sniff import refused

MAX_FILES = 3
MAX_BYTES = 5_000_000
MAX_WAITING_BYTES = 1_000_000_000
MOST_NAME = 120
# Types beside endings: an iPhone that sees no HEIC among them hands over a JPEG by itself.
ACCEPT = "image/jpeg,image/png,image/webp,application/pdf,.jpg,.jpeg,.png,.webp,.pdf"
APPLE = (
    "Ảnh HEIC của điện thoại chưa dùng được ở đây. Bạn mở ảnh, chụp màn hình ảnh ấy rồi gửi, hoặc"
    " đổi kiểu ảnh của máy sang JPG (iPhone: Cài đặt, Máy ảnh, Định dạng, Tương thích nhất)."
)
_WAITING_LIFE, _ORPHAN_LIFE = 24 * 3600, 48 * 3600
_UNSAFE_IN_NAMES = re.compile(r'[:*?"<>|;]')
PICTURES = frozenset(["jpg", "png", "webp"])
_TAKEN = PICTURES | {"pdf"}
_MOST_SIDE = 4_000  # pixels: small print on a photographed page stays readable


@dataclass(frozen=True, slots=True)
class Attachment:
    """A checked file: its random name on disk, the cleaned name it came with, what it is."""

    stored_name: str
    original_name: str
    mime: str
    size: int
    sha256: str


def receive(
    stream: IO[bytes], filename: str, taken: frozenset[str] = _TAKEN, most_side: int = _MOST_SIDE
) -> Attachment:
    """Check an uploaded file and put it beside the other waiting ones, durably.

    `taken` says which types may come in, `most_side` how many pixels of a picture stay.
    Raises `Invalid` on field `files` naming the file, `OSError` when the disk fails.
    """
    name = clean_name(filename)
    data = stream.read(MAX_BYTES + 1)
    try:
        suffix = _family(data, name, taken)
        stored = _stored(data, suffix, most_side)
    except Invalid as refusal:
        reason = " ".join(refusal.problems.values())
        raise Invalid({"files": f"Tệp “{name}”: {reason}"}) from None
    original = PurePath(name).with_suffix(f".{suffix}").name
    return Attachment(stored.name, original, sniff.FORMATS[suffix].mime, stored.size, stored.sha256)


def keep(attachments: list[Attachment], folder: Path | None = None) -> None:
    """Move waiting files to their final folder, durably. Doing it twice changes nothing.

    Raises `Invalid` on field `files` when one is no longer there.
    """
    if not attachments:
        return
    final = folder or kept_folder()
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


def public_folder() -> Path:
    """Where the pictures of public copies lie, apart from what citizens sent."""
    return current_settings().uploads / "feedback-public"


def waiting_folder() -> Path:
    return current_settings().uploads / "feedback-waiting"


def clean_name(filename: str) -> str:
    """The library's clean name, also safe to save on any system; at most `MOST_NAME` long."""
    return sniff.clean_name(_UNSAFE_IN_NAMES.sub(" ", sniff.clean_name(filename)), MOST_NAME)


def _family(data: bytes, name: str, taken: frozenset[str]) -> str:
    """The true type of `data`; its name must not claim another."""
    if not data:
        raise refused("Tệp trống. Bạn chọn lại tệp.")
    if len(data) > MAX_BYTES:
        raise refused("Lớn hơn 5 MB. Bạn chọn tệp nhỏ hơn hoặc chụp lại ở cỡ nhỏ.")
    if sniff.is_apple_picture(data):
        raise refused(APPLE)
    suffix = next(iter(sniff.sniff(data) & taken), None)
    if suffix is None and taken == PICTURES:
        raise refused("Ở đây chỉ dùng được ảnh JPG, PNG, WebP.")
    if suffix is None:
        raise refused("Cơ quan chỉ nhận ảnh JPG, PNG, WebP và tài liệu PDF.")
    claimed = sniff.claimed(name)
    if claimed and claimed != suffix:
        real = suffix.upper()
        raise refused(f"Tên có đuôi .{claimed} nhưng nội dung là {real}. Bạn đổi đúng đuôi tệp.")
    return suffix


def _stored(data: bytes, suffix: str, most_side: int) -> files.StoredFile:
    if suffix == "pdf":
        _make_room()
        return documents.keep_unsigned(io.BytesIO(data), waiting_folder(), limit=MAX_BYTES)
    drawn = pictures.redraw(data, suffix, most_side)
    _make_room()
    return files.store(io.BytesIO(drawn), waiting_folder(), suffix, limit=4 * MAX_BYTES)


def purge() -> int:
    """Delete waiting files whose form was not sent in a day, and kept ones that no row has
    named for two days (their transaction failed); returns how many."""
    return (
        _delete_older(_files(waiting_folder()), _WAITING_LIFE)
        + _delete_older(_orphans(FeedbackFile, kept_folder()), _ORPHAN_LIFE)
        + _delete_older(_orphans(FeedbackPublicFile, public_folder()), _ORPHAN_LIFE)
    )


def _orphans(table: type[FeedbackFile] | type[FeedbackPublicFile], folder: Path) -> list[Path]:
    kept = {path.name: path for path in _files(folder)}
    named = set(db.session.scalars(select(table.stored_name)))
    return [kept[name] for name in kept.keys() - named]


def _make_room() -> None:
    """Drop waiting files whose form was never sent; refuse more when too many wait."""
    _delete_older(_files(waiting_folder()), _WAITING_LIFE)
    if sum(map(_size, _files(waiting_folder()))) > MAX_WAITING_BYTES:
        raise Invalid(
            {"files": "Hiện có quá nhiều tệp đang chờ. Bạn gửi phần chữ trước, bỏ tệp đính kèm."}
        )


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # its form was sent meanwhile
        return 0


def _delete_older(paths: list[Path], seconds: int) -> int:
    oldest, count = time.time() - seconds, 0
    for path in paths:
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                count += 1
    return count
