"""Pictures of a public copy, in which an officer has covered what is personal.

The citizen's own file is never among them: an officer uploads another picture in its place, which
is judged and drawn anew, gets a random name in a folder of its own and a neutral name for readers.
Changing the set is part of preparing the copy, so a second officer sees it before it is public.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import IO

from PIL import Image
from sqlalchemy import Select, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.orm import Session

from portal.core.errors import Conflict, Invalid
from portal.feedback import attachments, queries
from portal.feedback.attachments import Attachment
from portal.feedback.models import MAX_ALT, FeedbackFile, FeedbackPublicFile
from portal.feedback.steps import CHANGED

MOST_SIDE = 1_600  # pixels: readable on a screen, light enough for a telephone
SAME = "Đây là tệp người dân gửi, chưa che gì. Bạn che thông tin riêng trên ảnh rồi tải lên."


@dataclass(frozen=True, slots=True)
class Offer:
    """A picture to add in the place of the attachment `source_id`."""

    source_id: int
    file: Attachment
    alt: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an officer changes: numbers of pictures to drop, new descriptions, new pictures."""

    dropped: frozenset[int] = frozenset()
    alts: Mapping[int, str] = field(default_factory=dict)
    added: Sequence[Offer] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """A change whose files lie in their final folder, with the sizes of the new pictures."""

    change: Change
    sizes: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change: how many there were, all descriptions now, files to delete."""

    before: int
    descriptions: list[str]
    gone: list[Path]


UNCHANGED = Change()


def of(session: Session, feedback_id: int) -> list[FeedbackPublicFile]:
    """The pictures of a copy, public or not, in their order."""
    mine = select(FeedbackPublicFile).where(FeedbackPublicFile.feedback_id == feedback_id)
    return list(session.scalars(mine.order_by(FeedbackPublicFile.position)))


def published(session: Session, public_id: str, position: int) -> FeedbackPublicFile | None:
    """A picture that everybody may see now."""
    feedback = queries.published_item(session, public_id)
    return None if feedback is None else at(session, feedback.id, position)


def at(session: Session, feedback_id: int, position: int) -> FeedbackPublicFile | None:
    """The picture with this number, public or not."""
    return session.scalar(
        select(FeedbackPublicFile).where(
            FeedbackPublicFile.feedback_id == feedback_id, FeedbackPublicFile.position == position
        )
    )


def receive(sent: Iterable[FeedbackFile], stream: IO[bytes], filename: str) -> Attachment:
    """Take an uploaded picture; it waits until the copy is stored.

    Raises `Invalid` on field `files`, also when it is one of the files that the citizen `sent`.
    """
    data = stream.read(attachments.MAX_BYTES + 1)
    own = {file.sha256 for file in sent}
    if hashlib.sha256(data).hexdigest() in own:
        raise Invalid({"files": SAME})
    file = attachments.receive(io.BytesIO(data), filename, attachments.PICTURES, MOST_SIDE)
    if file.sha256 in own:
        raise Invalid({"files": SAME})
    return file


def keep(change: Change) -> Ready:
    """Move the new pictures to their folder, before the transaction that names them."""
    for alt in (*change.alts.values(), *(offer.alt for offer in change.added)):
        if not 0 < len(alt) <= MAX_ALT:
            raise Invalid({"": f"Viết mô tả cho mỗi ảnh, nhiều nhất {MAX_ALT} ký tự."})
    attachments.keep([offer.file for offer in change.added], attachments.public_folder())
    return Ready(change, {o.file.stored_name: _size(o.file.stored_name) for o in change.added})


def change(session: Session, feedback_id: int, ready: Ready) -> Changed:
    """Change the pictures of a copy inside a `write()`; they are numbered anew."""
    there, wanted = of(session, feedback_id), ready.change
    gone = [picture for picture in there if picture.id in wanted.dropped]
    stay = [picture for picture in there if picture.id not in wanted.dropped]
    for picture in gone:
        session.delete(picture)
    session.flush()
    for number, picture in enumerate(stay, 1):
        picture.alt = wanted.alts.get(picture.id, picture.alt)
        picture.position = number
        session.flush()  # one by one: no two may share a number on the way
    taken = {picture.source_id for picture in stay}
    sources = set(session.scalars(_numbers_of_files(feedback_id))) - taken
    for number, offer in enumerate(wanted.added, len(stay) + 1):
        if offer.source_id not in sources:
            raise Conflict(CHANGED)
        session.add(_row(feedback_id, number, offer, ready.sizes[offer.file.stored_name]))
    alts = [picture.alt for picture in stay] + [offer.alt for offer in wanted.added]
    return Changed(len(there), alts, [path_of(picture.stored_name) for picture in gone])


def remove_all(session: Session, feedback_id: int) -> list[Path]:
    """Take the rows away inside a `write()`; returns the files to delete after it."""
    paths = [path_of(picture.stored_name) for picture in of(session, feedback_id)]
    mine = FeedbackPublicFile.feedback_id == feedback_id
    session.execute(delete_rows(FeedbackPublicFile).where(mine))
    return paths


def delete(paths: Iterable[Path]) -> None:
    """Delete files that no row names any more; the sweep takes what a crash leaves."""
    for path in paths:
        with suppress(FileNotFoundError):
            path.unlink()


def path_of(stored_name: str) -> Path:
    """Where the picture of a row lies."""
    return attachments.public_folder() / PurePath(stored_name).name


def name_of(picture: FeedbackPublicFile) -> str:
    """The name under which a reader saves it: nobody's own."""
    return f"hinh-{picture.position}{PurePath(picture.stored_name).suffix}"


def _numbers_of_files(feedback_id: int) -> Select[int]:
    return select(FeedbackFile.id).where(FeedbackFile.feedback_id == feedback_id)


def _row(feedback_id: int, number: int, offer: Offer, size: tuple[int, int]) -> FeedbackPublicFile:
    file, (width, height) = offer.file, size
    return FeedbackPublicFile(
        feedback_id=feedback_id, source_id=offer.source_id, position=number,
        stored_name=file.stored_name, mime=file.mime, size=file.size, sha256=file.sha256,
        width=width, height=height, alt=offer.alt,
    )  # fmt: skip


def _size(stored_name: str) -> tuple[int, int]:
    with Image.open(path_of(stored_name)) as image:
        return image.size
