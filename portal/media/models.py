"""Files of the library. A row exists only when its files are durably on disk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.core.db import Base

WIDTHS = (480, 960, 1600)


class MediaKind(StrEnum):
    """What a file is to a reader."""

    IMAGE = "image"
    DOCUMENT = "document"
    AUDIO = "audio"


KIND_NAMES: dict[MediaKind, str] = {
    MediaKind.IMAGE: "Ảnh",
    MediaKind.DOCUMENT: "Tài liệu",
    MediaKind.AUDIO: "Âm thanh",
}


class MediaFile(Base):
    """One file. Its bytes never change: another version is another file.

    A picture is kept only re-encoded, as `<stored_name>-<width>.webp` and `.jpg`; any other file
    as `<stored_name>.<extension>`. `width` and `height` are those of the upright original.
    """

    __tablename__ = "media_file"
    __table_args__ = (
        CheckConstraint("kind IN ('image', 'document', 'audio')", name="kind"),
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
    original_name: Mapped[str] = mapped_column(String(150))
    stored_name: Mapped[str] = mapped_column(String(40), unique=True)
    extension: Mapped[str] = mapped_column(String(10))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int | None] = mapped_column(default=None)
    height: Mapped[int | None] = mapped_column(default=None)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    unit_code: Mapped[str | None] = mapped_column(String(80), index=True, default=None)
    is_public: Mapped[bool] = mapped_column(default=False)
    folded: Mapped[str] = mapped_column(String(700), default="")
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    author: Mapped[User | None] = relationship(lazy="raise")

    @property
    def widths(self) -> list[int]:
        """Widths in which a picture is kept, smallest first."""
        return widths_of(self.width) if self.width else []

    @property
    def url(self) -> str:
        """Where readers find it: a picture in its middle width, another file as it is."""
        if self.kind != MediaKind.IMAGE:
            return f"/tu-lieu/{self.public_id}/{self.stored_variant}"
        widths = self.widths
        return self.variant_url(widths[min(1, len(widths) - 1)])

    @property
    def stored_variant(self) -> str:
        """The last part of the address of a file that is no picture."""
        return f"tep.{self.extension}"

    def variant_url(self, width: int, extension: str = "jpg") -> str:
        """The address of a picture in one of its `widths`."""
        return f"/tu-lieu/{self.public_id}/{width}.{extension}"

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


def widths_of(width: int) -> list[int]:
    """In which widths a picture of `width` pixels is kept: never larger than it is."""
    return sorted({min(width, limit) for limit in WIDTHS})
