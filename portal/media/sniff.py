"""What a file is, by its bytes. Names and declared types may only agree, never decide."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from portal.core.errors import Invalid
from portal.core.text import clean_line
from portal.media.models import MediaKind

_MB = 1_000_000
HEAD = 4096  # bytes that `sniff` wants to see


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that the library takes. `limit` is in bytes."""

    extension: str
    mime: str
    kind: MediaKind
    limit: int
    families: frozenset[str]


def _format(extension: str, mime: str, kind: MediaKind, limit: int, *also: str) -> Format:
    return Format(extension, mime, kind, limit, frozenset([mime.partition("/")[0], *also]))


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: dict[str, Format] = {
    found.extension: found
    for found in (
        _format("jpg", "image/jpeg", MediaKind.IMAGE, 10 * _MB),
        _format("png", "image/png", MediaKind.IMAGE, 10 * _MB),
        _format("webp", "image/webp", MediaKind.IMAGE, 10 * _MB),
        _format("gif", "image/gif", MediaKind.IMAGE, 10 * _MB),
        _format("pdf", "application/pdf", MediaKind.DOCUMENT, 20 * _MB),
        _format("docx", f"{_OFFICE}.wordprocessingml.document", MediaKind.DOCUMENT, 20 * _MB),
        _format("xlsx", f"{_OFFICE}.spreadsheetml.sheet", MediaKind.DOCUMENT, 20 * _MB),
        _format("mp3", "audio/mpeg", MediaKind.AUDIO, 50 * _MB),
        _format("m4a", "audio/mp4", MediaKind.AUDIO, 50 * _MB, "video"),
        _format("mp4", "video/mp4", MediaKind.VIDEO, 200 * _MB, "audio"),
        _format("webm", "video/webm", MediaKind.VIDEO, 200 * _MB, "audio"),
    )
}
_SPELLINGS = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg"}
_UNDECIDED = {"", "application/octet-stream", "binary/octet-stream"}
ACCEPTED = "ảnh JPG, PNG, WebP, GIF; tài liệu PDF, DOCX, XLSX; âm thanh MP3, M4A; phim MP4, WebM"
PICTURES = ".jpg,.jpeg,.png,.webp,.gif"
_APPLE = (
    "Ảnh {} của điện thoại chưa dùng được ở đây. Bạn mở ảnh, chọn xuất hoặc chia sẻ thành JPG "
    "rồi gửi lại."
)
_ADVICE = {  # what people send often: by the extension that the name bears
    **dict.fromkeys(("heic", "heif"), _APPLE.format("HEIC")),
    "avif": "Ảnh AVIF chưa dùng được ở đây. Bạn lưu thành JPG hoặc PNG rồi gửi lại.",
    **dict.fromkeys(("tif", "tiff", "bmp"), "Bạn lưu ảnh thành JPG hoặc PNG rồi gửi lại."),
    "svg": "Ảnh SVG có thể chứa mã chạy được. Bạn xuất thành PNG rồi gửi lại.",
    **dict.fromkeys(
        ("mov", "avi", "mkv", "wmv", "flv", "mpg", "mpeg", "3gp"),
        "Bạn xuất phim thành MP4, mã hình H.264, mã tiếng AAC rồi gửi lại.",
    ),
    **dict.fromkeys(
        ("wav", "ogg", "flac", "wma", "aac", "amr"), "Bạn lưu âm thanh thành MP3 rồi gửi lại."
    ),
    **dict.fromkeys(("doc", "rtf", "odt"), "Bạn lưu thành .docx hoặc PDF rồi gửi lại."),
    **dict.fromkeys(("xls", "ods", "csv"), "Bạn lưu thành .xlsx hoặc PDF rồi gửi lại."),
    **dict.fromkeys(("ppt", "pptx", "odp"), "Bạn lưu bài trình chiếu thành PDF rồi gửi lại."),
    **dict.fromkeys(("zip", "rar", "7z"), "Bạn giải nén rồi gửi từng tệp bên trong."),
}


def identify(head: bytes, filename: str, declared: str = "") -> Format:
    """The format that name, content and declared type agree on.

    `head` is the beginning of the file. Raises `Invalid` on field `file`, saying what to do.
    """
    if not head:
        raise refused("Tệp trống. Bạn chọn lại tệp.")
    name = claimed(clean_name(filename))
    found, content = FORMATS.get(name), sniff(head)
    if is_apple_picture(head):
        raise refused(_ADVICE["heic"])
    if found is None or (not content and _looks_like_markup(head)):
        raise refused(f"Thư viện chỉ nhận {ACCEPTED}. {_ADVICE.get(name, '')}".rstrip())
    if found.extension not in content:
        raise refused(_disagreement(head, found, content))
    declared = declared.partition(";")[0].strip().lower()
    if declared not in _UNDECIDED and declared.partition("/")[0] not in found.families:
        raise refused("Loại tệp do trình duyệt báo không khớp với nội dung. Bạn lưu lại rồi gửi.")
    return found


def sniff(head: bytes) -> frozenset[str]:
    """Extensions that the beginning of a file fits; empty when it fits none of ours."""
    for magic, extensions in _MAGIC:
        if head.startswith(magic):
            return extensions
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return frozenset(["webp"])
    if head[4:8] == b"ftyp" and head[8:12] not in _STILL_PICTURES:
        return frozenset(["m4a", "mp4"])
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return frozenset(["webm"])
    is_frame = len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2
    return frozenset(["mp3"]) if is_frame else frozenset()


_STILL_PICTURES = frozenset(
    [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"]
)
_MAGIC = (
    (b"\xff\xd8\xff", frozenset(["jpg"])),
    (b"\x89PNG\r\n\x1a\n", frozenset(["png"])),
    (b"GIF87a", frozenset(["gif"])),
    (b"GIF89a", frozenset(["gif"])),
    (b"%PDF-", frozenset(["pdf"])),
    (b"PK\x03\x04", frozenset(["docx", "xlsx"])),
    (b"ID3", frozenset(["mp3"])),
)


def claimed(name: str) -> str:
    """The extension that a clean name bears, in our spelling; empty when it bears none."""
    suffix = PurePosixPath(name).suffix.lower().removeprefix(".")
    return _SPELLINGS.get(suffix, suffix)


def clean_name(filename: str, most: int = 150) -> str:
    """A file name without folders, as it may be stored and shown; at most `most` characters."""
    base = clean_line(filename).replace("\\", "/").rpartition("/")[2].strip(". ")
    path = PurePosixPath(base or "tep")
    suffix = path.suffix[:20]
    return path.stem[: most - len(suffix)] + suffix


def refused(message: str, field: str = "file") -> Invalid:
    """The refusal of a file, in words for who sent it."""
    return Invalid({field: message})


def is_apple_picture(head: bytes) -> bool:
    """Whether a file begins as the HEIC pictures of telephones do."""
    return head[4:8] == b"ftyp" and head[8:12] in _STILL_PICTURES - {b"avif", b"avis"}


def _looks_like_markup(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _disagreement(head: bytes, named: Format, content: frozenset[str]) -> str:
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return (
            "Tệp Office kiểu cũ hoặc có đặt mật khẩu. Bạn mở ra, bỏ mật khẩu và lưu lại "
            "thành .docx hoặc .xlsx."
        )
    if not content:
        wanted = f".{named.extension}"
        return f"Nội dung không phải là tệp {wanted}, hoặc tệp bị hỏng. Bạn mở thử rồi lưu lại."
    real = " hoặc ".join(f".{extension}" for extension in sorted(content))
    return f"Tên tệp là .{named.extension} nhưng nội dung là {real}. Bạn đổi lại đúng đuôi tệp."
