"""What a file needs before readers may get it with something published."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_

from portal.media.models import MediaFile, MediaKind, TextLayer

ABSTRACT_WORDS, TRANSCRIPT_WORDS, REASON_WORDS = 12, 5, 2
UNREAD = (TextLayer.NONE, TextLayer.OLD)
_RECORDED = (MediaKind.AUDIO, MediaKind.VIDEO)


class Lack(StrEnum):
    """Something that is missing; also the name of the field to fill in."""

    ALT = "alt"
    TRANSCRIPT = "transcript"
    ABSTRACT = "abstract"


LACK_NAMES: dict[Lack, str] = {
    Lack.ALT: "mô tả ảnh",
    Lack.TRANSCRIPT: "bản chép lời",
    Lack.ABSTRACT: "tóm tắt nội dung",
}


@dataclass(frozen=True, slots=True)
class Mend:
    """A file that lacks something, and where staff fill it in."""

    title: str
    lack: Lack
    url: str
    message: str

    @property
    def what(self) -> str:
        """What is missing, in words."""
        return LACK_NAMES[self.lack]


def lack_of(media: MediaFile) -> Lack | None:
    """What a file lacks for publication; None when nothing."""
    if media.kind == MediaKind.IMAGE:
        return None if media.alt or media.plain_reason else Lack.ALT
    if media.kind in _RECORDED:
        return None if media.transcript else Lack.TRANSCRIPT
    return Lack.ABSTRACT if media.text_layer in UNREAD and not media.abstract else None


def lacking(lack: Lack | None = None) -> ColumnElement[bool]:
    """The same question for a list: of one lack, or of any."""
    conditions: dict[Lack, ColumnElement[bool]] = {
        Lack.ALT: and_(
            MediaFile.kind == MediaKind.IMAGE.value,
            MediaFile.alt == "",
            MediaFile.plain_reason == "",
        ),
        Lack.TRANSCRIPT: and_(
            MediaFile.kind.in_([kind.value for kind in _RECORDED]), MediaFile.transcript == ""
        ),
        Lack.ABSTRACT: and_(
            MediaFile.text_layer.in_([layer.value for layer in UNREAD]), MediaFile.abstract == ""
        ),
    }
    return or_(*conditions.values()) if lack is None else conditions[lack]


def mend(media: MediaFile) -> Mend | None:
    """What is to be done to a file before it is published; None when nothing."""
    lack = lack_of(media)
    if lack is None:
        return None
    url = f"/ban-lam-viec/tu-lieu/{media.id}#{lack.value}"
    return Mend(media.title, lack, url, _MESSAGES[lack].format(media.title))


_MESSAGES: dict[Lack, str] = {
    Lack.ALT: "Ảnh “{}” chưa có mô tả cho người không nhìn thấy.",
    Lack.TRANSCRIPT: "“{}” chưa có bản chép lời cho người không nghe được.",
    Lack.ABSTRACT: (
        "“{}” là bản quét hoặc dùng phông chữ cũ, máy đọc màn hình không đọc được; "
        "tệp chưa có tóm tắt nội dung."
    ),
}
