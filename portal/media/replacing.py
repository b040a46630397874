"""Another content under the same address, what was there before, and what goes with a film."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from portal.accounts.permissions import Actor, require
from portal.core import clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.media import captions, intake, pictures, service, sniff, storage, usage
from portal.media.intake import Upload
from portal.media.lacks import lack_of
from portal.media.models import MediaFile, MediaKind, MediaVersion

_MOST_POSTER = 10_000_000
_POSTER_WIDTH = 960
_POSTER, _CAPTIONS = ("poster_name", "jpg"), ("captions_name", "vtt")


def replace(actor: Actor, media_id: int, sent: Upload) -> None:
    """Put another file in the place of one: whatever shows it shows the new one, and what was
    there is kept as a version.

    Raises `Invalid` (field `file`) for another kind of file, the same file or one that readers
    could not do with, `OSError` when the disk fails; nothing is left behind then.
    """
    media = _allowed(actor, media_id)
    kind, extension, digest = MediaKind(media.kind), media.extension, media.sha256
    with intake.taken_in(sent, [kind]) as new:
        if kind != MediaKind.IMAGE and new.extension != extension:
            raise sniff.refused(
                f"Tệp thay thế phải cùng loại .{extension} vì địa chỉ giữ nguyên. "
                "Tệp loại khác thì tải lên như tư liệu mới."
            )
        if new.sha256 == digest:
            raise sniff.refused("Tệp này giống hệt tệp đang dùng, không có gì để thay.")
        with write() as session:
            media = service.find(session, media_id)
            require(actor, "media.edit", media)
            _refuse_removed(media)
            before = (media.original_name, media.size)
            lacked = lack_of(media)
            session.add(_version_of(media, actor))
            session.flush()
            intake.copy_content(new, media)
            media.replaced_at, media.folded = clock.now(), service.folded(media)
            service.refuse_new_lack(session, media, lacked is not None)
            service.record(session, AuditEvent.MEDIA_REPLACED, actor, media, {
                "original_name": (before[0], media.original_name),
                "size": (before[1], media.size),
            })  # fmt: skip
            usage.changed(session, media.id)


def restore_version(actor: Actor, media_id: int, version_id: int) -> None:
    """Swap a former content with what is there now."""
    with write() as session:
        media = service.find(session, media_id)
        require(actor, "media.edit", media)
        _refuse_removed(media)
        version = session.get(MediaVersion, version_id)
        if version is None or version.media_id != media.id:
            raise NotFound(f"version {version_id} of media {media_id}")
        lacked, before = lack_of(media), media.original_name
        former, now = MediaFile(), _version_of(media, actor)
        intake.copy_content(version, former)
        session.delete(version)
        session.flush()
        session.add(now)
        session.flush()
        intake.copy_content(former, media)
        media.replaced_at, media.folded = clock.now(), service.folded(media)
        service.refuse_new_lack(session, media, lacked is not None)
        service.record(session, AuditEvent.MEDIA_VERSION_RESTORED, actor, media, {
            "original_name": (before, media.original_name),
        })  # fmt: skip
        usage.changed(session, media.id)


def set_poster(actor: Actor, media_id: int, sent: Upload | None) -> None:
    """Give a film the picture that stands for it, or take it away. Refuses as an upload does,
    on field `poster`."""
    media = _allowed(actor, media_id)
    if media.kind != MediaKind.VIDEO:
        raise Conflict("Chỉ phim mới có ảnh đại diện.")
    data = _poster(sent) if sent else b""
    _accompany(actor, media_id, _POSTER, data)


def set_captions(actor: Actor, media_id: int, stream: BinaryIO | None) -> None:
    """Give a film captions (WebVTT or SRT), or take them away. A film without a transcript gets
    their words as one. Raises `Invalid` on field `captions`."""
    media = _allowed(actor, media_id)
    if media.kind != MediaKind.VIDEO:
        raise Conflict("Chỉ phim mới có phụ đề.")
    if stream is None:
        return _accompany(actor, media_id, _CAPTIONS, b"")
    data = stream.read(captions.MOST_BYTES + 1)
    text = captions.normalised(data, media.seconds)
    words = captions.spoken(data)

    def fill(row: MediaFile) -> None:
        row.transcript = row.transcript or words
        row.folded = service.folded(row)

    return _accompany(actor, media_id, _CAPTIONS, text.encode(), fill)


def _poster(sent: Upload) -> bytes:
    """The picture of a film, drawn anew."""
    try:
        found = sniff.identify(sent.stream.read(sniff.HEAD), sent.filename, sent.declared_type)
        if found.kind != MediaKind.IMAGE:
            raise sniff.refused("Ảnh đại diện phải là ảnh JPG, PNG, WebP hoặc GIF.")
        sent.stream.seek(0)
        data = sent.stream.read(_MOST_POSTER + 1)
        if len(data) > _MOST_POSTER:
            raise sniff.refused("Ảnh đại diện lớn hơn 10 MB. Bạn chọn ảnh nhỏ hơn.")
        drawn = pictures.render(data, found.extension)
    except Invalid as error:
        raise Invalid({"poster": str(error)}) from None
    width = min(
        (w for w, extension in drawn.variants if extension == "jpg" and w >= _POSTER_WIDTH),
        default=max(w for w, _ in drawn.variants),
    )
    return drawn.variants[width, "jpg"]


def _accompany(
    actor: Actor,
    media_id: int,
    slot: tuple[str, str],
    data: bytes,
    also: Callable[[MediaFile], None] = lambda _row: None,
) -> None:
    """Keep `data` as the file of a slot (column, extension), none when it is empty; what was
    there goes."""
    column, extension = slot
    name = storage.keep_small(data, extension) if data else ""
    try:
        with write() as session:
            media = service.find(session, media_id)
            require(actor, "media.edit", media)
            _refuse_removed(media)
            former: str = getattr(media, column)
            setattr(media, column, name)
            also(media)
            service.record(session, AuditEvent.MEDIA_CHANGED, actor, media, {
                column.removesuffix("_name"): (bool(former), bool(name)),
            })  # fmt: skip
            usage.changed(session, media.id)
    except Exception:
        storage.remove([storage.folder() / f"{name}.{extension}"] if name else [])
        raise
    storage.remove([storage.folder() / f"{former}.{extension}"] if former else [])


def _allowed(actor: Actor, media_id: int) -> MediaFile:
    """A file that this person may change; asked before the slow work begins."""
    media = db.session.get(MediaFile, media_id)
    if media is None:
        raise NotFound(f"media {media_id}")
    require(actor, "media.edit", media)
    _refuse_removed(media)
    return media


def _refuse_removed(media: MediaFile) -> None:
    if media.removed_at is not None:
        raise Conflict("Tệp đã gỡ khỏi thư viện. Bạn khôi phục tệp trước.")


def _version_of(media: MediaFile, actor: Actor) -> MediaVersion:
    version = MediaVersion(media_id=media.id, replaced_at=clock.now(), replaced_by_id=actor.user_id)
    intake.copy_content(media, version)
    return version
