"""Files of the library. A row exists only when its files are durably on disk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.core.db import Base

WIDTHS = (480, 960, 1600)
POSTER, CAPTIONS = "anh-bia.jpg", "phu-de.vtt"


class MediaKind(StrEnum):
    """What a file is to a reader."""

    IMAGE = "image"
    DOCUMENT = "document"
    AUDIO = "audio"
    VIDEO = "video"


class TextLayer(StrEnum):
    """What a screen reader finds in a PDF; empty in the row while nobody looked."""

    FULL = "full"
    SOME = "some"
    NONE = "none"
    OLD = "old"


class Licence(StrEnum):
    """Why the agency may show a file."""

    OWN = "own"
    CC_BY = "cc-by-4.0"
    CC_BY_SA = "cc-by-sa-4.0"
    ALLOWED = "allowed"
    OFFICIAL = "official"
    FREE = "free"


LICENCE_NAMES: dict[Licence, str] = {
    Licence.OWN: "Cơ quan tự chụp, tự làm",
    Licence.CC_BY: "CC BY 4.0 (ghi tên tác giả)",
    Licence.CC_BY_SA: "CC BY-SA 4.0 (ghi tên, chia sẻ như vậy)",
    Licence.ALLOWED: "Tác giả cho phép sử dụng",
    Licence.OFFICIAL: "Văn bản của cơ quan nhà nước",
    Licence.FREE: "Hết hạn bảo hộ hoặc dùng tự do",
}
KIND_NAMES: dict[MediaKind, str] = {
    MediaKind.IMAGE: "Ảnh",
    MediaKind.DOCUMENT: "Tài liệu",
    MediaKind.AUDIO: "Âm thanh",
    MediaKind.VIDEO: "Phim",
}


class Content:
    """What a file is made of: the columns that a replacement changes together.

    A picture is kept only re-encoded, as `<stored_name>-<width>.webp` and `.jpg`; any other file
    as `<stored_name>.<extension>`. `width` and `height` are those of the upright original;
    `seconds` is how long a recording lasts.
    """

    original_name: Mapped[str] = mapped_column(String(150))
    stored_name: Mapped[str] = mapped_column(String(40), unique=True)
    extension: Mapped[str] = mapped_column(String(10))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int | None] = mapped_column(default=None)
    height: Mapped[int | None] = mapped_column(default=None)
    seconds: Mapped[int | None] = mapped_column(default=None)
    pages: Mapped[int | None] = mapped_column(default=None)
    text_layer: Mapped[str] = mapped_column(String(10), default="")


CONTENT = (
    "original_name", "stored_name", "extension", "mime", "size", "sha256", "width", "height",
    "seconds", "pages", "text_layer",
)  # fmt: skip


class MediaFile(Content, Base):
    """One file under one public address. What it is made of may be replaced: the address stays,
    and what was there before is a `MediaVersion`.

    `plain_reason` says why a picture needs no alternative text. A film keeps its picture as
    `<poster_name>.jpg` and its captions as `<captions_name>.vtt`.
    """

    __tablename__ = "media_file"
    __table_args__ = (
        CheckConstraint("kind IN ('image', 'document', 'audio', 'video')", name="kind"),
        CheckConstraint(
            "kind <> 'image' OR (width IS NOT NULL AND height IS NOT NULL)", name="picture_has_size"
        ),
        Index("ix_media_file_list", "removed_at", "kind", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(200))
    alt: Mapped[str] = mapped_column(String(300), default="")
    credit: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(String(1000), default="")
    licence: Mapped[str] = mapped_column(String(30), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    plain_reason: Mapped[str] = mapped_column(String(200), default="")
    transcript: Mapped[str] = mapped_column(Text, default="")
    abstract: Mapped[str] = mapped_column(Text, default="")
    poster_name: Mapped[str] = mapped_column(String(40), default="")
    captions_name: Mapped[str] = mapped_column(String(40), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    unit_code: Mapped[str | None] = mapped_column(String(80), index=True, default=None)
    is_public: Mapped[bool] = mapped_column(default=False)
    folded: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None] = mapped_column(default=None)
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    author: Mapped[User | None] = relationship(lazy="raise")

    @property
    def widths(self) -> list[int]:
        """Widths in which a picture is kept, smallest first."""
        return widths_of(self.width) if self.width else []

    @property
    def url(self) -> str:
        """Its address for ever, as texts and printed matter hold it: a picture in its middle
        width, another file as it is."""
        return self.address(self.shown_variant)

    @property
    def shown_url(self) -> str:
        """The address for a page of today: another after each replacement, so no browser shows
        what it kept of the former file."""
        return self._dated(self.shown_variant)

    @property
    def page_url(self) -> str:
        """Where a document or recording is told of, with its transcript or abstract."""
        return f"/tu-lieu/{self.public_id}/"

    @property
    def poster_url(self) -> str:
        """The picture that stands for a film; empty when it has none."""
        return (
            f"/tu-lieu/{self.public_id}/{POSTER}?v={self.poster_name[:8]}"
            if (self.poster_name)
            else ""
        )

    @property
    def captions_url(self) -> str:
        """The captions of a film; empty when it has none."""
        return (
            f"/tu-lieu/{self.public_id}/{CAPTIONS}?v={self.captions_name[:8]}"
            if (self.captions_name)
            else ""
        )

    @property
    def shown_variant(self) -> str:
        """The last part of `url`."""
        if self.kind != MediaKind.IMAGE:
            return self.stored_variant
        widths = self.widths
        return f"{widths[min(1, len(widths) - 1)]}.jpg"

    @property
    def stored_variant(self) -> str:
        """The last part of the address of a file that is no picture."""
        return f"tep.{self.extension}"

    @property
    def shape(self) -> str:
        """`portrait`, `landscape` or `square`; empty for what has no size."""
        if not self.width or not self.height:
            return ""
        if abs(self.width - self.height) * 20 <= max(self.width, self.height):
            return "square"
        return "landscape" if self.width > self.height else "portrait"

    @property
    def stamp(self) -> str:
        """What tells one content from the next in addresses."""
        return self.stored_name[:8]

    def variant_url(self, width: int, extension: str = "jpg") -> str:
        """The address of a picture in one of its `widths`, for a page of today."""
        return self._dated(f"{width}.{extension}")

    def address(self, variant: str) -> str:
        """The lasting address of one variant."""
        return f"/tu-lieu/{self.public_id}/{variant}"

    def _dated(self, variant: str) -> str:
        return f"{self.address(variant)}?v={self.stamp}"

    def variant_height(self, width: int) -> int:
        """The height that belongs to one of the `widths`."""
        assert self.width is not None
        assert self.height is not None
        return max(1, round(self.height * width / self.width))

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of the picture at `url`."""
        width = self.widths[min(1, len(self.widths) - 1)]
        return width, self.variant_height(width)

    def source_set(self, extension: str) -> str:
        """The `srcset` of a picture in one format."""
        return ", ".join(f"{self.variant_url(w, extension)} {w}w" for w in self.widths)


class MediaVersion(Content, Base):
    """What a file was made of before it was replaced. Restoring swaps it with what is there."""

    __tablename__ = "media_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    media_id: Mapped[int] = mapped_column(
        ForeignKey("media_file.id", ondelete="CASCADE"), index=True
    )
    replaced_at: Mapped[datetime]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    replaced_by: Mapped[User | None] = relationship(lazy="raise")

    @property
    def widths(self) -> list[int]:
        """Widths in which a picture was kept."""
        return widths_of(self.width) if self.width else []


def widths_of(width: int) -> list[int]:
    """In which widths a picture of `width` pixels is kept: never larger than it is."""
    return sorted({min(width, limit) for limit in WIDTHS})
