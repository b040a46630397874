"""From what arrived to what is kept: checked, durable on disk, not yet in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portal.core.text import clean_line
from portal.media import documents, pictures, sniff, storage
from portal.media.facts import Facts
from portal.media.models import CONTENT, MediaFile, MediaKind

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived: nothing in it is trusted."""

    stream: BinaryIO
    filename: str
    declared_type: str = ""


def digest(sent: Upload) -> str:
    """The SHA-256 of what was sent; the stream is at its beginning again afterwards."""
    found = hashlib.sha256()
    sent.stream.seek(0)
    while chunk := sent.stream.read(_CHUNK):
        found.update(chunk)
    sent.stream.seek(0)
    return found.hexdigest()


@contextmanager
def taken_in(sent: Upload, kinds: Collection[MediaKind]) -> Iterator[MediaFile]:
    """A row with the content of a checked file that lies on disk, for as long as it takes to
    commit it: whatever is raised inside removes the file again.

    Raises `Invalid` on field `file` with what to do, `OSError` when the disk fails.
    """
    row = _take_in(sent, kinds)
    try:
        yield row
    except Exception:  # not when a worker is being ended: the row may be committed already
        storage.remove(storage.folder() / name for name in storage.file_names(row))
        raise


def copy_content(source: object, target: object) -> None:
    """Let `target` be made of what `source` is made of."""
    for name in CONTENT:
        setattr(target, name, getattr(source, name))


def title_from(name: str) -> str:
    """A title made of a file's name."""
    return clean_line(Path(name).stem.replace("_", " "))[:200] or name


def _take_in(sent: Upload, kinds: Collection[MediaKind]) -> MediaFile:
    sent.stream.seek(0)
    found = sniff.identify(sent.stream.read(sniff.HEAD), sent.filename, sent.declared_type)
    if found.kind not in kinds:
        raise sniff.refused("Loại tệp này không dùng được ở đây.")
    size = sent.stream.seek(0, 2)
    if size > found.limit:
        raise sniff.refused(
            f"Tệp lớn hơn {found.limit // 1_000_000} MB, mức lớn nhất của .{found.extension}. "
            "Bạn chọn tệp nhỏ hơn."
        )
    sent.stream.seek(0)
    row = MediaFile(
        kind=found.kind.value, original_name=sniff.clean_name(sent.filename),
        extension=found.extension, mime=found.mime, poster_name="", captions_name="",
    )  # fmt: skip
    return _picture(row, sent) if found.kind == MediaKind.IMAGE else _document(row, sent, found)


def _picture(row: MediaFile, sent: Upload) -> MediaFile:
    data = sent.stream.read()
    drawn = pictures.render(data, row.extension)
    row.size, row.sha256 = len(data), hashlib.sha256(data).hexdigest()
    row.stored_name = storage.keep_picture(drawn)
    learn(row, Facts(width=drawn.width, height=drawn.height))
    return row


def _document(row: MediaFile, sent: Upload, found: sniff.Format) -> MediaFile:
    kept, facts = documents.keep_and_tell(
        sent.stream, storage.folder(), found.extension, limit=found.limit
    )
    row.size, row.sha256, row.stored_name = kept.size, kept.sha256, Path(kept.name).stem
    learn(row, facts)
    return row


def learn(row: MediaFile, facts: Facts) -> None:
    """Note what was learnt of a file."""
    row.width, row.height = facts.width, facts.height
    row.seconds, row.pages, row.text_layer = facts.seconds, facts.pages, facts.text_layer
