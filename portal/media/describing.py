"""What people say of a file: cleaned and measured once, for the form, the editor and imports."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.core.errors import Invalid
from portal.core.text import clean_line, clean_text
from portal.media.lacks import ABSTRACT_WORDS, REASON_WORDS, TRANSCRIPT_WORDS
from portal.media.models import Licence, MediaFile

LIMITS = {
    "title": 200, "alt": 300, "credit": 200, "description": 1000, "source": 300,
    "plain_reason": 200, "transcript": 100_000, "abstract": 4000,
}  # fmt: skip
NAMES = {
    "title": "Tên", "alt": "Mô tả ảnh", "credit": "Tác giả, nguồn", "description": "Ghi chú",
    "source": "Lấy từ đâu", "plain_reason": "Lý do", "transcript": "Bản chép lời",
    "abstract": "Tóm tắt nội dung",
}  # fmt: skip
FIELDS = (*LIMITS, "licence")
_LINES = ("description", "transcript", "abstract")
_FEWEST = {
    "plain_reason": (REASON_WORDS, "Nói rõ vì sao ảnh không cần mô tả, ví dụ: hoa văn trang trí."),
    "transcript": (TRANSCRIPT_WORDS, "Bản chép lời quá ngắn. Bạn chép lại những gì nghe được."),
    "abstract": (
        ABSTRACT_WORDS,
        f"Tóm tắt cần ít nhất {ABSTRACT_WORDS} tiếng: tệp nói gì, ai cần, làm theo thế nào.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What people say of a file. An empty title becomes the file's own name; `plain_reason`
    says why a picture needs no alternative text. None leaves what is there."""

    title: str = ""
    alt: str = ""
    credit: str = ""
    description: str | None = None
    licence: str | None = None
    source: str | None = None
    plain_reason: str | None = None
    transcript: str | None = None
    abstract: str | None = None

    def cleaned(self) -> Description:
        """As it is stored. Raises `Invalid` naming the fields that cannot be."""
        values = {
            name: (clean_text if name in _LINES else clean_line)(getattr(self, name))
            for name in LIMITS
            if getattr(self, name) is not None
        }
        problems = {name: found for name, value in values.items() if (found := _fault(name, value))}
        if self.licence and self.licence not in list(Licence):
            problems["licence"] = "Chọn giấy phép trong danh sách."
        if values.get("plain_reason") and values["alt"]:
            problems["plain_reason"] = "Ảnh đã có mô tả thì bỏ trống lý do này."
        if self.licence in (Licence.ALLOWED, Licence.FREE) and not values.get("source"):
            problems["source"] = "Ghi nơi lấy tệp hoặc văn bản cho phép sử dụng."
        if problems:
            raise Invalid(problems)
        return replace(self, **values)

    def put_on(self, media: MediaFile) -> None:
        """Say it of a file."""
        for name in FIELDS:
            if (value := getattr(self, name)) is not None:
                setattr(media, name, value)


def _fault(name: str, value: str) -> str:
    if len(value) > LIMITS[name]:
        limit = f"{LIMITS[name]:,}".replace(",", ".")
        return f"{NAMES[name]} dài quá {limit} ký tự. Bạn rút ngắn lại."
    fewest, message = _FEWEST.get(name, (0, ""))
    return message if value and len(value.split()) < fewest else ""
