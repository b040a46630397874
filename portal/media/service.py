"""The use cases of the library: take a file in, describe it, remove it and bring it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, may, require
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.text import fold
from portal.media import documents, intake, storage, usage
from portal.media.describing import FIELDS, Description
from portal.media.facts import Facts
from portal.media.intake import Upload
from portal.media.lacks import LACK_NAMES, lack_of
from portal.media.models import MediaFile, MediaKind, MediaVersion, TextLayer

__all__ = ["Description", "Upload"]
KEPT_AFTER_REMOVAL = timedelta(days=30)
_MOST_FOLDED = 20_000
_AT_ONCE = 20


def same_as(sent: Upload) -> MediaFile | None:
    """The file of the library whose original had just these bytes; the oldest when several."""
    query = select(MediaFile).where(MediaFile.sha256 == intake.digest(sent))
    return db.session.scalar(query.where(MediaFile.removed_at.is_(None)).order_by(MediaFile.id))


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
    with intake.taken_in(sent, kinds) as media:
        media.public_id, media.created_at = token_hex(16), clock.now()
        described.put_on(media)
        media.title = described.title or intake.title_from(media.original_name)
        media.author_id, media.unit_code = actor.user_id, unit_code
        media.folded = folded(media)
        with write() as session:
            session.add(media)
            session.flush()
            record(session, AuditEvent.MEDIA_UPLOADED, actor, media, {
                "kind": (None, media.kind), "size": (None, media.size),
            })  # fmt: skip
            return media.id


def describe(
    actor: Actor, media_id: int, description: Description, *, is_public: bool | None = None
) -> None:
    """Change what is said of a file; `is_public` None leaves the flag.

    Raises `Invalid` by field, also when readers see the file and something they need would go.
    """
    described = description.cleaned()
    if not described.title:
        raise Invalid({"title": "Nhập tên của tư liệu."})
    with write() as session:
        media = find(session, media_id)
        require(actor, "media.edit", media)
        before, lacked = _snapshot(media), lack_of(media)
        described.put_on(media)
        if is_public is not None:
            media.is_public = is_public
        media.folded = folded(media)
        refuse_new_lack(session, media, lacked is not None)
        if changes := audit.differences(before, _snapshot(media)):
            record(session, AuditEvent.MEDIA_CHANGED, actor, media, changes)
            usage.changed(session, media.id)


def refuse_new_lack(session: Session, media: MediaFile, lacked: bool) -> None:
    """Raise `Invalid` when a file that readers see comes to lack what it had."""
    lack = lack_of(media)
    if lack is None or lacked:
        return
    shown = [use.title for use in usage.uses(session, media.id) if use.public]
    if shown:
        raise Invalid({
            lack.value: f"Người đọc đang xem tệp này ở “{shown[0]}”, tệp cần có {LACK_NAMES[lack]}."
        })  # fmt: skip


def remove(actor: Actor, media_id: int) -> None:
    """Take a file out of the library; `restore` brings it back for 30 days.

    Raises `Conflict` while something that readers see uses it.
    """
    with write() as session:
        media = find(session, media_id)
        require(actor, "media.remove", media)
        if media.removed_at is not None:
            return
        shown = [use.title for use in usage.uses(session, media.id) if use.public]
        if shown:
            raise Conflict(
                f"Tệp đang được dùng trong bài đã đăng: “{shown[0]}”. Bạn bỏ ở đó trước."
            )
        media.removed_at = clock.now()
        record(session, AuditEvent.MEDIA_REMOVED, actor, media, {"removed": (False, True)})


def restore(actor: Actor, media_id: int) -> None:
    """Bring a removed file back."""
    with write() as session:
        media = find(session, media_id)
        require(actor, "media.remove", media)
        if media.removed_at is not None:
            media.removed_at = None
            record(session, AuditEvent.MEDIA_RESTORED, actor, media, {"removed": (True, False)})


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
                former = select(MediaVersion).where(MediaVersion.media_id == media.id)
                for version in session.scalars(former):
                    names += storage.content_names(media.kind, version)
                    session.delete(version)
                session.flush()
                session.delete(media)
                count += 1
    storage.remove(storage.folder() / name for name in names)
    return count


def look_again() -> int:
    """Learn of files that came before somebody asked for their length or text; returns how many.
    A few at a time: each may take seconds, none inside a transaction."""
    unknown = or_(
        and_(MediaFile.extension == "pdf", MediaFile.text_layer == ""),
        and_(MediaFile.kind == MediaKind.AUDIO.value, MediaFile.seconds.is_(None)),
    )
    query = select(MediaFile).where(unknown, MediaFile.removed_at.is_(None))
    waiting = db.session.scalars(query.order_by(MediaFile.id.desc()).limit(_AT_ONCE)).all()
    learnt = 0
    for media in waiting:
        number, stored = media.id, media.stored_name
        facts = _facts_of(storage.folder() / storage.content_names(media.kind, media)[0])
        with write() as session:
            row = session.get(MediaFile, number)
            if facts and row is not None and row.stored_name == stored:
                row.seconds, row.pages, row.text_layer = (
                    facts.seconds,
                    facts.pages,
                    facts.text_layer,
                )
                learnt += 1
    return learnt


def _facts_of(path: Path) -> Facts | None:
    """What is to be known of a file that was taken in before; None when it is gone. One that would
    be refused today stays: nobody can read its text, so an abstract is asked for."""
    try:
        return documents.look_into(path, path.suffix[1:])
    except FileNotFoundError:
        return None
    except Invalid:
        return Facts(seconds=0, text_layer=TextLayer.NONE if path.suffix == ".pdf" else "")


def find(session: Session, media_id: int) -> MediaFile:
    """A file to be changed in the running `write()`. Raises `NotFound`."""
    media = session.get(MediaFile, media_id, with_for_update=True)
    if media is None:
        raise NotFound(f"media {media_id}")
    return media


def folded(media: MediaFile) -> str:
    """What the list's search looks through."""
    parts = (
        media.title, media.alt, media.credit, media.original_name, media.description, media.source,
        media.abstract, media.transcript,
    )  # fmt: skip
    return fold(" ".join(part for part in parts if part))[:_MOST_FOLDED]


def record(
    session: Session,
    event: AuditEvent,
    actor: Actor,
    media: MediaFile,
    changes: dict[str, tuple[object, object]],
) -> None:
    """One entry of the audit log about a file."""
    audit.record(session, event, actor_id=actor.user_id, thing=("media", media.id), changes=changes)


def _unit_for(actor: Actor, unit_code: str | None) -> str | None:
    """The unit that a new file belongs to: the one asked for, if this person may act for it."""
    if unit_code is None:
        return min(actor.units, default=None)
    if unit_code not in actor.units and not may(actor, "article.publish"):
        raise Invalid({"unit_code": "Bạn chỉ thêm tư liệu cho đơn vị của mình."})
    return unit_code


def _snapshot(media: MediaFile) -> dict[str, object]:
    """What the audit log tells of; of long texts only their length."""
    told: dict[str, object] = {name: getattr(media, name) for name in FIELDS}
    told |= {name: f"{len(getattr(media, name))} ký tự" for name in ("transcript", "abstract")}
    return told | {"is_public": media.is_public}
