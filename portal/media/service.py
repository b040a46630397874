"""The use cases of the library: take a file in, describe it, remove it and bring it back."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, may, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.text import clean_line, fold
from portal.media import documents, pictures, sniff, storage, usage
from portal.media.models import MediaFile, MediaKind

KEPT_AFTER_REMOVAL = timedelta(days=30)
_LIMITS = {"title": 200, "alt": 300, "credit": 200}
_NAMES = {"title": "Tên", "alt": "Mô tả ảnh", "credit": "Nguồn, tác giả"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What people say of a file. An empty title becomes the file's own name."""

    title: str = ""
    alt: str = ""
    credit: str = ""

    def cleaned(self) -> Description:
        """As it is stored. Raises `Invalid` naming the field that is too long."""
        values = {name: clean_line(getattr(self, name)) for name in _LIMITS}
        problems = {
            name: f"{_NAMES[name]} dài quá {limit} ký tự. Bạn rút ngắn lại."
            for name, limit in _LIMITS.items()
            if len(values[name]) > limit
        }
        if problems:
            raise Invalid(problems)
        return Description(**values)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived: nothing in it is trusted."""

    stream: BinaryIO
    filename: str
    declared_type: str = ""


def upload(
    actor: Actor,
    sent: Upload,
    description: Description,
    *,
    unit_code: str | None = None,
    kinds: Collection[MediaKind] = tuple(MediaKind),
) -> int:
    """Check a file, keep it durably, then its row; returns the row's id.

    Pictures are drawn anew and documents looked into before the transaction begins. Raises
    `Invalid` (field `file`) with what to do, `OSError` when the disk fails; neither leaves a file.
    """
    require(actor, "media.upload")
    described = description.cleaned()
    unit_code = _unit_for(actor, unit_code)
    media = _take_in(sent, kinds)
    media.title = described.title or _title_from(media.original_name)
    media.alt, media.credit = described.alt, described.credit
    media.author_id, media.unit_code = actor.user_id, unit_code
    media.folded = _folded(media)
    try:
        with write() as session:
            session.add(media)
            session.flush()
            _record(session, AuditEvent.MEDIA_UPLOADED, actor, media, {
                "kind": (None, media.kind), "size": (None, media.size),
            })  # fmt: skip
            return media.id
    except Exception:  # not when a worker is being ended: the row may be committed already
        storage.remove(storage.folder() / name for name in storage.file_names(media))
        raise


def describe(
    actor: Actor, media_id: int, description: Description, *, is_public: bool | None = None
) -> None:
    """Change title, alternative text and credit; `is_public` None leaves the flag."""
    described = description.cleaned()
    if not described.title:
        raise Invalid({"title": "Nhập tên của tư liệu."})
    with write() as session:
        media = _find(session, media_id)
        require(actor, "media.edit", media)
        before = _snapshot(media)
        media.title, media.alt, media.credit = described.title, described.alt, described.credit
        if is_public is not None:
            media.is_public = is_public
        media.folded = _folded(media)
        if changes := audit.differences(before, _snapshot(media)):
            _record(session, AuditEvent.MEDIA_CHANGED, actor, media, changes)


def remove(actor: Actor, media_id: int) -> None:
    """Take a file out of the library; `restore` brings it back for 30 days.

    Raises `Conflict` while something that readers see uses it.
    """
    with write() as session:
        media = _find(session, media_id)
        require(actor, "media.remove", media)
        if media.removed_at is not None:
            return
        shown = [use.title for use in usage.uses(session, media.id) if use.public]
        if shown:
            raise Conflict(
                f"Tệp đang được dùng trong bài đã đăng: “{shown[0]}”. Bạn bỏ ở đó trước."
            )
        media.removed_at = clock.now()
        _record(session, AuditEvent.MEDIA_REMOVED, actor, media, {"removed": (False, True)})


def restore(actor: Actor, media_id: int) -> None:
    """Bring a removed file back."""
    with write() as session:
        media = _find(session, media_id)
        require(actor, "media.remove", media)
        if media.removed_at is not None:
            media.removed_at = None
            _record(session, AuditEvent.MEDIA_RESTORED, actor, media, {"removed": (True, False)})


def purge() -> int:
    """Delete what was removed over 30 days ago and nothing refers to; returns how many.

    Rows go first: a crash in between leaves files without a row, which `flask check` lists.
    """
    names: list[str] = []
    count = 0
    with write() as session:
        old = MediaFile.removed_at < clock.now() - KEPT_AFTER_REMOVAL
        for media in session.scalars(select(MediaFile).where(old)):
            if not usage.uses(session, media.id):
                names += storage.file_names(media)
                session.delete(media)
                count += 1
    storage.remove(storage.folder() / name for name in names)
    return count


def _take_in(sent: Upload, kinds: Collection[MediaKind]) -> MediaFile:
    """The file on disk, checked, as a row without description; nothing stays when refused."""
    found = sniff.identify(sent.stream.read(sniff.HEAD), sent.filename, sent.declared_type)
    if found.kind not in kinds:
        raise sniff.refused("Loại tệp này không dùng được ở đây.")
    sent.stream.seek(0, 2)
    if sent.stream.tell() > found.limit:
        raise sniff.refused(f"Tệp lớn hơn {found.limit // 1_000_000} MB. Bạn chọn tệp nhỏ hơn.")
    sent.stream.seek(0)
    row = MediaFile(
        public_id=token_hex(16),
        kind=found.kind.value,
        original_name=sniff.clean_name(sent.filename),
        extension=found.extension,
        mime=found.mime,
        created_at=clock.now(),
    )
    return _picture(row, sent) if found.kind == MediaKind.IMAGE else _document(row, sent, found)


def _picture(row: MediaFile, sent: Upload) -> MediaFile:
    data = sent.stream.read()
    drawn = pictures.render(data, row.extension)
    row.width, row.height = drawn.width, drawn.height
    row.size, row.sha256 = len(data), hashlib.sha256(data).hexdigest()
    row.stored_name = storage.keep_picture(drawn)
    return row


def _document(row: MediaFile, sent: Upload, found: sniff.Format) -> MediaFile:
    kept = documents.keep(sent.stream, storage.folder(), found.extension, limit=found.limit)
    row.size, row.sha256, row.stored_name = kept.size, kept.sha256, Path(kept.name).stem
    return row


def _find(session: Session, media_id: int) -> MediaFile:
    media = session.get(MediaFile, media_id, with_for_update=True)
    if media is None:
        raise NotFound(f"media {media_id}")
    return media


def _unit_for(actor: Actor, unit_code: str | None) -> str | None:
    """The unit that a new file belongs to: the one asked for, if this person may act for it."""
    if unit_code is None:
        return min(actor.units, default=None)
    if unit_code not in actor.units and not may(actor, "article.publish"):
        raise Invalid({"unit_code": "Bạn chỉ thêm tư liệu cho đơn vị của mình."})
    return unit_code


def _title_from(name: str) -> str:
    return clean_line(PurePosixPath(name).stem.replace("_", " "))[:200] or name


def _folded(media: MediaFile) -> str:
    words = f"{media.title} {media.alt} {media.credit} {media.original_name}"
    return fold(words)[:700]


def _snapshot(media: MediaFile) -> dict[str, object]:
    names = ("title", "alt", "credit", "is_public")
    return {name: getattr(media, name) for name in names}


def _record(
    session: Session,
    event: AuditEvent,
    actor: Actor,
    media: MediaFile,
    changes: dict[str, tuple[object, object]],
) -> None:
    audit.record(session, event, actor_id=actor.user_id, thing=("media", media.id), changes=changes)
