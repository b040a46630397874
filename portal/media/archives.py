"""Word and Excel files: zip archives that hold what they should and unfold to what they say."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError, ParserCreate

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from portal.media.sniff import refused

MOST_ENTRIES, MOST_BYTES, MOST_RATIO = 2_000, 100_000_000, 100
_SMALL = 1_000_000  # below this the ratio says nothing: forms of empty cells pack very well
_MOST_XML = 5_000_000
_LOCAL_HEADER = 30
_MAIN_PARTS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
_ACTIVE = ("macroenabled", "vbaproject", "macrosheet", "activex", "oleobject")
_SHOWN = ("image", "video", "audio", "media")
_FOREIGN = ("attachedtemplate", "oleobject", "frame", "subdocument", "package")
# Word notes a template of the writer's own disk (file:///C:/...): nobody else can open that.
_ELSEWHERE = re.compile(r"https?:|ftp:|\\\\|//|file:(?!///[a-z](?::|%3a))")
_MARKUP = (".xml", ".rels", ".vml")

_BROKEN = "Tệp bị hỏng hoặc tải lên chưa hết. Bạn mở thử rồi lưu lại."
_BOMB = "Tệp giãn ra quá lớn khi mở. Bạn lưu lại từ Word hoặc Excel rồi gửi."
_LOCKED = "Tệp có đặt mật khẩu. Bạn bỏ mật khẩu rồi gửi lại."
_RUNS = "Tệp có macro hoặc đối tượng nhúng chạy được. Bạn lưu lại bản không có chúng."
_REACHES = "Tệp kéo nội dung từ nơi khác khi mở. Bạn bỏ mẫu hoặc khung liên kết rồi lưu lại."

_PICTURED = (
    "Tệp có ảnh hoặc phim nằm ở trang khác, không nằm trong tệp. Bạn xóa ảnh đó trong Word, "
    "hoặc chụp lại rồi chèn, và lưu lại tệp."
)


def check_office(path: Path, extension: str, *, self_contained: bool = False) -> None:
    """Raise `Invalid` on field `file` unless `path` is a harmless .docx or .xlsx.

    A `self_contained` one has no pictures that lie elsewhere either.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive)
            _check_parts(archive, extension, (*_FOREIGN, *_SHOWN) if self_contained else _FOREIGN)
            _check_content(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, KeyError, OSError, ValueError):
        raise refused(_BROKEN) from None
    except (ParseError, DefusedXmlException, RuntimeError, UnicodeError, zipfile.LargeZipFile):
        raise refused(_BROKEN) from None


def _check_directory(archive: zipfile.ZipFile) -> None:
    """The list of entries, before anything is unpacked."""
    entries = archive.infolist()
    if not 0 < len(entries) <= MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_BYTES:
        raise refused(_BOMB)
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) != len(names) or not all(map(_is_plain, names)):
        raise refused(_BROKEN)
    for entry in entries:
        if entry.flag_bits & 0x41:
            raise refused(_LOCKED)
        if entry.file_size > max(_SMALL, MOST_RATIO * entry.compress_size):
            raise refused(_BOMB)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused(_BROKEN)
    _refuse_overlap(entries, archive.start_dir)


def _refuse_overlap(entries: Sequence[zipfile.ZipInfo], end: int) -> None:
    """Entries stand one after the other from the first byte on and share none."""
    position = 0
    for index, entry in enumerate(sorted(entries, key=lambda e: e.header_offset)):
        if entry.header_offset < position or (index == 0 and entry.header_offset != 0):
            raise refused(_BROKEN)
        name = len(entry.filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437"))
        position = entry.header_offset + _LOCAL_HEADER + name + entry.compress_size
    if position > end:
        raise refused(_BROKEN)


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    return not (name.startswith("/") or "\\" in name or ":" in name or ".." in parts)


def _check_parts(archive: zipfile.ZipFile, extension: str, foreign: Collection[str]) -> None:
    """What the archive says it holds: the right main part, nothing that runs or reaches out."""
    types = [
        (element.get("ContentType") or "").lower()
        for element in _xml(archive, "[Content_Types].xml").iter()
    ]
    names = [name.lower() for name in archive.namelist()]
    if any(word in text for text in types for word in _ACTIVE) or any(
        word in name for name in names for word in ("vbaproject", "activex/", "oleobject")
    ):
        raise refused(_RUNS)
    if _MAIN_PARTS[extension].lower() not in types:
        raise refused(f"Nội dung không phải là tệp .{extension} của Word hoặc Excel.")
    for name in archive.namelist():
        if name.lower().endswith(".rels"):
            _check_relations(_xml(archive, name), foreign)


def _check_relations(root: Element, foreign: Collection[str]) -> None:
    for relation in root.iter():
        if (relation.get("TargetMode") or "").lower() != "external":
            continue
        kind = (relation.get("Type") or "").lower().rpartition("/")[2]
        target = (relation.get("Target") or "").strip().lower()
        if kind in foreign and _ELSEWHERE.match(target):
            raise refused(_PICTURED if kind in _SHOWN else _REACHES)


def _check_content(archive: zipfile.ZipFile) -> None:
    """Unpack every entry once: sizes and checksums hold, and no XML declares entities."""
    for entry in archive.infolist():
        prologue = _Prologue() if entry.filename.lower().endswith(_MARKUP) else None
        size = 0
        with archive.open(entry) as part:
            while chunk := part.read(1 << 16):
                size += len(chunk)
                if prologue is not None:
                    prologue.read(chunk)
        if size != entry.file_size:
            raise refused(_BROKEN)


class _Prologue:
    """Reads a part up to its first element: a document type must stand before it, however much
    is written in front."""

    def __init__(self) -> None:
        self._parser = ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._stop
        self._stopped = False

    def read(self, chunk: bytes) -> None:
        """Take the next bytes. Raises `Invalid` at a document type, whatever the encoding."""
        if self._stopped:
            return
        try:
            self._parser.Parse(chunk)
        except ExpatError:  # told when the part itself is read; drawings in VML may be no XML
            self._stopped = True

    def _stop(self, *_element: object) -> None:
        self._stopped = True
        self._parser.StartElementHandler = None

    def _refuse(self, *_declaration: object) -> None:
        raise refused(_BROKEN)


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    if archive.getinfo(name).file_size > _MOST_XML:
        raise refused(_BOMB)
    root: Element = fromstring(archive.read(name), forbid_dtd=True)
    return root
