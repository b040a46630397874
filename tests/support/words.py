"""The voice of the portal as rules: docs/words.md says why, this says what is caught."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from tests.support.texts import VALUE, Text
from tests.support.vietnamese import forgotten, is_syllable, listed

# Foreign words that a reader knows or that are the name of a thing.
KNOWN = listed(
    """
Atom byte captcha Chrome cookie CSV Ctrl DOCX e-mail email Esc Excel Facebook Firefox GIF GPP
Index Internet iPhone ISO JavaScript JPG JSON kB M4A macro MB MP3 NVDA Office OpenAPI OpenDocument
outbox PAR PDF PNG QR Safari SmartArt SMS Tab TalkBack Telex TTg Unicode UTF-8 video VNeID VnTime
VoiceOver WebM WebP Google Microsoft Authenticator Aegis Wi-Fi Windows Word XLSX YouTube Zalo
"""
)
# Said on purpose without marks: what a hurried person types into the search box.
_TYPED = re.compile(r"(?<=ví dụ: )[a-z ]+$|“[ -~]*”")
# Words whose second syllable would alone be one without its marks.
_PLAIN_PAIRS = re.compile(r"\bdở dang\b")
# Names that their owners write in a way that the rules would refuse.
_NAMES = re.compile(
    r"Tổ chức - Hành chính|Kế hoạch - Tài chính|Bà mẹ - Trẻ em|Văn hóa - Xã hội|UNDP - CECODES"
)

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# Addresses, file names, options, numbers of documents: not words.
_PLACE = re.compile(r"\{[a-z_]+\}")  # of a template of answers
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w.-]+|https?://\S+|www\.\S+|(?<!\w)/[\w.…-]+(?:/[\w.…-]*)*"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:vn|org|com|gov|yaml|toml|md)\b|(?<!\w)(?:\.[a-z0-9]{2,5})+\b"
    r"|\b\w*\d\w*\b|(?<!\w)--\w+|\[[a-z]+\]"
)

_PAIR = re.compile(r"([^\W\d_]+)(?= ([^\W\d_]+))")

Rule = Callable[[Text], Iterator[str]]


def problems(text: Text) -> list[str]:
    """What is wrong with these words; nothing when they are fit to be read."""
    return [f"{text.place}: {fault}: {text.words!r}" for rule in RULES for fault in rule(text)]


def _find(pattern: str, fault: str, flags: int = 0) -> Rule:
    compiled = re.compile(pattern, flags)

    def rule(text: Text) -> Iterator[str]:
        for hit in compiled.finditer(_NAMES.sub(VALUE, text.words)):
            yield f"{fault} ({hit[0].strip()!r})"

    return rule


def _whole(text: Text) -> Iterator[str]:
    if not unicodedata.is_normalized("NFC", text.words):
        yield "not in NFC"


def _spelling(text: Text) -> Iterator[str]:
    words = _PLACE.sub(" ", _ADDRESS.sub(" ", _TYPED.sub(" ", _PLAIN_PAIRS.sub(" ", text.words))))
    if text.role == "source":
        return
    for word in _WORD.findall(words):
        yield from _one_word(word)


def _one_word(word: str) -> Iterator[str]:
    if word in KNOWN or word.lower() in KNOWN or len(word) == 1:
        return
    for part in word.split("-"):
        if part in KNOWN or (part.isupper() and len(part) <= 7):
            continue
        if not is_syllable(part):
            yield f"no Vietnamese word, or a tone in the wrong place ({part!r})"
        elif forgotten(part) and not part[0].isupper():
            yield f"marks are missing ({part!r})"


def _title_case(text: Text) -> Iterator[str]:
    if text.role == "record":
        return
    words = [word for word in _WORD.findall(text.words) if not word.isupper()]
    if len(words) >= 4 and all(word[0].isupper() for word in words):
        yield "capitals on every word"
    for hit in _PAIR.finditer(_ADDRESS.sub("/", text.words)):
        pair = hit[1] + hit[2]
        if pair.isupper() and not pair.isascii() and len(hit[1]) > 1 and len(hit[2]) > 1:
            yield f"shouted ({hit[1]} {hit[2]})"


def _full_stop(text: Text) -> Iterator[str]:
    end = text.words
    if text.role == "message" and " " in end and not re.search(rf"[.?!…{VALUE}]$", end):
        yield "a message ends with a full stop"
    example = re.search(r"(?:[Vv]í dụ:?|[Dd]ạng) (?:(?!\. [A-ZĐ]).)*$", end)
    if text.role == "hint" and not example and not re.search(r"[.?!:…”]$|\s$", end):
        yield "a hint ends with a full stop"


def _heading_stop(text: Text) -> Iterator[str]:
    if text.role == "heading" and re.search(r"[^.]\.$", text.words):
        yield "a heading has no full stop"


def _reader(text: Text) -> Iterator[str]:
    if not text.place.startswith("content") and _TALKED_ABOUT.search(text.words):
        yield "the reader is “bạn”"


_TALKED_ABOUT = re.compile(
    r"\b[Nn]gười (?:dân|dùng|sử dụng) (?:cần |phải |hãy )*(?:nhập|chọn|bấm|điền)\b"
)
_COMMON = (
    "Thủ Tục|Hành Chính|Liên Hệ|Tin Tức|Phản Ánh|Kiến Nghị|Tra Cứu|Hồ Sơ|Trang Chủ|Đăng Nhập|"
    "Đường Dây|Kế Hoạch|Bài Viết|Cải Cách|Tài Khoản|Tìm Kiếm|Giới Thiệu|Thông Tin|Gửi Câu"
)
RULES: tuple[Rule, ...] = (
    _whole,
    _spelling,
    _title_case,
    _full_stop,
    _heading_stop,
    _find(_COMMON, "capitals inside a term"),
    _find(r"[\"]|(?<!\w)'|'(?!\w)", "straight quotes; write “ ”"),
    _find(r"\.\.\.", "three dots; write …"),
    _find(r"—|--(?!\w)|(?<=\w) - (?=\w)", "write –, or two sentences"),
    _find(r"\b(?:19|20)\d\d-(?:19|20)\d\d\b", "a range takes –"),
    _find(r"\w  +\w", "two spaces"),
    _find(r"\s[,.;:?!…](?:\s|$)|\( | \)", "a space before a mark"),
    _find(r"[,;][^\W\d_]", "no space after a mark"),
    _find(r"\b\d{1,2}[-.]\d{1,2}[-.]\d{4}\b|\b\d{4}-\d\d-\d\d\b", "a date is written 21/11/2026"),
    _find(r"(?<![\d/])(?:\d/\d{1,2}|\d\d/\d)/\d{4}\b", "a date has two digits for day and month"),
    _find(
        r"\b\d{1,2}h\d\d\b|\b\d{1,2}g\d\d\b|\b\d{1,2} ?(?:AM|PM|am|pm)\b",
        "an hour is written 09:30",
    ),
    _find(
        r"\b\d{4,} ?(?:đồng|đ|VNĐ|VND)\b|\b\d{1,3}(?:,\d{3})+\b",
        "an amount is written 1.250.000 đồng",
    ),
    _find(r"\b(?:VNĐ|VND)\b|\d ?đ\b", "write đồng"),
    _find(r"\b[Vv]ui lòng\b", "say what to do; “bạn” is polite enough"),
    _find(
        r"\b[Qq]uý (?:khách|vị|công dân|ông|bà|cơ quan)\b|\b[Ôô]ng/[Bb]à\b", "the reader is “bạn”"
    ),
    _reader,
    _find(
        r"\b[Nn]hấp(?: chuột| vào)|\b[Nn]hấn\b(?! mạnh)|\b[Kk]ích (?:chuột|vào|đúp)",
        "write chọn or bấm",
    ),
    _find(
        r"\b(?:[Bb]ấm|[Nn]hấn|[Cc]họn|[Xx]em) vào đây\b|^[Tt]ại đây$|^ở đây$|^vào đây$|^Xem thêm$",
        "a link names its goal",
    ),
    _find(
        r"\b[Tt]rường (?:này|bắt buộc)\b|không được (?:để trống|bỏ trống)\b",
        "name the thing: “Nhập …”",
    ),
    _find(r"(?:không|Không|chưa) hợp lệ\b", "say what is wrong and how to mend it"),
    _find(r"\b(?:[Bb]ạn )?có chắc(?: chắn)?\b", "say what will happen"),
    _find(r"(?<!không )\bthành công[!.]?$", "say what has happened: “Đã lưu.”"),
    _find(r"!", "no exclamation"),
    _find(
        r"\bchủ [Nn]hật\b|thứ (?:hai|ba|tư|năm|sáu|bảy)(?:,| đến) (?:thứ|chủ)",
        "days are written thứ Hai, Chủ nhật",
    ),
)
